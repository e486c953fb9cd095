"""Decisions by hand: correct, merge, split, redact."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.errors import UsageError
from pipeline.screen import say

Why = Annotated[str, typer.Option("--why", help="Why; kept with the decision.")]
By = Annotated[str | None, typer.Option("--by", help="Who decides; the user's name where left out.")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(correct)
    app.command()(merge)
    app.command()(split)
    app.command()(group)
    app.command()(redact)


def correct(
    claim: Annotated[int, typer.Argument(help="claim_id, as in mart.claim.")],
    why: Why,
    speaker: Annotated[str | None, typer.Option(help="The right speaker: an entity's key or name.")] = None,
    act: Annotated[str | None, typer.Option(help="The right act: deny, confirm, not_confirm …")] = None,
    polarity: Annotated[str | None, typer.Option(help="positive, negative, unknown.")] = None,
    reject: Annotated[bool, typer.Option("--reject", help="It is no claim: leaves mart.claim.")] = False,
    by: By = None,
) -> None:
    """Correct a claim; the correction stays with its thread through every re-analysis."""
    from pipeline.jobs.correcting import correct_claim

    given = {"speaker": speaker, "act": act, "polarity": polarity, "rejected": "true" if reject else None}
    changes = {name: value for name, value in given.items() if value is not None}
    if not changes:
        raise UsageError("say what is right: --speaker, --act, --polarity or --reject")
    for line in correct_claim(claim, changes, why, by):
        say(f"claim {claim}: {line}")


def merge(
    entity: Annotated[str, typer.Argument(help="The entity that goes: key or name.")],
    into: Annotated[str, typer.Argument(help="The entity that stays: key or name.")],
    why: Why,
    by: By = None,
) -> None:
    """Make two entities one, for good."""
    from pipeline.jobs.correcting import merge_entities

    one, other = merge_entities(entity, into, why, by)
    say(f"{one} is now {other}")


def split(
    entity: Annotated[str, typer.Argument(help="The entity: key or name.")],
    article: Annotated[str, typer.Option(help="URL of the article that means another one.")],
    name: Annotated[str, typer.Option(help="Name of the other one.")],
    why: Why,
    by: By = None,
) -> None:
    """Make an entity of its own of what one article calls so, for good."""
    from pipeline.jobs.correcting import split_entity

    say(f"new entity: {split_entity(entity, article, name, why, by)}")


def redact(
    why: Why,
    url: Annotated[str | None, typer.Option(help="URL of an article.")] = None,
    article: Annotated[int | None, typer.Option(help="article_id.")] = None,
    entity: Annotated[str | None, typer.Option(help="Every article that names this entity.")] = None,
    by: By = None,
) -> None:
    """Blank text, claims and archived bytes; hashes and a tombstone with the reason stay. Cannot be undone."""
    from pipeline.jobs.redacting import redact as redact_articles

    counts = redact_articles(why, url, article, entity, by)
    say(f"redacted: {counts['articles']} articles, {counts['archive_files']} archive files written anew")


def group(
    claim: Annotated[int, typer.Argument(help="claim_id, as in mart.claim_group_member.")],
    why: Why,
    apart: Annotated[
        bool, typer.Option("--apart", help="It does not belong to its group, or not with --other.")
    ] = False,
    other: Annotated[int | None, typer.Option("--other", help="The other claim.")] = None,
    by: By = None,
) -> None:
    """Put two claims into one group (--other), or take one out of its group (--apart); it stays so."""
    import getpass

    from pipeline.jobs.linking import keep_apart, keep_together

    if not why.strip():
        raise UsageError("say why (--why)")
    who = by or getpass.getuser()
    if apart:
        keep_apart(claim, other, who, why)
        say(f"claim {claim} stands apart" + (f" from {other}" if other else ""))
    elif other is None:
        raise UsageError("name the other claim (--other), or --apart")
    else:
        keep_together(claim, other, who, why)
        say(f"claims {claim} and {other} stand together")
