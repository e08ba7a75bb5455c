"""The book as text: complete, in order, every source cited, every slogan corrected."""

from __future__ import annotations

import dataclasses
import json
import re
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lemmata.proofs.cli.main import run
from lemmata.proofs.court import collect
from lemmata.proofs.document import book, command
from lemmata.proofs.document.claims import capital
from lemmata.proofs.document.contents import PARTS, arranged
from lemmata.proofs.document.numbering import Numbers, printed_id
from lemmata.proofs.document.prose import told
from lemmata.proofs.document.references import (
    NAMED,
    OF_CHAPTER,
    TOOLS,
    UNVERIFIED,
    bibliography,
    cited,
    keys_of,
    references,
)
from lemmata.proofs.document.talk import TALK
from lemmata.proofs.findings import Finding, Findings
from lemmata.proofs.guards import row
from lemmata.proofs.verdicts import Status, Verdict

ROOT = Path(__file__).resolve().parents[2]
NAMES = re.compile(
    r"(?:[A-Z][\w-]+, )*[A-Z][\w-]+ (?:&|and) [A-Z][\w-]+(?: (?:19|20)\d\d)?"  # several authors
    r"|[A-Z][\w-]+ et al\."
    r"|[A-Z][\w-]+ (?:19|20)\d\d"
    r"|^[A-Z][\w-]+(?=: )"  # one author, and what the paper is about
)


def findings(*ids: str) -> Findings:
    registry = collect()
    chosen = [registry[id] for id in ids] if ids else list(registry)
    found = {}
    for claim in chosen:
        status = Status.REFUTED if claim.expects == "refuted" else Status.PROVED
        verdicts = (Verdict("identity", status, 3, 3, seconds=0.25),)
        counts = {"total": 16, "refuted": 14, "equivalent": 2, "alive": 0}
        found[claim.id] = Finding(claim, status, True, verdicts, counts)
    versions = {"python": "3.11.7", "lemmata": "0.1.0", "sympy": "1.14.0"}
    machine = {"system": "Linux", "processor": "x86_64", "cores": 2}
    return Findings(found, "quick", 0, 12.5, versions, machine)


@cache
def whole_book() -> str:
    return book(findings())


FEW = ("modes.trajectory", "modes.trajectory.doubled", "modes.ode", "coherence.identity")


def test_the_packaged_references_are_those_of_the_citation_file() -> None:
    yaml = pytest.importorskip("yaml")
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))["references"]
    packaged = files("lemmata.proofs.document").joinpath("references.json").read_text("utf-8")
    assert json.loads(packaged) == cited
    assert len(references()) == len(cited), "two references have one key"


def papers_named(source: str) -> list[str]:
    return NAMES.findall(source)


def unmapped(source: str) -> list[str]:
    """Names of papers in a source that cite nothing."""
    known = {*NAMED, *UNVERIFIED, "Saxe, McClelland & Ganguli"}
    return [name for name in papers_named(source) if name not in known]


def test_every_source_that_names_a_paper_cites_it() -> None:
    named = [claim for claim in collect() if papers_named(claim.source)]
    assert len(named) > 100
    assert {name for claim in named for name in unmapped(claim.source)} == set()
    for claim in named:
        if not any(name in claim.source for name in UNVERIFIED):
            assert keys_of(claim), claim.id
            assert r"\cite{" in cited(claim)


def test_a_paper_without_a_reference_would_be_found() -> None:
    for source in (
        "Nobody & Somebody: the missing lemma",
        "what was known (Nobody 1987)",
        "Nobody et al.: on nothing",
        "Nobody: a paper",
        "Nobody, Another & Somebody 2003: on nothing",
    ):
        assert unmapped(source), source
    assert not unmapped("a chain as half of a ring of twice as many items")


def test_every_reference_is_cited_and_every_key_is_known() -> None:
    used = {key for claim in collect() for key in keys_of(claim)} | set(TOOLS)
    assert used == set(references())
    mapped = {key for keys in (*NAMED.values(), *OF_CHAPTER.values()) for key in keys}
    assert mapped | set(TOOLS) == set(references())


def test_the_bibliography_prints_names_places_and_links() -> None:
    entries = dict(bibliography(frozenset(references())))
    assert entries["saxe2019"] == (
        "Andrew M.~Saxe, James L.~McClelland, and Surya Ganguli. A mathematical theory of semantic "
        r"development in deep neural networks. \emph{Proceedings of the National Academy of "
        r"Sciences} 116(23):11537--11546, 2019, \href{https://doi.org/10.1073/pnas.1820226116}"
        r"{doi:10.1073/pnas.1820226116}, \href{https://arxiv.org/abs/1810.10531}{arXiv:1810.10531}."
    )
    assert "Życzkowski" in entries["penson2011"]
    assert "and others" in entries["meurer2017"]
    assert "and and" not in entries["meurer2017"]


