"""The same agency text in other outlets: sketches to find it, word shingles to prove it, a rule to say who copied whom.

A sketch is a MinHash (Broder 1997; `rensa`) of three-word shingles, cut into bands whose hashes are index keys. A key holds
the two-day bucket of publication, so that a look-up meets only texts of about the window, however old the archive is.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from rensa import RMinHash

from pipeline.link.words import plain_words

Node = TypeVar("Node", int, bytes)

SKETCH_VERSION = 1
WINDOW = timedelta(hours=48)
SHINGLE = 3
BANDS, ROWS = 40, 3
SEED = 20261117
# Under these many shingles a text is an alert: only an almost equal one is its copy.
SHORT = 40
# Containment of the shorter text in the longer from which one is a copy: both marked as one agency's, no mark on one of
# them, marked as two agencies'. Two agencies that quote one speech share 0.1 to 0.3 (docs/decisions/linking.md).
SAME_AGENCY, UNMARKED, OTHER_AGENCY, SHORT_TEXT = 0.45, 0.55, 0.85, 0.9
CALENDAR = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:\d{1,2}\s+)?(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)"
    r"(?:\.|uary|ruary|ch|il|ust|tember|ober|ember)?(?:\s+\d{1,2})?)(?=\W|$)\.?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PrintedText:
    """One revision as it was printed. ``agency_id`` is who wrote it, where known; ``is_own`` that agency printed it itself."""

    article_id: int
    outlet_id: int
    agency_id: int | None
    is_own: bool
    is_repeat: bool
    first_published_at: datetime
    canonical_url: str


@dataclass(frozen=True, slots=True)
class Overlap:
    """How much two texts share: Jaccard of their shingles, containment of the shorter in the longer, shingles of the shorter."""

    jaccard: float
    containment: float
    shingles: int


@dataclass(frozen=True, slots=True)
class CopyOf:
    """The decision for one article: the article whose text it repeats."""

    original_id: int
    method: str
    score: float


def find_shingles(body: str, masked: Iterable[tuple[int, int]] = ()) -> frozenset[str]:
    """Three-word shingles of a body without its masked spans (dateline, sign-off, notices) and its calendar words."""
    words = plain_words(CALENDAR.sub(" ", without_spans(body, masked)))
    return frozenset(" ".join(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1))


def without_spans(body: str, masked: Iterable[tuple[int, int]]) -> str:
    """A body without its masked spans."""
    kept, at = [], 0
    for start, end in sorted(masked):
        kept.append(body[at : max(at, start)])
        at = max(at, end)
    return " ".join([*kept, body[at:]])


def sketch_keys(shingles: frozenset[str], published_at: datetime, is_search: bool = False) -> list[int]:
    """Index keys of a text: one a band, in its own two-day bucket; for a search in the buckets before and after too."""
    if not shingles:
        return []
    sketch = RMinHash(num_perm=BANDS * ROWS, seed=SEED)
    sketch.update(sorted(shingles))
    digest = sketch.digest()
    bands = [tuple(digest[i : i + ROWS]) for i in range(0, BANDS * ROWS, ROWS)]
    return [
        hash_key(bucket, n, *band) for bucket in buckets_of(published_at, is_search) for n, band in enumerate(bands)
    ]


def buckets_of(at: datetime, is_search: bool, width: timedelta = WINDOW) -> list[int]:
    """The bucket of a time, and for a search its neighbours: two texts within ``width`` always meet."""
    own = int(at.timestamp() // width.total_seconds())
    return [own - 1, own, own + 1] if is_search else [own]


def hash_key(*parts: object) -> int:
    """A signed 64-bit key of parts, the same in every process."""
    digest = hashlib.blake2b("\x1f".join(map(str, parts)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def measure_overlap(one: frozenset[str], other: frozenset[str]) -> Overlap:
    """Jaccard and containment of two sets of shingles."""
    shared, shorter = len(one & other), min(len(one), len(other))
    if not shorter:
        return Overlap(0.0, 0.0, 0)
    return Overlap(shared / len(one | other), shared / shorter, shorter)


def is_copy(one: PrintedText, other: PrintedText, overlap: Overlap) -> bool:
    """Whether one of two texts repeats the other. Updates by one outlet are none, whatever they share; a REPEAT is one."""
    if one.outlet_id == other.outlet_id:
        return (one.is_repeat or other.is_repeat) and overlap.containment >= UNMARKED
    if one.is_own and other.is_own:
        return False  # two agencies that print themselves
    if overlap.shingles < SHORT:
        return overlap.containment >= SHORT_TEXT
    if one.agency_id is None or other.agency_id is None:
        return overlap.containment >= UNMARKED
    return overlap.containment >= (SAME_AGENCY if one.agency_id == other.agency_id else OTHER_AGENCY)


def original_order(text: PrintedText) -> tuple[bool, bool, datetime, str]:
    """Sorts originals first: an agency's own print, then the earlier one; a REPEAT last."""
    return text.is_repeat, not text.is_own, text.first_published_at, text.canonical_url


