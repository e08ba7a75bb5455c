"""What functions with a name mean: their values for given arguments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sympy
from sympy import LambertW, Trace, gamma, lerchphi, log, polygamma, sign

from . import factors, powers
from .nodes import Group, Node, Scripted
from .nodes import Sequence as Listed
from .shapes import is_matrix
from .writing import written

if TYPE_CHECKING:
    from .reader import Reader

__all__ = ["TRACES", "Head", "hypergeometric", "named_value"]

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


def named_value(reader: Reader, head: Head, args: list[Any], node: Node) -> Any:
    """The value of a function with a name, and of the power above its name."""
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


def hypergeometric(reader: Reader, head: Head, items: Sequence[Node], n: int) -> tuple[Any, int]:
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
