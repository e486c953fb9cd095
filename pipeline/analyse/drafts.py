"""What the rules of attribution pass among themselves, before spans are cut."""

from __future__ import annotations

from dataclasses import dataclass, field

from spacy.tokens import Token

from pipeline.analyse.syntax import Doer
from pipeline.records import Act


@dataclass(slots=True)
class Draft:
    """One attribution in tokens. ``content`` and ``cue`` are token indices; ``target`` is the accused, ``addressee``
    the one asked; ``pattern`` names the rule; ``score`` how far it is trusted; ``lemma`` of the cue."""

    verb: Token
    lemma: str
    act: Act
    pattern: str
    cue: set[int]
    content: set[int] = field(default_factory=set)
    doer: Doer | None = None
    target: Token | None = None
    addressee: Token | None = None
    is_negated: bool = False
    score: float = 0.9
    extra: list[set[int]] = field(default_factory=list)
