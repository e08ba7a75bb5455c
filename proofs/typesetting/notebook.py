"""Claims, derivations, judgements and verdicts in notebooks: LaTeX, and MathML in HTML."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from lemmata.theory.claims import Claim
from lemmata.theory.definitions import Definition
from lemmata.theory.derivations import Derivation

from ..court import Judgement, collect
from ..verdicts import Verdict
from .claims import sequences_among, typeset, typeset_in
from .domain import told_domain
from .given import defined, givens
from .plain import told

__all__ = ["html_of", "latex_of", "mathml"]

FALSE = "this statement is false; it is kept as a guard"


def latex_of(shown: Any) -> str | None:
    """LaTeX of a claim, definition, derivation or judged claim; None for anything else."""
    if isinstance(shown, Judgement):
        return f"{_stated(shown.claim)} ({_status(shown)})"
    if isinstance(shown, Claim):
        return _stated(shown) + f" ({FALSE})" * (shown.expects == "refuted")
    if isinstance(shown, Definition):
        return rf"$\displaystyle {_definition(shown)}$"
    if isinstance(shown, Derivation):
        lines = (f"{why}: ${latex}$" for why, latex in _steps(shown, told))
        return r" \\ ".join(f"{number}. {line}" for number, line in enumerate(lines, 1))
    return None


def html_of(shown: Any) -> str | None:
    """HTML of a claim, definition, derivation, judgement or verdict; None for anything else."""
    if isinstance(shown, Judgement):
        return f"{_claim(shown.claim, _status(shown))}{_table(shown.verdicts)}"
    if isinstance(shown, Claim):
        return _claim(shown)
    if isinstance(shown, Definition):
        return f"<p>{mathml(_definition(shown))} ({_words(shown.means)})</p>"
    if isinstance(shown, Derivation):
        return _derivation(shown)
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


def _status(judged: Judgement) -> str:
    return f"{judged.status}{'' if judged.as_expected else ', which is not as expected'}"


def _stated(claim: Claim) -> str:
    """The statement, and for which values it is stated."""
    values = told_domain(claim)
    statement = rf"$\displaystyle {typeset_in(claim, claim.statement)}$"
    return f"{statement} for {values}" if values else statement


def _steps(derivation: Derivation, words: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """Reasons and formulas of the steps, printed as those of the claim that is derived."""
    owner = next((c for c in collect() if c.derivation is derivation), None)
    for step in derivation.steps:
        relation = step.relation
        latex = typeset(relation) if owner is None else typeset_in(owner, relation)
        yield words(step.why), latex


def _derivation(derivation: Derivation) -> str:
    items = (f"<li>{why}: {mathml(latex)}</li>" for why, latex in _steps(derivation, _words))
    return f"<ol>{''.join(items)}</ol>"


def _claim(claim: Claim, status: str = "") -> str:
    told = [claim.kind, *([status] if status else []), f"digest {claim.digest}"]
    statement = mathml(typeset_in(claim, claim.statement), block=True)
    parts = [
        f"<p><b>{claim.id}</b> ({'; '.join(told)})<br>{_words(claim.doc)}</p>",
        f'<div style="overflow-x: auto">{statement}</div>',
        *_list("where", (_where(claim, d) for d in claim.where)),
        *([f"<p>for {_text(values)}</p>"] if (values := told_domain(claim)) else []),
        *_list("given", _given(claim)),
    ]
    if claim.expects == "refuted":
        parts.append(f"<p>{FALSE[0].upper()}{FALSE[1:]}.</p>")
    if claim.derivation:
        steps = _derivation(claim.derivation)
        parts.append(f"<details><summary>derivation</summary>{steps}</details>")
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
