"""Signs that manuscripts for newer engines write as they print: ``x² ≤ √2 · τ``."""

from __future__ import annotations

from .signs import COMMANDS
from .wording import Wording

__all__ = ["Printed"]


def _words(text: str) -> list[str]:
    return text.split()


_COMMANDS = r"""
· \cdot  ⋅ \cdot  × \times  ÷ \div  ± \pm  ∓ \mp  ∘ \circ  • \bullet  ⊙ \odot  ⊗ \otimes
≤ \le  ≥ \ge  ⩽ \leqslant  ⩾ \geqslant  ≠ \ne  ≡ \equiv  ≈ \approx  ∼ \sim  ≃ \simeq  ≅ \cong
∝ \propto  ≪ \ll  ≫ \gg  ∈ \in  ≔ \coloneqq  → \to  ← \leftarrow  ↦ \mapsto
⇒ \Rightarrow  ⇔ \Leftrightarrow  ⟹ \Longrightarrow  ⟺ \Longleftrightarrow
∞ \infty  ∂ \partial  ∇ \nabla  ∑ \sum  ∏ \prod  ∫ \int  ⊤ \top  ℓ \ell  … \ldots  ⋯ \cdots
⟨ \langle  ⟩ \rangle  ‖ \|  ∥ \|  ⌊ \lfloor  ⌋ \rfloor  ⌈ \lceil  ⌉ \rceil
ϵ \epsilon  ϑ \vartheta  ϕ \phi  ϱ \varrho  ϖ \varpi  ϰ \varkappa  √ \sqrt
− -  ∗ *  ∕ /  ⁄ /  ′ '
"""
_GREEK = _words(
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho "
    "varsigma sigma tau upsilon phi chi psi omega"
)
_CAPITALS = _words("Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega")

_PAIRS = _words(_COMMANDS)
UNICODE = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))
UNICODE |= {chr(0x3B1 + n): rf"\{name}" for n, name in enumerate(_GREEK)}
UNICODE |= {chr(0x391 + _GREEK.index(name.lower())): rf"\{name}" for name in _CAPITALS}
"""The command or the sign of the keyboard that prints alike; Greek letters, too."""

RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿᵀ", [*"0123456789+-n", r"\top"], strict=True))
RAISED = {sign: ("^", shown) for sign, shown in RAISED.items()}
RAISED |= {sign: ("_", shown) for sign, shown in zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True)}
"""Signs that are scripts by themselves: above or below, and which."""

HALVES = {"½": "12", "¼": "14", "¾": "34", "⅓": "13", "⅔": "23", "⅛": "18"}
"""Fractions of one sign: the digits above and below."""

_OPERANDS = frozenset(("LETTER", "NAMED", "OPERATOR", "FRACTION", "ROOT", "ACCENT"))


class Printed(Wording):
    """Reads them as the commands that print alike."""

    def printed(self, i: int, text: str) -> bool:
        """Whether a token is one of them; it is read then."""
        if text in RAISED:
            self._scripts(i)
        elif text in HALVES:
            self.emit("FRACTION", r"\frac", i)
            for digit in HALVES[text]:
                self.emit("NUMBER", digit, i)
        elif text in UNICODE:
            shown = UNICODE[text]
            if shown == r"\sqrt":
                self._refuse_reach(i)
            kind = "command" if shown.startswith("\\") else "symbol"
            getattr(self, "_" + kind)(i, shown)
        else:
            return False
        return True

    def _scripts(self, i: int) -> None:
        """A run of raised or lowered signs is one script."""
        sign, end = RAISED[self.tokens[i].text][0], i
        found = ""
        while end < self.end and RAISED.get(self.tokens[end].text, ("", ""))[0] == sign:
            found += RAISED[self.tokens[end].text][1]
            end += 1
        number = found.lstrip("+-")
        if not number or not (number.isdecimal() or number in ("n", r"\top")):
            self.fail(f"the signs {found} are no script: write it in braces", i)
        kind = "SUB" if sign == "_" else "SUP"
        self.refuse_due(self.tokens[i].text, i)
        self.emit(kind, sign, i)
        self.due = 0
        self.add("LBRACE", "{", i, i)
        if number != found:
            self.add("SIGN", found[: len(found) - len(number)], i, i + 1)
        self.add("NUMBER" if number.isdecimal() else "LETTER", number, i, end)
        self.add("RBRACE", "}", end, end)
        self.i = end

    def _refuse_reach(self, i: int) -> None:
        """The sign of a root has no bar over what it is of."""
        following = self.tokens[i + 1 : i + 3]
        single = [t.kind in ("number", "letter", "open") for t in following[:1]] == [True]
        braced = single and following[0].kind == "open"
        behind = following[1] if len(following) == 2 and not braced else None
        goes_on = behind is not None and (
            behind.kind in ("number", "letter", "sub", "sup", "open")
            or COMMANDS.get(UNICODE.get(behind.text, behind.text)) in _OPERANDS
        )
        if not single or goes_on:
            self.fail(r"how far the sign of the root reaches is not clear: write \sqrt{...}", i)
