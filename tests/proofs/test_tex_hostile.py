"""Hostile manuscripts end in one clear line, in bounded time and memory; work is counted."""

from __future__ import annotations

import os
import tracemalloc
from dataclasses import replace

import pytest
from lemmata.proofs.tex import LIMITS, TexError, read_formula, read_manuscript, read_text

MILLION = 10**6


def refused(text: str) -> str:
    with pytest.raises(TexError) as caught:
        read_text(text)
    message = str(caught.value)
    assert "\n" not in message
    assert len(message) < 400
    return message


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (r"\def\a{\a}\a", r"\a: macros call each other deeper than 100"),
        (r"\def\a{\b}\def\b{x\a}$\a$", "deeper than 100"),
        (r"\def\a{x\a}\a", "deeper than 100"),
        (r"\def\a#1{\a{#1#1}}\a{x}", "more than 1000000 tokens"),
        (r"\newcommand{\a}{\begin{b}}\newenvironment{b}{\a}{}\a", "deeper than 100"),
        (r"\def\w#1{#1#1}\w\w", "more than 100000 calls"),
        (r"\def\w#1{#1#1x}\w\w", "more than 100000 calls"),
        (
            r"\def\a{x}" + "".join(r"\let\b\a\def\a{\b\b}" for _ in range(3)) + r"\a",
            "deeper than 100",
        ),
        (
            "".join(rf"\def\a{chr(98 + i)}{{\a{chr(97 + i)}\a{chr(97 + i)}}}" for i in range(25))
            + r"\def\aa{x}\az",
            "more than 100000 calls",
        ),
        (r"\def\d#1{#1#1}" + r"\d{" * 60 + "x" + "}" * 60, "more than"),
        ("{" * MILLION, "nested deeper than 100"),
        ("$" + "{" * MILLION, "nested deeper than 100"),
        (r"\section" + "{" * MILLION, "nested deeper than 100"),
        (r"\newcommand{\x}" + "{" * MILLION, "nested deeper than 100"),
        (r"\begin{a}" * 10**5, "nested deeper than 100"),
        ("$" + r"\begin{array}{c}" * 10**5, "nested deeper than 100"),
        (r"\ifx" * 10**5, "nested deeper than 100"),
        ("$" * MILLION, "more than 1000000 tokens"),
        ("x" * 20 * MILLION, "more than 10000000 bytes"),
        (r"x \write18{rm -rf /}", r"<text>:1:3: \write asks TeX to write"),
        (r"\immediate\write18{ls}", r"<text>:1:1: \immediate asks TeX to write"),
        (r"\newcommand{\x}{\write18{ls}}", r"\write asks TeX"),
        (r"\openin\f=secret", r"\openin asks TeX to read"),
        (r"\newread\f\read\f to\x", r"\read asks TeX to read"),
        (r"\openout\f=secret", r"\openout asks TeX"),
        (r"\directlua{os.execute()}", "run a program in Lua"),
        (r"\catcode`\$=12 $a$", "changes what characters mean"),
        (r"\catcode`|=0 |write18{ls}", "changes what characters mean"),
        (r"\catcode", "changes what characters mean"),
    ],
)
def test_one_line_of_refusal(text, reason):
    assert reason in refused(text)


@pytest.mark.parametrize(
    ("text", "equations"),
    [
        ("}" * 10**5, 0),
        ("$" * 10**5, 0),
        ("$" * (10**5 - 1), 0),
        (r"\begin{equation}" * 10**4, 0),
        (r"\[" * 10**4, 0),
        (r"\end{equation}" * 10**4, 0),
        (r"\end{b}" * 10**4, 0),
        (r"\else\fi" * 10**4, 0),
        (r"\iffalse" * 10**5 + "$a$", 0),
        (r"\verb1\verb2\verb3" * 10**4, 0),
        (r"\url{" * 50, 0),
        (r"\begin{verbatim}" * 10**5, 0),
        ("% lemmata: x\n" * 10**4 + "$a$", 1),
        (r"\expandafter\csname write\endcsname18{ls} $a$", 1),
        (r"\expandafter\def\csname x\endcsname{y} $a$", 1),
        (r"\loop x\iftrue\repeat $a$", 1),
        (r"\def\csname{x} $a$", 1),
        ("^^5cwrite18{ls} $a$", 1),
        ("\0$a$\x1b", 1),
        ("\\", 0),
        ("$\\", 0),
        (r"\begin", 0),
        (r"\begin{}", 0),
        ("$" + r"\sqrt[" * 1000 + "$", 1),
        (r"\begin{align}" + r"\\" * 10**4 + r"\end{align}", 0),
        (r"\begin{align}" + r"&a=b\\" * 10**4 + r"\end{align} $c$", 1),
        (r"\begin{align}" + r"(\\" * 2000 + r"\end{align}", 0),
        (r"\newcommand{\x}[2][" * 1000, 0),
        (r"\newcommand{\x}[1][y]{x}" + r"\x[" * 10**4, 0),
        (r"\def\x" * 10**4, 0),
        (r"\let\x" * 10**4, 0),
    ],
)
def test_nonsense_is_read_in_steady_work(text, equations):
    found = read_text(text)
    assert len(found.equations) <= max(equations, 1)
    if equations:
        assert len(found.equations) == equations
    assert found.work <= 4 * len(text) + 10
    assert len(found.problems) <= LIMITS.problems + 1


