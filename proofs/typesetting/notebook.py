"""Claims, definitions, judgements and verdicts in notebooks: LaTeX, and MathML in HTML."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from typing import Any

from lemmata.theory.claims import Claim
from lemmata.theory.definitions import Definition

from ..court import Judgement
from ..verdicts import Verdict
from .claims import sequences_among, typeset, typeset_in
from .given import defined, givens

__all__ = ["html_of", "latex_of", "mathml"]


def latex_of(shown: Any) -> str | None:
    """LaTeX of a claim, a definition or a judged claim; None for anything else."""
    if isinstance(shown, Judgement):
        shown = shown.claim
    if isinstance(shown, Claim):
        return rf"$\displaystyle {typeset_in(shown, shown.statement)}$"
    if isinstance(shown, Definition):
        return rf"$\displaystyle {_definition(shown)}$"
    return None


def html_of(shown: Any) -> str | None:
    """HTML of a claim, a definition, a judgement or a verdict; None for anything else."""
    if isinstance(shown, Judgement):
        status = f"{shown.status}{'' if shown.as_expected else ', which is not as expected'}"
        return f"{_claim(shown.claim, status)}{_table(shown.verdicts)}"
    if isinstance(shown, Claim):
        return _claim(shown)
    if isinstance(shown, Definition):
        return f"<p>{mathml(_definition(shown))} ({_words(shown.means)})</p>"
    if isinstance(shown, Verdict):
        return _table([shown])
    return None


def mathml(latex: str, *, block: bool = False) -> str:
    """MathML of a formula."""
    from ..page.mathematics import formula

    return str(formula(latex, block))


def _words(text: str) -> str:
    """Plain prose, its formulas as mathematics."""
    from ..page.mathematics import words

    return str(words(text))


def _definition(definition: Definition) -> str:
    return typeset(defined(definition), sequences=sequences_among([definition]))


def _claim(claim: Claim, status: str = "") -> str:
    told = [claim.kind, *([status] if status else []), f"digest {claim.digest}"]
    statement = mathml(typeset_in(claim, claim.statement), block=True)
    parts = [
        f"<p><b>{claim.id}</b> ({'; '.join(told)})<br>{_words(claim.doc)}</p>",
        f'<div style="overflow-x: auto">{statement}</div>',
        *_list("where", (_where(claim, d) for d in claim.where)),
        *_list("given", _given(claim)),
    ]
    if claim.expects == "refuted":
        parts.append("<p>This statement is false; it is kept as a guard.</p>")
    return "".join(parts)


def _where(claim: Claim, definition: Definition) -> str:
    return f"{mathml(typeset_in(claim, defined(definition)))} {_words(definition.means)}"


def _given(claim: Claim) -> Iterator[str]:
    for given in givens(claim):
        relation = "" if given.relation is None else mathml(typeset_in(claim, given.relation))
        yield f"{_text(given.before)}{relation}{_text(given.after)}"


def _text(text: str) -> str:
    """LaTeX words with formulas between dollar signs."""
    from ..page.mathematics import prose

    return str(prose(text))


def _list(word: str, items: Iterable[str]) -> Iterator[str]:
    shown = "".join(f"<li>{item}</li>" for item in items)
    if shown:
        yield f"<p>{word}</p><ul>{shown}</ul>"


def _table(verdicts: Iterable[Verdict]) -> str:
    heads = ("evidence", "status", "decided", "of", "worst case", "reason", "seconds")
    rows = [
        (v.kind, v.status, v.decided, v.drawn, v.worst, v.reason, f"{v.seconds:.2f}")
        for v in verdicts
    ]
    lines = [_row("th", heads), *(_row("td", row) for row in rows)]
    return f"<table>{''.join(lines)}</table>"


def _row(tag: str, cells: Iterable[Any]) -> str:
    return f"<tr>{''.join(f'<{tag}>{html.escape(str(c))}</{tag}>' for c in cells)}</tr>"
