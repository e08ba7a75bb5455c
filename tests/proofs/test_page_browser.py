"""The report in a browser: from a file, without a network, at two sizes, by mouse and keyboard."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from lemmata.proofs.court import collect
from lemmata.proofs.page import drawn_figures, no_figures, report_page

from .page_samples import FEW, few_findings, finding, findings_for

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
SMALLEST = {"width": 360, "height": 740}

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> str:
    path = tmp_path_factory.mktemp("report") / "report.html"
    page = report_page(few_findings(), no_figures(), made="2026-01-02 03:04 UTC")
    path.write_text(page, encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser with an empty profile of its own."""
    with playwright.sync_playwright() as started:
        launched = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def opened(browser, address) -> Iterator[SimpleNamespace]:
    """The open page, what it said on the console, and what it asked for."""
    context = browser.new_context(viewport=WIDE)
    page = context.new_page()
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    yield SimpleNamespace(page=page, said=said, asked=asked, address=address)
    context.close()
    assert said == []
    assert {url for url in asked if not url.startswith("data:")} == {address}


def visible(page) -> set[str]:
    shown = page.locator("article.claim:not([hidden])")
    return set(shown.evaluate_all("all => all.map(a => a.id)"))


def until(page, condition: str) -> None:
    """Wait for JavaScript to be true; the page itself may not evaluate texts, and does not."""
    for _ in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(condition)


def search(page, words: str) -> None:
    page.fill("#search", words)


def test_the_page_opens_without_errors_and_without_requests(opened):
    assert opened.page.title().startswith("lemmata")
    assert opened.page.locator("article.claim").count() == len(FEW)
    # Planted: the listeners of this fixture do hear.
    opened.page.evaluate("console.log('heard')")
    assert opened.said == ["heard"]
    opened.said.clear()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("trajectory", {"modes.trajectory", "modes.trajectory.half_time"}),
        ("modes.ode", {"modes.ode", "modes.ode.unbalanced_slogan"}),
        ("HYPERBOLIC half-time", {"modes.trajectory.half_time"}),
        ("sigma31", None),
        ("no such words", set()),
    ],
)
def test_search_finds_ids_words_and_symbols(opened, words, found):
    page = opened.page
    search(page, words)
    seen = visible(page)
    if found is None:
        assert seen
        assert seen < set(FEW)
    else:
        assert seen == found
    assert page.text_content("#hits") == f"{len(seen)} of {len(FEW)} claims"
    assert page.get_attribute("#hits", "aria-live") == "polite"
    search(page, "")
    assert visible(page) == set(FEW)
    assert page.text_content("#hits") == ""


@pytest.mark.parametrize(
    ("name", "sign"), [("tau", "τ"), ("theta", "θ"), ("sigma", "Σ"), ("lambda", "λ"), ("phi", "ϕ")]
)
def test_a_greek_letter_is_found_by_name_sign_and_command(opened, name, sign):
    page, seen = opened.page, []
    for words in (name, sign, f"\\{name}", f"${sign}$"):
        search(page, words)
        seen.append(visible(page))
    assert seen[0]
    assert seen[0] < set(FEW)
    assert seen == [seen[0]] * 4


def test_the_name_of_a_letter_is_a_whole_word(opened):
    page = opened.page
    search(page, "theta")
    with_theta = visible(page)
    search(page, "eta")
    assert with_theta - visible(page)
    search(page, "sigma31")
    assert visible(page)


def test_the_search_of_the_documentation_finds_something(opened):
    text = (Path(__file__).parents[2] / "docs" / "report.md").read_text("utf-8")
    (asked,) = re.findall(r"`(#\?q=[^`]*)`", text)
    opened.page.goto(opened.address + asked)
    opened.page.reload()
    assert visible(opened.page) == {"modes.trajectory"}


def test_what_was_found_is_listed_by_name_first(opened):
    page = opened.page
    search(page, "trajectory")
    listed = page.locator("#found li > a")
    assert listed.evaluate_all("all => all.map(a => a.hash.slice(1))") == [
        "modes.trajectory",
        "modes.trajectory.half_time",
    ]
    assert page.locator("#found li .mark").first.get_attribute("aria-label") == "proved"
    assert page.locator("#found li math").count() > 0
    listed.last.click()
    until(page, "document.activeElement.id === 'modes.trajectory.half_time'")
    page.go_back()
    until(page, "location.hash.startsWith('#?')")
    assert page.input_value("#search") == "trajectory"
    search(page, "")
    assert not page.locator("#found").is_visible()


def test_filters_narrow_what_is_found(opened):
    page = opened.page
    page.select_option("#by-status", "guard")
    assert visible(page) == {"modes.ode.unbalanced_slogan", "modes.negative_start.slogan"}
    search(page, "balance")
    assert visible(page) == {"modes.ode.unbalanced_slogan"}
    page.select_option("#by-kind", "matrix")
    assert visible(page) == set()


def test_the_address_keeps_a_search(opened):
    page = opened.page
    search(page, "half-time")
    kept = page.url
    assert kept.startswith(f"{opened.address}#?")
    page.goto("about:blank")
    page.goto(kept)
    assert page.input_value("#search") == "half-time"
    assert visible(page) == {"modes.trajectory.half_time"}
    opened.asked[:] = [opened.address]


def test_a_deep_link_opens_and_shows_its_claim(opened):
    page = opened.page
    page.goto(f"{opened.address}#modes.riccati")
    until(page, "document.getElementById('modes.riccati').getBoundingClientRect().top < 200")
    claim = page.locator("[id='modes.riccati']")
    assert claim.bounding_box()["y"] >= 0


