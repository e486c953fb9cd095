"""Who speaks in a claim, as linking sees it: for whom, by which keys over texts, in which role of a story."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.entities.names import fold_name
from pipeline.link.words import plain_words, stem

# How firmly a kind of source stands for what it says: named over unnamed.
LADDER: Mapping[str, int] = {
    "named": 4, "document": 4, "role": 3, "institution": 3, "agency": 3, "pronoun": 3, "group": 2, "unnamed": 1,
}  # fmt: skip
INDEFINITE = frozenset(
    {"a", "an", "another", "one", "two", "three", "four", "five", "several", "some", "many", "other", "both"}
)
DETERMINERS = frozenset({"the", "its", "his", "her", "their", "this", "that", "these", "those"})
PREPOSITIONS = frozenset({"of", "in", "at", "for", "from", "on", "with", "near", "who", "which", "that", "to", "close"})
TITLES = frozenset({"president", "minister", "mr", "mrs", "ms", "dr", "general", "colonel", "captain", "judge", "sir"})


@dataclass(frozen=True, slots=True)
class Speaker:
    """One source. ``entity`` and ``party`` are keys; a key of one text only begins with ``text:``."""

    kind: str
    entity: str | None
    entity_name: str | None
    party: str | None
    party_name: str | None
    words: str | None

    @property
    def known_as(self) -> str:
        """The key of whom all texts know, else the name, else the words: what does not change as other texts are read."""
        if self.entity and not self.entity.startswith("text:"):
            return self.entity
        return self.entity_name or self.words or self.kind

    @property
    def party_key(self) -> str:
        """For whom one speaks, as well as is known: party, else entity, else the words."""
        return shared_key(self.party or self.entity or "", self.party_name or self.entity_name) or words_key(self.words)

    @property
    def ids(self) -> frozenset[str]:
        """All that identifies the speaker: keys of entity and party, and the last name of a named one."""
        found = {shared_key(self.entity or "", self.entity_name), shared_key(self.party or "", self.party_name)}
        if self.kind == "named" or (self.entity or "").startswith("person:"):
            found.add(words_key(self.entity_name or self.words))
        return frozenset(found - {""})

    @property
    def role(self) -> tuple[str, frozenset[str]] | None:
        """Head and complement of words that name one side of a story ("the mayor of Brix"); None for "a mayor", "he"."""
        words = plain_words(self.words or "")
        if self.kind in ("named", "pronoun", "agency") or not words or words[0] in INDEFINITE or words[0].isdigit():
            return None
        cut = next((n for n, word in enumerate(words) if word in PREPOSITIONS), len(words))
        head = [word for word in words[:cut] if word not in DETERMINERS]
        return (stem(head[-1]), frozenset(words[cut + 1 :]) - DETERMINERS) if head else None


def shared_key(key: str, name: str | None) -> str:
    """A key over texts: that of an entity of one text only is its name, and a person's is the last name."""
    if key.startswith("text:"):
        return words_key(name or key.rsplit(":", 1)[-1])
    if key.startswith("person:"):
        return surname_key((plain_words(name) or [key])[-1]) if name else key
    return key


def surname_key(word: str) -> str:
    """The key of a last name, one for all its spellings: which of them an entity bears depends on what was read."""
    return "name:" + (fold_name(word) or word)


def words_key(words: str | None) -> str:
    """A key of plain words: the last capitalised one, else all but articles."""
    if not words:
        return ""
    kept = [w for w in words.replace("’", "'").split() if w[:1].isupper() and w.lower().rstrip(".") not in TITLES]
    last = plain_words(kept[-1]) if kept and not words.lower().startswith(("the ", "a ", "two ", "an ")) else []
    if last:
        return surname_key(last[-1])
    plain = [word for word in plain_words(words) if word not in ("the", "a", "an", "its", "his", "her", "their")]
    return "words:" + " ".join(plain)


def is_same_role(one: Speaker, other: Speaker) -> bool:
    """One role in one story: "the sheriff" and "the sheriff of Pratt", not "the mayor of Brix" and "the mayor of Crowle"."""
    a, b = one.role, other.role
    if a is None or b is None or a[0] != b[0]:
        return False
    return a[1] <= b[1] or b[1] <= a[1]