def test_memory_is_bounded():
    small = replace(LIMITS, equations=2000, steps=40_000)
    tracemalloc.start()
    try:
        for text in ("$a$" * MILLION, r"\def\d#1{#1#1}" + r"\d{" * 60 + "x" + "}" * 60):
            with pytest.raises(TexError):
                read_text(text, limits=small)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # The text twice (one copy in bytes), an equation with its token and places (some fifteen
    # objects of 100 bytes), a token with its text in a list.
    assert peak < 2 * 3 * MILLION + 2000 * 1500 + 40_000 * 200


def test_a_formula_has_the_same_limits():
    with pytest.raises(TexError, match="nested deeper than 100"):
        read_formula("{" * MILLION)
    with pytest.raises(TexError, match=r"\\write asks"):
        read_formula(r"\write18{ls}")
    with pytest.raises(TexError, match="more than 5000 tokens"):
        read_formula("x" * 6000)
    with pytest.raises(TexError, match="deeper than 100"):
        read_formula(r"\def\a{\a}\a")
    assert len(read_formula(r"\sqrt[" * 2000)) == 4000


def refused_file(path) -> str:
    with pytest.raises(TexError) as caught:
        read_manuscript(path)
    message = str(caught.value)
    assert "\n" not in message
    return message


@pytest.fixture
def folder(tmp_path):
    inside = tmp_path / "paper"
    inside.mkdir()
    (tmp_path / "secret.tex").write_text("$secret$")
    return inside


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (r"\input{/etc/passwd}", "absolute path"),
        (r"\input /etc/passwd ", "absolute path"),
        (r"\include{/etc/passwd}", "absolute path"),
        (r"\def\x{/etc/passwd}\input{\x}", "absolute path"),
        (r"\input{C:/x}", "absolute path"),
        (r"\input{~/x}", "absolute path"),
        (r"\input{../secret}", "leads out of the folder"),
        (r"\input{x/../../secret}", "leads out of the folder"),
        (r"\import{../}{secret}", "leads out of the folder"),
        (r"\subimport{..}{secret}", "leads out of the folder"),
        (r"\import{/etc/}{passwd}", "absolute path"),
        (r"\input{link}", "leads out of the folder"),
        (r"\input{linked/secret}", "leads out of the folder"),
        (r"\usepackage{../secret}", "leads out of the folder"),
        (r"\input{|ls}", "run a program"),
        (r"\input|ls ", "run a program"),
        (r'\input{"|ls"}', "run a program"),
        (r"\input{pipe}", "not a regular file"),
        (r"\input{main}", "include each other without end"),
        (r"\input{./main.tex}", "include each other without end"),
        (r"\input{loop}", "include each other without end"),
        (r"\input{same}", "include each other without end"),
    ],
)
def test_no_file_outside_the_folder_is_read(folder, command, reason):
    (folder / "main.tex").write_text("$a$\n  " + command)
    (folder / "link.tex").symlink_to(folder.parent / "secret.tex")
    (folder / "linked").symlink_to(folder.parent)
    (folder / "same.tex").symlink_to(folder / "main.tex")
    (folder / "loop.tex").write_text(r"\input{main}")
    os.mkfifo(folder / "pipe")
    message = refused_file(folder / "main.tex")
    assert reason in message
    assert ":2:" in message or ":1:" in message


@pytest.mark.parametrize("name", ["x" * 5000, "a\x00b", "a\nb", "", " ", "folder"])
def test_strange_names_of_files_are_problems(folder, name):
    (folder / "folder").mkdir()
    (folder / "main.tex").write_bytes(b"\\input{" + name.encode().replace(b"\0", b"^^@") + b"}$a$")
    found = read_manuscript(folder / "main.tex")
    assert len(found.problems) == 1
    assert len(found.equations) == 1


def test_a_link_inside_the_folder_is_read(folder):
    (folder / "one.tex").write_text("$a$")
    (folder / "two.tex").symlink_to(folder / "one.tex")
    (folder / "main.tex").write_text(r"\input{two}\input{one}")
    assert len(read_manuscript(folder / "main.tex").equations) == 2


def test_the_main_file_is_a_regular_file(folder):
    os.mkfifo(folder / "pipe")
    for path, reason in [
        (folder / "pipe", "not a regular file"),
        (folder, "not a regular file"),
        (folder / "none.tex", "cannot be read: No such file"),
        ("/dev/null", "not a regular file"),
        ("/dev/zero", "not a regular file"),
        ("a\0b", "not the name of a file"),
    ]:
        assert reason in refused_file(path)


def test_a_large_file_is_not_read_into_memory(folder):
    path = folder / "main.tex"
    with path.open("wb") as file:
        file.truncate(100 * MILLION)
    tracemalloc.start()
    try:
        assert "more than 10000000 bytes" in refused_file(path)
        assert tracemalloc.get_traced_memory()[1] < MILLION
    finally:
        tracemalloc.stop()


def test_files_that_include_others_again_and_again(folder):
    for number in range(30):
        following = rf"\input{{part{number + 1}}}" * 2
        (folder / f"part{number}.tex").write_text(following if number < 29 else "$a$")
    assert "more than 1000 files" in refused_file(folder / "part0.tex")


def test_smaller_limits_hold():
    small = replace(LIMITS, equations=2, steps=100, expansions=1, nesting=2, problems=1, bytes=300)
    for text, reason in [
        ("$a$" * 3, "more than 2 equations"),
        ("{}" * 60, "more than 100 tokens"),
        ("%\n" * 99 + "xy{", "more than 100 tokens"),
        (r"\def\a{}\a\a", "more than 1 calls"),
        ("{{{", "deeper than 2"),
        ("x" * 301, "more than 300 bytes"),
    ]:
        with pytest.raises(TexError, match=reason):
            read_text(text, limits=small)
    problems = read_text("}}}}", limits=small).problems
    assert len(problems) == 2
    assert "and 2 more problems" in problems[1].reason
