"""Which articles tell one story: rare names and rare words shared within the window, across outlets and languages.

Names are capitalised words that no function word or common word explains; each weighs by how rare it is in news. A story is
founded by its earliest article, and an article joins the founder that it shares most with: chains do not drift.
"""

from __future__ import annotations

import heapq
import math
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pipeline.link.copies import WINDOW, buckets_of, hash_key
from pipeline.link.words import concept_of, function_words, plain_words, weight

NAME = re.compile(r"[^\W\d_][^\W_]*(?:['’\-][^\W_]+)*")
RARE_NAME, RARE_WORD = 0.45, 0.35
# Weight of shared names, and cosine of names and of words, from which two articles tell one story.
NAMES_SHARED, NAME_COSINE, WORD_COSINE, MANY_NAMES = 2.5, 0.22, 0.10, 0.35
KEYS_A_TEXT = 64


@dataclass(frozen=True, slots=True)
class Topic:
    """What an article is about: hash of each rare name and each rare word to its weight."""

    article_id: int
    names: Mapping[int, float]
    words: Mapping[int, float]
    language: str | None
    published_at: datetime
    canonical_url: str


def find_names(text: str) -> dict[str, float]:
    """Rare capitalised words (lower case) and their weights; words that also stand in lower case are no names."""
    lowered = {match.group() for match in NAME.finditer(text) if match.group()[0].islower()}
    found: dict[str, float] = {}
    for match in NAME.finditer(text):
        if match.group()[0].isupper() and len(match.group()) > 2:
            for word in plain_words(match.group()):
                if word not in lowered and word not in function_words() and weight(concept_of(word)) >= RARE_NAME:
                    found[word] = weight(concept_of(word))
    return found


def find_words(text: str, names: Iterable[str]) -> dict[str, float]:
    """Rare words that are no names, by concept."""
    concepts = {concept_of(word) for word in plain_words(text) if word not in function_words() and len(word) > 2}
    named = {concept_of(name) for name in names}
    return {c: weight(c) for c in concepts - named if weight(c) >= RARE_WORD and not c[0].isdigit()}


def read_topic(article_id: int, text: str, language: str | None, published_at: datetime, canonical_url: str) -> Topic:
    """The topic of headline and body together."""
    names = find_names(text)
    words = find_words(text, names)
    return Topic(
        article_id, {hash_key(name): w for name, w in names.items()}, {hash_key(word): w for word, w in words.items()},
        language, published_at, canonical_url,
    )  # fmt: skip


def topic_keys(topic: Topic, is_search: bool = False) -> list[int]:
    """Index keys of a topic: its rarest names, each with the two-day bucket."""
    rarest = sorted(topic.names, key=lambda name: (-topic.names[name], name))[:KEYS_A_TEXT]
    return [hash_key("story", bucket, name) for bucket in buckets_of(topic.published_at, is_search) for name in rarest]


def cosine(one: Mapping[int, float], other: Mapping[int, float]) -> float:
    """Cosine of two weighted sets."""
    shared = math.fsum(one[k] * other[k] for k in sorted(one.keys() & other.keys()))
    norms = math.sqrt(math.fsum(v * v for v in one.values()) * math.fsum(v * v for v in other.values()))
    return shared / norms if norms else 0.0


def measure_story(one: Topic, other: Topic) -> float:
    """How surely two articles tell one story, 0 where they do not: names and words shared, or many names across languages."""
    if abs(one.published_at - other.published_at) > WINDOW:
        return 0.0
    shared = sorted(one.names[k] for k in one.names.keys() & other.names.keys())
    if math.fsum(shared) < NAMES_SHARED:
        return 0.0
    names, words = cosine(one.names, other.names), cosine(one.words, other.words)
    is_foreign = one.language != other.language and None not in (one.language, other.language)
    if names >= MANY_NAMES or (names >= NAME_COSINE and words >= WORD_COSINE) or (is_foreign and names >= NAME_COSINE):
        return min(1.0, names + words)
    return 0.0


Order = tuple[datetime, str]


class StoryIndex(Protocol):
    """What deciding stories asks of what is stored. The order of an article is (first publication, canonical URL)."""

    def order_of(self, article: int) -> Order:
        """Where an article stands among all."""

    def scores_of(self, article: int) -> Mapping[int, float]:
        """Articles that an article is like, with the score, each above 0."""

    def founder_of(self, article: int) -> int:
        """The founder of its story, as stored; a new article founds one of its own."""

    def members_of(self, founder: int) -> Collection[int]:
        """Articles of the story that an article founded, as stored."""

    def list_later(self, articles: Collection[int], order: Order) -> Collection[int]:
        """Articles after ``order`` that are like any of these."""


class StoryDecider:
    """Founders of articles, each decided by the articles before it alone: whatever the order of arrival, one answer.

    ``settle`` decides anew those that changed, and then only those after them that what moved may have moved.
    """

    def __init__(self, index: StoryIndex) -> None:
        self._index = index
        self.moved: dict[int, int] = {}
        self._members: dict[int, set[int]] = {}

    def settle(self, changed: Iterable[int]) -> dict[int, int]:
        """Article to new founder, for every article that left the story that it was stored in."""
        order_of = self._index.order_of
        waiting = [(order_of(article), article) for article in set(changed)]
        heapq.heapify(waiting)
        last: int | None = None
        while waiting:
            order, article = heapq.heappop(waiting)
            if article == last:
                continue
            last, old, new = article, self._home(article), self.decide_founder(article)
            if old == new:
                continue
            reached = self._member_set(old) | self._member_set(new)
            self._member_set(old).discard(article)
            self._member_set(new).add(article)
            self.moved[article] = new
            for later in self._index.list_later(reached, order):
                heapq.heappush(waiting, (order_of(later), later))
        return {article: new for article, new in self.moved.items() if new != self._index.founder_of(article)}

    def decide_founder(self, article: int) -> int:
        """The founder of the story that an article is most like, where it is like the founder or half of the members
        that came before it; the article itself where there is none."""
        order_of, scores = self._index.order_of, self._index.scores_of(article)
        mine, found = order_of(article), []
        for founder in {self._home(other) for other in scores if order_of(other) < mine}:
            known = [member for member in self._member_set(founder) if order_of(member) < mine]
            liked = [scores[member] for member in known if member in scores]
            if liked and (founder in scores or 2 * len(liked) >= len(known)):
                found.append((-max(liked), order_of(founder), founder))
        return min(found)[2] if found else article

    def _home(self, article: int) -> int:
        return self.moved.get(article) or self._index.founder_of(article)

    def _member_set(self, founder: int) -> set[int]:
        if founder not in self._members:
            self._members[founder] = set(self._index.members_of(founder))
        return self._members[founder]
