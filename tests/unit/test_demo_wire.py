"""The demo wire serves what its script says, over loopback, and names nobody real."""

from __future__ import annotations

import http.client
import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import feedparser
import lxml.html
import pytest

import demo.server
from demo import sites
from demo.server import DemoWire, LoggedRequest, decide_not_modified, make_etag
from demo.sites import Resource, list_entries, list_resources, load_sites
from demo.stories import STAGES, StoryError, load_stories

DEMO = Path(demo.server.__file__).parent
SCRIPT: dict[str, Any] = tomllib.loads((DEMO / "script.toml").read_text(encoding="utf-8"))
BROKEN = "brackwater"
GOOD_SITES = [site for site in load_sites() if site.key != BROKEN]
FORMATS = {"rss": "rss20", "atom": "atom10", "rdf": "rss10"}
NAMESPACES = re.compile(r'xmlns(:\w+)?="[^"]*"|"@context": "https://schema\.org"')
REAL_AGENCIES = re.compile(
    r"\b(Reuters|Associated Press|AP|AFP|Agence France|dpa|Deutsche Presse|EFE|TASS|Xinhua|ANSA|Bloomberg|UPI|Kyodo"
    r"|Interfax|PTI|PAP|NTB|Lusa|BBC|CNN)\b"
)


@pytest.fixture
def wire() -> Iterator[DemoWire]:
    with DemoWire(stage=1) as running:
        yield running


