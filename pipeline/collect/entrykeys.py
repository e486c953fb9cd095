"""Which entry of a feed is which, poll after poll. Pure.

::

    entries of this poll ─▶ find_names ─▶ (recall what had one of these names) ─▶ decide_keys ─▶ one key an entry

A key is given when an entry is first seen and stays: while GUIDs change, headlines and with them addresses are rewritten.
The address leads; a GUID speaks where there is no address, or where what it was seen at is gone and words or time agree,
because GUIDs are reused, given twice and counted afresh. Only what the feed itself showed before counts.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

from pipeline.collect.identity import MAX_ADDRESS_LENGTH, fit_key, is_front_page, normalise_url
from pipeline.records import FeedEntry

_NO_TIME = datetime.min.replace(tzinfo=UTC)
#: so much of a title, or of a text without one, is compared
WORDS_LENGTH = 400
#: of what a text without an address is called
MAX_NAME_LENGTH = 400
#: where more entries than these share a GUID or an address, only the same words make one entry of two
MAX_NAMESAKES = 30


@dataclass(frozen=True, slots=True)
class SeenEntry:
    """What is remembered of an entry: its key, all addresses (`find_place`) and GUIDs that it had, and of its newest
    state the words (`find_words`) and the time of publication."""

    key: str
    addresses: frozenset[str]
    guids: frozenset[str]
    words: str
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class EntryNames:
    """All by which the entries of a poll may have been known: normalised addresses, GUIDs, keys."""

    addresses: frozenset[str]
    guids: frozenset[str]
    keys: frozenset[str]


@dataclass(frozen=True)
class _Name:
    """One entry, by what it can be recognised."""

    place: str | None
    guid: str | None
    words: str
    words_hash: str
    published_at: datetime | None = field(compare=False)

    @cached_property
    def base(self) -> str:
        """The key of an entry that nothing is to be told apart from."""
        if self.place is not None:
            return fit_key(f"url:{self.place}")
        return fit_key(f"guid:{self.guid}" if self.guid else f"words:{self.words_hash}")

    @property
    def forms(self) -> tuple[str, str, str]:
        """Keys that tell more and more: the base, with the GUID, with the words."""
        guid = self.guid if self.place is not None and self.guid else self.words_hash
        return self.base, fit_key(f"{self.base}#{guid}"), fit_key(f"{self.base}#{guid}#{self.words_hash}")


def find_place(entry: FeedEntry) -> str | None:
    """The normalised address of an entry; None where it has none, or one that names no page: a front page, or one that
    is too long to be kept."""
    url_key = normalise_url(entry.url) if entry.url else None
    if not url_key or is_front_page(url_key) or len(url_key) > MAX_ADDRESS_LENGTH:
        return None
    return url_key


def find_words(entry: FeedEntry) -> str:
    """The title of an entry, else what there is of text, as far as it is compared."""
    return (entry.title or entry.summary or entry.content)[:WORDS_LENGTH]


def find_names(entries: Iterable[FeedEntry]) -> EntryNames:
    """By what to look for entries that were seen before."""
    names = [_read_name(entry) for entry in entries]
    return EntryNames(
        frozenset(name.place for name in names if name.place),
        frozenset(name.guid for name in names if name.guid),
        frozenset(form for name in names for form in name.forms),
    )


def decide_keys(entries: Sequence[FeedEntry], seen: Iterable[SeenEntry] = ()) -> tuple[str, ...]:
    """The key of every entry, in order. ``seen`` is what the feed showed before under one of the `find_names`; an entry
    that is another state of one of them has its key."""
    names = [_read_name(entry) for entry in entries]
    latest = sorted(names, key=lambda name: name.published_at or _NO_TIME, reverse=True)  # of one that is listed twice
    keys = _Matching(tuple(dict.fromkeys(latest)), tuple(seen)).match()
    return tuple(keys[name] for name in names)


def has_text(entry: FeedEntry) -> bool:
    """Whether the feed itself carries anything to read."""
    return bool(entry.content or entry.summary or entry.title)


def find_first_place(key: str) -> str | None:
    """The address at which an entry was first seen; None where its key was not made of one."""
    return key.removeprefix("url:").partition("#")[0] if key.startswith("url:") else None


def is_sole(key: str) -> bool:
    """Whether the entry was first seen alone at its address."""
    return not key.startswith("url:") or "#" not in key


def name_text(key: str, entry: FeedEntry) -> str:
    """What a text is called that has no address of its own: the GUID, else the title, else what the key says."""
    kind, _, name = key.partition(":")
    name = entry.title if kind == "words" and entry.title else name
    if len(name) <= MAX_NAME_LENGTH:
        return name
    return f"{name[: MAX_NAME_LENGTH - 65]}…{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()}"


def is_called(entry: FeedEntry, name: str) -> bool:
    """Whether a text of that name (`name_text`) may be this entry's, whatever its title was then."""
    read = _read_name(entry)
    own = name_text(read.forms[1 if read.place is not None and read.guid else 0], entry)
    return name == own or name.startswith(f"{own}#")


