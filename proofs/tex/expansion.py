"""Macros expanded, definitions noted, conditions decided where they can be, files entered."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .commands import DEFINING, PROGRAMMING, is_condition
from .conditions import Conditional
from .files import Folder
from .limits import Spent
from .macros import Macro, Parameter
from .scanner import Raw, Scanner, Source
from .stream import NOTES, Unfinished, name_in, spelled_out
from .tokens import Annotation, Problem

__all__ = ["Action", "Expander"]

Action = Callable[["Expander", Raw], None]


class Expander(Conditional):
    """Reads tokens with the manuscript's own macros expanded.

    ``everywhere``: whether the next definition holds outside its group too.
    ``actions``: what the reader does at commands that define or include something.
    """

    def __init__(
        self,
        source: Source,
        spent: Spent,
        folder: Folder | None,
        actions: Mapping[str, Action],
    ) -> None:
        super().__init__(source, spent, folder)
        self.actions = dict(actions)
        self.setters: dict[str, tuple[str, bool]] = {}
        self.everywhere = False
        self._reported: set[Problem | str] = set()

    def token(self) -> Raw | None:
        """The next token that is no macro and no definition; None at the end.

        The begin and end of an environment have the kinds "begin" and "end" and its name as text;
        "opaque" is a command whose meaning was not understood; "endenv" follows what the
        manuscript puts at the end of its own environment.
        """
        while True:
            token = self.raw()
            if token.kind == "command":
                macro = self.macros.get(token.text)
                if macro is not None:
                    if macro.opaque is not None:
                        return self._opaque(token, macro.opaque)
                    self.expand(token, macro)
                    continue
            elif token.kind == "eof":
                if not self.leave():
                    return None
                continue
            elif token.kind != "frozen":
                return token
            found = self._built_in(token)
            if found is not None:
                return found

    def expand(self, call: Raw, macro: Macro) -> None:
        """Put the body of ``macro`` in the place of its call."""
        self.spent.expansion(macro.name, call.depth, call.place)
        self.match(call, macro.lead)
        arguments, end = self._arguments(call, macro.parameters)
        counts = [0] * len(arguments)
        size = len(macro.body)
        for kind, text in macro.body:
            if kind == "parameter":
                counts[int(text) - 1] += 1
                size += len(arguments[int(text) - 1])
        self.spent.step(size, call.place)
        for number, count in enumerate(counts):
            if count != 1:
                arguments[number] = self._without_notes(arguments[number])
        source, start, depth = call.source, call.start, call.depth + 1
        body: list[Raw] = []
        for kind, text in macro.body:
            if kind == "parameter":
                body += arguments[int(text) - 1]
            else:
                body.append(Raw(kind, text, source, start, end, depth))
        self.push(body)

    def _opaque(self, token: Raw, why: Problem) -> Raw:
        """A command that is not understood; the reason is noted at its first use."""
        if why not in self._reported:
            self._reported.add(why)
            self.problem(why.place, why.reason)
        return token._replace(kind="opaque")

    def spelled(self, tokens: list[Raw]) -> str:
        """The text of tokens once their macros are expanded."""
        stop = Raw("stop", "", self.last.source, self.last.start, self.last.end, 0)
        self.push([*tokens, stop])
        found: list[Raw] = []
        while True:
            token = self.token()
            if token is None or token.kind == "stop":
                return name_in(found)
            found.append(token)

    def annotation(self, token: Raw) -> Annotation:
        """The annotation that a comment is, with the macros in it expanded."""
        scanner = Scanner(Source(token.source.name, token.text), self.spent)
        scanner.skipping = True
        tokens: list[Raw] = []
        while not tokens or tokens[-1].kind != "eof":
            tokens.append(scanner.next())
        if not any(self.macros.get(t.text) for t in tokens if t.kind == "command"):
            return Annotation(token.text, token.place)
        here = [t._replace(source=token.source, start=token.start, end=token.end) for t in tokens]
        stop = here[-1]._replace(kind="stop")
        self.push([*(t for t in here[:-1] if t.kind not in NOTES), stop])
        before = self.last
        try:
            expanded = spelled_out(self._macros_expanded())
        except Unfinished:
            while self.raw().kind != "stop":
                continue
            expanded = ""
        self.last = before
        return Annotation(token.text, token.place, expanded)

    def _macros_expanded(self) -> list[Raw]:
        """What comes before a "stop"; only macros are expanded, nothing else is done."""
        found: list[Raw] = []
        while True:
            token = self.raw()
            if token.kind == "stop":
                return found
            macro = self.macros.get(token.text) if token.kind == "command" else None
            if macro is None or macro.opaque is not None:
                found.append(token)
            else:
                self.expand(token, macro)

    def _arguments(self, call: Raw, wanted: tuple[Parameter, ...]) -> tuple[list[list[Raw]], int]:
        found: list[list[Raw]] = []
        end = call.end
        for parameter in wanted:
            self.last = call
            argument: list[Raw] | None
            if parameter.until:
                argument = self.until(call, parameter.until)
            elif parameter.kind == "m":
                argument = self.argument()
            elif parameter.kind == "s":
                starred = self.star()
                found.append([self._mark(call, "true" if starred else "false")])
                continue
            else:
                argument = self.optional(parameter.brackets)
            if argument is None:
                argument = [Raw(k, t, *call[2:5], call.depth + 1) for k, t in parameter.default]
            elif self.last.source is call.source:
                end = max(end, self.last.end)
            found.append(argument)
        return found, end

    def _mark(self, call: Raw, kind: str) -> Raw:
        return Raw(kind, "", call.source, call.start, call.end, call.depth)

    def _without_notes(self, tokens: list[Raw]) -> list[Raw]:
        for token in tokens:
            if token.kind in NOTES:
                self.orphan(token)
        return [token for token in tokens if token.kind not in NOTES]

    def _built_in(self, token: Raw) -> Raw | None:
        name = token.text
        action = self.actions.get(name)
        if action is not None:
            action(self, token)
            return None
        if name == r"\begin":
            return self._begin(token)
        if name == r"\end":
            return self._end(token)
        if name in self.setters:
            condition, value = self.setters[name]
            self.switches[condition] = value if None not in self.branches else None
            return None
        if is_condition(name):
            return self.condition(token)
        if name == r"\else":
            return self.otherwise(token)
        if name == r"\fi":
            if self.branches:
                self.branches.pop()
            return None
        if name in PROGRAMMING:
            if name in DEFINING and name not in self._reported:
                self._reported.add(name)
                self.problem(token.place, f"{name}: what it defines is not known here")
            return token._replace(kind="opaque")
        return token if token.kind == "command" else token._replace(kind="command")

    def _begin(self, token: Raw) -> Raw | None:
        name = self._environment(token)
        macro = self.macros.get(rf"\begin{{{name}}}")
        if macro is None:
            return Raw("begin", name, token.source, token.start, self._end_of(token), token.depth)
        self.open_group(name, token)
        if macro.opaque is not None:
            return self._opaque(token._replace(text=rf"\begin{{{name}}}"), macro.opaque)
        self.expand(token, macro)
        return None

    def _end(self, token: Raw) -> Raw | None:
        name = self._environment(token)
        macro = self.macros.get(rf"\end{{{name}}}")
        end = self._end_of(token)
        if macro is None:
            return Raw("end", name, token.source, token.start, end, token.depth)
        ended = Raw("endenv", name, token.source, token.start, end, token.depth)
        self.push([ended])
        if macro.opaque is not None:
            return self._opaque(token._replace(text=rf"\end{{{name}}}"), macro.opaque)
        self.expand(token, macro)
        return None

    def _environment(self, token: Raw) -> str:
        self.last = token
        name = name_in(self.argument())
        if not name:
            raise Unfinished(token.place, f"{token.text} names no environment")
        return name

    def _end_of(self, token: Raw) -> int:
        return self.last.end if self.last.source is token.source else token.end