def decide_parents(
    texts: Mapping[int, PrintedText], overlaps: Mapping[tuple[int, int], Overlap], wanted: Iterable[int]
) -> dict[int, CopyOf | None]:
    """For each article wanted: the nearest of the articles before it that it repeats, or None. Does not depend on order.

    ``overlaps`` maps pairs (lower id, higher id), all those of an article wanted among them.
    """
    parents: dict[int, CopyOf | None] = dict.fromkeys(wanted)
    for (a, b), overlap in sorted(overlaps.items()):
        one, other = sorted((texts[a], texts[b]), key=original_order)
        if other.article_id not in parents or not is_copy(one, other, overlap):
            continue
        known = parents[other.article_id]
        if known is None or is_nearer(overlap.containment, one, known, texts):
            method = "repeat" if other.is_repeat else "shingles+agency" if agree(one, other) else "shingles"
            parents[other.article_id] = CopyOf(one.article_id, method, overlap.containment)
    return parents


def decide_copies(
    texts: Mapping[int, PrintedText], overlaps: Mapping[tuple[int, int], Overlap]
) -> dict[int, CopyOf | None]:
    """For each article of a set closed under overlaps: what it is a copy of; a copy of a copy is one of the original."""
    found = decide_parents(texts, overlaps, texts)
    parents = {article_id: parent for article_id, parent in found.items() if parent is not None}
    return {article_id: follow(parents, article_id) for article_id in texts}


def is_nearer(containment: float, one: PrintedText, known: CopyOf, texts: Mapping[int, PrintedText]) -> bool:
    """More like than what is known; the earlier original where both are as like."""
    mine, theirs = -round(containment, 3), -round(known.score, 3)
    return (mine, original_order(one)) < (theirs, original_order(texts[known.original_id]))


def agree(one: PrintedText, other: PrintedText) -> bool:
    """Both bear the mark of one agency."""
    return one.agency_id is not None and one.agency_id == other.agency_id


def follow(parents: Mapping[int, CopyOf], article_id: int) -> CopyOf | None:
    """The root above an article, with the article's own method and score."""
    own = parents.get(article_id)
    if own is None:
        return None
    root = own.original_id
    while root in parents:
        root = parents[root].original_id
    return CopyOf(root, own.method, own.score)


def components(nodes: Iterable[Node], edges: Iterable[tuple[Node, Node]]) -> list[list[Node]]:
    """Connected components, each sorted, in order of their least member."""
    parent = {node: node for node in nodes}

    def find(node: Node) -> Node:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for a, b in edges:
        low, high = sorted((find(a), find(b)))
        parent[high] = low
    groups: dict[Node, list[Node]] = {}
    for node in sorted(parent):
        groups.setdefault(find(node), []).append(node)
    return list(groups.values())


def best_overlaps(found: Sequence[tuple[int, int, Overlap]]) -> dict[tuple[int, int], Overlap]:
    """The greatest overlap of any two revisions of each pair of articles."""
    best: dict[tuple[int, int], Overlap] = {}
    for a, b, overlap in found:
        key = (min(a, b), max(a, b))
        if key not in best or (overlap.containment, overlap.jaccard) > (best[key].containment, best[key].jaccard):
            best[key] = overlap
    return best
