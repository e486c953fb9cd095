"""robots.txt by RFC 9309, for pages. Feeds are not asked about: they are published to be polled by machines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from protego import Protego

from pipeline.records import FetchResult

#: how much of a file counts, and for how long (RFC 9309, 2.5 and 2.4)
MAX_BYTES = 500 * 1024
KEEP = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class RobotsDecision:
    """``reason``: rules, no_rules (4xx), unreachable (5xx or no answer: everything is disallowed), disallowed."""

    is_allowed: bool
    reason: str
    crawl_delay_s: float | None = None


def find_robots_url(url: str) -> str | None:
    """Where the robots.txt of a page lies; None for what is no web address."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}/robots.txt" if parts.scheme in ("http", "https") and host else None


def decide_allowed(robots: FetchResult | None, url: str, agent: str) -> RobotsDecision:
    """May ``agent`` (the product's name, e.g. ``Wireledger``) fetch ``url``? ``robots`` is what came of asking for the
    file; None counts as unreachable."""
    if robots is None or robots.status is None or robots.status >= 500 or robots.outcome in ("busy", "timeout"):
        return RobotsDecision(False, "unreachable")
    if robots.status >= 400:
        return RobotsDecision(True, "no_rules")
    if robots.outcome != "ok" or robots.body is None:
        return RobotsDecision(False, "unreachable")
    rules = Protego.parse(robots.body[:MAX_BYTES].decode("utf-8-sig", "replace"))
    delay = rules.crawl_delay(agent)
    if not rules.can_fetch(url, agent):
        return RobotsDecision(False, "disallowed", delay)
    return RobotsDecision(True, "rules", delay)


def is_stale(robots: FetchResult, now: datetime) -> bool:
    """Is it time to ask for the file again?"""
    return now - robots.fetched_at >= KEEP