class _Matching:
    """The entries of one poll against those that were seen, from the surest sign to the weakest."""

    def __init__(self, names: tuple[_Name, ...], seen: tuple[SeenEntry, ...]) -> None:
        self._names = names
        self._keys: dict[_Name, str] = {}
        self._seen_keys = {s.key for s in seen}
        self._at = _index((place, s) for s in seen for place in s.addresses or [None])
        self._of_guid = _index((guid, s) for s in seen for guid in s.guids)
        self._exact = {
            (place, guid, _fold(s.words)): s.key
            for s in seen
            for place in s.addresses or [None]
            for guid in s.guids or [None]
        }
        self._by_key = {s.key: s for s in seen}
        self._guid_counts = Counter(name.guid for name in names)
        self._time_counts = Counter(name.published_at for name in names)

    def match(self) -> dict[_Name, str]:
        """A key for every name. What is there as it was seen comes first: nothing beside it takes its key."""
        for name in self._names:
            if (key := self._exact.get((name.place, name.guid, name.words))) is not None:
                self._keys[name] = key
        for rule in (_is_reworded, _is_retitled, _is_reissued, _is_at_its_place):
            self._pair(rule)
        if self._are_guids_kept():
            self._pair(self._is_moved)
        self._add_new()
        return self._keys

    def _open(self) -> list[_Name]:
        return [name for name in self._names if name not in self._keys]

    def _find_candidates(self, name: _Name) -> list[SeenEntry]:
        at = self._at.get(name.place, []) if name.place is not None else []
        of_guid = self._of_guid.get(name.guid, []) if name.guid is not None else []
        if max(len(at), len(of_guid)) > MAX_NAMESAKES:
            return []
        of_key = [self._by_key[name.base]] if name.base in self._by_key else []
        return list({s.key: s for s in (*at, *of_guid, *of_key)}.values())

    def _pair(self, rule: Callable[[_Name, SeenEntry], bool]) -> None:
        """The same entry, if both have no other choice."""
        claimed = set(self._keys.values())
        wanted = {
            name: [s.key for s in self._find_candidates(name) if s.key not in claimed and rule(name, s)]
            for name in self._open()
        }
        counts = Counter(key for keys in wanted.values() for key in keys)
        self._keys |= {name: keys[0] for name, keys in wanted.items() if len(keys) == 1 and counts[keys[0]] == 1}

    def _is_moved(self, name: _Name, seen: SeenEntry) -> bool:
        return self._find_holder(name) is seen and self._is_alike(name, seen)

    def _find_holder(self, name: _Name) -> SeenEntry | None:
        """Who had the GUID of this entry, if it is given to one here and was given to one before."""
        holders = self._of_guid.get(name.guid, ()) if name.guid else ()
        return holders[0] if len(holders) == 1 and self._guid_counts[name.guid] == 1 else None

    def _is_alike(self, name: _Name, seen: SeenEntry) -> bool:
        """By their words, or by a time that is this entry's alone."""
        is_own_time = name.published_at is not None and self._time_counts[name.published_at] == 1
        return share_words(name.words, seen.words) or (is_own_time and name.published_at == seen.published_at)

    def _are_guids_kept(self) -> bool:
        """Whether the feed, as far as this poll shows, gives no GUID to another story: some number their entries."""
        claimed = set(self._keys.values())
        holders = [(name, seen) for name in self._open() if (seen := self._find_holder(name)) is not None]
        kept = [self._is_alike(name, seen) for name, seen in holders if seen.key not in claimed]
        return 2 * sum(kept) >= len(kept)

    def _add_new(self) -> None:
        """Keys for what was not seen before, each telling no more than it must."""
        groups: dict[str, list[_Name]] = {}
        for name in self._open():
            groups.setdefault(name.base, []).append(name)
        for group in groups.values():
            is_shared = len(group) > 1 or group[0].base in self._seen_keys or bool(self._at_place(group[0]))
            per_guid = Counter(name.guid for name in group)
            for name in group:
                is_twice = name.place is not None and name.guid is not None and per_guid[name.guid] > 1
                forms = name.forms[(2 if is_twice else 1) if is_shared else 0 :]
                self._keys[name] = next((form for form in forms if form not in self._seen_keys), forms[-1])

    def _at_place(self, name: _Name) -> Collection[SeenEntry]:
        if name.place is not None:
            return self._at.get(name.place, ())
        return [s for s in self._of_guid.get(name.guid, ()) if not s.addresses] if name.guid else ()


