"""The language of a text, by its script and its most frequent short words; pages often declare another's."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from functools import lru_cache
from importlib.resources import files

# Fewer words than this decide nothing; of more, the first are enough.
FEWEST, MOST = 25, 400
# Share of a language's short words in its texts: 20 to 40 %; other languages reach at most half of it.
ENOUGH, LEAD = 0.12, 1.4
# Characters beyond Latin and its marks.
_FAR = re.compile(r"[^\x00-\u02ff]")
_SCRIPTS = {
    "ru": re.compile(r"[\u0400-\u04ff]"), "ko": re.compile(r"[\uac00-\ud7af]"), "ja": re.compile(r"[\u3040-\u30ff]"),
    "ar": re.compile(r"[\u0600-\u06ff]"), "zh": re.compile(r"[\u4e00-\u9fff]"), "he": re.compile(r"[\u0590-\u05ff]"),
    "el": re.compile(r"[\u0370-\u03ff]"), "hi": re.compile(r"[\u0900-\u097f]"), "th": re.compile(r"[\u0e00-\u0e7f]"),
}  # fmt: skip


def decide_language(declared: str | None, text: str) -> str | None:
    """The text's own language where it is plain, else the declared one. Cyrillic is ``declared`` or ``ru``."""
    return find_language_of(text, declared) or declared


def find_language_of(text: str, declared: str | None = None) -> str | None:
    """Two-letter code, or None where the text is too short or mixed."""
    if script := _script(text, declared):
        return script
    words = re.findall(r"[^\W\d_]+", text.casefold())[:MOST]
    if len(words) < FEWEST:
        return None
    counts = Counter(words)
    shares = sorted(
        ((sum(counts[word] for word in short) / len(words), code) for code, short in _stop_words().items()),
        reverse=True,
    )
    (best, code), (second, _) = shares[:2]
    return code if best >= ENOUGH and best >= LEAD * second else None


def _script(text: str, declared: str | None) -> str | None:
    sample = text[:2000]
    if len(_FAR.findall(sample)) < 0.1 * len(sample):
        return None
    letters = sum(mark.isalpha() for mark in sample)
    counts = {code: len(regex.findall(sample)) for code, regex in _SCRIPTS.items()}
    if not letters or max(counts.values()) < 0.4 * letters:
        return "ja" if letters and counts["ja"] > 0.15 * letters else None
    code = "ja" if counts["ja"] > 0.1 * letters else max(counts, key=lambda each: counts[each])
    same_script = {"ru": {"uk", "bg", "sr", "mk", "be", "kk"}, "ar": {"fa", "ur"}, "hi": {"mr", "ne"}}
    return declared if declared in same_script.get(code, set()) else code


@lru_cache(maxsize=1)
def _stop_words() -> dict[str, list[str]]:
    text = files("pipeline.extract").joinpath("stop_words.toml").read_text(encoding="utf-8")
    return dict(tomllib.loads(text))
