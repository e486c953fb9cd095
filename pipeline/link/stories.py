"""Which articles tell one story: rare names and rare words shared within the window, across outlets and languages.

Names are capitalised words that no function word or common word explains; each weighs by how rare it is in news. A story is
founded by its earliest article, and an article joins the founder that it shares most with: chains do not drift.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

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


def decide_stories(
    articles: Mapping[int, tuple[datetime, str]],
    scores: Mapping[tuple[int, int], float],
    settled: Mapping[int, int] | None = None,
) -> dict[int, int]:
    """Article to the article that founds its story, for a set closed under scores (pairs: lower id, higher id).

    Articles come in order of first publication; each joins the founder, or the member, that it is most like, where it is
    like the founder or like half of the members. Those ``settled`` keep the founder that they have.
    """
    order = sorted(articles, key=lambda a: articles[a])
    founder_of: dict[int, int] = dict(settled or {})
    members: dict[int, list[int]] = {}
    for article in order:
        if article in founder_of:
            members.setdefault(founder_of[article], []).append(article)
            continue
        found: list[tuple[float, int, int]] = []
        for rank, (founder, known) in enumerate(members.items()):
            liked = [s for m in known if (s := scores.get((min(m, article), max(m, article)), 0.0)) > 0]
            is_like_founder = scores.get((min(founder, article), max(founder, article)), 0.0) > 0
            if liked and (is_like_founder or 2 * len(liked) >= len(known)):
                found.append((max(liked), -rank, founder))
        home = max(found)[2] if found else article
        founder_of[article] = home
        members.setdefault(home, []).append(article)
    return founder_of
