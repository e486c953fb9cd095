"""Figures against gold: ``wire evaluate …``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.errors import UsageError
from pipeline.screen import console, errors, print_rows, say
from pipeline.settings import ROOT

SHARED = ROOT.parent / "shared"

evaluate = typer.Typer(help="Figures against gold, beside their floors.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(evaluate, name="evaluate")


Shared = Annotated[Path, typer.Option(help="Folder of the third-party data.")]


@evaluate.command("all")
def evaluate_all(
    subject: Annotated[
        list[str] | None, typer.Argument(help="body, wire, attribution, seed, stance, entities, link.")
    ] = None,
    shared: Shared = SHARED,
) -> None:
    """Print every figure beside its floor; exit code 1 where one is below."""
    from pipeline.evaluate.run import SUBJECTS, Figure
    from pipeline.evaluate.run import evaluate as measure

    if unknown := [s for s in subject or () if s not in SUBJECTS]:
        raise UsageError(f"no such subject: {', '.join(unknown)} (there are {', '.join(SUBJECTS)})")
    figures: list[Figure] = []
    for name in subject or SUBJECTS:
        say(f"measuring {name}")
        try:
            figures += measure(name, shared)
        except FileNotFoundError as error:
            errors.print(f"[yellow]![/yellow] {name} left out: {Path(error.filename or '?').name} is not here")
    rows = [
        {
            "subject": f.subject,
            "figure": f.name,
            "value": f"{f.value:.4g}",
            "floor": show_floor(f),
            "": "" if f.holds else "FAULT",
        }
        for f in figures
    ]
    print_rows(rows, ("subject", "figure", "value", "floor", ""))
    if below := sum(not f.holds for f in figures):
        console.print(f"{below} do not keep to their floors")
        raise typer.Exit(1)


@evaluate.command("attribution")
def evaluate_attribution(
    gold: Annotated[Path, typer.Argument(help="JSON lines: doc_id, text, attributions.")],
    predictions: Annotated[Path | None, typer.Option(help="Write predictions here, in the same shape.")] = None,
    reporting: Annotated[bool, typer.Option("--reporting", help="Only attributions with a cue of saying.")] = False,
) -> None:
    """Score the attribution model: source, cue and content spans against gold."""
    from pipeline.analyse.language import parse_texts
    from pipeline.analyse.tagger import AttributionTagger
    from pipeline.evaluate.attribution import score, show

    records = list(read_records(gold))
    tagger = AttributionTagger.load()
    predicted: dict[str, list[dict[str, Any]]] = {}
    with errors.status("reading") as status:
        for number, record in enumerate(records, 1):
            text = record["text"]
            found = tagger.tag(text, next(iter(parse_texts([text]))))
            predicted[record["doc_id"]] = [{"source": a.source, "cue": a.cue, "content": a.content} for a in found]
            status.update(f"{number} of {len(records)} texts")
    if predictions is not None:
        lines = (json.dumps({"doc_id": d, "attributions": a}, ensure_ascii=False) for d, a in predicted.items())
        predictions.write_text("\n".join(lines) + "\n", encoding="utf-8")
        say(f"written: {predictions}")
    print(show(score(records, predicted, reporting)))  # noqa: T201 (the scorer's own lines, not to be wrapped)


def show_floor(figure: Any) -> str | None:
    """The floor, or the ceiling with its sign."""
    return None if figure.floor is None else f"{'≤' if figure.is_ceiling else '≥'} {figure.floor:g}"


def read_records(path: Path) -> Iterator[dict[str, Any]]:
    """Records of a gold file; raises :class:`UsageError` naming the line at fault."""
    if not path.is_file():
        raise UsageError(f"no such file: {path}")
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            record = json.loads(line)
            _ = record["doc_id"], record["text"], record["attributions"]
        except (ValueError, KeyError, TypeError):
            raise UsageError(f"{path.name} line {number}: no record with doc_id, text and attributions") from None
        yield record
