"""The house itself: who imports whom, what is written down, what must never be called."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("theory", "numerics", "proofs")
MODULES = sorted(p for room in ROOMS for p in (ROOT / room).rglob("*.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LONGEST, MEDIAN = 500, 150

# What a room may not reach, by the first parts of the absolute name of what is imported.
NUMBERS = ("numpy", "scipy", "flint", "mpmath", "torch", "cupy", "jax", "random", "secrets")
FILES = ("os", "pathlib", "io", "shutil", "tempfile", "subprocess", "socket", "urllib", "pickle")
FORBIDDEN = {
    "theory": ("lemmata.numerics", "lemmata.proofs", *NUMBERS, *FILES),
    "numerics": ("lemmata.theory", "lemmata.proofs", "sympy"),
    "proofs": (),
}
READS_SYMPY = [ROOT / "numerics" / name for name in ("codegen.py", "nonlinearities.py")]
EVALUATORS = {"eval", "exec", "compile", "sympify", "parse_expr", "__import__", "execfile"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), name_of(path))


every_module = pytest.mark.parametrize("path", MODULES, ids=name_of)


def absolute_imports(tree: ast.Module, parts: tuple[str, ...]) -> Iterator[str]:
    """Full names of all that the module ``parts`` imports, relative imports resolved."""
    package = parts[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join((*above, *([node.module] if node.module else [])))
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and called(node) in ("import_module", "__import__"):
            yield from (a.value for a in node.args[:1] if isinstance(a, ast.Constant))


def called(node: ast.Call) -> str:
    function = node.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def within(name: str, family: str) -> bool:
    return name == family or name.startswith(family + ".")


def broken_imports(path: Path, source: str) -> list[str]:
    """What the module at ``path``, if it read ``source``, would import against the rule."""
    parts = ("lemmata", *path.relative_to(ROOT).with_suffix("").parts)
    forbidden = FORBIDDEN[parts[1]]
    if path in READS_SYMPY:
        forbidden = tuple(f for f in forbidden if f != "sympy")
    return [
        name
        for name in absolute_imports(ast.parse(source), parts)
        if name.split(".")[0] in ROOMS or any(within(name, family) for family in forbidden)
    ]


@every_module
def test_rooms_import_only_what_they_may(path: Path) -> None:
    assert broken_imports(path, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("theory/learning/modes.py", "from ...numerics import balls"),
        ("theory/learning/modes.py", "from ...proofs.court import judge"),
        ("theory/claims.py", "from .. import numerics"),
        ("theory/claims.py", "import lemmata.proofs"),
        ("theory/claims.py", "def f():\n    import numpy.linalg"),
        ("theory/claims.py", "from importlib import import_module\nimport_module('os')"),
        ("theory/claims.py", "from pathlib import Path"),
        ("theory/claims.py", "import theory.symbols"),
        ("numerics/balls.py", "from sympy import exp"),
        ("numerics/programs.py", "import sympy"),
        ("numerics/nonlinearities.py", "from ..theory import gaussian"),
        ("numerics/balls.py", "from ..theory import claims"),
        ("numerics/codegen.py", "import lemmata.theory.claims"),
        ("proofs/court.py", "from numerics import balls"),
    ],
)
def test_the_import_rule_sees_every_way_to_break_it(room: str, source: str) -> None:
    assert broken_imports(ROOT / room, source)


@pytest.mark.parametrize(
    "path", [p for p in MODULES if p.is_relative_to(ROOT / "theory")], ids=name_of
)
def test_theory_has_no_floats_and_opens_no_files(path: Path) -> None:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Constant):
            assert not isinstance(node.value, float | complex), f"line {node.lineno}"
        if isinstance(node, ast.Call):
            assert called(node) not in ("open", "float", "Float", "evalf"), f"line {node.lineno}"


@every_module
def test_no_text_is_ever_evaluated(path: Path) -> None:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call):
            # re.compile makes a pattern, not code.
            pattern = isinstance(node.func, ast.Attribute) and called(node) == "compile"
            if pattern and ast.unparse(node.func) == "re.compile":
                continue
            assert called(node) not in EVALUATORS, f"line {node.lineno}: {ast.unparse(node)}"
        if isinstance(node, ast.ImportFrom):
            assert not EVALUATORS & {alias.name for alias in node.names}, f"line {node.lineno}"


@every_module
def test_module_says_what_it_is_and_what_it_offers(path: Path) -> None:
    tree = tree_of(path)
    assert ast.get_docstring(tree), "no docstring"
    made = {n.name: n for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef)}
    public = {name for name in made if not name.startswith(("_", "pytest_"))}
    offered = offers(tree)
    if path.name.startswith("_") and not public:
        return
    assert offered is not None, "no __all__"
    for name in offered:
        assert name not in made or ast.get_docstring(made[name]), f"{name} has no docstring"


def offers(tree: ast.Module) -> list[str] | None:
    """The names of ``__all__``, [] when it is computed, None when there is none."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            if isinstance(node.value, ast.List | ast.Tuple):
                return [e.value for e in node.value.elts if isinstance(e, ast.Constant)]
            return []
    return None