def test_every_slogan_of_the_talk_is_a_guard_and_stands_once() -> None:
    ids = [id for _, slogans in TALK for id in slogans]
    assert len(set(ids)) == len(ids)
    assert all(collect()[id].expects == "refuted" for id in ids)


def test_slogans_that_name_the_talk_are_with_the_talk() -> None:
    ids = {id for _, slogans in TALK for id in slogans}
    of_the_talk = re.compile(r"\b(the talk|slide)\b|^Saxe, McClelland & Ganguli")
    assert not [
        claim.id
        for claim in collect()
        if claim.expects == "refuted" and of_the_talk.search(claim.source) and claim.id not in ids
    ]


def chapters() -> list[object]:
    return [chapter for part in arranged(collect()) for chapter in part.chapters]


def test_every_claim_stands_once_behind_what_it_rests_on_in_its_row() -> None:
    order = [claim for chapter in chapters() for _, claim in chapter.numbered]
    assert sorted(c.id for c in order) == sorted(c.id for c in collect())
    place = {claim.id: n for n, claim in enumerate(order)}
    for claim in order:
        for other in claim.rests_on:
            if row(other) == row(claim.id) and claim.expects != "refuted":
                assert place[other] < place[claim.id]


def test_every_row_has_a_title_and_every_title_a_row() -> None:
    titled = {f"{stem}.{name}" for _, cs in PARTS for stem, (_, ss) in cs.items() for name in ss}
    assert titled == {row(claim.id) for claim in collect()}


def test_claims_of_other_packages_come_last() -> None:
    foreign = dataclasses.replace(collect()["modes.ode"], id="ours.first_thing", rests_on=())
    parts = arranged([foreign, *collect()])
    assert parts[-1].title == "Further claims"
    assert parts[-1].chapters[0].sections[0].title == "First thing"
    assert parts[-1].chapters[0].number == 11


def test_equal_findings_give_equal_text() -> None:
    assert book(findings(*FEW)) == book(findings(*FEW))


def test_every_reference_and_citation_of_the_whole_book_has_one_target() -> None:
    text = whole_book()
    labels = re.findall(r"\\claimhead\{[^}]*\}\{[^}]*\}\{([^}]*)\}", text)
    assert len(labels) == len(set(labels)) == len(collect())
    assert set(re.findall(r"\\claimref\{([^}]*)\}", text)) <= set(labels)
    papers = re.findall(r"\\bibitem\{([^}]*)\}", text)
    used = {key for keys in re.findall(r"\\cite\{([^}]*)\}", text) for key in keys.split(",")}
    assert used == set(papers)


def test_every_slogan_is_refuted_and_corrected_in_the_errata() -> None:
    text = whole_book()
    errata = text[text.index(r"\chapter{Errata}") : text.index(r"\chapter{Evidence}")]
    slogans = [claim.id for claim in collect() if claim.expects == "refuted"]
    assert errata.count(r"\textrm{false}") == len(slogans)
    assert errata.count(r"\item[Instead]") == len(slogans)
    assert all(rf"\claimref{{{id}}}" in errata for id in slogans)
    assert errata.index("Statements of the talk") < errata.index("Other readings")


def test_what_is_not_as_expected_stands_in_the_abstract() -> None:
    found = findings(*FEW)
    wrong = dataclasses.replace(found["modes.ode"], status=Status.UNDECIDED, as_expected=False)
    text = book(dataclasses.replace(found, by_id={**found.by_id, "modes.ode": wrong}))
    abstract = text[text.index(r"\begin{abstract}") : text.index(r"\end{abstract}")]
    assert r"Not as expected: \claimref{modes.ode}" in abstract


def test_numbers_of_claims_and_links_in_prose() -> None:
    numbers = Numbers.of(arranged(collect()))
    assert numbers.by_id["descent.gradient"] == "1.1"
    linked = numbers.prose("see modes.trajectory, not nowhere.at_all")
    assert linked == r"see Claim~\claimref{modes.trajectory}, not nowhere.at\_all"
    assert numbers.prose("by ``modes.ode``.") == r"by Claim~\claimref{modes.ode}."
    assert numbers.reference("nowhere.at_all") == printed_id("nowhere.at_all")


