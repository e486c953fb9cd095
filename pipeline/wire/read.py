"""One text read as an editor reads it: what is copy, and what stands around it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.records import Advisory, Byline, Dateline, Notice, RevisionKind, SignOff, WireCopy
from pipeline.wire.contribution import find_contribution
from pipeline.wire.dateline import find_dateline
from pipeline.wire.embargo import is_embargo, read_embargo
from pipeline.wire.head import find_advisory, find_byline, find_slug, read_tags
from pipeline.wire.house import agency_names, load_grammar
from pipeline.wire.lines import Line, find_glued_notice, find_notice, split_lines
from pipeline.wire.sign_off import count_names, find_sign_off, join_open_lines, join_sign_offs

# A dateline stands in one of the first lines; captions and summaries may come before it.
HEAD_LINES = 8


@dataclass
class _Reading:
    """What has been found so far."""

    text: str
    published_at: datetime | None
    dateline: Dateline | None = None
    byline: Byline | None = None
    advisory: Advisory | None = None
    slug: str | None = None
    embargo_until: datetime | None = None
    tags: tuple[str, ...] = ()
    sign_offs: list[SignOff] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)


def read_wire(
    text: str, *, headline: str | None = None, published_at: datetime | None = None, agency: str | None = None
) -> WireCopy:
    """Dateline, byline, advisory, sign-off and notices of ``text``, with offsets into it as given.

    ``headline`` gives tags, ``published_at`` the year of the dateline, ``agency`` the dateline's agency where it names none.
    """
    reading = _Reading(text, published_at, tags=read_tags(headline) if headline else ())
    lines = split_lines(text)
    first, body_start = _read_head(reading, lines, headline)
    body_end = _read_tail(reading, lines[first:], body_start)
    _read_notices(reading, lines[first:], body_start, body_end)
    return _copy(reading, agency, body_start, max(body_start, body_end))


def mask(text: str, copy: WireCopy) -> str:
    """``text`` at the same length, with all that is no copy blanked; line breaks stay."""
    marks = list(text)
    spans = [(0, copy.body[0]), (copy.body[1], len(text))]
    parts = (copy.dateline, copy.byline, copy.advisory, copy.sign_off, *copy.notices)
    for start, end in spans + [(part.start, part.end) for part in parts if part]:
        for index in range(start, min(end, len(marks))):
            if marks[index] not in "\r\n":
                marks[index] = " "
    return "".join(marks)


def decide_revision_kind(copy: WireCopy) -> RevisionKind:
    """What the wire itself calls this state of the story: a kill outranks a correction, this a refile, then a repeat,
    then an update."""
    kinds = {_kind_of(tag, "tag") for tag in copy.tags}
    kinds |= {"withdrawn" for notice in copy.notices if notice.kind == "withdrawal"}
    kinds |= {
        _kind_of(notice.text, "revision_words") for notice in copy.notices if notice.kind in ("correction", "editors")
    }
    if copy.advisory:
        kinds.add(_kind_of(copy.advisory.text, "revision_words") or "update")
    order: tuple[RevisionKind, ...] = ("withdrawn", "correction", "refile", "repeat", "update")
    return next((kind for kind in order if kind in kinds), "original")


def _kind_of(words: str, table: str) -> str:
    """The kind of the first row of a table of ``grammar.toml`` that fits; empty where none does."""
    match = re.fullmatch if table == "tag" else re.match
    rows = load_grammar()[table]
    return next((row["kind"] for row in rows if match(row["pattern"], words, re.IGNORECASE | re.DOTALL)), "")


def _read_head(reading: _Reading, lines: tuple[Line, ...], headline: str | None) -> tuple[int, int]:
    """Index of the first line of copy and the offset where copy begins."""
    body_line: int | None = None
    for number, line in enumerate(lines[:HEAD_LINES]):
        if dateline := find_dateline(reading.text, line.start, reading.published_at):
            reading.dateline = dateline
            before = reading.text[line.start : dateline.start].rstrip()
            reading.byline = reading.byline or find_byline(Line(line.start, line.start + len(before), before))
            if body_line is None or body_line == number:
                return number, dateline.end
            return body_line, lines[body_line].start
        if not _read_head_line(reading, line, number, headline) and body_line is None:
            body_line = number
    if body_line is None:
        body_line = min(HEAD_LINES, len(lines))
    return body_line, lines[body_line].start if body_line < len(lines) else len(reading.text)


def _read_head_line(reading: _Reading, line: Line, number: int, headline: str | None) -> bool:
    """Whether a line of the head is no copy."""
    if is_embargo(line):
        reading.embargo_until = read_embargo(line.text, reading.published_at)
        reading.notices.append(Notice(line.start, line.end, line.text, "editors"))
    elif reading.advisory is None and (advisory := find_advisory(line)):
        reading.advisory = advisory
    elif reading.byline is None and (byline := find_byline(line)):
        reading.byline = byline
    elif notice := find_notice(line):
        reading.notices.append(notice)
    elif line.text.casefold() in agency_names():
        reading.notices.append(Notice(line.start, line.end, line.text, "contribution"))
    elif reading.slug is None and (slug := find_slug(line)):
        reading.slug = slug
    elif number == 0 and read_tags(line.text):
        reading.tags = reading.tags or read_tags(line.text)
    else:
        return headline is not None and line.text == headline.strip()
    return True


def _read_tail(reading: _Reading, lines: tuple[Line, ...], body_start: int) -> int:
    """The offset where copy ends: before the last lines that are none. Sign-offs inside the copy are kept apart."""
    body_end = lines[-1].end if lines else body_start
    in_tail = True
    for line in reversed(join_lines(reading.text, lines)):
        begin = max(line.start, body_start)
        if begin >= line.end:
            continue
        found = _read_tail_line(reading, Line(begin, line.end, reading.text[begin : line.end]), in_tail)
        if in_tail and found is not None:
            body_end = found
        in_tail = in_tail and found == begin
    reading.sign_offs.reverse()
    return max(body_start, len(reading.text[:body_end].rstrip()))


def join_lines(text: str, lines: tuple[Line, ...]) -> list[Line]:
    """``lines``, those of a sign-off whose bracket closes lines later joined to one."""
    joined: list[Line] = []
    for line in lines:
        if joined and line.start < joined[-1].end:
            continue
        end = join_open_lines(text, line.start, line.end)
        last = (
            next((other.end for other in lines if other.start < end <= other.end), line.end)
            if end > line.end
            else line.end
        )
        joined.append(Line(line.start, last, text[line.start : last]))
    return joined


def _read_tail_line(reading: _Reading, line: Line, in_tail: bool) -> int | None:
    """Where a line's sign-off or notice begins; None where it is all copy."""
    glued = find_glued_notice(line) if in_tail else None
    end = glued.start if glued else line.end
    if glued:
        reading.notices.append(glued)
    sign_off = find_sign_off(reading.text, line.start, end) or find_contribution(reading.text, line.start, end)
    if sign_off and (in_tail or sign_off.start == line.start or sign_off.text[0] in "(["):
        reading.sign_offs.append(sign_off)
        rest = reading.text[sign_off.end : end]
        start = end - len(rest.lstrip())
        if rest.strip() and (notice := find_notice(Line(start, start + len(rest.strip()), rest.strip()))):
            reading.notices.append(notice)
        return sign_off.start
    if glued:
        return glued.start
    if in_tail and (notice := find_notice(line, in_tail=True)):
        reading.notices.append(notice)
        return notice.start
    if in_tail and reading.advisory is None and (advisory := find_advisory(line)):
        reading.advisory = advisory
        return advisory.start
    return None


