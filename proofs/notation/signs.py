r"""The commands and signs that formulas are made of, and what each is for the grammar."""

from __future__ import annotations

__all__ = [
    "ACCENTS",
    "BRACKETS",
    "COMMANDS",
    "DROPPED",
    "ENVIRONMENTS",
    "FONTS",
    "FRACTIONS",
    "FUNCTIONS",
    "SYMBOLS",
]


def _words(text: str) -> list[str]:
    return text.split()


FRACTIONS = frozenset(
    rf"\{name}" for name in _words("frac tfrac dfrac cfrac nicefrac sfrac binom dbinom tbinom")
)
FONTS = frozenset(
    rf"\{name}"
    for name in _words(
        "mathrm mathbf mathsf mathit mathbb mathcal mathscr mathfrak mathnormal "
        "boldsymbol bm pmb symbf symup textrm textbf textit boxed"
    )
)
ACCENTS = FONTS | frozenset(
    rf"\{name}"
    for name in _words(
        "hat widehat bar overline tilde widetilde vec dot ddot dddot check breve "
        "underline mathring acute grave"
    )
)
FUNCTIONS = frozenset(
    _words(
        "exp ln log lg sin cos tan cot sec csc sinh cosh tanh coth sech csch arcsin arccos arctan "
        "arccot asin acos atan acot arsinh arcosh artanh arcoth asinh acosh atanh acoth arcsinh "
        "arccosh arctanh erf erfc erfi sign sgn tr Tr trace Trace det max min lim sup inf arg gcd "
        "limsup liminf diag rank Re Im dim ker Pr Var Cov"
    )
)
"""Names that stand for a function also where they are set as words, as in ``\\mathrm{tr}``."""

BRACKETS = {
    "(": ")",
    "[": "]",
    r"\{": r"\}",
    r"\lbrace": r"\rbrace",
    r"\lbrack": r"\rbrack",
    r"\langle": r"\rangle",
    r"\lfloor": r"\rfloor",
    r"\lceil": r"\rceil",
    r"\lvert": r"\rvert",
    r"\lVert": r"\rVert",
    "|": "|",
    r"\|": r"\|",
    r"\vert": r"\vert",
    r"\Vert": r"\Vert",
}

DROPPED = frozenset(
    rf"\{name}"
    for name in _words(
        "limits nolimits displaystyle textstyle scriptstyle scriptscriptstyle big Big bigg "
        "Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr bigm Bigm quad qquad nonumber notag "
        "allowbreak thinspace mathstrut strut , ; : ! > nobreak relax"
    )
) | {"\\ "}

ENVIRONMENTS = frozenset(
    _words(
        "matrix pmatrix bmatrix Bmatrix vmatrix Vmatrix smallmatrix psmallmatrix bsmallmatrix "
        "array cases dcases rcases substack subarray"
    )
)
"""What has rows and cells."""

SYMBOLS = {
    "+": "SIGN",
    "-": "SIGN",
    "*": "MULTIPLY",
    "/": "MULTIPLY",
    "=": "RELATION",
    "<": "RELATION",
    ">": "RELATION",
    ",": "COMMA",
    ";": "SEMICOLON",
    "!": "MARK",
    "'": "PRIME",
}

_RELATIONS = (
    "le leq leqslant leqq ge geq geqslant geqq ne neq equiv approx approxeq sim simeq cong propto "
    "ll gg in notin subset lesssim gtrsim to rightarrow longrightarrow mapsto gets leftarrow "
    "coloneqq triangleq doteq lt gt asymp"
)
_IMPLIES = (
    "iff Leftrightarrow Longleftrightarrow implies Rightarrow Longrightarrow Leftarrow impliedby"
)
_LETTERS = (
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa varkappa lambda "
    "mu nu xi omicron pi varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega "
    "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell hbar imath jmath infty partial "
    "nabla top bot intercal dagger ddagger prime star ast circ emptyset dots ldots cdots vdots "
    "ddots dotsc dotsb perp parallel aleph wp dd degree forall exists"
)
_NAMED = (
    "exp ln log lg sin cos tan cot sec csc sinh cosh tanh coth sech csch arcsin arccos arctan erf "
    "sign sgn tr Tr det max min lim sup inf arg gcd limsup liminf dim ker Pr Re Im"
)

COMMANDS = (
    {rf"\{name}": "LETTER" for name in _words(_LETTERS)}
    | {rf"\{name}": "RELATION" for name in _words(_RELATIONS)}
    | {rf"\{name}": "IMPLIES" for name in _words(_IMPLIES)}
    | {rf"\{name}": "NAMED" for name in _words(_NAMED)}
    | {rf"\{name}": "MULTIPLY" for name in _words("cdot times ast cdotp div")}
    | {rf"\{name}": "SIGN" for name in _words("pm mp")}
    | {rf"\{name}": "OPERATOR" for name in _words("sum prod int")}
    | dict.fromkeys(FRACTIONS, "FRACTION")
    | dict.fromkeys(ACCENTS, "ACCENT")
    | {r"\sqrt": "ROOT"}
)
