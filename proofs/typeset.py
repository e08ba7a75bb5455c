"""LaTeX of a claim, from the very object that is checked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lemmata.theory.claims import Claim
from lemmata.theory.levels import Levels
from lemmata.theory.matrix_facts import MatrixFacts
from sympy import MatrixSymbol, Symbol
from sympy.core.function import AppliedUndef
from sympy.printing.latex import LatexPrinter

__all__ = ["claim_lines", "typeset"]

_LETTERS = {
    "W21": "W^{21}",
    "W32": "W^{32}",
    "Sigma11": r"\Sigma^{11}",
    "Sigma31": r"\Sigma^{31}",
    "Lambda": r"\Lambda",
    "Q0": "Q_{0}",
    "lambda_": r"\lambda",
    "t_ign": r"t_{\mathrm{ign}}",
    "t_tr": r"t_{\mathrm{tr}}",
    "u_minus": "u_{-}",
    "u_plus": "u_{+}",
    "R_max": r"R_{\max}",
    "t_star": "t^{*}",
    "f_oo": r"f_{\infty}",
    "sigma_eps": r"\sigma_{\epsilon}",
    "overlap_left": r"|\langle x, \hat x \rangle|^{2}",
    "overlap_right": r"|\langle y, \hat y \rangle|^{2}",
}


class _Printer(LatexPrinter):  # type: ignore[misc]
    """SymPy's printer with the symbols of NOTATION and upright transposes."""

    def __init__(self) -> None:
        super().__init__({"mat_symbol_style": "plain", "ln_notation": True})

    def _print_Symbol(self, expr: Any, style: str = "plain") -> str:
        return _LETTERS.get(expr.name) or str(super()._print_Symbol(expr, style))

    def _print_MatrixSymbol(self, expr: Any) -> str:
        return _LETTERS.get(expr.name) or str(super()._print_MatrixSymbol(expr))

    def _print_Function(self, expr: Any, exp: Any = None) -> str:
        """A sequence, a function of one whole number, has its index below."""
        if not _is_term(expr):
            return str(super()._print_Function(expr, exp))
        name = self._print_Symbol(Symbol(expr.func.__name__))
        index = str(self._print(expr.args[0]))
        head, _, below = name.partition("_")
        term = f"{head}_{{{below[1:-1]},{index}}}" if below else f"{name}_{{{index}}}"
        return term if exp is None else f"{term}^{{{exp}}}"

    def _print_Transpose(self, expr: Any) -> str:
        inner = expr.arg
        text = str(self._print(inner))
        if isinstance(inner, MatrixSymbol):
            return f"{text[:-1]}\\,\\top}}" if "^{" in text else f"{text}^{{\\top}}"
        return rf"\left({text}\right)^{{\top}}"

    def _print_lerchphi(self, expr: Any, exp: Any = None) -> str:
        """Of order 1, Gauss's function: Phi(z, 1, a) = F(1, a; 1 + a; z)/a."""
        if expr.args[1] != 1:
            return str(super()._print_lerchphi(expr, exp))
        z, a = expr.args[0], expr.args[2]
        shown = ", ".join(("1", self._print(a))) + f"; {self._print(1 + a)}; {self._print(z)}"
        text = rf"\frac{{{{}}_{{2}}F_{{1}}\left({shown}\right)}}{{{self._print(a)}}}"
        return text if exp is None else rf"\left({text}\right)^{{{exp}}}"

    def _print_polygamma(self, expr: Any, exp: Any = None) -> str:
        """Of order 0 the logarithmic derivative of the Gamma function, psi."""
        if expr.args[0] != 0:
            return str(super()._print_polygamma(expr, exp))
        text = rf"\psi\left({self._print(expr.args[1])}\right)"
        return text if exp is None else rf"{text}^{{{exp}}}"

    def _print_Identity(self, expr: Any) -> str:
        return "I"

    def _print_ZeroMatrix(self, expr: Any) -> str:
        return "0"


def _is_term(expr: Any) -> bool:
    return isinstance(expr, AppliedUndef) and len(expr.args) == 1 and bool(expr.args[0].is_integer)


def typeset(expr: Any) -> str:
    """LaTeX of an expression in the symbols of NOTATION, without delimiters."""
    return str(_Printer().doprint(expr))


def claim_lines(claim: Claim, *, derivation: bool = False) -> Iterator[str]:
    """LaTeX lines: the statement, what its terms stand for, what is given, the steps on request.

    The label is the claim's id; the comment carries the digest of what was checked.
    """
    yield f"% {claim.id}  digest {claim.digest}"
    yield r"\begin{equation}\label{" + claim.id + "}"
    yield f"  {typeset(claim.statement)}"
    yield r"\end{equation}"
    if claim.where:
        told = [f"${typeset(d.head)} = {typeset(d.body)}$ ({_prose(d.means)})" for d in claim.where]
        yield f"where {'; '.join(told)}."
    given = [f"${typeset(relation)}$" for relation in claim.given]
    given += list(_facts(claim.facts)) if claim.facts else []
    given += list(_ranges(claim.levels)) if claim.levels else []
    if given:
        yield f"Given: {'; '.join(given)}."
    if claim.expects == "refuted":
        yield "This statement is false; it is kept as a guard."
    if derivation and claim.derivation:
        yield r"\begin{enumerate}"
        for step in claim.derivation.steps:
            yield rf"  \item {_prose(step.why)}: ${typeset(step.relation)}$"
        yield r"\end{enumerate}"


def _facts(facts: MatrixFacts) -> Iterator[str]:
    for letter in facts.orthonormal_columns:
        yield f"${typeset(letter.T * letter)} = I$"
    for name, letters in (
        ("diagonal", facts.diagonal),
        ("symmetric", facts.symmetric),
        ("constant", facts.constant),
        ("random", facts.random),
    ):
        if letters:
            yield f"${', '.join(map(typeset, letters))}$ {name}"
    for left, right in facts.commuting:
        yield f"${typeset(left)} {typeset(right)} = {typeset(right)} {typeset(left)}$"
    for letter, variance in facts.gaussian:
        told = f"independent, Gaussian, of variance ${typeset(variance)}$"
        yield f"entries of ${typeset(letter)}$ {told}"
    if facts.time is not None:
        yield f"${typeset(facts.time)}$ is the time"
    for equation in facts.given:
        yield f"${typeset(equation)}$"


_SIGNS = {
    "count": r"\in \{1, 2, \dots\}",
    "probability": r"\in [0, 1]",
    "positive": "> 0",
    "nonnegative": r"\ge 0",
    "real": r"\in \mathbb{R}",
}


def _ranges(levels: Levels) -> Iterator[str]:
    for index, low, high in levels.indices:
        yield f"${typeset(index)} = {typeset(low)}, \\dots, {typeset(high)}$"
    for sequence in levels.sequences:
        place = Symbol("l", integer=True)
        ends = f"l = {typeset(sequence.low)}, \\dots, {typeset(sequence.high)}"
        yield f"${typeset(sequence.symbol(place))} {_SIGNS[sequence.kind]}$ for ${ends}$"
    for term, value in levels.boundary.items():
        yield f"${typeset(term)} = {typeset(value)}$"
    for recursion in levels.recursions:
        yield f"${typeset(recursion.first)}$"
        yield f"${typeset(recursion.step)}$"


def _prose(text: str) -> str:
    """Reasons are prose with plain formulas: only what LaTeX reserves is escaped."""
    for character in "_^&%#":
        text = text.replace(character, "\\" + character + ("{}" if character == "^" else ""))
    return text
