"""The report as a browser shows it: sizes, colours, filter, theme, print, and no request beyond its own file."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.report import records as r
from pipeline.report.render import render_report
from tests.browser.chromium import Page

NOON = datetime(2031, 3, 4, 12, tzinfo=UTC)
LONG = "Rhabarberkuchenverwaltungsgesellschaft"
HOSTILE = (
    "</script><img src='https://weir.example/x.png' onerror='window.caught = 1'><script>window.caught = 1</script>"
)

# Contrast of each run of text with the nearest painted ground behind it, after WCAG 2.2.
CONTRAST = """(() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const paint = (c) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = c; canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data; };
  const light = (c) => [c[0], c[1], c[2]].map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const ground = (e) => {
    for (; e; e = e.parentElement) { const c = paint(getComputedStyle(e).backgroundColor); if (c[3]) return c; }
    return [255, 255, 255, 255]; };
  const poor = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !e.getClientRects().length) continue;
    const style = getComputedStyle(e);
    const c = paint(e.closest('svg') ? style.fill : style.color);
    const [a, b] = [light(c), light(ground(e))].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05);
    if (ratio < 4.5) poor.push(walk.currentNode.data.trim().slice(0, 40) + ' ' + ratio.toFixed(2));
  }
  return poor;
})()"""


def make_statement(claim_id: int, speaker: str, act: str, words: str) -> r.Statement:
    at = NOON + timedelta(minutes=claim_id)
    place = r.Place(f"The Weir {LONG}", "https://weir.example/lock-gate", f"Lock gate row widens {LONG}")
    return r.Statement(
        claim_id, act, "positive", "possible", (speaker,), (f"{LONG} of the canal",), ("unnamed",), f"{speaker}: {words}",
        words, at, at, "Puffin", place, 1, 1, 1, claim_id, sentence=(r.Piece(speaker, "source"), r.Piece(f" {words}")),
        copies=(place, place),
    )  # fmt: skip


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with every kind of entry, long words and hostile text."""
    statements = (
        make_statement(1, "Ida Voss", "state", "the lock gate was left open overnight"),
        make_statement(2, "the canal trust", "deny", "the accusation of Ida Voss"),
        make_statement(3, "Bertil Åkesson", "not_confirm", f"whether the gate was open {HOSTILE}"),
        make_statement(4, "the insurer", "decline", ""),
        make_statement(5, "Zora Quill", "deny", "that anyone had slept on duty"),
    )
    revision = r.Revision(
        "update", 2, statements[0].place, "Puffin", NOON, (f"Adds {LONG}",), 4, 2, True, (statements[0].place,)
    )
    feed = r.FeedLine("weir-top", "The Weir", "failing", "gone", f"status 410 {LONG}", (), NOON, None, None, 0, 0)
    ledger = r.Ledger(
        NOON, NOON, NOON,
        {"article_count": 1, "revision_count": 2, "claim_count": 5, "copy_count": 1, "feed_count": 2},
        statements=statements,
        links=(r.Link(2, 1, "denies"), r.Link(3, 1, "does_not_confirm")),
        changes=r.Changes(
            NOON, NOON, *[(revision,)] * 4,
            claims=(r.ClaimChange("softened", "certainty", "Ida Voss", "was open", "may be", NOON, statements[0].place),),
        ),
        feeds=(feed, replace(feed, health="alarm", alarms=("quiet",)), replace(feed, health="well"), replace(feed, health="new")),
        speakers=(r.SpeakerLine("Ida Voss", (LONG,), 4, 1, 1, 1, 1, NOON),),
        bars=tuple(r.Bar(NOON + timedelta(hours=n), "asserts", n + 1) for n in range(6)),
    )  # fmt: skip
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(render_report(ledger), encoding="utf-8")
    return path


def open_all(browser: Page) -> None:
    browser.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")


@pytest.mark.parametrize("width", [320, 400, 768, 1060, 1400, 2200])
def test_the_page_never_scrolls_sideways(browser: Page, report: Path, width: int) -> None:
    browser.open(report, width)
    open_all(browser)
    assert browser.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [800, 1100, 1400])
def test_no_cell_runs_into_the_next(browser: Page, report: Path, width: int) -> None:
    browser.open(report, width)
    open_all(browser)
    wide = "[...document.querySelectorAll('td, th')].filter(c => c.offsetParent && c.scrollWidth > c.clientWidth + 1)"
    assert browser.evaluate(f"{wide}.map(c => c.textContent.trim())") == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1400])
def test_all_text_stands_out_from_its_ground(browser: Page, report: Path, scheme: str, width: int) -> None:
    browser.open(report, width, scheme=scheme)
    open_all(browser)
    assert browser.evaluate(CONTRAST) == []


def test_hostile_text_neither_runs_nor_calls_out(browser: Page, report: Path) -> None:
    browser.requested.clear()
    browser.open(report, 1400)
    assert browser.evaluate("window.caught === undefined") is True
    assert {url.split(":")[0] for url in browser.requested} == {"file"}


def test_the_filter_leaves_what_it_names(browser: Page, report: Path) -> None:
    browser.open(report, 1400)
    shown = "document.querySelectorAll('[data-row]:not([hidden])').length"
    all_rows = browser.evaluate(shown)
    type_in = "(() => {{ const b = document.getElementById('filter'); b.value = '{}'; b.dispatchEvent(new Event('input')); }})()"
    browser.evaluate(type_in.format("akesson LOCK"))
    assert browser.evaluate("[...document.querySelectorAll('.card:not([hidden])')].length") == 1
    assert 0 < browser.evaluate(shown) < all_rows
    assert "of" in browser.evaluate("document.getElementById('filter-told').textContent")
    browser.evaluate(type_in.format("nobody of that name"))
    assert browser.evaluate(shown) == 0
    browser.evaluate(type_in.format(""))
    assert browser.evaluate(shown) == all_rows


def test_the_theme_follows_the_reader_and_can_be_turned(browser: Page, report: Path) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    browser.open(report, 1400)
    light = browser.evaluate(ground)
    browser.open(report, 1400, scheme="dark")
    dark = browser.evaluate(ground)
    assert light != dark
    browser.evaluate("document.getElementById('theme').click()")
    assert browser.evaluate(ground) == light
    browser.evaluate("document.getElementById('theme').click()")
    assert browser.evaluate(ground) == dark
    browser.evaluate("localStorage.clear()")


def test_without_script_all_is_shown_and_no_dead_control(browser: Page, report: Path) -> None:
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open(report, 1400)
        assert browser.evaluate("document.querySelectorAll('[data-row]').length") > 8
        assert browser.evaluate("document.getElementById('theme').getClientRects().length") == 0
        assert browser.evaluate("document.getElementById('filter').getClientRects().length") == 0
    finally:
        browser.call("Emulation.setScriptExecutionDisabled", value=False)


def test_paper_has_no_controls_and_says_where_links_lead(browser: Page, report: Path) -> None:
    browser.open(report, 800, scheme="dark", media="print")
    assert browser.evaluate("document.querySelector('nav').getClientRects().length") == 0
    link = "document.querySelector('.printed a')"
    assert browser.evaluate(f"getComputedStyle({link}, '::after').content") not in {"none", "normal"}
    ground = browser.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(255, 255, 255)"


def test_the_keyboard_reaches_filter_and_links(browser: Page, report: Path) -> None:
    browser.open(report, 1400)
    browser.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', {key: '/', bubbles: true}))")
    assert browser.evaluate("document.activeElement.id") == "filter"
