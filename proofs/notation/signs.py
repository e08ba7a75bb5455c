r"""The commands and signs that formulas are made of, and what each is for the grammar."""

from __future__ import annotations

__all__ = [
    "ACCENTS",
    "BRACKETS",
    "COMMANDS",
    "DROPPED",
    "ENVIRONMENTS",
    "EQUIVALENT",
    "FONTS",
    "FRACTIONS",
    "FUNCTIONS",
    "SYMBOLS",
    "UNREAD",
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
        "underline mathring acute grave underbrace overbrace"
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
    r"\lparen": r"\rparen",
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
    "coloneqq coloneq eqqcolon defeq triangleq doteq lt gt asymp downarrow uparrow searrow nearrow"
)
_IMPLIES = (
    "iff Leftrightarrow Longleftrightarrow implies Rightarrow Longrightarrow Leftarrow impliedby"
)
EQUIVALENT = frozenset((r"\iff", r"\Leftrightarrow", r"\Longleftrightarrow"))
_LETTERS = (
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa varkappa lambda "
    "mu nu xi omicron pi varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega "
    "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell hbar imath jmath infty partial "
    "nabla prime top bot intercal dagger ddagger star ast circ emptyset dots ldots cdots vdots "
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

_LIMIT = r"an arrow is no exact relation: state a limit as \lim_{x \to a} ... = ..."
_ENTRIES = "products by entries are not read: write the entries"
UNREAD = {
    **dict.fromkeys((r"\xrightarrow", r"\xlongrightarrow", r"\overrightarrow"), _LIMIT),
    **dict.fromkeys((r"\otimes", r"\odot", r"\oplus"), _ENTRIES),
    **dict.fromkeys((r"\above", r"\atop"), "write \\frac, or the two formulas one by one"),
    r"\not": r"only \not= is: write the relation that holds",
    r"\middle": "write what the bar says in words or as a formula of its own",
    **dict.fromkeys((r"\iint", r"\iiint", r"\oint"), "write one \\int for each, with its limits"),
    **dict.fromkeys((r"\mid", r"\given"), "conditional probabilities are not: write the average"),
    **dict.fromkeys((r"\succ", r"\succeq", r"\prec", r"\preceq"), "orders of matrices are not"),
    **dict.fromkeys((r"\therefore", r"\because"), "write it as words, before the formula"),
    **dict.fromkeys(
        (r"\SI", r"\qty", r"\si", r"\unit", r"\ang"), "write the number without its unit"
    ),
    r"\cancelto": "write the value it tends to as a limit, on its own",
    r"\genfrac": r"write \frac or \binom",
    **dict.fromkeys((r"\cancel", r"\bcancel", r"\xcancel"), "leave out what is struck out"),
}
"""What to write instead of some commands that are not read."""
