"""An annotation for a person to read at a terminal."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from pipeline.records import Annotation


def render_annotation(text: str, annotation: Annotation) -> RenderableType:
    """The text with its claims."""
    return Group(Text(text), *(Text(f"{claim.id + 1}. {claim.plain_text}") for claim in annotation.claims))
