"""House style of the agencies: dateline, byline, sign-off, advisory, correction, kill."""

from pipeline.wire.read import decide_revision_kind, mask, read_wire

__all__ = ["decide_revision_kind", "mask", "read_wire"]
