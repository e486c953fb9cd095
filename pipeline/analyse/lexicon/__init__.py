"""The words of saying, as tables; every row carries an example of ours in which it fires."""

from __future__ import annotations

import csv
import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources

from pipeline.records import Act


@dataclass(frozen=True, slots=True)
class CueVerb:
    """A verb of saying, the shape of what follows it, and what the source does with it."""

    lemma: str
    pattern: str
    act: Act


def read_table(name: str) -> Iterator[dict[str, str]]:
    """Rows of ``lexicon/NAME.tsv`` by column name; lines with ``#`` are comments."""
    text = resources.files(__package__).joinpath(f"{name}.tsv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


@functools.cache
def cue_verbs() -> Mapping[str, tuple[CueVerb, ...]]:
    """Lemma to its rows, in the order of the table."""
    found: dict[str, list[CueVerb]] = {}
    for row in read_table("cue_verbs"):
        found.setdefault(row["lemma"], []).append(CueVerb(row["lemma"], row["pattern"], row["act"]))  # type: ignore[arg-type]
    return {lemma: tuple(rows) for lemma, rows in found.items()}


@functools.cache
def confirming_verbs() -> frozenset[str]:
    """Verbs whose negation leaves a claim open, whoever is meant ("could not be verified")."""
    return frozenset(lemma for lemma, rows in cue_verbs().items() if any(row.act == "confirm" for row in rows))


@functools.cache
def cue_nouns() -> Mapping[str, Act]:
    """Noun of saying to its act."""
    return {row["lemma"]: row["act"] for row in read_table("cue_nouns")}  # type: ignore[misc]


@functools.cache
def word_set(name: str, kind: str) -> frozenset[str]:
    """The words of one kind in ``lexicon/NAME.tsv`` (columns word, kind, …)."""
    return frozenset(row["word"] for row in read_table(name) if row["kind"] == kind)


@functools.cache
def persons() -> frozenset[str]:
    """Nouns of persons and bodies by WordNet, but for those that speakers.tsv calls otherwise."""
    return frozenset(row["word"] for row in read_table("persons")) - word_set("speakers", "document")


@functools.cache
def effects() -> Mapping[tuple[str, str], str]:
    """(kind, word) to effect."""
    return {(row["kind"], row["word"]): row["effect"] for row in read_table("stance")}


def leaves_open(lemma: str) -> bool:
    """Whether not to do what a verb says leaves open what is spoken of: confirm, verify, determine, know."""
    return effects().get(("not verb", lemma)) == "not_confirm"
