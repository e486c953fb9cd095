"""Entries over polls: what stays one entry, what becomes two."""

from __future__ import annotations

from collections.abc import Sequence

from . import feeds
from .server import answer
from .world import World, case

DAM, DAM_TWO, FERRY = "Dam holds above Quill", "Dam still holds above Quill", "Ferry sinks off Porto"


@case("identity", "GUIDs that change with every build add nothing")
def _fresh_guids(world: World) -> None:
    def feed(build: int) -> bytes:
        return feeds.entry(
            f"<title>Dam holds</title><link>https://wire.example/dam</link><guid isPermaLink='false'>{build}-1</guid>"
        )

    poller = world.poller(*(answer(200, feed(build)) for build in range(3)))
    for _ in range(3):
        poller.poll()
    assert len(poller.seen) == 1


@case("identity", "a headline inside the GUID changes with the headline and adds nothing")
def _headline_guid(world: World) -> None:
    def feed(title: str) -> bytes:
        return feeds.entry(f"<title>{title}</title><link>https://wire.example/dam</link><guid>dam-{title}</guid>")

    poller = world.poller(answer(200, feed("Dam holds")), answer(200, feed("Dam still holds")))
    poller.poll()
    poller.poll()
    assert len(poller.seen) == 1


@case("identity", "the same entry twice in one feed is one")
def _twice(world: World) -> None:
    poller = world.poller(answer(200, feeds.rss("Dam holds", "Dam holds")))
    report = poller.poll()
    assert report.feed is not None
    assert (len(report.feed.entries), len(set(report.keys))) == (2, 1)


@case("identity", "the same GUID for two stories in one feed is two")
def _shared_guid(world: World) -> None:
    body = feeds.entry(
        "<title>Dam holds</title><link>https://wire.example/dam</link><guid>1</guid></item>"
        "<item><title>Ferry sinks</title><link>https://wire.example/ferry</link><guid>1</guid>"
    )
    assert len(set(world.poller(answer(200, body)).poll().keys)) == 2


@case("identity", "a GUID used again for another story the next day is another")
def _reused_guid(world: World) -> None:
    def feed(slug: str) -> bytes:
        return feeds.entry(f"<title>{slug}</title><link>https://wire.example/{slug}</link><guid>top-1</guid>")

    poller = world.poller(answer(200, feed("dam")), answer(200, feed("ferry")))
    poller.poll()
    poller.poll()
    assert len(poller.seen) == 2


@case("identity", "tracking parameters, http for https, AMP and mobile hosts add nothing")
def _spellings(world: World) -> None:
    links = (
        "https://www.wire.example/dam",
        "http://wire.example/dam/?utm_source=rss&amp;fbclid=1",
        "https://m.wire.example/dam#top",
        "https://amp.wire.example/dam",
        "https://www.wire.example/dam/amp/",
        "https://www.wire.example/dam?outputType=amp",
    )
    poller = world.poller(*(answer(200, feeds.entry(f"<title>Dam</title><link>{link}</link>")) for link in links))
    for _ in links:
        poller.poll()
    assert len(poller.seen) == 1


@case("identity", "parameters that name the story keep stories apart")
def _parameters(world: World) -> None:
    links = ("https://wire.example/story?id=1", "https://wire.example/story?id=2")
    poller = world.poller(*(answer(200, feeds.entry(f"<title>x</title><link>{link}</link>")) for link in links))
    poller.poll()
    poller.poll()
    assert len(poller.seen) == 2


@case("identity", "entries that all link to the front page are told apart by GUID")
def _front_page(world: World) -> None:
    body = feeds.entry(
        "<title>a</title><link>https://wire.example/</link><guid isPermaLink='false'>1</guid></item>"
        "<item><title>b</title><link>https://wire.example/</link><guid isPermaLink='false'>2</guid>"
    )
    assert len(set(world.poller(answer(200, body)).poll().keys)) == 2


@case("identity", "posts of one live blog are told apart though they share an address")
def _live_blog(world: World) -> None:
    body = feeds.entry(
        "<title>a</title><link>https://wire.example/live#1</link><guid isPermaLink='false'>1</guid></item>"
        "<item><title>b</title><link>https://wire.example/live#2</link><guid isPermaLink='false'>2</guid>"
    )
    assert len(set(world.poller(answer(200, body)).poll().keys)) == 2


@case("identity", "entries without link and GUID are told apart by their words")
def _bare(world: World) -> None:
    body = feeds.entry("<title>a</title></item><item><title>b</title></item><item><title>a</title>")
    assert len(set(world.poller(answer(200, body)).poll().keys)) == 2


def _item(title: str, path: str | None, guid: str | None, hour: int = 8) -> str:
    link = f"<link>https://wire.example{path}</link>" if path else ""
    given = f"<guid isPermaLink='false'>{guid}</guid>" if guid else ""
    return f"<title>{title}</title>{link}{given}<pubDate>Mon, 23 Nov 2026 {hour:02d}:00:00 GMT</pubDate>"


def _enter_history(name: str, entry_count: int, *polls: Sequence[str]) -> None:
    @case("identity", name)
    def check(world: World) -> None:
        poller = world.poller(*(answer(200, feeds.entry("</item><item>".join(items))) for items in polls))
        for _ in polls:
            poller.poll()
        assert len(poller.seen) == entry_count

    check.__module__ = __name__


for _row in (
    ("an address that changes with the headline is known by its GUID", 1,
     [_item(DAM, "/dam-holds", "1")], [_item(DAM_TWO, "/dam-still-holds", "1", 9)], [_item(DAM_TWO, "/dam-still-holds", "2", 9)]),
    ("another headline at another address is the same entry if GUID and time are", 1,
     [_item(DAM, "/dam", "1")], [_item("Water falls within the hour", "/water", "1")]),
    ("a GUID used again without an address is another entry, and its updates are its own", 2,
     [_item(DAM, None, "1")], [_item(FERRY, None, "1", 9)], [_item(f"{FERRY}, two dead", None, "1", 10)]),
    ("two stories with one GUID and no address, met one after the other", 2,
     [_item(DAM, None, "1")], [_item(FERRY, None, "1", 9), _item(DAM, None, "1")], [_item(FERRY, None, "1", 9)]),
    ("two stories with one GUID that link to the front page", 2,
     [_item(DAM, "/", "1"), _item(FERRY, "/", "1", 9)], [_item(FERRY, "/", "1", 9)]),
    ("two stories with one GUID at one address", 2,
     [_item(DAM, "/live", "1"), _item(FERRY, "/live", "1", 9)], [_item(FERRY, "/live", "1", 9)]),
    ("an address that is shared from some poll on changes nothing for the first", 2,
     [_item(DAM, "/live", "1")], [_item(FERRY, "/live", "2", 9), _item(DAM, "/live", "1")], [_item(FERRY, "/live", "2", 9)]),
    ("GUIDs that number the entries of a feed say nothing", 3,
     [_item(DAM, "/dam", "1"), _item("Mill burns", "/mill", "2", 7)],
     [_item("Dam is old", "/old", "1", 9), _item(DAM, "/dam", "2"), _item("Mill burns", "/mill", "3", 7)]),
    ("a GUID that stays while another entry keeps its address belongs to that one", 2,
     [_item(DAM, "/dam", "1")], [_item(DAM_TWO, "/dam-still", "1", 9), _item(DAM, "/dam", "1")]),
):  # fmt: skip
    _enter_history(*_row)