def ask(wire: DemoWire, url: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", wire.port, timeout=5)
    try:
        sent = {"Host": parts.netloc} | {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, parts.path, headers=sent)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def read_registry() -> dict[str, dict[str, Any]]:
    return {
        path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted((DEMO / "feeds").glob("*.toml"))
    }


def good_entries(stage: int) -> list[sites.Entry]:
    return [entry for entry in list_entries(stage) if entry.story.service != BROKEN]


@pytest.mark.parametrize("stage", STAGES)
def test_six_feeds_parse_and_every_link_is_served(wire: DemoWire, stage: int) -> None:
    wire.stage = stage
    served = 0
    for site in GOOD_SITES:
        _, _, body = ask(wire, site.feed_urls[0])
        feed = feedparser.parse(body)
        assert not feed.bozo, (site.key, feed.get("bozo_exception"))
        assert feed.version == FORMATS[site.feed_format]
        for entry in feed.entries:
            status, headers, page = ask(wire, entry.link)
            assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8"), entry.link
            assert f'<link rel="canonical" href="{entry.link}">' in page.decode()
        served += len(feed.entries)
    assert len(GOOD_SITES) == 6
    assert served == SCRIPT["stage"][stage - 1]["articles"]


@pytest.mark.parametrize("stage", STAGES)
def test_counts_and_times_are_as_scripted(stage: int) -> None:
    row = SCRIPT["stage"][stage - 1]
    states = [
        state for story in load_stories() if story.service != BROKEN for state in story.states if state.stage <= stage
    ]
    assert (row["number"], row["at"]) == (stage, sites.STAGE_TIMES[stage])
    assert len(good_entries(stage)) == row["articles"]
    assert len(states) == row["revisions"]
    before = sites.STAGE_TIMES.get(stage - 1, datetime(2026, 11, 17, tzinfo=UTC))
    assert all(before < state.at <= row["at"] for state in states if state.stage == stage)


def test_feed_entries_carry_exact_times() -> None:
    for site in GOOD_SITES:
        feed = feedparser.parse(list_resources(3)[site.feed_urls[0]].body)
        told = {entry.link: entry.get("published_parsed") or entry.updated_parsed for entry in feed.entries}
        for entry in good_entries(3):
            if entry.story.service == site.key:
                times = {entry.published_at.utctimetuple()[:6], entry.state.at.utctimetuple()[:6]}
                assert told[entry.url][:6] in times, entry.url


@pytest.mark.parametrize("stage", STAGES)
def test_pages_hold_the_text_of_the_story_and_nothing_more(stage: int) -> None:
    for entry in list_entries(stage):
        page = lxml.html.document_fromstring(list_resources(stage)[entry.url].body.decode())
        (article,) = page.iter("article")
        lines = [line.strip() for line in str(article.xpath("string()")).splitlines() if line.strip()]
        assert "\n".join(lines) == entry.text, entry.url
        assert page.findtext(".//h1") == entry.state.headline


def test_full_text_feeds_give_the_text_unharmed() -> None:
    full = [site for site in GOOD_SITES if site.full_text]
    assert {site.feed_format for site in full} == {"rss", "atom"}
    for site in full:
        feed = feedparser.parse(list_resources(3)[site.feed_urls[0]].body, sanitize_html=False)
        texts = {entry.url: entry.text for entry in good_entries(3)}
        for entry in feed.entries:
            html = lxml.html.fragment_fromstring(entry.content[0].value, create_parent="div")
            assert "\n".join(str(p.xpath("string()")) for p in html.iter("p")) == texts[entry.link]


@pytest.mark.parametrize("stage", STAGES)
def test_no_address_outside_the_reserved_domain(stage: int) -> None:
    for url, resource in list_resources(stage).items():
        if resource.content_type.startswith("application/rss") and BROKEN in url:
            continue
        text = NAMESPACES.sub("", resource.body.decode())
        hosts = {urlsplit(found).hostname for found in re.findall(r"https?://[^\s\"'<>&]+", text)}
        assert all(host and host.endswith(".example") for host in hosts), (url, hosts)


def test_no_real_agency_is_named() -> None:
    for path in [*DEMO.rglob("*.md"), *DEMO.rglob("*.toml"), *DEMO.rglob("*.html"), *DEMO.rglob("*.xml")]:
        found = REAL_AGENCIES.search(path.read_text(encoding="utf-8"))
        assert found is None, f"{path.name}: {found and found[0]}"


def test_the_same_stage_gives_the_same_bytes() -> None:
    first = {stage: dict(list_resources(stage)) for stage in STAGES}
    list_resources.cache_clear()
    list_entries.cache_clear()
    assert {stage: dict(list_resources(stage)) for stage in STAGES} == first


def test_conditional_requests_are_answered_304_until_the_text_changes(wire: DemoWire) -> None:
    for site in GOOD_SITES:
        url = site.feed_urls[0]
        _, headers, _ = ask(wire, url)
        assert ask(wire, url, If_None_Match=headers["etag"])[0] == 304
        assert ask(wire, url, If_Modified_Since=headers["last-modified"])[0] == 304
        wire.stage = 2
        status, newer, body = ask(wire, url, If_None_Match=headers["etag"], If_Modified_Since=headers["last-modified"])
        assert (status, bool(body)) == (200, True)
        assert parsedate_to_datetime(newer["last-modified"]) > parsedate_to_datetime(headers["last-modified"])
        wire.stage = 1


@pytest.mark.parametrize(
    ("etag", "since", "unchanged"),
    [
        (None, None, False),
        ("own", None, True),
        ("W/own", None, True),
        ('"other", own', None, True),
        ('"other"', "Tue, 17 Nov 2026 09:00:00 GMT", False),
        (None, "Tue, 17 Nov 2026 08:00:00 GMT", True),
        (None, "Tue, 17 Nov 2026 07:59:59 GMT", False),
        (None, "yesterday", False),
        ("*", None, True),
    ],
)
def test_etags_go_before_dates(etag: str | None, since: str | None, unchanged: bool) -> None:
    page = Resource(b"words", "text/html", datetime(2026, 11, 17, 8, tzinfo=UTC))
    sent = etag.replace("own", make_etag(page.body)) if etag else None
    assert decide_not_modified(page, sent, since) is unchanged


def test_small_addresses(wire: DemoWire) -> None:
    for site in load_sites():
        assert b"Disallow: /search" in ask(wire, f"http://{site.host}/robots.txt")[2]
        assert ask(wire, f"http://{site.host}/favicon.ico")[0] == 404
        assert ask(wire, f"http://{site.host}/")[0] == 200
    status, headers, body = ask(wire, "http://wire.halcyon.example/", method="HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["content-length"]) > 0
    assert wire.request_log[-1] == LoggedRequest("HEAD", "http://wire.halcyon.example/", 200)


def test_broken_and_dead_feeds_fail_as_scripted(wire: DemoWire) -> None:
    registry = read_registry()
    urls = {feed["key"]: feed["url"] for service in registry.values() for feed in service["feed"]}
    assert [alarm["feed"] for alarm in SCRIPT["alarm"]] == [
        feed["key"] for key in (BROKEN, "tollgate") for feed in registry[key]["feed"]
    ]
    torn = feedparser.parse(ask(wire, urls["brackwater-torn"])[2])
    assert torn.bozo
    assert torn.entries
    noise = feedparser.parse(ask(wire, urls["brackwater-noise"])[2])
    assert noise.bozo
    assert not noise.entries
    assert ask(wire, urls["tollgate-gone"])[0] == 410
    with pytest.raises(http.client.RemoteDisconnected):
        ask(wire, urls["tollgate-silent"])


def test_registry_names_every_host_and_only_reserved_ones() -> None:
    wire = DemoWire()
    hosts = set()
    for key, service in read_registry().items():
        assert service["key"] == key
        assert service["allow_loopback"] is True
        assert {urlsplit(feed["url"]).netloc for feed in service["feed"]} == {urlsplit(service["homepage"]).netloc}
        hosts.add(urlsplit(service["homepage"]).netloc)
    assert set(wire.hosts) == hosts
    assert all(host.endswith(".example") for host in wire.hosts)


def quotations(node: object) -> Iterator[dict[str, Any]]:
    """Every table of the script that quotes words of a story."""
    if isinstance(node, dict):
        if "words" in node:
            yield node
        node = list(node.values())
    if isinstance(node, list):
        for inner in node:
            yield from quotations(inner)


def test_the_script_quotes_what_the_stories_say() -> None:
    stories = {story.id: story for story in load_stories()}
    quoted = list(quotations(SCRIPT))
    assert len(quoted) > 60
    for row in quoted:
        state = stories[row["story"]].find_state(row["stage"])
        assert state is not None, row
        assert state.stage == row["stage"], row
        assert row["words"] in " ".join(state.paragraphs), row


def test_the_script_names_what_the_wire_serves() -> None:
    stories = {story.id: story for story in load_stories()}
    addresses = set(list_resources(3))
    for row in SCRIPT["copy"]:
        assert {row["article"], row["of"]} <= addresses
    for kind, rows in {
        "correction": "corrected",
        "withdrawn": "withdrawn",
        "refile": "refiled",
        "repeat": "repeated",
    }.items():
        scripted = {(row["story"], row["stage"]) for row in SCRIPT[rows]}
        assert scripted == {(s.id, t.stage) for s in stories.values() for t in s.states if t.kind == kind}
        carriers = {carrier for row in SCRIPT[rows] for carrier in row.get("still_carried_by", [])}
        assert all(stories[carrier].copy_of for carrier in carriers)
    for form in ("alert", "live", "index"):
        assert SCRIPT["forms"][form] == [story.id for story in stories.values() if story.form == form]
    listed = [address for row in SCRIPT["story"] for address in row["articles"]]
    assert sorted(listed) == sorted(entry.url for entry in good_entries(3))
    contested = {row["key"] for row in SCRIPT["contested"]}
    changes = [row for name in ("softened", "retracted", "confirmed_later") for row in SCRIPT[name]]
    assert {row["contested"] for row in changes if "contested" in row} <= contested


def test_reprints_share_most_of_their_text_with_the_agency() -> None:
    by_url = {entry.url: entry for entry in list_entries(3)}
    stories = {story.id: story for story in load_stories()}
    for row in SCRIPT["copy"]:
        copy, original = by_url[row["article"]], by_url[row["of"]]
        assert copy.story.copy_of == original.story.id
        agency_words = {paragraph for state in stories[original.story.id].states for paragraph in state.paragraphs}
        shared = [paragraph for paragraph in copy.state.paragraphs if paragraph in agency_words]
        assert len(shared) >= 0.6 * len(copy.state.paragraphs)
        assert copy.state.headline not in {state.headline for state in stories[original.story.id].states}


def test_stages_are_one_two_and_three(wire: DemoWire) -> None:
    with pytest.raises(ValueError, match="stages 1, 2 and 3"):
        wire.stage = 4
    assert wire.stage == 1


@pytest.mark.parametrize("arguments", [["--port", "70000"], ["--stage", "4"], ["--port", "seven"]])
def test_wrong_arguments_are_one_line_and_exit_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        demo.server.main(arguments)
    assert stopped.value.code == 2
    assert len(capsys.readouterr().err.strip().splitlines()[-1]) > 20


def test_a_taken_port_is_named(wire: DemoWire, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        demo.server.main(["--port", str(wire.port)])
    assert stopped.value.code == 2
    assert f"port {wire.port} of 127.0.0.1" in capsys.readouterr().err


FRONT = '+++\nservice = "halcyon"\npath = "/x"\nsection = "World"\nstory = "x"\n+++\n'
STATE = "=== stage 1 | original | 2026-11-17T06:00:00Z\n# Headline\n\nWords.\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (STATE, "no front matter"),
        (FRONT, "no state"),
        (FRONT + STATE.replace("Z\n", "\n"), "no zone"),
        (FRONT + STATE.replace("original", "reprint"), "known kind"),
        (FRONT + STATE.replace("# ", ""), "no headline"),
        (FRONT.replace("story =", 'form = "poem"\nstory =') + STATE, "unknown form poem"),
        (
            FRONT + STATE + "\n=== stage 2 | update | 2026-11-17T09:00:00Z\n# Headline\n\n@ 1-2\n",
            "story has 1 paragraphs",
        ),
    ],
)
def test_a_faulty_story_is_refused_by_name(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "story.md").write_text(text, encoding="utf-8")
    with pytest.raises(StoryError, match=rf"^story\.md: .*{says}"):
        load_stories(tmp_path)
