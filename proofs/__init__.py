"""The court: evidence, verdicts, and all that users touch."""

from __future__ import annotations

from importlib import import_module
from typing import Any

if __name__ == "proofs":
    raise ImportError(
        "import lemmata.proofs, not proofs: install the package (python -m pip install .) "
        "and use `from lemmata.proofs import ...`"
    )

from lemmata.theory.display import show_with

_PUBLIC = {
    "claim": "lemmata.theory.claims",
    "Claim": "lemmata.theory.claims",
    "Assumption": "lemmata.theory.edges",
    "Witness": "lemmata.theory.edges",
    "Limit": "lemmata.theory.edges",
    "Evaluation": "lemmata.theory.claims",
    "Case": "lemmata.theory.outputs",
    "Cases": "lemmata.theory.outputs",
    "Listed": "lemmata.theory.outputs",
    "Root": "lemmata.theory.outputs",
    "define": "lemmata.theory.definitions",
    "Definition": "lemmata.theory.definitions",
    "Levels": "lemmata.theory.levels",
    "Recursion": "lemmata.theory.levels",
    "Sequence": "lemmata.theory.levels",
    "Derivation": "lemmata.theory.derivations",
    "Step": "lemmata.theory.derivations",
    "strategies": "",
    "verify": "lemmata.proofs.court",
    "judge": "lemmata.proofs.court",
    "Judgement": "lemmata.proofs.court",
    "Verdict": "lemmata.proofs.verdicts",
    "Status": "lemmata.proofs.verdicts",
}

__all__ = sorted(_PUBLIC)


def __getattr__(name: str) -> Any:
    """Load a public name on first use, so that the command line starts at once."""
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if not _PUBLIC[name]:
        return import_module(f"{__name__}.{name}")
    return getattr(import_module(_PUBLIC[name]), name)


def _latex(shown: Any) -> str | None:
    from .typesetting.notebook import latex_of

    return latex_of(shown)


def _html(shown: Any) -> str | None:
    from .typesetting.notebook import html_of

    return html_of(shown)


show_with(latex=_latex, html=_html)
