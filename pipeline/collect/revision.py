"""Is what came now another published state of an article? Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher

from pipeline.records import RevisionKind

#: marks of the wire that say what kind of revision a text is (read by `pipeline.wire`), strongest first
_KIND_ORDER: tuple[RevisionKind, ...] = ("withdrawn", "correction", "refile", "repeat", "update")
_PLAIN = str.maketrans("‘’‚“”„–—−", "'''\"\"\"---", "\u00ad")
#: words that turn a statement round: their coming or going is never trivial
_TURNING = frozenset({"no", "not", "never", "none", "nor", "neither", "without", "denied", "denies", "deny", "against"})
_WORD = re.compile(r"\w+(?:[.,:]\d+)*|[^\w\s]")


@dataclass(frozen=True, slots=True)
class ArticleText:
    """What of an article counts as published. ``extractor`` is the version that cut the body out of the page."""

    headline: str
    body: str
    dateline: str = ""
    sign_off: str = ""
    extractor: str = ""
    text_basis: str = "page"


@dataclass(frozen=True, slots=True)
class RevisionDecision:
    """``kind`` is None where nothing is to be stored; ``changed`` names the parts; ``reason`` says why nothing is."""

    kind: RevisionKind | None
    changed: tuple[str, ...] = ()
    is_trivial: bool = False
    reason: str = ""


def decide_revision(
    previous: ArticleText | None, current: ArticleText, kinds: tuple[RevisionKind, ...] = ()
) -> RevisionDecision:
    """Compare the last stored state with the one that came. ``kinds`` are what the wire's marks in ``current`` say.
    Bodies cut by different extractor versions are not compared: their difference is ours, not the publisher's.
    A page replaces a feed's summary of the same story without being an update of it."""
    marked = next((kind for kind in _KIND_ORDER if kind in kinds), None)
    if previous is None:
        return RevisionDecision(marked if marked in ("withdrawn", "correction", "refile", "repeat") else "original")
    if previous.text_basis == current.text_basis and previous.extractor != current.extractor:
        return RevisionDecision(None, reason="other_extractor")
    changed = find_changes(previous, current)
    if not changed:
        return RevisionDecision(None, reason="unchanged")
    if previous.text_basis != current.text_basis:
        if current.text_basis != "page":
            return RevisionDecision(None, reason="lesser_basis")
        return RevisionDecision(marked or "update", changed)
    is_trivial = marked is None and all(_is_trivial(part, previous, current) for part in changed)
    return RevisionDecision(marked or "update", changed, is_trivial)


def find_changes(previous: ArticleText, current: ArticleText) -> tuple[str, ...]:
    """The parts that differ in more than white space."""
    parts = ("headline", "body", "dateline", "sign_off")
    return tuple(part for part in parts if _fold(getattr(previous, part)) != _fold(getattr(current, part)))


def _is_trivial(part: str, previous: ArticleText, current: ArticleText) -> bool:
    """Punctuation, capitals, or a misspelt word put right: one word for a similar one, without a digit, a capital or
    a word that turns the sense."""
    before, after = (
        [word for word in _WORD.findall(_fold(getattr(text, part)).translate(_PLAIN)) if word[0].isalnum()]
        for text in (previous, current)
    )
    folded = [[word.casefold() for word in words] for words in (before, after)]
    operations = SequenceMatcher(None, folded[0], folded[1], autojunk=False).get_opcodes()
    edits = [operation for operation in operations if operation[0] != "equal"]
    if not edits:
        return True
    kind, first, last, other_first, other_last = edits[0]
    if len(edits) > 1 or kind != "replace" or last - first != 1 or other_last - other_first != 1:
        return False
    return _is_spelling(before[first], after[other_first])


def _is_spelling(old: str, new: str) -> bool:
    if any(not character.islower() for character in old + new) or {old, new} & _TURNING:
        return False
    return min(len(old), len(new)) >= 4 and SequenceMatcher(None, old, new).ratio() >= 0.8


def _fold(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