def _read_notices(reading: _Reading, lines: tuple[Line, ...], start: int, end: int) -> None:
    """Notices inside the copy ("Read more: …"), which stand on lines of their own."""
    known = {(notice.start, notice.end) for notice in reading.notices}
    for line in lines:
        if line.start < start or line.end > end or (line.start, line.end) in known:
            continue
        if notice := find_notice(line):
            reading.notices.append(notice)


def _copy(reading: _Reading, agency: str | None, start: int, end: int) -> WireCopy:
    sign_off, extra = _one_sign_off(reading)
    notices = sorted({*reading.notices, *extra}, key=lambda notice: (notice.start, notice.end))
    dateline = reading.dateline
    if dateline and dateline.agency is None and agency:
        named = agency_names().get(agency.casefold(), agency)
        dateline = Dateline(
            dateline.start, dateline.end, dateline.text, dateline.place, named, dateline.on, dateline.places
        )
    return WireCopy(
        dateline, sign_off, reading.byline, reading.advisory, reading.tags, reading.slug, reading.embargo_until,
        tuple(notices), (start, end),
    )  # fmt: skip


def _one_sign_off(reading: _Reading) -> tuple[SignOff | None, list[Notice]]:
    """Neighbouring lines are one sign-off, that with the most names the story's; others are notices of contribution."""
    groups: list[list[SignOff]] = []
    for part in reading.sign_offs:
        if groups and not reading.text[groups[-1][-1].end : part.start].strip():
            groups[-1].append(part)
        else:
            groups.append([part])
    if not groups:
        return None, []
    joined = [join_sign_offs(reading.text, group) for group in groups]
    chosen = max(joined, key=count_names)
    apart = [sign_off for sign_off in joined if sign_off is not chosen]
    return chosen, [Notice(part.start, part.end, part.text, "contribution") for part in apart]
