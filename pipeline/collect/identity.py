"""Which address is the same page. Pure.

`normalise_url` gives a name for comparing, never an address for fetching: it drops what tells nothing about the page
(scheme, ``www.``, AMP and mobile forms, tracking parameters, fragments). The rules stand in ``url_rules.tsv``, each
with an example. courlan's list was tried and left: it takes any parameter that begins with ``ref``, ``source``,
``eid`` or ``cid`` for tracking, and some news sites put the number of the story there.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from functools import cache
from importlib.resources import files
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

import idna

#: hosts that show another host's page under its address: the address stands in the path
_AMP_CACHE = re.compile(r"^https?://(?:www\.)?google\.[a-z.]{2,6}/amp/(s/)?(?P<inner>[^/]+\..+)$")
_AMP_PROJECT = re.compile(r"^https?://[^/]+\.cdn\.ampproject\.org/(?:[a-z]/)+(s/)?(?P<inner>[^/]+\..+)$")
#: an index of Postgres takes 2,700 bytes; a longer address is none that leads anywhere
MAX_ADDRESS_LENGTH = 2000
_SAFE = "/:@!$&'()*+,;=~-._"


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


def fit_key(key: str) -> str:
    """A key that an index can hold; of one that is too long, the beginning and a hash of all."""
    if len(key.encode("utf-8", "surrogatepass")) <= MAX_ADDRESS_LENGTH:
        return key
    return f"{key[:100]}…{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()}"


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
