"""Words of wire copy reduced to what two outlets share: concepts, how rare each is, negation, opposites.

Tables: ``lexicon/function_words.tsv`` (dropped), ``same_words.tsv`` (one concept, many words), ``opposites.tsv`` (a concept
and its contrary), ``common_words.tsv`` (share of 840 news articles that hold a stem, measured on the PolNeAR training half).
"""

from __future__ import annotations

import csv
import functools
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources

WORD = re.compile(r"[^\W_]+(?:(?:['’\-.]|(?<=\d),(?=\d))[^\W_]+)*")
NUMBER = re.compile(r"^\d[\d.,]*$")
ENDINGS = (("ies", "y"), ("sses", "ss"), ("ing", ""), ("ied", "y"), ("edly", ""), ("ed", ""), ("s", ""), ("ly", ""))
NEGATIONS = frozenset({"not", "no", "never", "nobody", "none", "nothing", "neither", "nor", "without", "cannot", "n't"})
# A stem that no article of the count holds is as rare as one that a single article holds.
RAREST = 1 / 840


@dataclass(frozen=True, slots=True)
class Wording:
    """What a stretch of text is about: concepts, those of them that are names, the signs of words that have a contrary (-1
    for the contrary), numbers in figures, and whether it negates."""

    concepts: frozenset[str]
    names: frozenset[str]
    signs: Mapping[str, int]
    numbers: frozenset[str]
    is_negated: bool


def read_table(name: str) -> Iterator[dict[str, str]]:
    """Rows of a table of this package; lines that begin with # are notes."""
    text = resources.files("pipeline.link").joinpath("lexicon", f"{name}.tsv").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


@functools.cache
def function_words() -> frozenset[str]:
    """Words that say nothing of the matter."""
    return frozenset(word for row in read_table("function_words") for word in row["words"].split())


@functools.cache
def same_words() -> Mapping[str, str]:
    """Word to the concept that it names."""
    return {word: row["concept"] for row in read_table("same_words") for word in row["words"].split()}


@functools.cache
def opposites() -> Mapping[str, tuple[str, int]]:
    """Word to (concept, sign)."""
    table: dict[str, tuple[str, int]] = {}
    for row in read_table("opposites"):
        table |= dict.fromkeys(row["words"].split(), (row["concept"], 1))
        table |= dict.fromkeys(row["opposite"].split(), (row["concept"], -1))
    return table


@functools.cache
def common_words() -> Mapping[str, float]:
    """Stem to the share of news articles that hold it."""
    return {row["stem"]: float(row["share"]) for row in read_table("common_words")}


def plain_words(text: str) -> list[str]:
    """Lower-case words with straight apostrophes; ``don't`` gives ``do`` and ``n't``, a possessive loses its mark."""
    found: list[str] = []
    for match in WORD.finditer(text.replace("’", "'")):
        word = match.group().lower()
        if word.endswith("n't"):
            found += [word[:-3], "n't"]
        else:
            found.append(word.removesuffix("'s").removesuffix("'"))
    return found


@functools.lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """A word without its usual ending, never under three letters; doubled consonants are undone (``stopped``, ``stop``)."""
    for ending, instead in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith(("ss", "us", "is")):
            short = word[: len(word) - len(ending)] + instead
            if ending in ("ing", "ed") and len(short) > 3 and short[-1] == short[-2] and short[-1] not in "ls":
                short = short[:-1]
            return short.removesuffix("e") if len(short) > 4 else short
    return word.removesuffix("e") if len(word) > 4 else word


@functools.lru_cache(maxsize=65536)
def concept_of(word: str) -> str:
    """The concept that a word names, else its stem."""
    return same_words().get(word) or (opposites()[word][0] if word in opposites() else stem(word))


@functools.lru_cache(maxsize=65536)
def weight(concept: str) -> float:
    """How much a shared concept says: -log of the share of articles that hold it, over that of the rarest; 0 to 1."""
    share = max(common_words().get(concept, RAREST), RAREST)
    return math.log(share) / math.log(RAREST)


def total_weight(concepts: Iterable[str]) -> float:
    """Sum of weights, in an order that does not depend on hashing."""
    return math.fsum(sorted(weight(concept) for concept in concepts))


@functools.cache
def numerals() -> Mapping[str, str]:
    """Spelled-out number to its figures."""
    return {row["word"]: row["value"] for row in read_table("numerals")}


def read_wording(text: str) -> Wording:
    """The wording of a content."""
    words = plain_words(text)
    kept = [word for word in words if word in opposites() or (word not in function_words() and len(word) > 2)]
    capitals = {
        word
        for match in list(WORD.finditer(text))[1:]
        if match.group()[0].isupper()
        for word in plain_words(match.group())
    }
    return Wording(
        concepts=frozenset(concept_of(word) for word in kept if not NUMBER.match(word)),
        names=frozenset(concept_of(word) for word in kept if word in capitals),
        signs={opposites()[word][0]: opposites()[word][1] for word in kept if word in opposites()},
        numbers=frozenset(numerals().get(w, w.replace(",", "")) for w in words if NUMBER.match(w) or w in numerals()),
        is_negated=any(word in NEGATIONS for word in words),
    )