@every_module
def test_every_name_offered_exists(path: Path) -> None:
    parts = ("lemmata", *path.relative_to(ROOT).with_suffix("").parts)
    parts = parts[:-1] if parts[-1] == "__init__" else parts
    module = import_module(".".join(parts))
    offered = list(getattr(module, "__all__", []))
    assert len(set(offered)) == len(offered)
    assert [name for name in offered if not hasattr(module, name)] == []


def test_modules_are_short() -> None:
    lengths = {name_of(p): len(p.read_text(encoding="utf-8").splitlines()) for p in MODULES}
    assert {name: n for name, n in lengths.items() if n > LONGEST} == {}
    assert statistics.median(lengths.values()) <= MEDIAN


def test_packages_of_the_project_are_the_folders_with_modules() -> None:
    folders = {".".join(("lemmata", *p.relative_to(ROOT).parent.parts)) for p in MODULES}
    assert sorted(PROJECT["tool"]["setuptools"]["packages"]) == sorted(folders)
    rooms = PROJECT["tool"]["setuptools"]["package-dir"]
    assert rooms == {f"lemmata.{room}": room for room in ROOMS}
    for folder in folders:
        assert (ROOT / Path(*folder.split(".")[1:]) / "__init__.py").is_file()


def test_rooms_are_marked_as_typed() -> None:
    data = PROJECT["tool"]["setuptools"]["package-data"]
    for room in ROOMS:
        assert (ROOT / room / "py.typed").is_file()
        assert "py.typed" in data[f"lemmata.{room}"]


@pytest.mark.parametrize("room", ROOMS)
def test_a_literal_import_from_the_root_fails_with_one_line(room: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"import {room}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("ImportError: ")
    assert f"lemmata.{room}" in last


def text_files() -> Iterator[Path]:
    for room in (*ROOMS, "tests", "benchmarks", ".ci"):
        for path in sorted((ROOT / room).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path
    yield from (p for p in sorted(ROOT.iterdir()) if p.suffix in (".md", ".toml", ".cff"))


def test_no_paths_of_one_machine() -> None:
    somewhere = re.compile(r"(?<![\w.:/])/(home|Users|root|work|tmp|mnt|scratch)/\w|[A-Z]:\\\w")
    found = []
    for path in text_files():
        text = path.read_bytes().decode("utf-8", errors="ignore")
        found += [f"{name_of(path)}: {match.group()}" for match in somewhere.finditer(text)]
    assert found == []


CLAIM_ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")


def written_claims() -> Iterator[tuple[str, str]]:
    """Ids given literally to ``claim`` in theory, with their places."""
    for path in MODULES:
        if path.is_relative_to(ROOT / "theory"):
            for node in ast.walk(tree_of(path)):
                if isinstance(node, ast.Call) and called(node) == "claim" and node.args:
                    first = node.args[0]
                    if isinstance(first, ast.Constant):
                        yield first.value, f"{name_of(path)}:{node.lineno}"


def test_claim_ids_are_unique_and_well_formed() -> None:
    counts = Counter(id for id, _ in written_claims())
    assert counts
    places = dict(written_claims())
    assert [places[id] for id, n in counts.items() if n > 1] == []
    assert [id for id in counts if not CLAIM_ID.fullmatch(id)] == []


def test_every_claim_that_is_written_is_also_judged() -> None:
    from lemmata.theory.registry import REGISTRY

    for module in PROJECT["project"]["entry-points"]["lemmata.claims"].values():
        import_module(module)
    orphans = [f"{id} at {place}" for id, place in written_claims() if id not in REGISTRY]
    assert orphans == []
