"""Texts without a database: annotate, extract, evaluate."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.errors import ItemError, UsageError
from pipeline.screen import console

MAX_INPUT_BYTES = 20 * 2**20

File = Annotated[str, typer.Argument(help="A file, or - for standard input.", metavar="FILE|-")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(annotate)
    app.command()(extract)


def read_bytes(file: str) -> bytes:
    """Bytes of a file or of standard input; raises :class:`UsageError`."""
    if file == "-":
        if sys.stdin.isatty():
            typer.echo("Paste a text, then press Ctrl-D on an empty line.", err=True)
        given = sys.stdin.buffer.read(MAX_INPUT_BYTES + 1)
    else:
        path = Path(file)
        if not path.is_file():
            raise UsageError(f"no such file: {file}")
        try:
            with path.open("rb") as opened:
                given = opened.read(MAX_INPUT_BYTES + 1)
        except PermissionError:
            raise UsageError(f"may not be read: {file}") from None
    if len(given) > MAX_INPUT_BYTES:
        raise UsageError(f"larger than {MAX_INPUT_BYTES >> 20} MiB: {file}")
    return given


def read_text(file: str) -> str:
    """UTF-8 text of a file or of standard input; raises :class:`UsageError`."""
    try:
        text = read_bytes(file).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"not UTF-8 text ({error.reason} at byte {error.start}): {file}") from None
    if "\x00" in text:
        raise UsageError(f"not a text, it holds NUL characters: {file}")
    return text


def print_json(value: Any) -> None:
    """JSON on standard output, as UTF-8."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=_to_json) + "\n")


def _to_json(value: Any) -> str:
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)


def annotate(
    file: File,
    published: Annotated[
        str | None, typer.Option(help="When the text was published, ISO time: resolves weekdays.")
    ] = None,
    agency: Annotated[str | None, typer.Option(help="Whose copy it is, where its dateline does not say.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The whole reading as JSON.")] = False,
) -> None:
    """Read one text: who claimed what, about whom, when and how sure. No database, no network."""
    text = read_text(file)
    from pipeline.analyse.contract import to_contract
    from pipeline.annotate import read_annotation, render_annotation  # loads the language model

    try:
        annotation = read_annotation(text, published, agency)
    except ItemError as error:
        raise UsageError(str(error)) from None
    if as_json:
        print_json(to_contract(annotation))
    else:
        console.print(render_annotation(text, annotation))


def extract(
    file: File,
    url: Annotated[str | None, typer.Option(help="Where the page stands: helps with its links and times.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="All fields as JSON.")] = False,
) -> None:
    """Take the article out of one HTML page: title, body, authors, times. No network."""
    page = read_bytes(file)
    from dataclasses import asdict

    from pipeline.extract import extract_article

    try:
        article = extract_article(page, url)
    except ItemError as error:
        raise UsageError(str(error)) from None
    if as_json:
        print_json(asdict(article))
        return
    facts = {
        "title": article.title, "authors": ", ".join(article.authors), "published": article.published_at,
        "modified": article.modified_at, "agency": article.agency, "section": article.section,
        "language": article.language, "address": article.canonical_url, "kind": article.page_kind,
    }  # fmt: skip
    for name, value in facts.items():
        if value:
            console.print(f"[bold]{name:>9}[/bold]  ", end="")
            console.print(str(value), markup=False)
    console.print()
    console.print(article.body, markup=False)
