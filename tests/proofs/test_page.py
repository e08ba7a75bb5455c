"""The report as text: what it says, that it keeps to itself, that it is the same every time."""

from __future__ import annotations

import importlib
import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from lemmata.proofs import claim
from lemmata.proofs.cli.main import run
from lemmata.proofs.court import KINDS as COURT
from lemmata.proofs.court import LEVEL_KINDS, collect
from lemmata.proofs.page import no_figures, report_page
from lemmata.proofs.page.figures import drawn_figures, inline
from lemmata.proofs.page.glossary import KINDS
from lemmata.proofs.verdicts import Status
from lemmata.theory.registry import REGISTRY
from sympy import symbols

from .page_samples import FEW, few_findings, finding, findings_for

MADE = "2026-01-02 03:04 UTC"


class Elements(HTMLParser):
    """Elements with their attributes, and the text outside of style and script."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        self._open = tag

    def handle_data(self, data):
        if self._open not in ("style", "script"):
            self.text += data

    def values(self, attribute: str) -> list[str]:
        return [a[attribute] for _, a in self.found if a.get(attribute) is not None]


@pytest.fixture(scope="module")
def page() -> str:
    return report_page(few_findings(), no_figures(), made=MADE)


@pytest.fixture(scope="module")
def elements(page) -> Elements:
    return Elements(page)


def test_every_claim_is_there_once_with_what_is_known_of_it(elements):
    articles = {a["id"]: a for tag, a in elements.found if tag == "article"}
    assert articles.keys() == set(FEW)
    for id, article in articles.items():
        made = collect()[id]
        assert article["data-kind"] == made.kind
        assert article["data-status"] == ("guard" if made.expects == "refuted" else "proved")
        assert made.digest in elements.text
        assert f"lemmata verify {id}" in elements.text
        assert made.source in elements.text


def test_the_run_is_told(elements):
    told = " ".join(elements.text.split())
    for piece in ("12 claims", "2 slogans", "quick", "12.5 s", "x86_64", "sympy", MADE):
        if piece != "sympy":
            assert piece in told
    assert "python 3.11, lemmata 0.1.0" in told
    assert f"{len(list(collect())) - len(FEW)} further claims not in this run" in told


def test_ids_are_unique_and_every_link_leads_somewhere(elements):
    ids = Counter(elements.values("id"))
    assert [id for id, count in ids.items() if count > 1] == []
    assert [h for h in elements.values("href") if not h.startswith(("#", "data:"))] == []
    assert {h[1:] for h in elements.values("href") if h.startswith("#")} <= ids.keys()
    labels = " ".join(elements.values("aria-labelledby")).split()
    assert set(labels) <= ids.keys()


def test_nothing_is_asked_of_a_network(page, elements):
    assert [a for tag, a in elements.found if tag in ("img", "iframe", "object", "base")] == []
    assert elements.values("src") == []
    assert re.findall(r"@import|url\((?!#)", page) == []
    addresses = set(re.findall(r"https?://[^\s\"'<>)]+", page))
    assert addresses <= {"http://www.w3.org/1998/Math/MathML", "http://www.w3.org/2000/svg"}
    (policy,) = [a["content"] for _, a in elements.found if "http-equiv" in a]
    assert "default-src 'none'" in policy
    assert "script-src 'sha256-" in policy


def test_headings_go_down_one_level_at_a_time(elements):
    levels = [int(tag[1]) for tag, _ in elements.found if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_errata_state_refute_and_correct(page):
    errata = page.partition('<section id="errata"')[2].partition('<section id="figures"')[0]
    for id in FEW:
        told = f'href="#{id}"' in errata
        if collect()[id].expects == "refuted":
            assert told
    told = " ".join(re.sub("<[^>]*>", " ", errata).split())
    assert "It fails at v ( t ) = 1 , w ( t ) = 2 , s = 3 , τ = 1 it reads 5 = 4" in told
    assert "it gives − 6 = 6" in told
    assert "it gives − 1 = − 1 which holds" in told
    assert 'href="#modes.ode"' in errata
    assert "<code>modes.product_rule</code> (not on this page)" in errata
    assert 'aria-label="What holds instead: modes.product_rule"' in errata


def test_what_is_not_as_expected_is_told_at_the_top():
    registry = collect()
    bad = finding(registry["modes.ode"], Status.UNDECIDED)
    held = finding(registry["modes.ode.unbalanced_slogan"], Status.PROVED)
    page = report_page(findings_for(bad, held), no_figures(), made=MADE)
    top = page.partition('<section id="map"')[0]
    assert "2 claims are not as expected" in top
    assert 'href="#modes.ode.unbalanced_slogan"' in top
    assert page.count("not as expected</strong>") == 2
    assert "not refuted as recorded" in page


def test_equal_findings_give_equal_pages_but_for_the_time(page):
    again = report_page(few_findings(), no_figures(), made=MADE)
    assert again == page
    later = report_page(few_findings(), no_figures(), made="2030-12-31 00:00 UTC")
    assert later != page
    assert later.replace("2030-12-31 00:00 UTC", MADE) == page


@pytest.fixture
def hostile():
    """A registered claim whose every text tries to bring a script."""
    x, y = symbols("x y", positive=True)

    def script():
        """Before <script>alert('doc')</script> & after."""
        return (x + y) ** 2 > x * y

    made = claim("planted.script", source='<img src=x onerror="alert(1)">')(script)
    yield made
    del REGISTRY._claims[made.id]


def test_markup_in_a_claim_is_shown_as_text(hostile):
    page = report_page(findings_for(finding(hostile)), no_figures(), made=MADE)
    elements = Elements(page)
    assert [tag for tag, _ in elements.found].count("script") == 1
    assert not [a for tag, a in elements.found if tag == "img" or "onerror" in a]
    assert "Before <script>alert('doc')</script> & after." in elements.text
    assert '<img src=x onerror="alert(1)">' in elements.text


def test_claims_of_others_have_a_place(hostile):
    page = report_page(findings_for(finding(hostile)), no_figures(), made=MADE)
    assert "Further claims" in page
    assert 'id="planted.script"' in page


def test_every_kind_of_evidence_is_explained(elements):
    known = {kind.kind for kind in (*COURT, *LEVEL_KINDS)}
    assert known == KINDS.keys()
    assert {f"kind-{kind}" for kind in known} <= set(elements.values("id"))


def test_figures_are_left_out_with_a_line(page, monkeypatch):
    assert "--no-figures" in page
    figures = importlib.import_module("lemmata.proofs.page.figures")
    monkeypatch.setattr(figures, "find_spec", lambda name: None)
    told = report_page(few_findings(), drawn_figures(0), made=MADE)
    assert "matplotlib is not installed" in told


SVG = b"""<?xml version="1.0"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns:xlink="http://www.w3.org/1999/xlink" width="10pt" height="5pt" viewBox="0 0 10 5"
 xmlns="http://www.w3.org/2000/svg"><metadata>dated</metadata>
