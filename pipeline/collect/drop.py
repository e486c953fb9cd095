"""Files that agencies deliver: NewsML-G2, ninjs 1 to 3, NITF. One reader each, one record for all.

::

    bytes ─ sniff ─┬─ JSON ─▶ dropjson
                   └─ XML, without entities and network ─▶ dropxml ─▶ DropStory ─▶ decide_drop

The agencies say themselves what a file is to the one before it: version, pubstatus, embargo. `decide_drop` obeys those
fields; bodies are compared only where they are silent. IPTC's ``newsmlg2`` is not used to read: it resolves entities
and keeps catalogs in memory between files (the tests compare with it).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pipeline.records import RevisionKind

Status = Literal["usable", "withheld", "canceled"]


@dataclass(frozen=True, slots=True)
class DropStory:
    """One delivered text. ``body`` is plain, a paragraph a line; ``guid`` stays over versions; ``version`` 0 where the
    file has none; ``signals`` are what it says of itself (``correction``, ``update``, …)."""

    format: str
    guid: str
    version: int
    status: Status
    headline: str
    body: str
    provider: str | None = None
    language: str | None = None
    slugline: str | None = None
    byline: str | None = None
    dateline: str | None = None
    note: str | None = None
    urgency: int | None = None
    url: str | None = None
    embargo_until: datetime | None = None
    created_at: datetime | None = None
    versioned_at: datetime | None = None
    subjects: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DropState:
    """What is stored of a story: its version and status, headline and body."""

    version: int
    status: Status
    headline: str
    body: str
    versioned_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DropMark:
    """Which version of a story has come."""

    version: int
    status: Status
    versioned_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DropDecision:
    """``action``: publish (a revision of ``kind``), hold (until ``hold_until``; None: until told otherwise), ignore."""

    action: Literal["publish", "hold", "ignore"]
    kind: RevisionKind | None
    reason: str
    hold_until: datetime | None = None


def decide_drop(
    previous: DropState | None, story: DropStory, now: datetime, latest: DropMark | None = None
) -> DropDecision:
    """What to do with a delivered file. ``previous`` is the last state that was published, ``latest`` the newest that
    was delivered, held ones included. Deliveries come late, twice and out of order: an older version is never news,
    neither than what was published nor than what is held, and a cancelled story comes back only with a higher version."""
    if any(known is not None and _is_older(known, story) for known in (previous, latest)):
        return DropDecision("ignore", None, "older_version")
    if story.status == "canceled":
        if previous is None:
            return DropDecision("ignore", None, "canceled_unseen")
        is_new = previous.status != "canceled"
        return DropDecision("publish" if is_new else "ignore", "withdrawn" if is_new else None, "canceled")
    if story.embargo_until is not None and story.embargo_until > now:
        return DropDecision("hold", None, "embargo", story.embargo_until)
    if story.status == "withheld":
        if previous is not None and previous.status == "usable":
            return DropDecision("publish", "withdrawn", "withheld_after_publication")
        return DropDecision("hold", None, "withheld")
    if previous is None:
        return DropDecision("publish", _find_kind(story, "original"), "first")
    if (story.headline, story.body) == (previous.headline, previous.body) and previous.status == "usable":
        return DropDecision("ignore", None, "unchanged")
    return DropDecision("publish", _find_kind(story, "update"), "version")


def _is_older(previous: DropState | DropMark, story: DropStory) -> bool:
    """By version; by the time of the version where both have the same one. A story that was cancelled needs a higher
    version to live again."""
    if story.version != previous.version:
        return story.version < previous.version
    if previous.status == "canceled" and story.status != "canceled":
        return True
    if previous.versioned_at is None or story.versioned_at is None:
        return False
    return story.versioned_at < previous.versioned_at


def _find_kind(story: DropStory, default: RevisionKind) -> RevisionKind:
    if "correction" in story.signals:
        return "correction"
    return default
