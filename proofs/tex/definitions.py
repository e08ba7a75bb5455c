"""The commands with which a manuscript defines its own."""

from __future__ import annotations

from dataclasses import replace

from .commands import DISPLAYS, KEPT, ROWS, STANDARD
from .expansion import Action, Expander
from .macros import Macro, Parameter, Piece, compiled, delimiters
from .parameters import counted, delimited, specified
from .scanner import Raw
from .stream import NOTES, Unfinished, name_in
from .tokens import Problem

__all__ = ["DEFINITIONS"]


def _named(stream: Expander, definer: Raw) -> Raw | None:
    """The command that is defined; None, and a problem, for what is no command."""
    stream.last = definer
    tokens = [t for t in stream.argument() if t.kind not in NOTES and t.kind != "space"]
    if len(tokens) == 1 and tokens[0].kind in ("command", "frozen"):
        return tokens[0]
    stream.problem(definer.place, f"{definer.text} does not name one command")
    return None


def _define(stream: Expander, macro: Macro, definer: Raw, reason: str | None = None) -> None:
    """Note a macro; without a ``reason`` against it."""
    everywhere, stream.everywhere = stream.everywhere, False
    if macro.name in KEPT:
        if macro.name not in (r"\left", r"\right"):  # these are redefined for their spacing
            stream.problem(definer.place, f"{macro.name} keeps its usual meaning here")
        return
    if reason is None and None in stream.branches:
        reason = "it depends on a condition that is not decided here"
    if reason is not None:
        macro = Macro(macro.name, opaque=_refusal(macro.name, definer, reason))
    stream.macros.define(macro, everywhere)


def _refusal(name: str, definer: Raw, reason: str) -> Problem:
    return Problem(
        definer.place,
        f"the definition of {name} is not understood: {reason}; an equation with it is not checked",
    )


def _body(
    stream: Expander, name: str, parameters: list[Parameter], reason: str | None, definer: Raw
) -> tuple[Macro, str | None]:
    stream.last = definer
    pieces, wrong = compiled(stream.argument(), len(parameters))
    return Macro(name, tuple(parameters), pieces), reason or wrong


def _new_command(stream: Expander, definer: Raw) -> None:
    stream.star()
    named = _named(stream, definer)
    parameters, reason = counted(stream)
    name = "" if named is None else named.text
    macro, reason = _body(stream, name, parameters, reason, definer)
    if named is None or (
        definer.text == r"\providecommand"
        and (stream.macros.get(name) is not None or name in STANDARD)
    ):
        return
    _define(stream, macro, definer, reason)


def _new_document_command(stream: Expander, definer: Raw) -> None:
    named = _named(stream, definer)
    parameters, reason = specified(stream.argument())
    name = "" if named is None else named.text
    macro, reason = _body(stream, name, parameters, reason, definer)
    if named is None or (
        "Provide" in definer.text and (stream.macros.get(name) is not None or name in STANDARD)
    ):
        return
    _define(stream, macro, definer, reason)


def _define_primitively(stream: Expander, definer: Raw) -> None:
    """``\\def\\name#1#2{...}``, ``\\def\\name(#1,#2){...}``."""
    if definer.text in (r"\gdef", r"\xdef"):
        stream.everywhere = True
    named = stream.next_solid()
    if named.kind not in ("command", "frozen"):
        stream.push([named])
    parameters, lead, reason = delimited(stream, definer)
    if named.kind not in ("command", "frozen"):
        reason = "it is no command"
    body = stream.rest_of_group(stream.raw())
    pieces, wrong = compiled(body, len(parameters))
    if definer.text in (r"\edef", r"\xdef") and any(t.kind == "command" for t in body):
        wrong = "what it expands to when it is defined is not known here"
    macro = Macro(named.text, tuple(parameters), pieces, lead=lead)
    _define(stream, macro, definer, reason or wrong)


def _let(stream: Expander, definer: Raw) -> None:
    """``\\let\\name=\\other``: the meaning that ``\\other`` has now."""
    named = stream.next_solid()
    target = stream.next_solid()
    if target.kind == "other" and target.text == "=":
        target = stream.next_solid()
    if named.kind not in ("command", "frozen") or target.kind in ("eof", "par"):
        stream.push([target])
        raise Unfinished(definer.place, f"{definer.text} defines nothing")
    known = stream.macros.get(target.text) if target.kind == "command" else None
    if known is not None:
        meaning = replace(known, name=named.text)
    elif target.kind in ("command", "frozen"):
        meaning = Macro(named.text, body=(("frozen", target.text),))
    else:
        meaning = Macro(named.text, body=((target.kind, target.text),))
    special = target.kind in ("open", "close", "math", "hash", "align")
    reason = "it stands for a character with a special meaning" if special else None
    if is_switch(named.text) and target.text in (r"\iftrue", r"\iffalse"):
        stream.switches[named.text] = (
            target.text == r"\iftrue" if None not in stream.branches else None
        )
        stream.everywhere = False
        return
    _define(stream, meaning, definer, reason)


