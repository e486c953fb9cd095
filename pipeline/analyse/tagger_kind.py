"""Whether a cue reports speech, writing, belief or intention: a table of words, one example a row."""

from __future__ import annotations

import functools
import re
from pathlib import Path

KINDS = ("speech", "writing", "belief", "intention")
LETTERS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


@functools.cache
def read_kinds() -> dict[str, str]:
    """Kind of each word form in `model/cue_kinds.tsv`."""
    path = Path(__file__).with_name("model") / "cue_kinds.tsv"
    rows = [line.split("\t") for line in path.read_text(encoding="utf8").splitlines() if not line.startswith("#")]
    return {form: kind for _, forms, kind, _ in rows[1:] for form in forms.split()}


def decide_kind(cue: str) -> str:
    """The kind of the first word of the cue that the table knows; speech where it knows none."""
    kinds = read_kinds()
    return next((kinds[word] for word in LETTERS.findall(cue.lower()) if word in kinds), "speech")
