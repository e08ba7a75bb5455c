"""What the reader knows of LaTeX's commands and environments; what is not here is handed on."""

from __future__ import annotations

__all__ = [
    "ARGUMENTS",
    "DEFINING",
    "DISPLAYS",
    "DROPPED",
    "DROPPED_WITH",
    "IMPLICATIONS",
    "INNER_ARGUMENTS",
    "JOINED",
    "KEPT",
    "OPERATIONS",
    "PROGRAMMING",
    "RELATIONS",
    "ROWS",
    "SIZES",
    "SKIPPED",
    "STANDARD",
    "SWITCHES",
    "TEXT",
    "is_condition",
    "words",
]


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


def _starred(text: str) -> frozenset[str]:
    return frozenset(name + star for name in words(text) for star in ("", "*"))


DISPLAYS = _starred("equation displaymath math multline dmath")
"""Environments that hold one equation."""

ROWS = _starred("align alignat flalign xalignat xxalignat gather eqnarray IEEEeqnarray")
"""Environments with an equation in each row."""

JOINED = frozenset({"split"})
"""Environments whose begin and end say nothing: their rows are one equation."""

INNER_ARGUMENTS = {
    **dict.fromkeys(("array", "subarray", "alignedat", "gatheredat", "tabular"), 1),
    **dict.fromkeys(("alignat", "alignat*", "xalignat", "xalignat*"), 1),
    **dict.fromkeys(("xxalignat", "xxalignat*", "IEEEeqnarray", "IEEEeqnarray*"), 1),
}
"""Arguments in braces behind ``\\begin{...}``."""

SKIPPED = _starred("verbatim Verbatim lstlisting") | words(
    "comment minted filecontents filecontents* alltt luacode luacode* tikzpicture pgfpicture "
    "Sinput Soutput pycode listing"
)
"""Environments in which a dollar is no formula."""

TEXT = words(
    r"\text \mbox \hbox \textrm \textit \textbf \textsf \texttt \textnormal \textup \textsc "
    r"\textsl \textmd \emph \fbox \makebox"
)
"""Commands whose argument is words."""

DROPPED = words(
    r"\/ \hss \null \relax \displaystyle \textstyle \scriptstyle \scriptscriptstyle \limits "
    r"\nolimits \displaylimits \nonumber \notag \allowbreak \nobreak \break "
    r"\nolinebreak \linebreak \noindent \leavevmode \protect "
    r"\xspace \strut \mathstrut \qedhere \centering \small \footnotesize "
    r"\scriptsize \tiny \normalsize \large \Large \boldmath \unboldmath \boxed "
    r"\mathop \mathbin \mathrel \mathord \mathopen \mathclose \mathpunct \mathinner "
    r"\IEEEyesnumber \IEEEnonumber \yesnumber \lefteqn \mathclap \mathllap \mathrlap"
)
"""Commands that do not change what a formula says (some have an argument that does)."""

SIZES = words(
    r"\big \Big \bigg \Bigg \bigl \Bigl \biggl \Biggl \bigr \Bigr \biggr \Biggr \bigm \Bigm \biggm "
    r"\Biggm"
)
"""Commands that set the size of the bracket behind them."""

DROPPED_WITH = {
    **dict.fromkeys((r"\vphantom", r"\color", r"\textcolor"), 1),
    **dict.fromkeys((r"\vspace", r"\raisetag"), 1),
    **dict.fromkeys((r"\ref", r"\eqref", r"\cref", r"\Cref", r"\cite", r"\citep", r"\citet"), 1),
    **dict.fromkeys((r"\footnote", r"\footnotetext", r"\hypertarget", r"\marginpar"), 1),
    **dict.fromkeys(
        (r"\footnotemark", r"\pagebreak", r"\smash", r"\displaybreak", r"\MoveEqLeft"), 0
    ),
    r"\index": 1,
    **dict.fromkeys((r"\setlength", r"\addtolength", r"\setcounter", r"\addtocounter"), 2),
}
"""Commands dropped with as many arguments in braces, and with one in brackets before them."""

SWITCHES = {
    r"\bf": r"\mathbf",
    r"\bfseries": r"\mathbf",
    r"\rm": r"\mathrm",
    r"\it": r"\mathit",
    r"\sf": r"\mathsf",
    r"\cal": r"\mathcal",
    r"\tt": r"\mathtt",
}
"""Old switches of the font, and the command that says the same of a group."""

