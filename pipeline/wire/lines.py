"""Lines of a text with their offsets, and the notices among them."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from pipeline.records import Notice

# Longer lines are copy; also bounds the work of the patterns.
LONGEST_NOTICE = 800


@dataclass(frozen=True, slots=True)
class Line:
    """``text[start:end]`` without its outer white space; never empty."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _NoticeRule:
    kind: str
    whole: re.Pattern[str]
    glued: re.Pattern[str] | None
    is_last: bool


def split_lines(text: str) -> tuple[Line, ...]:
    """The lines of ``text`` that hold more than white space."""
    lines = []
    for match in re.finditer(r"[^\r\n]+", text):
        bare = match[0].strip()
        if bare:
            start = match.start() + match[0].index(bare)
            lines.append(Line(start, start + len(bare), bare))
    return tuple(lines)


def find_notice(line: Line, *, in_tail: bool = False) -> Notice | None:
    """The notice that a whole line is; rows marked ``last`` count only ``in_tail``, after the last line of copy."""
    if len(line.text) > LONGEST_NOTICE:
        return None
    for rule in notice_rules():
        if (in_tail or not rule.is_last) and rule.whole.fullmatch(line.text):
            return Notice(line.start, line.end, line.text, rule.kind)
    return None


def find_glued_notice(line: Line) -> Notice | None:
    """The notice that ends a line of something else: a newsroom's telephone after the last sentence."""
    tail = line.text[-LONGEST_NOTICE:]
    for rule in notice_rules():
        if rule.glued and (match := rule.glued.search(tail)) and match.start("notice") > 0:
            words = match["notice"].lstrip()
            return Notice(line.end - len(words), line.end, words, rule.kind)
    return None


@lru_cache(maxsize=1)
def notice_rules() -> tuple[_NoticeRule, ...]:
    """The rows of ``notices.toml``."""
    table = tomllib.loads(files("pipeline.wire").joinpath("notices.toml").read_text(encoding="utf-8"))
    return tuple(
        _NoticeRule(
            row["kind"],
            re.compile(row["pattern"]),
            _glued(row["pattern"]) if row.get("glued") else None,
            row.get("last", False),
        )
        for row in table["notice"]
    )


def _glued(pattern: str) -> re.Pattern[str]:
    flags = re.IGNORECASE if pattern.startswith("(?i)") else 0
    return re.compile(rf"(?:(?<=[.!?”\"’)])\s*|\s+(?=\())(?P<notice>{pattern.removeprefix('(?i)')})$", flags)