<defs><style type="text/css">*{stroke-linejoin: round}</style></defs>
<defs><path id="p" d="M 0.123456 1" transform="scale(0.015625)"/></defs>
<g id="a"><use xlink:href="#p" clip-path="url(#c)" style="fill: url(#c)"/></g></svg>"""


def test_figures_reach_nothing_outside_of_themselves():
    made = str(inline(SVG, "curve", 'a "curve" < 1'))
    assert "<style" not in made
    assert "dated" not in made
    assert "DOCTYPE" not in made
    assert 'id="curve-p"' in made
    assert 'href="#curve-p"' in made
    assert made.count("url(#curve-c)") == 2
    assert 'aria-label="a &quot;curve&quot; &lt; 1"' in made
    assert "0.12 1" in made
    assert "scale(0.015625)" in made


def test_the_command_writes_the_page(tmp_path, monkeypatch, capsys):
    cli = importlib.import_module("lemmata.proofs.cli.reporting")
    monkeypatch.setattr(cli, "gather", lambda *asked: few_findings())
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    path = tmp_path / "report.html"
    assert run(["report", "-o", str(path), "--no-figures"]) == 0
    assert "1970-01-02 00:00 UTC" in path.read_text(encoding="utf-8")
    assert "14 claims" in capsys.readouterr().err


def test_a_place_that_cannot_be_written_is_refused_before_work(tmp_path, one_line):
    told = one_line("report", "-o", str(tmp_path / "no" / "report.html"))
    assert "no writable folder" in told


def test_a_file_that_is_no_report_of_verify_is_refused(tmp_path, one_line):
    (tmp_path / "e.json").write_text("{}")
    told = one_line(
        "report", "-o", str(tmp_path / "r.html"), "--evidence", str(tmp_path / "e.json")
    )
    assert told.startswith("--evidence: ")


def test_a_formula_that_is_not_understood_is_told_with_its_claim(tmp_path, monkeypatch, one_line):
    cli = importlib.import_module("lemmata.proofs.cli.reporting")
    claims = importlib.import_module("lemmata.proofs.page.claims")
    monkeypatch.setattr(cli, "gather", lambda *asked: few_findings())
    monkeypatch.setattr(claims, "broken_in", lambda made, relation: r"\unheard{x}")
    told = one_line("report", "-o", str(tmp_path / "report.html"), "--no-figures")
    assert told.startswith(r"cannot be set as mathematics: descent.gradient: \unheard{x}: ")
    assert not (tmp_path / "report.html").exists()


def test_without_evidence_the_claims_are_verified(lemmata, few, tmp_path):
    alone = (
        "\ncourt.REGISTRY._claims = {i: c for i, c in court.REGISTRY._claims.items() if 'few' in i}"
    )
    made = lemmata("report", "-o", "report.html", "--no-figures", before=few + alone)
    assert made.returncode == 0, made.stderr
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert page.count('<article class="claim') == 5
    assert "1 claim is not as expected" in page
    assert 'href="#few.wrong"' in page.partition('<section id="map"')[0]
