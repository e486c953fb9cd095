"""robots.txt, and pages that are none."""

from __future__ import annotations

from pipeline.collect.robots import decide_allowed, find_robots_url
from pipeline.extract import extract_article

from . import feeds
from .server import Exchange, answer
from .world import World, case

RULES = b"""User-agent: *
Disallow: /private/
Crawl-delay: 5

User-agent: Wireledger
Disallow: /closed
Allow: /closed/but-open
"""
PAGE = "http://wire.example/story"


def _ask(world: World, step: object, url: str = PAGE) -> tuple[bool, str]:
    decision = decide_allowed(world.fetch(step, path="/robots.txt"), url, "Wireledger")  # type: ignore[arg-type]
    return decision.is_allowed, decision.reason


@case("robots", "rules for us outrank rules for all; the longest match wins")
def _rules(world: World) -> None:
    step = answer(200, RULES)
    assert _ask(world, step, "http://wire.example/closed/a") == (False, "disallowed")
    assert _ask(world, step, "http://wire.example/closed/but-open") == (True, "rules")
    assert _ask(world, step, "http://wire.example/private/a") == (True, "rules")


@case("robots", "rules for all, with a crawl delay")
def _rules_for_all(world: World) -> None:
    decision = decide_allowed(
        world.fetch(answer(200, RULES), path="/robots.txt"), "http://x.example/private/a", "Other"
    )
    assert (decision.is_allowed, decision.crawl_delay_s) == (False, 5.0)


@case("robots", "missing: everything is allowed")
def _missing(world: World) -> None:
    assert _ask(world, answer(404)) == (True, "no_rules")
    assert _ask(world, answer(403)) == (True, "no_rules")


@case("robots", "5xx: nothing is allowed")
def _error(world: World) -> None:
    assert _ask(world, answer(500)) == (False, "unreachable")
    assert _ask(world, answer(503)) == (False, "unreachable")


@case("robots", "429: nothing is allowed for now")
def _busy(world: World) -> None:
    assert _ask(world, answer(429)) == (False, "unreachable")


@case("robots", "no answer: nothing is allowed")
def _silent(world: World) -> None:
    silent = world.fetch(Exchange.stall, path="/robots.txt", is_hurried=True)
    assert decide_allowed(silent, PAGE, "Wireledger").reason == "unreachable"


@case("robots", "empty, or a page instead of rules: everything is allowed")
def _page(world: World) -> None:
    assert _ask(world, answer(200, b"")) == (True, "rules")
    assert _ask(world, answer(200, feeds.PAGE)) == (True, "rules")


@case("robots", "with a byte order mark")
def _marked(world: World) -> None:
    body = b"\xef\xbb\xbfUser-agent: *\nDisallow: /story\n"
    assert _ask(world, answer(200, body)) == (False, "disallowed")


@case("robots", "it lies at the root of the host and port asked")
def _where(world: World) -> None:
    assert find_robots_url("https://wire.example:8443/a/b?c#d") == "https://wire.example:8443/robots.txt"
    assert find_robots_url("mailto:desk@wire.example") is None


@case("pages", "a consent wall is told apart from an article")
def _consent(world: World) -> None:
    result = world.fetch(answer(200, feeds.CONSENT), path="/story")
    assert extract_article(result.body or b"", result.final_url).page_kind == "consent"


@case("pages", "an article with a cookie banner is an article")
def _banner(world: World) -> None:
    words = "The dam above Lower Quill held through the night, the county engineer said on Monday. "
    body = (
        "<!DOCTYPE html><html><head><title>Dam holds</title></head><body><div class='cookie-banner'>We use cookies."
        f"<button>Accept</button></div><article><h1>Dam holds</h1>{''.join(f'<p>{words * 3}</p>' for _ in range(5))}"
        "</article></body></html>"
    ).encode()
    result = world.fetch(answer(200, body), path="/story")
    assert extract_article(result.body or b"", result.final_url).page_kind == "story"
