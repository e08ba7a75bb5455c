"""Wrong arguments of strategies: refused on first use, by name and value, with what to give."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from lemmata.proofs.strategies import (
    balanced_initializations,
    from_claim,
    hierarchies,
    mode_strengths,
    orthogonal_matrices,
    positive_definite_matrices,
    spectra,
)

F = Fraction
NUMBERS = {
    mode_strengths: ["min_value", "max_value", "min_ratio", "max_ratio"],
    spectra: ["min_value", "max_value", "gap"],
    hierarchies: ["min_epsilon", "max_epsilon"],
    positive_definite_matrices: [
        "min_eigenvalue",
        "max_eigenvalue",
        "min_condition",
        "max_condition",
    ],
    balanced_initializations: ["min_scale", "max_scale", "imbalance"],
}
INTEGERS = {
    spectra: ["min_size", "max_size"],
    hierarchies: ["min_depth", "max_depth", "min_branching", "max_branching"],
    orthogonal_matrices: ["size", "columns"],
    positive_definite_matrices: ["size"],
}
FLAGS = {
    mode_strengths: ["allow_zero", "allow_negative"],
    spectra: ["degenerate", "allow_zero"],
    hierarchies: ["regular"],
    balanced_initializations: ["allow_zero"],
}
TYPED = [
    mode_strengths,
    spectra,
    orthogonal_matrices,
    positive_definite_matrices,
    balanced_initializations,
]


def each(table: dict[Any, list[str]]) -> Any:
    pairs = [(function, name) for function, names in table.items() for name in names]
    ids = [f"{function.__name__}-{name}" for function, name in pairs]
    return pytest.mark.parametrize(("function", "name"), pairs, ids=ids)


def refusal(function: Any, **arguments: Any) -> str:
    """The one line with which it is refused, on first use and not before."""
    strategy = function(**arguments)
    with pytest.raises(InvalidArgument) as caught:
        strategy.validate()
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_a_wrong_argument_fails_the_test_and_not_the_import() -> None:
    @given(mode_strengths(min_value=-1))
    def never_run(mode: Any) -> None:
        raise AssertionError

    with pytest.raises(InvalidArgument, match="min_value=-1 is out of range: give a number"):
        never_run()


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), "one", "1/0", "1+1", True, object(), [1], 1j]
)
@each(NUMBERS)
def test_what_is_no_number_is_refused(function: Any, name: str, value: Any) -> None:
    assert refusal(function, **{name: value}).startswith(name)


@each({f: [n for n in names if n != "imbalance"] for f, names in NUMBERS.items()})
def test_a_negative_number_is_refused(function: Any, name: str) -> None:
    assert refusal(function, **{name: F(-1, 3)}).startswith(f"{name}=-1/3 is out of range: give")


@pytest.mark.parametrize("value", [1.0, "2", True, F(3), [2]])
@each(INTEGERS)
def test_what_is_no_integer_is_refused(function: Any, name: str, value: Any) -> None:
    message = refusal(function, **{name: value})
    assert message.startswith(f"{name}=")
    assert f"is not an int but a {type(value).__name__}: give an int of at least" in message


@each(INTEGERS)
def test_a_negative_size_is_refused(function: Any, name: str) -> None:
    assert refusal(function, **{name: -1}).startswith(f"{name}=-1 is out of range: give at least")


@pytest.mark.parametrize("value", [1, "yes", object()])
@each(FLAGS)
def test_what_is_no_bool_is_refused(function: Any, name: str, value: Any) -> None:
    message = refusal(function, **{name: value})
    assert message == f"{name}={value!r} is neither True nor False: give a bool"


@pytest.mark.parametrize("dtype", [int, complex, "float", None, np.float32, 1.0])
@pytest.mark.parametrize("function", TYPED)
def test_other_number_types_are_refused(function: Any, dtype: Any) -> None:
    assert refusal(function, dtype=dtype).endswith("is no number type here: give Fraction or float")


@pytest.mark.parametrize("function", [*TYPED, hierarchies])
def test_arguments_are_given_by_name(function: Any) -> None:
    with pytest.raises(TypeError, match="positional"):
        function(2).validate()


EYE = [[1, 0], [0, 1]]
CONTRADICTIONS: list[tuple[Any, dict[str, Any], str]] = [
    (mode_strengths, {"min_value": 2, "max_value": 1}, "min_value=2 is greater than max_value=1"),
    (mode_strengths, {"min_ratio": 3}, "min_ratio=3 is greater than max_ratio=2"),
    (mode_strengths, {"min_value": 0}, "min_value=0 is out of range: give a number greater than 0"),
    (mode_strengths, {"min_value": "1e-400", "dtype": float}, "dtype=<class 'float'> cannot hold"),
    (spectra, {"min_size": 3, "max_size": 2}, "min_size=3 is greater than max_size=2"),
    (
        spectra,
        {"min_size": 3, "min_value": 1, "max_value": 2, "gap": 1, "degenerate": False},
        "min_size=3 is more than the 2 values that fit 1 apart from 1 to 2: lower it",
    ),
    (
        spectra,
        {"min_size": 2, "min_value": 1, "max_value": 1, "degenerate": False},
        "min_size=2 is more than the 1 values that fit",
    ),
    (
        spectra,
        {"min_size": 3, "min_value": 1, "max_value": 4, "gap": 3, "degenerate": False}
        | {"allow_zero": True},
        "min_size=3 is more than the 2 values that fit 3 apart from 1 to 4",
    ),
    (hierarchies, {"min_depth": 4}, "min_depth=4 is greater than max_depth=3"),
    (hierarchies, {"max_epsilon": "6/5"}, "max_epsilon='6/5' is out of range: give at most 1"),
    (hierarchies, {"max_branching": 1, "regular": False}, "regular=False with max_branching=1"),
    (
        hierarchies,
        {"max_depth": 1, "min_epsilon": 0, "max_epsilon": 0, "regular": False},
        "regular=False with",
    ),
    (orthogonal_matrices, {"size": 2, "columns": 3}, "columns=3 is more than size=2"),
    (orthogonal_matrices, {"determinant": 0}, "determinant=0 is no determinant of an orthogonal"),
    (orthogonal_matrices, {"determinant": True}, "determinant=True is no determinant"),
    (
        orthogonal_matrices,
        {"size": 3, "columns": 2, "determinant": 1},
        "determinant=1 is asked of a matrix that need not be square: leave out columns",
    ),
    (
        positive_definite_matrices,
        {"min_condition": 10, "max_condition": 2},
        "min_condition=10 is greater than max_condition=2",
    ),
    (
        positive_definite_matrices,
        {"min_condition": 10, "min_eigenvalue": 1, "max_eigenvalue": 5},
        "min_condition=10 is more than max_eigenvalue/min_eigenvalue=5",
    ),
    (
        positive_definite_matrices,
        {"size": 1, "min_condition": 2},
        "min_condition=2 is above 1 for size=1: give size >= 2",
    ),
    (
        positive_definite_matrices,
        {"min_eigenvalue": "1e-15", "dtype": float},
        "dtype=<class 'float'> with condition numbers up to",
    ),
    (balanced_initializations, {"sizes": 3}, "sizes=3 is not (N1, N2, N3): give three ints"),
    (balanced_initializations, {"sizes": (1, 2)}, "sizes=(1, 2) is not (N1, N2, N3)"),
    (balanced_initializations, {"sizes": "123"}, "sizes='123' is not (N1, N2, N3)"),
    (balanced_initializations, {"sizes": (1, 0, 2)}, "sizes=0 is out of range: give at least 1"),
    (
        balanced_initializations,
        {"sizes": (3, 3, 2), "imbalance": 1},
        "imbalance=1 with sizes=(3, 3, 2) needs N3 >= N2: change it",
    ),
    (
        balanced_initializations,
        {"sizes": (2, 3, 3), "imbalance": -1},
        "imbalance=-1 with sizes=(2, 3, 3) needs N1 >= N2",
    ),
    (
        balanced_initializations,
        {"sizes": (2, 3, 3), "imbalance": 2},
        "imbalance=2 with sizes=(2, 3, 3) needs N2 <= min(N1, N3), or a rational square root",
    ),
    (
        balanced_initializations,
        {"imbalance": 25},
        "max_scale=2 is too small for imbalance=25: give at least sqrt(abs(imbalance))/2, such as "
        "5/2",
    ),
    (balanced_initializations, {"min_scale": 3}, "min_scale=3 is greater than max_scale=2"),
    (
        balanced_initializations,
        {"sizes": (3, 2, 2), "aligned_with": (EYE, EYE)},
        f"aligned_with={(EYE, EYE)} does not fit sizes=(3, 2, 2): give (2, 2) and (3, 3)",
    ),
]


@pytest.mark.parametrize(("function", "arguments", "told"), CONTRADICTIONS)
def test_arguments_that_contradict_each_other_are_refused(
    function: Any, arguments: dict[str, Any], told: str
) -> None:
    assert refusal(function, **arguments).startswith(told)


@pytest.mark.parametrize("imbalance", [17, F(145, 7), -100])
def test_the_scale_that_an_imbalance_is_told_to_need_is_enough_and_no_more(imbalance: Any) -> None:
    message = refusal(balanced_initializations, imbalance=imbalance)
    needed = F(message.rsplit(" ", 1)[1])
    balanced_initializations(imbalance=imbalance, max_scale=needed).validate()
    assert "max_scale" in refusal(
        balanced_initializations, imbalance=imbalance, max_scale=needed * (1 - F(1, 10**6))
    )


NOT_ORTHOGONAL = {
    "one matrix": EYE,
    "no matrices": 3,
    "not orthogonal": ([[1, 0], [0, 2]], EYE),
    "not square": ([[F(3, 5), F(4, 5)]], EYE),
    "ragged": ([[1, 0], [1]], EYE),
    "empty": ([], EYE),
    "no numbers": ([["a", 0], [0, 1]], EYE),
    "three": (EYE, EYE, EYE),
    "rounded": (np.array([[3, 4], [-4, 3]]) / 5, np.eye(2)),
}


@pytest.mark.parametrize("case", NOT_ORTHOGONAL)
def test_frames_must_be_orthogonal(case: str) -> None:
    message = refusal(balanced_initializations, aligned_with=NOT_ORTHOGONAL[case])
    assert message.startswith("aligned_with=")
    assert message.endswith("draw them from orthogonal_matrices(size=...)")


ACCEPTED = [
    mode_strengths(min_value=1, max_value=np.int64(2), min_ratio=0.5, max_ratio=np.float64(0.5)),
    mode_strengths(dtype=np.float64),
    spectra(min_size=np.int64(2), max_size=2, gap="1e-3"),
    spectra(min_size=0, max_size=0),
    spectra(min_size=4, max_size=9, min_value=1, max_value=3, gap=1, degenerate=False,
            allow_zero=True),
    spectra(max_value=3, gap=5, allow_zero=True),
    hierarchies(max_branching=1),
    hierarchies(max_depth=1, max_epsilon=0, min_branching=3, max_branching=3),
    hierarchies(regular=False, max_depth=1),
    hierarchies(regular=False, max_depth=2, min_epsilon="1/3", max_epsilon="1/3"),
    orthogonal_matrices(size=7),
    positive_definite_matrices(size=1, min_eigenvalue=2, max_eigenvalue=2),
    positive_definite_matrices(max_condition=1),
    positive_definite_matrices(min_eigenvalue=1, max_eigenvalue=5, min_condition=5),
    balanced_initializations(sizes=[1, 4, 1]),
    balanced_initializations(imbalance=2, min_scale="1/1000", max_scale="99/140"),
    balanced_initializations(imbalance=None, min_scale=3, max_scale=3),
    balanced_initializations(sizes=(2, 2, 2), aligned_with=(np.eye(2), np.eye(2))),
]  # fmt: skip


@pytest.mark.parametrize("strategy", ACCEPTED)
@given(data=st.data())
def test_bounds_that_just_fit_are_accepted(strategy: Any, data: Any) -> None:
    data.draw(strategy)


@given(st.data(), st.floats(1e-6, 1e6))
def test_a_float_bound_is_its_binary_value(data: Any, bound: float) -> None:
    assert data.draw(mode_strengths(min_value=bound, max_value=bound)).s == bound


def test_from_claim_takes_scalar_claims_only() -> None:
    from lemmata.theory.learning.descent import conservation

    with pytest.raises(InvalidArgument, match=r"claim='modes\.ode' is no claim: pass the object"):
        from_claim("modes.ode")
    with pytest.raises(InvalidArgument, match=r"claim='descent\.conservation' is a matrix claim"):
        from_claim(conservation)
