"""Functions with a name: which they are, how far their argument reaches, what they mean."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sympy
from lemmata.theory.gaussian import gaussian_average
from lemmata.theory.matrix_calculus import Average
from sympy import LambertW, Symbol, Trace, gamma, lerchphi, log, polygamma, sign

from . import factors, powers
from .lookups import lookup
from .names import plain_spelling
from .nodes import (
    Accent,
    Empty,
    Fraction,
    Group,
    Integral,
    Letter,
    Matrix,
    Named,
    Node,
    Operator,
    Root,
    Scripted,
    Sum,
)
from .nodes import Sequence as Listed
from .shapes import is_matrix
from .writing import written

if TYPE_CHECKING:
    from .reader import Reader

__all__ = ["Head", "applied", "head_of"]

SCALAR: dict[str, Callable[..., Any]] = {
    "ln": log,
    "log": log,
    "sign": sign,
    "sgn": sign,
    "sin": sympy.sin,
    "cos": sympy.cos,
    "tan": sympy.tan,
    "cot": sympy.cot,
    "sec": sympy.sec,
    "csc": sympy.csc,
    "sinh": sympy.sinh,
    "cosh": sympy.cosh,
    "tanh": sympy.tanh,
    "coth": sympy.coth,
    "sech": sympy.sech,
    "csch": sympy.csch,
    "erf": sympy.erf,
    "erfc": sympy.erfc,
    "erfi": sympy.erfi,
    "Re": sympy.re,
    "Im": sympy.im,
    "gamma": gamma,
}
for _name in ("sin", "cos", "tan", "cot"):
    SCALAR[f"arc{_name}"] = SCALAR[f"a{_name}"] = getattr(sympy, f"a{_name}")
for _name in ("sinh", "cosh", "tanh", "coth"):
    _inverse = getattr(sympy, f"a{_name}")
    SCALAR |= {f"a{_name}": _inverse, f"ar{_name}": _inverse, f"arc{_name}": _inverse}

_SPECIAL = frozenset({"exp", "max", "min", "lerchphi", "LambertW", "polygamma"})
_EXPECTATIONS = frozenset(rf"\{font}{{E}}" for font in ("mathbb", "mathsf", "mathrm", "mathbf"))
TRACES = frozenset({"tr", "Tr", "trace", "Trace"})
LARGEST = 1000
"""Arguments of the Gamma function that are numbers."""


@dataclass(frozen=True, slots=True)
class Head:
    """A function: its name, what stands below and above the name, how many items it takes."""

    name: str
    node: Node
    below: Node | None = None
    above: Node | None = None
    items: int = 1


def head_of(reader: Reader, node: Node, following: Node | None) -> Head | None:
    """The function that a node names, if it names one where it stands."""
    below = above = None
    base = node
    if isinstance(node, Scripted):
        if node.primes:
            return None
        base, below, above = node.base, node.sub, node.sup
    if isinstance(base, Group) and base.left == "{" and not isinstance(base.content, Empty):
        base = base.content if isinstance(base.content, Named | Accent) else base
    if isinstance(base, Named):
        name = "average" if base.name in ("E", "Expect") else base.name
        return Head(name, node, below, above)
    if isinstance(base, Group) and isinstance(base.content, Empty) and below is not None:
        return Head("hypergeometric", node, below, above, items=2)
    if factors.bracket(following) is None:
        return None
    text = written(base)
    if text in _EXPECTATIONS:
        return Head("average", node, below, above)
    if isinstance(base, Letter):
        special = {r"\Gamma": "gamma", r"\psi": "polygamma", r"\Phi": "lerchphi", "W": "LambertW"}
        if text in special and (below is None or text == "W"):
            return Head(special[text], node, below, above)
    return None


def applied(
    reader: Reader, head: Head, items: Sequence[Node], signs: Sequence[str], n: int
) -> tuple[Any, int]:
    """The value of the function with the argument behind it, and the first item after that."""
    first = n + head.items
    if head.name == "average":
        return _average(reader, head, items, first)
    if head.name == "hypergeometric":
        return _hypergeometric(reader, head, items, n)
    if first >= len(items) or signs[first]:
        raise reader.error(f"{written(head.node)} has no argument", head.node)
    found = factors.bracket(items[first])
    if found is not None:
        group, scripts = found
        _refuse_second(reader, head, group, items[first + 1 : first + 2])
        args = factors.inside(reader, group)
        value = _value(reader, head, args, group)
        return factors.scripted(reader, value, scripts, head.node), first + 1
    behind = items[first + 1] if first + 1 < len(items) and not signs[first + 1] else None
    inner = head_of(reader, items[first], behind) if lookup(reader, items[first]) is None else None
    if inner is not None and inner.name not in ("average", "hypergeometric"):
        argument, after = applied(reader, inner, items, signs, first)
        if after < len(items) and signs[after] in ("", "/", r"\div"):
            raise reader.error(
                f"how far {written(head.node)} reaches is not clear: write its argument in "
                "brackets",
                items[after],
            )
        return _value(reader, head, [argument], items[first]), after
    argument, after = _argument(reader, head, items, signs, first)
    return _value(reader, head, [argument], items[first]), after


def _refuse_second(reader: Reader, head: Head, group: Group, following: Sequence[Node]) -> None:
    r"""``\sin[2](x)`` prints a factor, and is written for a power."""
    second = factors.bracket(following[0]) if following else None
    if group.left == "[" and second is not None and second[0].left == "(":
        shown = written(head.node)
        raise reader.error(
            f"{shown} {written(group)} {written(second[0])} is read as a product and as a power of "
            f"{shown}: write the power above {shown}",
            group,
        )


def _argument(
    reader: Reader, head: Head, items: Sequence[Node], signs: Sequence[str], first: int
) -> tuple[Any, int]:
    """An argument without a bracket; see the second rule in ``factors``."""
    if _stands_alone(items[first]):
        value = reader.value(_without_braces(items[first]))
        _refuse_slash(reader, head, items, signs, first + 1)
        return value, first + 1
    found: list[Any] = []
    n = first
    while n < len(items) and (n == first or not signs[n]) and not _ends_run(reader, items, n):
        if _stands_alone(items[n]) or isinstance(items[n], Group):
            raise reader.error(
                f"how far {written(head.node)} reaches is not clear: write its argument in "
                "brackets",
                items[n],
            )
        value, after = factors.item(reader, items, signs, n)
        found.append(("", value, items[n]))
        n = after
    if not found:
        raise reader.error(f"{written(head.node)} has no argument", head.node)
    _refuse_slash(reader, head, items, signs, n)
    return factors.combined(reader, found, items[first]), n


def _without_braces(node: Node) -> Node:
    r"""``\exp{-x}``: one term with its sign."""
    inside = node.content if isinstance(node, Group) and node.left == "{" else node
    return inside if isinstance(inside, Sum) and len(inside.terms) == 1 else node


def _stands_alone(node: Node) -> bool:
    """Whether the whole argument shows at a glance."""
    base = node.base if isinstance(node, Scripted) else node
    braces = isinstance(base, Group) and base.left not in ("(", "[", r"\{")
    if isinstance(node, Scripted) and node.sup is not None and powers.is_e(base):
        return True
    return braces or isinstance(base, Fraction | Root | Matrix | Integral)


def _ends_run(reader: Reader, items: Sequence[Node], n: int) -> bool:
    node = items[n]
    base = node.base if isinstance(node, Scripted) else node
    if isinstance(base, Operator) or (isinstance(base, Letter) and base.text in ("!", "|")):
        return True
    following = items[n + 1] if n + 1 < len(items) else None
    return lookup(reader, node) is None and head_of(reader, node, following) is not None


def _refuse_slash(
    reader: Reader, head: Head, items: Sequence[Node], signs: Sequence[str], n: int
) -> None:
    if n < len(items) and signs[n] in ("/", r"\div"):
        name = written(head.node)
        raise reader.error(
            f"{name} x/y is read as {name}(x/y) and as {name}(x)/y: write the argument in brackets",
            items[n],
        )


# Values


def _value(reader: Reader, head: Head, args: list[Any], node: Node) -> Any:
    above = head.above
    if above is not None and head.name != "polygamma" and written(above) in ("-1", "- 1"):
        raise reader.error(
            f"{written(head.node)} is read as the inverse function and as 1 over it: write arc..., "
            "ar... or a fraction",
            above,
        )
    value = _function(reader, head, args, node)
    if above is None or head.name == "polygamma":
        return value
    return powers.raised(reader, value, above, head.node)


def _function(reader: Reader, head: Head, args: list[Any], node: Node) -> Any:
    name = head.name
    if name in TRACES:
        return _trace(reader, args, node)
    if name == "exp" and len(args) == 1 and is_matrix(args[0]) and not reader.single(args[0]):
        return _matrix_exponential(reader, args[0], node)
    if name not in SCALAR and name not in _SPECIAL:
        raise reader.error(f"the function {written(head.node)} is not known here", head.node)
    numbers = [reader.as_number(x) for x in args]
    if None in numbers:
        raise reader.error(f"{written(head.node)} of a matrix is not read", node)
    if name in ("max", "min"):
        return _extreme(reader, head, numbers, node)
    if name == "lerchphi" and len(numbers) == 3:
        return lerchphi(*numbers)
    if len(numbers) != 1:
        raise reader.error(f"{written(head.node)} takes one argument, not {len(numbers)}", node)
    (x,) = numbers
    if name == "exp":
        return powers.scalar_exponential(reader, x, node)
    if name == "LambertW":
        return _lambert(reader, head, x)
    if name == "polygamma":
        return polygamma(_order(reader, head), _small(reader, x, node))
    if head.below is not None:
        if name != "log":
            raise reader.error(f"the index of {written(head.node)} is not understood", head.below)
        return log(x) / log(reader.scalar(head.below, "the base of a logarithm"))
    if name == "gamma":
        x = _small(reader, x, node)
    return reader.finite(SCALAR[name](x), node)


def _small(reader: Reader, x: Any, node: Node) -> Any:
    if x.is_number and not abs(x) <= LARGEST:
        raise reader.error(f"the Gamma function of a number beyond {LARGEST}", node)
    return x


def _trace(reader: Reader, args: list[Any], node: Node) -> Any:
    if len(args) != 1 or not is_matrix(args[0]):
        raise reader.error("a trace takes one matrix", node)
    sizes = reader.sizes
    if not sizes.equal(sizes.rows(args[0]), sizes.columns(args[0])):
        raise reader.error("the trace of a matrix that is not square", node)
    return Trace(args[0])


def _matrix_exponential(reader: Reader, value: Any, node: Node) -> Any:
    content = node.content if isinstance(node, Group) else node
    return powers.exponential(reader, content, node)


def _extreme(reader: Reader, head: Head, numbers: list[Any], node: Node) -> Any:
    if head.below is not None or len(numbers) < 2:
        raise reader.error(f"{written(head.node)} is read of two or more numbers in brackets", node)
    function = sympy.Max if head.name == "max" else sympy.Min
    # SymPy compares numbers by evaluating them, and cannot compare traces
    kept = all(x.is_number for x in numbers) or any(x.has(sympy.MatrixSymbol) for x in numbers)
    return function(*numbers, evaluate=not kept)


def _lambert(reader: Reader, head: Head, x: Any) -> Any:
    branch = 0 if head.below is None else reader.scalar(head.below, "a branch")
    if branch not in (0, -1):
        raise reader.error("Lambert's function has the real branches 0 and -1", head.node)
    return LambertW(x) if branch == 0 else LambertW(x, branch)


def _order(reader: Reader, head: Head) -> Any:
    if head.above is None:
        return sympy.Integer(0)
    order = reader.scalar(head.above, "an order")
    if not (order.is_Integer and 0 <= order <= LARGEST):
        raise reader.error("the order of a polygamma function must be a whole number", head.node)
    return order


def _hypergeometric(reader: Reader, head: Head, items: Sequence[Node], n: int) -> tuple[Any, int]:
    r"""``{}_{2}F_{1}(1, a; 1 + a; z)``, the only one in use: ``a*lerchphi(z, 1, a)``."""
    name = items[n + 1] if n + 1 < len(items) else None
    found = factors.bracket(items[n + 2]) if n + 2 < len(items) else None
    gauss = isinstance(name, Scripted) and written(name) == "F_1" and written(head.below) == "2"  # type: ignore[arg-type]
    if found is None or not gauss or not isinstance(found[0].content, Listed):
        raise reader.error(
            "empty braces with an index: only {}_2F_1(1, a; 1 + a; z) is read", head.node
        )
    group, scripts = found
    args = factors.inside(reader, group)
    if len(args) != 4 or args[0] != 1 or args[2] != 1 + args[1]:
        raise reader.error("only {}_2F_1(1, a; 1 + a; z) is read", group)
    value = args[1] * lerchphi(args[3], 1, args[1])
    return factors.scripted(reader, value, scripts, head.node), n + 3


def _average(reader: Reader, head: Head, items: Sequence[Node], n: int) -> tuple[Any, int]:
    found = factors.bracket(items[n]) if n < len(items) else None
    if found is None:
        raise reader.error("an average needs its brackets: \\mathbb{E}[...]", head.node)
    group, scripts = found
    if isinstance(group.content, Listed | Empty):
        raise reader.error("an average takes one value", group)
    variable = None if head.below is None else _gaussian_variable(reader, head.below)
    if variable is None:
        value = _random_average(reader, head, group)
    else:
        with reader.binding({plain_spelling(head.below): variable}):  # type: ignore[arg-type]
            value = gaussian_average(reader.scalar(group.content, "an average"), variable)
    value = factors.scripted(reader, value, scripts, head.node)
    return powers.raised(reader, value, head.above, head.node), n + 1


def _gaussian_variable(reader: Reader, below: Node) -> Any:
    """The standard normal variable below an average, None where random letters stand there."""
    name = plain_spelling(below)
    symbol = reader.vocabulary.bound.get(name)
    if symbol is not None:
        return symbol
    entry = reader.vocabulary.names.get(name)
    if entry is not None and entry.letter is not None:
        return None
    if isinstance(below, Letter | Scripted | Accent):
        return Symbol(name.replace("\\", "").replace("{", "").replace("}", ""), real=True)
    return None


def _random_average(reader: Reader, head: Head, group: Group) -> Any:
    value = reader.value(group.content)
    if not reader.vocabulary.random and not is_matrix(value) and not value.has(sympy.MatrixSymbol):
        raise reader.error(
            "an average of numbers needs its variable: \\mathbb{E}_{z}[...]", head.node
        )
    return Average(value)