@pytest.mark.parametrize(
    ("plain", "latex"),
    [
        ("A mode obeys tau da/dt = 2a(s - a).", r"A mode obeys $\tau da/dt = 2a(s - a)$."),
        ("with a_0 > 0 follows", "with $a_{0} > 0$ follows"),
        ("W21 W21^T is conserved", r"$W^{21} W^{21\,\top}$ is conserved"),
        ("at s* exactly", "at $s^{*}$ exactly"),
        ("a category of size n", "a category of size $n$"),
        ("(see a_0)", "(see $a_{0}$)"),
        ("50 % of it & more", r"50 \% of it \& more"),
        ('read as "strictly so"', "read as ``strictly so''"),
        ("R <= r_fast + (1 - w)", r"$R \le r_{\mathrm{fast}} + (1 - w)$"),
        ("-1 for Gaussian ones", "$-1$ for Gaussian ones"),
        ("e^(-F t/tau) and then", r"$e^{-F t/\tau}$ and then"),
    ],
)
def test_prose_sets_plain_formulas(plain: str, latex: str) -> None:
    assert re.sub(r"\s+(?=[}^/])|(?<=\\tau) (?= )", "", told(plain)).replace("  ", " ") == latex


@given(st.text(st.characters(codec="ascii", exclude_categories=("Cc",)), max_size=60))
def test_any_text_is_safe_in_latex(text: str) -> None:
    for latex in (printed_id(text), told(text)):
        assert not re.search(r"(?<!\\)[#%&]", latex)
        bare = re.sub(r"\\[{}$\\]", "", latex)
        assert bare.count("{") == bare.count("}")
        assert bare.count("$") % 2 == 0
    assert not re.search(r"\}_\{[^{}]*\}_|\}\^\{[^{}]*\}\^", told(text))


def test_a_written_book_is_checked_by_its_digests(tmp_path: Path, capsys) -> None:
    old, digest = tmp_path / "old.tex", collect()["modes.ode"].digest
    old.write_text(whole_book(), encoding="utf-8")
    assert run(["latex", "--check", str(old)]) == 0
    old.write_text(whole_book().replace(digest, "0" * 16), encoding="utf-8")
    capsys.readouterr()
    assert run(["latex", "--check", str(old)]) == 1
    assert "modes.ode" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--evidence", "nowhere.json", "-o", "book.tex"], "--evidence: nowhere.json"),
        (["modes.ode"], "leave out claims"),
        (["--macros"], "leave out macros"),
        (["-o", "nowhere/book.tex"], "--output: cannot write nowhere/book.tex"),
    ],
)
def test_bad_input_is_told_in_one_line(
    arguments: list[str], told: str, tmp_path: Path, monkeypatch, capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["latex", "--document", *arguments]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert told in err
    assert not list(tmp_path.iterdir())


def test_figures_are_written_beside_the_book(tmp_path: Path, monkeypatch) -> None:
    pytest.importorskip("matplotlib")
    from lemmata.proofs.figures import FIGURES

    monkeypatch.setattr("lemmata.proofs.figures.FIGURES", FIGURES[:1])
    monkeypatch.setattr("lemmata.proofs.document.writing.gather", lambda *_: findings())
    assert command(str(tmp_path / "my book.tex")) == 0
    (drawn,) = (tmp_path / "my-book_figures").iterdir()
    text = (tmp_path / "my book.tex").read_text("utf-8")
    assert f"{{my-book_figures/{drawn.name}}}" in text
    assert text.count(rf"\label{{figure:{drawn.stem}}}") == 1
    assert text.count(rf"\ref{{figure:{drawn.stem}}}") == 1


def test_without_matplotlib_or_to_stdout_figures_are_left_out(monkeypatch, capsys) -> None:
    monkeypatch.setattr("lemmata.proofs.document.writing.gather", lambda *_: findings(*FEW))
    assert command("-") == 0
    out, err = capsys.readouterr()
    assert out == book(findings(*FEW))
    assert err == "lemmata: figures are left out: the book goes to stdout\n"
    monkeypatch.setattr("lemmata.proofs.document.writing.missing", lambda: "no matplotlib")
    assert command("-", figures=False) == 0
    assert capsys.readouterr().err == ""


def test_sentences_begin_with_a_capital_and_formulas_as_they_are() -> None:
    assert capital("a mode grows") == "A mode grows"
    assert capital("the rate") == "The rate"
    formulas = ("lambda falls", "a_0 is small", "tau da/dt = 0", "s grows", "ln r <= r", "tr G = 0")
    for formula in formulas:
        assert capital(formula) == formula


def test_the_label_of_a_claim_is_on_the_page_of_its_heading() -> None:
    head = whole_book().partition(r"\newcommand{\claimhead}")[2].partition(r"\par\nobreak}")[0]
    assert 0 < head.index(r"\noindent") < head.index(r"\label{claim:#3}")