def _read_name(entry: FeedEntry) -> _Name:
    words = _fold(find_words(entry).replace("\x00", "").encode("utf-8", "replace").decode())
    guid = entry.guid.strip() if entry.guid else None
    return _Name(find_place(entry), guid or None, words, hash_words(entry), entry.published_at)


def _fold(words: str) -> str:
    return " ".join(words.split()).casefold()


def hash_words(entry: FeedEntry) -> str:
    """A short hash of an entry's title, or of what there is of text."""
    words = " ".join((entry.title or entry.summary or entry.content).split()).casefold()
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _index(pairs: Iterable[tuple[str | None, SeenEntry]]) -> dict[str | None, list[SeenEntry]]:
    found: dict[str | None, list[SeenEntry]] = {}
    for name, seen in pairs:
        found.setdefault(name, []).append(seen)
    return found


def _is_here(name: _Name, seen: SeenEntry) -> bool:
    return name.place in seen.addresses if name.place is not None else not seen.addresses


def _has_same_names(name: _Name, seen: SeenEntry) -> bool:
    """Address and GUID are those that were seen, or neither has the one."""
    return _is_here(name, seen) and (name.guid in seen.guids if name.guid else not seen.guids)


def _is_reworded(name: _Name, seen: SeenEntry) -> bool:
    return _has_same_names(name, seen) and share_words(name.words, seen.words)


def _is_retitled(name: _Name, seen: SeenEntry) -> bool:
    """Another title; where there is no address, only if nothing says that the time is another too."""
    has_other_time = name.published_at and seen.published_at and name.published_at != seen.published_at
    return _has_same_names(name, seen) and bool(name.place or (name.guid and not has_other_time))


def _is_reissued(name: _Name, seen: SeenEntry) -> bool:
    """Another GUID; the address and words of the title are as before."""
    return name.place is not None and _is_here(name, seen) and share_words(name.words, seen.words)


def _is_at_its_place(name: _Name, seen: SeenEntry) -> bool:
    return name.place is not None and _is_here(name, seen)


def share_words(first: str, second: str) -> bool:
    """Whether two titles have a word in three in common."""
    one, two = (set(re.findall(r"\w{3,}", title.casefold())) for title in (first, second))
    return bool(one & two) and 3 * len(one & two) >= len(one | two)
