"""``var/report.html``: contested claims, what changed, feed health; one file, no server, no outside address."""

from __future__ import annotations

import os
import tempfile
from datetime import datetime
from pathlib import Path

from pipeline.report.read import read_ledger
from pipeline.report.render import render_report
from pipeline.store.database import Connection


def write_report(connection: Connection, path: Path, now: datetime) -> None:
    """Write the report; the old one stands until the new one is whole."""
    page = render_report(read_ledger(connection, now))
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(page)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
