"""Backup and restore of the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.screen import say


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(backup)
    app.command()(restore)


def backup(file: Annotated[Path, typer.Argument(help="File to write; must not be there yet.")]) -> None:
    """Write the ledger into one file. The archive is not in it: copy its folder or bucket afterwards."""
    from pipeline.local.backup import backup as dump
    from pipeline.store.database import serving

    with serving() as url:
        size = dump(url, file)
    say(f"written: {file} ({size / 1e6:.1f} MB)")


def restore(file: Annotated[Path, typer.Argument(help="File that `wire backup` wrote.", exists=True)]) -> None:
    """Fill an empty database from a backup, then bring its schema to this version."""
    from pipeline.local.backup import restore as load
    from pipeline.local.backup import serving_unmigrated
    from pipeline.settings import get_settings
    from pipeline.store.migrate import migrate

    with serving_unmigrated(get_settings()) as url:
        found = load(url, file)
        applied = migrate(url, get_settings().sql)
    say(f"restored: schema {found}; applied: {', '.join(applied) or 'nothing was missing'}")