def test_a_link_into_a_folded_part_unfolds_it(opened):
    page = opened.page
    page.evaluate("document.querySelector('[id=\"modes.riccati\"] details.steps li').id = 'inside'")
    page.goto(f"{opened.address}#inside")
    assert page.locator("[id='modes.riccati'] details.steps").get_attribute("open") is not None
    assert page.locator("#inside").is_visible()


def test_a_link_to_what_a_search_hides_ends_the_search(opened):
    page = opened.page
    search(page, "riccati")
    assert "modes.ode" not in visible(page)
    page.evaluate("location.hash = '#modes.ode'")
    until(page, "!document.getElementById('modes.ode').hidden")
    assert page.input_value("#search") == ""


def test_the_graph_is_followed_by_clicking(opened):
    page = opened.page
    page.click("#map a.node[href='#chapter-modes']")
    assert page.url.endswith("#chapter-modes")
    page.click("#chapter-modes details.map > summary")
    page.click("#chapter-modes details.map a.node[href='#row-modes.trajectory']")
    assert page.url.endswith("#row-modes.trajectory")
    claim = page.locator("[id='modes.trajectory']")
    claim.locator("details.neighbours > summary").click()
    claim.locator("a.node[href='#modes.ode']").click()
    assert page.url.endswith("#modes.ode")
    until(page, "document.activeElement.id === 'modes.ode'")


def test_light_and_dark(opened):
    page = opened.page

    def ground() -> str:
        return page.evaluate("getComputedStyle(document.documentElement).backgroundColor")

    page.emulate_media(color_scheme="light")
    light = ground()
    page.emulate_media(color_scheme="dark")
    dark = ground()
    assert light != dark
    page.click("button.theme")
    assert ground() == light
    page.reload()
    assert ground() == light
    page.click("button.theme")
    assert ground() == dark
    opened.asked[:] = [opened.address]


@pytest.mark.parametrize("size", [WIDE, NARROW, SMALLEST], ids=["1280", "390", "360"])
def test_nothing_is_wider_than_the_window(opened, size):
    page = opened.page
    page.set_viewport_size(size)
    page.eval_on_selector_all("details", "all => all.forEach(d => { d.open = true; })")
    # What is not near the window is not laid out: look at all of it.
    page.add_style_tag(content=".claim { content-visibility: visible !important; }")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= size["width"]
    wide = page.eval_on_selector_all(
        "main *",
        """(all, width) => all.filter(e => !e.closest('.scroll') && e.getClientRects().length
           && e.getBoundingClientRect().right > width + 1).map(e => e.outerHTML.slice(0, 80))""",
        size["width"],
    )
    assert wide == []


def test_boxes_that_scroll_are_reached_by_keyboard(opened):
    page = opened.page
    page.set_viewport_size(SMALLEST)
    page.goto(f"{opened.address}#modes.riccati")
    page.reload()
    until(
        page,
        """[...document.getElementById('modes.riccati').querySelectorAll(':scope > .scroll')]
           .every(box => box.scrollWidth <= box.clientWidth + 1 || box.tabIndex === 0)""",
    )
    opened.asked[:] = [opened.address]


def test_keyboard(opened):
    page = opened.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    until(page, "document.activeElement.id === 'main'")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type("riccati")
    assert visible(page) == {"modes.riccati"}
    page.keyboard.press("Escape")
    assert visible(page) == set(FEW)


def test_the_command_is_copied(opened):
    page = opened.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("[id='modes.ode'] button.copy").first.click()
    until(page, "document.querySelector('[id=\"modes.ode\"] .copy').textContent === 'copied'")
    assert page.evaluate("navigator.clipboard.readText()") == "lemmata verify modes.ode"


def test_the_page_prints_with_everything_unfolded(opened):
    page = opened.page
    page.emulate_media(media="print")
    assert not page.locator("nav.contents").is_visible()
    folded = page.locator("main details:not([open])").count()
    assert folded > 0
    page.evaluate(
        """addEventListener("beforeprint", () => {
             window.still = document.querySelectorAll("main details:not([open])").length;
           })"""
    )
    made = page.pdf(format="A4")
    assert made.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", made)) > 3
    assert page.evaluate("window.still") == 0
    assert page.locator("main details:not([open])").count() == folded


def test_without_scripts_everything_but_the_search_is_there(browser, address):
    context = browser.new_context(viewport=WIDE, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}#modes.riccati")
    assert page.locator("[id='modes.riccati'] .formula").first.is_visible()
    page.click("[id='modes.riccati'] details.evidence > summary")
    assert page.locator("[id='modes.riccati'] details.evidence table").is_visible()
    assert not page.locator("form.search").is_visible()
    assert not page.locator("button:visible").count()
    context.close()


@pytest.mark.nightly
def test_the_whole_page(browser, tmp_path):
    """All claims and figures: of a sane size, quick to open, and no wider than a phone."""
    findings = findings_for(*(finding(made) for made in collect()))
    text = report_page(findings, drawn_figures(0), made="2026-01-02 03:04 UTC")
    path = tmp_path / "report.html"
    path.write_text(text, encoding="utf-8")
    assert path.stat().st_size < 8e6
    context = browser.new_context(viewport=SMALLEST)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(path.as_uri(), timeout=60_000)
    for id in list(findings.by_id)[::40]:
        page.goto(f"{path.as_uri()}#{id}")
        until(page, f"Math.abs(document.getElementById('{id}').getBoundingClientRect().top) < 40")
    page.set_default_timeout(600_000)
    page.locator("details").evaluate_all("all => all.forEach(d => { d.open = true; })")
    page.add_style_tag(content=".claim { content-visibility: visible !important; }")
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALLEST["width"]
    assert said == []
    context.close()
