"""One budget for everything that is asked of a registrable domain: feeds, pages, robots.txt. `decide_wait` is pure."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, replace
from functools import cache
from urllib.parse import urlsplit

import tldextract

#: no wait that a server asks for is longer than this within one run; the poll is put off instead
MAX_DELAY_S = 60.0


@dataclass(frozen=True, slots=True)
class Pace:
    """What one domain is given: so many requests at a time, so many seconds between two starts."""

    concurrency: int = 2
    spacing_s: float = 1.0


@dataclass(frozen=True, slots=True)
class DomainLoad:
    """What a domain is bearing. Times in seconds on one clock of the caller's choice."""

    active_count: int = 0
    last_start_s: float | None = None
    blocked_until_s: float | None = None


def find_domain(url: str) -> str | None:
    """The registrable domain of an address (``bbc.co.uk``), the address itself for an IP, the last two labels where no
    public suffix fits; None without a host. From the list that tldextract brings along; asks no network. Suffixes of
    private owners (blogspot.com) count as domains: their hosts are one machine room."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".").lower()
    except ValueError:
        return None
    if not host:
        return None
    try:
        return str(ipaddress.ip_address(host.partition("%")[0]))
    except ValueError:
        return _extractor()(host).top_domain_under_public_suffix or ".".join(host.split(".")[-2:])


def decide_wait(load: DomainLoad, pace: Pace, now_s: float, crawl_delay_s: float | None = None) -> float | None:
    """Seconds until a request may start: 0 at once, None when one of the running requests must end first."""
    spacing = max(pace.spacing_s, min(crawl_delay_s or 0.0, MAX_DELAY_S))
    waits = [0.0]
    if load.last_start_s is not None:
        waits.append(load.last_start_s + spacing - now_s)
    if load.blocked_until_s is not None:
        waits.append(load.blocked_until_s - now_s)
    if load.active_count >= pace.concurrency:
        return None
    return max(waits)


def note_start(load: DomainLoad, now_s: float) -> DomainLoad:
    """The load after a request has started."""
    return replace(load, active_count=load.active_count + 1, last_start_s=now_s)


def note_end(load: DomainLoad, now_s: float, retry_after_s: float | None = None) -> DomainLoad:
    """The load after a request has ended; Retry-After blocks the whole domain."""
    blocked = load.blocked_until_s
    if retry_after_s:
        blocked = max(blocked or 0.0, now_s + retry_after_s)
    return replace(load, active_count=max(0, load.active_count - 1), blocked_until_s=blocked)


@cache
def _extractor() -> tldextract.TLDExtract:
    return tldextract.TLDExtract(cache_dir=None, suffix_list_urls=(), fallback_to_snapshot=True)
