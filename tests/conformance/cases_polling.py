"""Polls in a row: what is remembered, what is noticed, what is counted once."""

from __future__ import annotations

from . import feeds
from .server import Exchange, answer, conditional
from .world import World, case


@case("memory", "a lying ETag is found out by the poll without a condition")
def _lying(world: World) -> None:
    old, new = feeds.rss("Dam holds"), feeds.rss("Mill burns", "Dam holds")
    served = {"body": old}

    def step(exchange: Exchange) -> None:
        if "if-none-match" in exchange.asked.headers:
            answer(304)(exchange)
        else:
            answer(200, served["body"], ETag='"same"')(exchange)

    poller = world.poller(step)
    poller.poll()
    served["body"] = new
    for _ in range(12):
        poller.poll()
    assert "Mill burns" in poller.titles
    assert any("lying_validator" in report.decision.alarms for report in poller.reports)
    poller.poll()
    assert "if-none-match" not in world.server.asked[-1].headers


@case("memory", "a lying Last-Modified is found out as well")
def _lying_date(world: World) -> None:
    served = {"body": feeds.rss("Dam holds")}

    def step(exchange: Exchange) -> None:
        if "if-modified-since" in exchange.asked.headers:
            answer(304)(exchange)
        else:
            answer(200, served["body"], Last_Modified="Mon, 23 Nov 2026 10:00:00 GMT")(exchange)

    poller = world.poller(step)
    poller.poll()
    served["body"] = feeds.rss("Mill burns", "Dam holds")
    for _ in range(13):
        poller.poll()
    assert "Mill burns" in poller.titles
    assert "if-modified-since" not in world.server.asked[-1].headers


@case("memory", "a weak ETag that stays while only the build date changes does not lie")
def _weak_truth(world: World) -> None:
    bodies = (feeds.rss("Dam holds", head=f"<lastBuildDate>{hour}</lastBuildDate>") for hour in range(20))
    poller = world.poller(*(answer(200, body, ETag='W/"same"') for body in bodies))
    for _ in range(14):
        poller.poll()
    assert not any("lying_validator" in report.decision.alarms for report in poller.reports)


@case("memory", "an honest ETag is asked without a condition now and then, and believed")
def _honest(world: World) -> None:
    poller = world.poller(conditional(feeds.rss("Dam holds"), etag='"v1"'))
    for _ in range(26):
        poller.poll()
    plain = [number for number, asked in enumerate(world.server.asked) if "if-none-match" not in asked.headers]
    assert plain == [0, 11, 23]
    assert all(not report.decision.alarms for report in poller.reports[:8])


@case("memory", "the same bytes without validators are not parsed twice")
def _same_bytes(world: World) -> None:
    poller = world.poller(answer(200, feeds.rss("Dam holds")))
    assert poller.poll().feed is not None
    report = poller.poll()
    assert report.is_repeated
    assert report.feed is None
    assert report.decision.failure_streak == 0


@case("memory", "a window that moved on completely raises the gap alarm")
def _gap(world: World) -> None:
    later = feeds.rss("New one", "New two").replace(b"23 Nov", b"24 Nov")
    poller = world.poller(answer(200, feeds.rss("Dam holds", "Ferry sinks")), answer(200, later))
    poller.poll()
    poller.now = poller.now.replace(day=24)
    assert "gap" in poller.poll().decision.alarms


@case("memory", "a window that still shows an old entry raises none")
def _no_gap(world: World) -> None:
    poller = world.poller(answer(200, feeds.rss("Ferry sinks")), answer(200, feeds.rss("Dam holds", "Ferry sinks")))
    poller.poll()
    assert poller.poll().decision.alarms == ()


@case("memory", "a feed that fell silent raises the quiet alarm")
def _quiet(world: World) -> None:
    poller = world.poller(conditional(feeds.rss("Dam holds", "Ferry sinks", "Mill burns"), etag='"v1"'))
    poller.poll(hours=2)
    assert poller.poll(hours=10).decision.alarms == ()
    assert "quiet" in poller.poll().decision.alarms


@case("memory", "a page instead of the feed is a soft failure; the old validators stay")
def _page(world: World) -> None:
    poller = world.poller(answer(200, feeds.rss("Dam holds"), ETag='"v1"'), answer(200, feeds.CONSENT, ETag='"x"'))
    poller.poll()
    report = poller.poll()
    assert report.failure is not None
    assert (report.failure.reason, report.decision.reason) == ("html", "back_off_soft")
    poller.poll()
    assert world.server.asked[-1].headers["if-none-match"] == '"v1"'


@case("politeness", "who asks says who it is and what it reads")
def _headers(world: World) -> None:
    world.poller(answer(200, feeds.rss("Dam holds"))).poll()
    headers = world.server.asked[0].headers
    assert headers["user-agent"] == "Wireledger/test"
    assert "application/rss+xml" in headers["accept"]
    assert headers["accept-encoding"] == "gzip, deflate, br, zstd"
    assert "cookie" not in headers


@case("politeness", "Cache-Control: max-age is waited for")
def _max_age(world: World) -> None:
    head = "<ttl>1</ttl>"
    poller = world.poller(answer(200, feeds.rss("Dam holds", head=head), Cache_Control="public, max-age=7200"))
    now = poller.now
    assert (poller.poll().decision.next_poll_at - now).total_seconds() == 7200


@case("politeness", "a ttl beyond what the window holds is cut to half of the window")
def _long_ttl(world: World) -> None:
    titles = [f"Story {number}" for number in range(10)]
    poller = world.poller(answer(200, feeds.rss(*titles, head="<ttl>1440</ttl>")))
    now = poller.now
    waited = (poller.poll().decision.next_poll_at - now).total_seconds()
    assert 3600 <= waited <= 5.1 * 3600