def is_switch(name: str) -> bool:
    """Whether a name is one that ``\\newif`` could have made."""
    return name.startswith(r"\if")


def _new_if(stream: Expander, definer: Raw) -> None:
    named = stream.next_solid()
    if named.kind not in ("command", "frozen") or not is_switch(named.text):
        stream.push([named])
        raise Unfinished(definer.place, r"\newif names no condition")
    stream.switches[named.text] = False
    for value in (True, False):
        setter = "\\" + named.text[3:] + str(value).lower()
        stream.setters[setter] = (named.text, value)


def _operator(stream: Expander, definer: Raw) -> None:
    stream.star()
    named = _named(stream, definer)
    stream.last = definer
    pieces, reason = compiled(stream.argument(), 0)
    if named is not None:
        around: tuple[Piece, ...] = (("command", r"\operatorname"), ("open", "{"))
        body = (*around, *pieces, ("close", "}"))
        _define(stream, Macro(named.text, body=body), definer, reason)


def _paired(stream: Expander, definer: Raw) -> None:
    named = _named(stream, definer)
    left, right = stream.argument(), stream.argument()
    if named is not None:
        _define(stream, delimiters(named.text, left, right), definer)


def _new_environment(stream: Expander, definer: Raw) -> None:
    stream.star()
    name = name_in(stream.argument())
    if "Document" in definer.text:
        parameters, reason = specified(stream.argument())
    else:
        parameters, reason = counted(stream)
    begin, reason = _body(stream, rf"\begin{{{name}}}", parameters, reason, definer)
    ending, wrong = compiled(stream.argument(), 0)
    reason = reason or wrong
    if name == "document" or name in DISPLAYS or name in ROWS:
        stream.problem(definer.place, f"{name} keeps its usual meaning here")
        return
    if "Provide" in definer.text and stream.macros.get(begin.name) is not None:
        return
    _define(stream, begin, definer, reason)
    if reason is None and None in stream.branches:
        reason = "it depends on a condition that is not decided here"
    refusal = None if reason is None else _refusal(begin.name, definer, reason)
    stream.macros.define(Macro(rf"\end{{{name}}}", body=ending, opaque=refusal))


def _not_understood(stream: Expander, definer: Raw) -> None:
    """A definition of a kind that is not read: what it defines has no meaning here."""
    stream.star()
    named = _named(stream, definer)
    if named is not None:
        _define(stream, Macro(named.text), definer, f"{definer.text} is not read")


def _everywhere(stream: Expander, _: Raw) -> None:
    stream.everywhere = True


def _nothing(stream: Expander, _: Raw) -> None:
    """A prefix that changes nothing here."""


def _by_value(stream: Expander, command: Raw) -> None:
    """``\\IfNoValueTF{#1}{yes}{no}`` and its relatives."""
    given = [t for t in stream.argument() if t.kind != "space"]
    mark = given[0].kind if len(given) == 1 else ""
    name = command.text
    asked = mark == "true" if "Boolean" in name else (mark == "novalue") == ("NoValue" in name)
    yes: list[Raw] = []
    no: list[Raw] = []
    if name.endswith(("T", "TF")):
        yes = stream.argument()
    if name.endswith("F"):
        no = stream.argument()
    stream.push(yes if asked else no)


DEFINITIONS: dict[str, Action] = {
    **dict.fromkeys(
        (r"\newcommand", r"\renewcommand", r"\providecommand", r"\DeclareRobustCommand"),
        _new_command,
    ),
    **dict.fromkeys((r"\newrobustcmd", r"\renewrobustcmd"), _new_command),
    **{
        rf"\{how}{expandable}DocumentCommand": _new_document_command
        for how in ("New", "Renew", "Provide", "Declare")
        for expandable in ("", "Expandable")
    },
    **{
        rf"\{how}DocumentEnvironment": _new_environment
        for how in ("New", "Renew", "Provide", "Declare")
    },
    **dict.fromkeys((r"\newenvironment", r"\renewenvironment"), _new_environment),
    **dict.fromkeys((r"\def", r"\gdef", r"\edef", r"\xdef"), _define_primitively),
    r"\let": _let,
    r"\newif": _new_if,
    r"\DeclareMathOperator": _operator,
    r"\DeclarePairedDelimiter": _paired,
    **dict.fromkeys(
        (
            *(r"\newcommandx", r"\renewcommandx", r"\providecommandx"),
            r"\DeclareTextFontCommand",
            *(r"\DeclarePairedDelimiterX", r"\DeclarePairedDelimiterXPP", r"\mathchardef"),
            *(r"\chardef", r"\newsavebox", r"\DeclareMathDelimiter"),
        ),
        _not_understood,
    ),
    r"\global": _everywhere,
    **dict.fromkeys((r"\long", r"\outer", r"\protected"), _nothing),
    **{
        rf"\If{what}{branch}": _by_value
        for what in ("NoValue", "Value", "Boolean")
        for branch in ("TF", "T", "F")
    },
}
"""What the reader does at each of them."""