ARGUMENTS = {
    **dict.fromkeys((r"\frac", r"\dfrac", r"\tfrac", r"\cfrac", r"\nicefrac", r"\sfrac"), 2),
    **dict.fromkeys((r"\binom", r"\dbinom", r"\tbinom"), 2),
    **dict.fromkeys((r"\overset", r"\underset", r"\stackrel"), 2),
    **dict.fromkeys(
        words(
            r"\sqrt \bar \hat \tilde \vec \dot \ddot \dddot \check \breve \acute \grave \mathring "
            r"\overline \underline \widehat \widetilde \overbrace \underbrace \overrightarrow "
            r"\overleftarrow \mathrm \mathbf \mathbb \mathcal \mathfrak \mathit \mathsf \mathtt "
            r"\mathscr \mathnormal \boldsymbol \bm \pmb \operatorname \substack "
            r"\cancel \bcancel \xcancel \not"
        ),
        1,
    ),
}
"""Commands of mathematics, and how many arguments TeX takes after them: single digits too."""

RELATIONS = words(
    r"= < > \le \leq \leqslant \ge \geq \geqslant \ne \neq \lt \gt \equiv \approx \sim \simeq "
    r"\cong \propto \doteq \triangleq \coloneqq \coloneq \eqqcolon \defeq \ll \gg \lesssim "
    r"\gtrsim \prec \succ \preceq \succeq \in \notin \ni \subset \subseteq \supset \supseteq \to "
    r"\rightarrow \longrightarrow \leftarrow \mapsto \Rightarrow \Longrightarrow \Leftarrow "
    r"\Leftrightarrow \Longleftrightarrow \iff \implies \impliedby \asymp \perp \parallel "
    r"\leftrightarrow \xrightarrow \lll \ggg \nleq \ngeq \nless \ngtr"
)

IMPLICATIONS = words(
    r"\Rightarrow \Longrightarrow \Leftarrow \Leftrightarrow \Longleftrightarrow \iff \implies "
    r"\impliedby"
)
"""Of these, the ones between statements: what follows them is a formula of its own."""

OPERATIONS = words(r"+ - * / \pm \mp \cdot \times \div \circ \otimes \odot \oplus")

PROGRAMMING = words(
    r"\else \fi \or \expandafter \noexpand \csname \endcsname \futurelet \afterassignment "
    r"\aftergroup \loop \repeat \the \romannumeral \number \numexpr \dimexpr \advance \multiply "
    r"\divide \catcode \lccode \uccode \string \detokenize \meaning \unexpanded \scantokens "
    r"\everymath \everydisplay \mathchoice \mathpalette \chardef \mathchardef \countdef "
    r"\newcount \newdimen \newtoks \toks \count \dimen \forloop \foreach \whiledo \ifthenelse "
    r"\equal \value \arabic \roman \uppercase \lowercase \write \immediate \openin "
    r"\openout \read"
)
"""Commands that compute: what a macro with one of them stands for is not decided here."""

DEFINING = words(
    r"\csname \expandafter \futurelet \loop \scantokens \uppercase \lowercase \foreach \forloop "
    r"\whiledo \afterassignment \aftergroup \everymath \everydisplay"
)
"""Of these, the ones that may define what is used later."""

KEPT = words(
    r"\begin \end \[ \] \( \) \\ \cr \left \right \label \tag \text \mbox \intertext "
    r"\shortintertext \def \gdef \edef \xdef \let \newcommand \renewcommand \providecommand "
    r"\input \include \csname \endcsname \else \fi \ensuremath \protect \nonumber \notag"
)
"""Commands that the reader acts on itself: they keep their meaning whatever a manuscript says."""

STANDARD = frozenset(
    rf"\{name}"
    for name in words(
        "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu "
        "xi pi varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta "
        "Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega partial nabla infty sum prod int frac sqrt "
        "log ln exp sin cos tan cot sinh cosh tanh coth arcsin arccos arctan max min sup inf lim "
        "det dim ker arg deg gcd Pr le leq ge geq ne neq equiv approx sim propto to cdot times pm "
        "mp div circ ell hbar Re Im forall exists in mathbf mathrm mathcal bar hat tilde vec dot"
    )
)
"""Names that every LaTeX has, so that ``\\providecommand`` leaves them as they are."""

_NO_CONDITIONS = words(
    r"\iff \ifthenelse \ifdef \ifundef \ifdefempty \ifdefvoid \ifdefstring \ifstrempty \ifstrequal "
    r"\ifblank \iftoggle \ifbool \ifnumcomp \ifnumequal \ifnumless \ifnumgreater \ifcsdef "
    r"\ifcsundef \ifboolexpr \ifpackageloaded \iflanguage \iftagged"
)


def is_condition(name: str) -> bool:
    """Whether ``\\if...`` begins a condition that ends with ``\\fi``."""
    return name.startswith(r"\if") and name not in _NO_CONDITIONS
