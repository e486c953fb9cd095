"""What commands print with: tables for people, one line for faults."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table

console = Console(highlight=False, soft_wrap=False)
errors = Console(stderr=True, highlight=False)


def say(line: str) -> None:
    """A line of progress, on stderr, so that results can be piped."""
    errors.print(f"[dim]·[/dim] {line}")


def say_error(line: str, code: int) -> int:
    """One clear line for a fault; returns the exit code."""
    errors.print(f"[bold red]error[/bold red] {' '.join(line.split())}", soft_wrap=True)
    return code


def print_rows(rows: Sequence[Mapping[str, Any]], columns: Iterable[str], title: str | None = None) -> None:
    """Rows as a table that fits the screen; piped, each row is one unwrapped line."""
    names = list(columns)
    table = Table(title=title, title_justify="left", header_style="bold", show_lines=False, pad_edge=False)
    for name in names:
        table.add_column(name.replace("_", " "), overflow="fold")
    for row in rows:
        table.add_row(*(show_value(row[name]) for name in names))
    wide = console if sys.stdout.isatty() else Console(width=400, highlight=False)
    wide.print(table)


def show_value(value: Any) -> str:
    """A cell: lists joined, times to the minute, nothing for null; markup of rich is not read."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(map(show_value, value))
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, float):
        return f"{value:.3g}"
    return str(value).replace("[", "\\[")
