"""Which address is the same page, and which entry is the same entry. Pure.

`normalise_url` gives a name for comparing, never an address for fetching: it drops what tells nothing about the page
(scheme, ``www.``, AMP and mobile forms, tracking parameters, fragments). The rules stand in ``url_rules.tsv``, each
with an example. courlan's list was tried and left: it takes any parameter that begins with ``ref``, ``source``,
``eid`` or ``cid`` for tracking, and some news sites put the number of the story there.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

import idna

from pipeline.records import FeedEntry, ParsedFeed

#: hosts that show another host's page under its address: the address stands in the path
_AMP_CACHE = re.compile(r"^https?://(?:www\.)?google\.[a-z.]{2,6}/amp/(s/)?(?P<inner>[^/]+\..+)$")
_AMP_PROJECT = re.compile(r"^https?://[^/]+\.cdn\.ampproject\.org/(?:[a-z]/)+(s/)?(?P<inner>[^/]+\..+)$")
#: an index of Postgres takes 2,700 bytes; a longer address is none that leads anywhere
MAX_ADDRESS_LENGTH = 2000
_SAFE = "/:@!$&'()*+,;=~-._"


@dataclass(frozen=True, slots=True)
class SeenEntry:
    """What is remembered of an entry: its key, GUID, normalised address and title."""

    key: str
    guid: str | None
    url_key: str | None
    title: str
    seen_at: datetime | None = None


def normalise_url(url: str) -> str:
    """The comparable form, always with ``https``; idempotent; what is no web address comes back stripped."""
    text = _unwrap(url.strip())
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").rstrip(".")
        port = parts.port
    except ValueError:
        return text
    if parts.scheme.lower() not in ("http", "https") or not host:
        return text
    host = _trim_host(_encode_host(host))
    netloc = f"[{host}]" if ":" in host else host
    netloc = f"{netloc}:{port}" if port not in (None, 80, 443) else netloc
    return urlunsplit(("https", netloc, _trim_path(parts.path), _trim_query(parts.query), ""))


def find_address(url: str | None) -> str | None:
    """The address as given, or None for one that is too long to be kept."""
    return url if url and len(url.encode("utf-8", "replace")) <= MAX_ADDRESS_LENGTH else None


def is_front_page(url_key: str) -> bool:
    """Does a normalised address name a site rather than a page? Such a link identifies no entry."""
    parts = urlsplit(url_key)
    return parts.path in ("", "/") and not parts.query


def entry_key(entry: FeedEntry, feed: ParsedFeed | None = None) -> str:
    """A key that stays the same while the publisher edits. The address leads, because GUIDs are changed, reused and
    filled with headlines; the GUID serves where there is no address, where it is the front page, or where ``feed`` has
    several entries at this address (a live blog); the words serve where there is neither."""
    url_key = normalise_url(entry.url) if entry.url else None
    others = feed.entries if feed is not None and url_key is not None else ()
    sharing = {_own_word(other) for other in others if other.url and normalise_url(other.url) == url_key}
    return _build_key(entry, url_key, is_shared=len(sharing | {_own_word(entry)}) > 1)


def entry_keys(feed: ParsedFeed) -> tuple[str, ...]:
    """`entry_key` of every entry, in order; an entry that is there twice has one key."""
    url_keys = [normalise_url(entry.url) if entry.url else None for entry in feed.entries]
    sharing: dict[str | None, set[str]] = {}
    for url_key, entry in zip(url_keys, feed.entries, strict=True):
        sharing.setdefault(url_key, set()).add(_own_word(entry))
    return tuple(
        _build_key(entry, url_key, is_shared=len(sharing[url_key]) > 1)
        for url_key, entry in zip(url_keys, feed.entries, strict=True)
    )


def find_same(entry: FeedEntry, key: str, seen: Iterable[SeenEntry] | Mapping[str, SeenEntry]) -> SeenEntry | None:
    """The entry that this one is a newer state of: by key, or by GUID where the address changed with the headline.
    A GUID counts only if one entry had it and the titles have a word in three in common: some feeds number their
    entries afresh each day."""
    known = seen if isinstance(seen, Mapping) else {earlier.key: earlier for earlier in seen}
    if key in known:
        return known[key]
    if not entry.guid or entry.url is None:
        return None
    same = [earlier for earlier in known.values() if earlier.guid == entry.guid]
    return same[0] if len(same) == 1 and _share_words(same[0].title, entry.title) else None


def _build_key(entry: FeedEntry, url_key: str | None, is_shared: bool) -> str:
    if url_key is None or is_front_page(url_key) or len(url_key) > MAX_ADDRESS_LENGTH:
        return fit_key(f"guid:{entry.guid.strip()}" if entry.guid else f"words:{_hash_words(entry)}")
    return fit_key(f"url:{url_key}#{_own_word(entry)}" if is_shared else f"url:{url_key}")


def fit_key(key: str) -> str:
    """A key that an index can hold; of one that is too long, the beginning and a hash of all."""
    if len(key.encode("utf-8", "surrogatepass")) <= MAX_ADDRESS_LENGTH:
        return key
    return f"{key[:100]}…{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _own_word(entry: FeedEntry) -> str:
    """What tells an entry from others at its address."""
    return entry.guid or _hash_words(entry)


def _hash_words(entry: FeedEntry) -> str:
    words = " ".join((entry.title or entry.summary or entry.content).split()).casefold()
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _share_words(first: str, second: str) -> bool:
    one, two = (set(re.findall(r"\w{3,}", title.casefold())) for title in (first, second))
    return bool(one & two) and 3 * len(one & two) >= len(one | two)


def _unwrap(url: str) -> str:
    """The address inside an AMP cache's address."""
    found = _AMP_CACHE.match(url) or _AMP_PROJECT.match(url)
    return f"https://{found['inner']}" if found else url


def _encode_host(host: str) -> str:
    """In Punycode by UTS 46, as the client asks for it."""
    if host.isascii():
        return host.lower()
    try:
        return idna.encode(host, uts46=True).decode("ascii").lower()
    except idna.IDNAError:
        return host.lower()


def _trim_host(host: str) -> str:
    """Without ``www.``, ``m.`` and the like, as long as something with a dot is left."""
    while found := _rules("host")[0].match(host):
        rest = host[found.end() :]
        if "." not in rest:
            break
        host = rest
    return host


def _trim_path(path: str) -> str:
    path = quote(unquote(path, errors="surrogateescape"), safe=_SAFE, errors="surrogateescape")
    path = re.sub("/{2,}", "/", path)
    if "/." in path:
        path = posixpath.normpath(path)
    before = None
    while before != path:
        before = path
        for rule in _rules("path"):
            path = rule.sub("", path)
        path = path.rstrip("/")
    return path or "/"


def _trim_query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True, errors="surrogateescape")
    (tracking,) = _rules("parameter")
    kept = sorted(pair for pair in pairs if not tracking.fullmatch(pair[0].lower()))
    return urlencode(kept, errors="surrogateescape")


@cache
def _rules(kind: str) -> tuple[re.Pattern[str], ...]:
    """The patterns of a kind from ``url_rules.tsv``; parameters joined into one."""
    lines = (files(__package__) / "url_rules.tsv").read_text(encoding="utf-8").splitlines()[1:]
    patterns = [line.split("\t")[1] for line in lines if line.split("\t")[0] == kind]
    return (re.compile("|".join(patterns)),) if kind == "parameter" else tuple(map(re.compile, patterns))
