"""Validators, redirects, statuses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from . import feeds
from .server import Exchange, answer, conditional
from .world import World, case, expect

MODIFIED = "Mon, 23 Nov 2026 10:00:00 GMT"
FEED = feeds.rss("Dam holds", "Ferry sinks")


@case("validators", "200, then 304 to the ETag alone")
def _etag_alone(world: World) -> None:
    step = conditional(FEED, etag='"v1"')
    first = world.fetch(step)
    expect(first, "ok")
    second = world.fetch(step, etag=first.header("etag"))
    expect(second, "not_modified")
    assert second.body is None
    assert second.status == 304


@case("validators", "200, then 304 to Last-Modified alone")
def _modified_alone(world: World) -> None:
    step = conditional(FEED, modified=MODIFIED)
    first = world.fetch(step)
    expect(world.fetch(step, last_modified=first.header("last-modified")), "not_modified")


@case("validators", "304 to both at once")
def _both(world: World) -> None:
    step = conditional(FEED, etag='"v1"', modified=MODIFIED)
    expect(world.fetch(step, etag='"v1"', last_modified=MODIFIED), "not_modified")
    assert world.server.asked[-1].headers["if-modified-since"] == MODIFIED


@case("validators", "a weak ETag comes back as it was sent")
def _weak(world: World) -> None:
    poller = world.poller(conditional(FEED, etag='W/"odd, \\" one"'))
    poller.poll()
    assert poller.poll().result.outcome == "not_modified"
    assert world.server.asked[-1].headers["if-none-match"] == 'W/"odd, \\" one"'


@case("validators", "an ETag without quotes comes back as it was sent")
def _bare_etag(world: World) -> None:
    poller = world.poller(conditional(FEED, etag="abc-gzip"))
    poller.poll()
    assert poller.poll().result.outcome == "not_modified"


@case("validators", "an ETag with letters beyond ASCII comes back byte for byte")
def _latin_etag(world: World) -> None:
    poller = world.poller(conditional(FEED, etag='"é\xff"'))
    poller.poll()
    assert poller.poll().result.outcome == "not_modified"


@case("validators", "304 that repeats no validators keeps those we have")
def _bare_304(world: World) -> None:
    poller = world.poller(answer(200, FEED, ETag='"v1"'), answer(304))
    poller.poll()
    poller.poll()
    poller.poll()
    assert world.server.asked[-1].headers["if-none-match"] == '"v1"'


@case("validators", "304 to a request without validators is a failure")
def _unasked_304(world: World) -> None:
    expect(world.fetch(answer(304)), "server_error", "without validators")


@case("validators", "a broken feed's validators are not kept")
def _broken_validators(world: World) -> None:
    poller = world.poller(answer(200, feeds.PAGE, ETag='"page"'), answer(200, FEED, ETag='"feed"'))
    assert poller.poll().failure is not None
    poller.poll()
    assert "if-none-match" not in world.server.asked[-1].headers
    assert poller.titles == ["Dam holds", "Ferry sinks"]


@case("redirects", "301 is followed and stored")
def _301(world: World) -> None:
    target = world.server.script("/new", answer(200, FEED))
    result = world.fetch(answer(301, Location=target))
    expect(result, "ok")
    assert (result.final_url, result.permanent_url) == (target, target)


@case("redirects", "308 is followed and stored")
def _308(world: World) -> None:
    target = world.server.script("/new", answer(200, FEED))
    assert world.fetch(answer(308, Location=target)).permanent_url == target


def _enter_temporary(status: int) -> None:
    @case("redirects", f"{status} is followed and not stored")
    def check(world: World) -> None:
        target = world.server.script("/new", answer(200, FEED))
        result = world.fetch(answer(status, Location=target))
        expect(result, "ok")
        assert (result.final_url, result.permanent_url) == (target, None)

    check.__module__ = __name__


for _status in (302, 303, 307):
    _enter_temporary(_status)


@case("redirects", "a chain of 301 and 308 is stored as its end")
def _permanent_chain(world: World) -> None:
    world.server.script("/b", answer(308, Location="/c"))
    end = world.server.script("/c", answer(200, FEED))
    assert world.fetch(answer(301, Location="/b")).permanent_url == end


@case("redirects", "one 302 in a chain of 301 makes it temporary")
def _mixed_chain(world: World) -> None:
    world.server.script("/b", answer(302, Location="/c"))
    world.server.script("/c", answer(301, Location="/d"))
    world.server.script("/d", answer(200, FEED))
    result = world.fetch(answer(301, Location="/b"))
    expect(result, "ok")
    assert result.permanent_url is None


@case("redirects", "301 that ends in 404 is not stored")
def _dead_end(world: World) -> None:
    result = world.fetch(answer(301, Location="/nowhere"))
    expect(result, "not_found")
    assert result.permanent_url is None


@case("redirects", "a loop ends")
def _loop(world: World) -> None:
    world.server.script("/a", answer(302, Location="/feed"))
    expect(world.fetch(answer(302, Location="/a")), "redirect_loop")
    assert len(world.server.asked) == 9


@case("redirects", "a redirect that sets the cookie it waits for ends well")
def _cookie_redirect(world: World) -> None:
    def step(exchange: Exchange) -> None:
        if "seen=1" in exchange.asked.headers.get("cookie", ""):
            answer(200, FEED)(exchange)
        else:
            answer(302, Location="/feed", Set_Cookie="seen=1; Path=/")(exchange)

    expect(world.fetch(step), "ok")
    world.fetch(answer(200, FEED), path="/other")
    assert "cookie" not in world.server.asked[-1].headers, "a cookie outlived its chain"


@case("redirects", "a relative Location with a fragment and spaces")
def _odd_location(world: World) -> None:
    world.server.script("/new%20feed", answer(200, FEED))
    result = world.fetch(answer(301, Location="new feed#top"))
    expect(result, "ok")
    assert result.final_url.endswith("/new%20feed")


@case("redirects", "a redirect without Location is a failure with its status")
def _no_location(world: World) -> None:
    result = world.fetch(answer(302))
    expect(result, "client_error", "302")
    assert result.status == 302


@case("redirects", "a moved feed is asked at its new address from then on")
def _moved(world: World) -> None:
    world.server.script("/new", answer(200, FEED))
    poller = world.poller(answer(301, Location="/new"))
    poller.poll()
    poller.poll()
    assert world.server.paths() == ["/feed", "/new", "/new"]


@case("redirects", "a new address that dies is given up for the old one")
def _moved_back(world: World) -> None:
    world.server.script("/new", answer(200, FEED), answer(404))
    poller = world.poller(answer(301, Location="/new"), answer(200, feeds.rss("Mill burns")))
    for _ in range(3):
        poller.poll()
    assert world.server.paths() == ["/feed", "/new", "/new", "/feed"]
    assert "Mill burns" in poller.titles


def _enter_status(status: int, outcome: str, kind: str) -> None:
    @case("statuses", f"{status} is {outcome}, a {kind} failure")
    def check(world: World) -> None:
        poller = world.poller(answer(status, b"sorry"))
        report = poller.poll()
        expect(report.result, outcome)
        assert report.result.status == status
        assert report.decision.reason == f"back_off_{kind}"
        assert report.decision.failure_streak == 1

    check.__module__ = __name__


for _row in (
    (400, "client_error", "soft"),
    (401, "forbidden", "hard"),
    (403, "forbidden", "hard"),
    (410, "gone", "hard"),
    (418, "client_error", "soft"),
    (429, "busy", "temporary"),
    (451, "forbidden", "hard"),
    (500, "server_error", "temporary"),
    (503, "busy", "temporary"),
    (521, "server_error", "temporary"),
):
    _enter_status(*_row)


@case("statuses", "403 with Retry-After is a rate limit")
def _403_as_429(world: World) -> None:
    result = world.fetch(answer(403, Retry_After="120"))
    expect(result, "busy", "rate limit")
    assert result.retry_after_s == 120


@case("statuses", "a status outranks what is wrong with its words")
def _broken_error(world: World) -> None:
    def step(exchange: Exchange) -> None:
        exchange.head(503, [("Retry-After", "60"), ("Content-Length", "500")])
        exchange.send(b"busy")
        exchange.close()

    result = world.fetch(step)
    expect(result, "busy")
    assert result.retry_after_s == 60
    expect(world.fetch(answer(404, b"x" * 5000), max_bytes=1000), "not_found")


@case("statuses", "101 that nobody asked for")
def _upgrade(world: World) -> None:
    def step(exchange: Exchange) -> None:
        exchange.head(101, [("Upgrade", "h2c"), ("Connection", "Upgrade")])
        exchange.close()

    assert world.fetch(step).outcome in ("client_error", "connection_failed")


@case("statuses", "204 and 205 are answers without a feed")
def _no_content(world: World) -> None:
    for status in (204, 205):
        report = world.poller(answer(status)).poll()
        assert report.failure is not None
        assert report.failure.reason == "empty"


@case("statuses", "206 that nobody asked for is a cut body")
def _partial(world: World) -> None:
    expect(world.fetch(answer(206, FEED)), "truncated", "206")


@case("statuses", "404, then back: one failure, nothing lost")
def _back(world: World) -> None:
    poller = world.poller(answer(200, FEED), answer(404), answer(200, feeds.rss("Mill burns", "Dam holds")))
    poller.poll()
    assert poller.poll().decision.failure_streak == 1
    assert poller.poll().decision.failure_streak == 0
    assert poller.titles == ["Dam holds", "Ferry sinks", "Mill burns"]


@case("statuses", "500, then good: the account is cleared")
def _recovers(world: World) -> None:
    poller = world.poller(answer(500), answer(200, FEED))
    assert poller.poll().state.failure_weight == 0.25
    assert poller.poll().state.failure_weight == 0.0


@case("statuses", "410 for ever: asked every thirty days, never deleted")
def _gone(world: World) -> None:
    poller = world.poller(answer(410))
    waits = [(report.state.next_poll_at - poller.now).days for report in (poller.poll() for _ in range(12))]
    assert waits == sorted(waits)
    assert waits[-1] == 29


@case("retry-after", "429 with seconds is obeyed")
def _retry_seconds(world: World) -> None:
    poller = world.poller(answer(429, Retry_After="86400"))
    now = poller.now
    assert poller.poll().decision.next_poll_at == now + timedelta(days=1)


@case("retry-after", "503 with a date is obeyed")
def _retry_date(world: World) -> None:
    at = datetime.now(UTC) + timedelta(hours=5)
    result = world.fetch(answer(503, Retry_After=format_datetime(at, usegmt=True)))
    assert abs(result.retry_after_s - 5 * 3600) < 5


@case("retry-after", "a date in the past asks for nothing")
def _retry_past(world: World) -> None:
    assert world.fetch(answer(503, Retry_After="Mon, 01 Jan 2001 00:00:00 GMT")).retry_after_s == 0


@case("retry-after", "a hundred years are cut to a week")
def _retry_absurd(world: World) -> None:
    poller = world.poller(answer(429, Retry_After="3153600000"))
    now = poller.now
    assert poller.poll().decision.next_poll_at == now + timedelta(days=7)


@case("retry-after", "words and negative numbers are ignored")
def _retry_nonsense(world: World) -> None:
    for value in ("soon", "-5", "1e9", "", "٣"):
        assert world.fetch(answer(503, Retry_After=value.encode("utf-8").decode("latin-1"))).retry_after_s is None


@case("retry-after", "200 with Retry-After is obeyed too")
def _retry_on_success(world: World) -> None:
    poller = world.poller(answer(200, FEED, Retry_After="172800"))
    now = poller.now
    assert poller.poll().decision.next_poll_at == now + timedelta(days=2)
