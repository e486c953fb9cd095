"""``var/report.html``: contested claims, what changed, feed health; one file, no server, no outside address."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from pipeline.store.database import Connection


def write_report(connection: Connection, path: Path, now: datetime) -> None:
    """Write the report; the old one stands until the new one is whole."""
    raise NotImplementedError
