"""What people decide by hand: corrections of claims and entities. Each is a row that survives re-analysis."""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from typing import Any, get_args

from psycopg.types.json import Jsonb

from pipeline.collect.identity import normalise_url
from pipeline.errors import UsageError
from pipeline.jobs.session import open_store
from pipeline.records import Act, Polarity
from pipeline.settings import Settings
from pipeline.store.database import Connection, transaction
from pipeline.store.queries import get_query

CHOICES = {"act": get_args(Act), "polarity": get_args(Polarity)}


def correct_claim(
    claim_id: int,
    changes: Mapping[str, str],
    reason: str,
    made_by: str | None = None,
    settings: Settings | None = None,
) -> list[str]:
    """Correct a claim's thread: ``act``, ``polarity``, ``speaker`` (an entity's key or name), ``rejected``.

    Returns one line a correction. Raises :class:`UsageError` for what does not exist; nothing is then done.
    """
    with open_store(settings) as connection, transaction(connection):
        claim = connection.execute(get_query("find_claim_thread"), {"claim_id": claim_id}).fetchone()
        if claim is None:
            raise UsageError(f"no such claim: {claim_id}")
        lines = []
        for field, wanted in changes.items():
            value = {"to": wanted, "was": claim.get(field)}
            if field in CHOICES and wanted not in CHOICES[field]:
                raise UsageError(f"{field} must be one of {', '.join(CHOICES[field])}, not {wanted}")
            if field == "speaker":
                entity = get_entity(connection, wanted)
                value = {"to": entity["entity_key"], "position": 0}
            _note(connection, field, value, reason, made_by, thread_id=claim["claim_thread_id"])
            lines.append(f"{field}: {value['to']}")
        connection.execute(get_query("apply_corrections"))
        rows = connection.execute(
            get_query("list_articles_of_thread"), {"claim_thread_id": claim["standing_thread_id"]}
        ).fetchall()
        connection.execute(get_query("list_claims_of_articles"), {"article_ids": [r["article_id"] for r in rows]})
    return lines


def merge_entities(
    given: str, into: str, reason: str, made_by: str | None = None, settings: Settings | None = None
) -> tuple[str, str]:
    """Make two entities one; returns both names. Raises :class:`UsageError`."""
    with open_store(settings) as connection, transaction(connection):
        one, other = get_entity(connection, given), get_entity(connection, into)
        if one["standing_id"] == other["standing_id"]:
            raise UsageError(f"that is one entity already: {one['name']}")
        values = {"from_id": one["standing_id"], "into_id": other["standing_id"]}
        connection.execute(get_query("merge_entity"), values)
        value = {"from": one["entity_key"], "to": other["entity_key"]}
        _note(connection, "merge", value, reason, made_by)
        connection.execute(get_query("apply_corrections"))
    return one["name"], other["name"]


def split_entity(
    given: str, url: str, name: str, reason: str, made_by: str | None = None, settings: Settings | None = None
) -> str:
    """Make an entity of its own of what one article calls so; returns the new key. Raises :class:`UsageError`."""
    with open_store(settings) as connection, transaction(connection):
        entity = get_entity(connection, given)
        article = connection.execute(
            get_query("find_article"), {"url": url, "normalised": normalise_url(url)}
        ).fetchone()
        if article is None:
            raise UsageError(f"no such article: {url}")
        key = f"{entity['entity_key']}#{article['article_id']}"
        connection.execute(get_query("insert_entity"), {"entity_key": key, "name": name, "kind": entity["kind"]})
        value = {"from": entity["entity_key"], "to": key}
        _note(connection, "split", value, reason, made_by, article_id=article["article_id"])
        connection.execute(get_query("apply_corrections"))
    return key


def get_entity(connection: Connection, given: str) -> dict[str, Any]:
    """The entity of a key or a name; raises :class:`UsageError` where there is none, or more than one of that name."""
    rows = connection.execute(get_query("find_entity"), {"given": given}).fetchall()
    if not rows:
        raise UsageError(f"no such entity: {given}")
    if len(rows) > 1 and rows[0]["entity_key"] != given:
        keys = ", ".join(row["entity_key"] for row in rows)
        raise UsageError(f"more than one entity is called {given}: name one by its key: {keys}")
    return rows[0]


def _note(
    connection: Connection,
    field: str,
    value: Mapping[str, object],
    reason: str,
    made_by: str | None,
    thread_id: int | None = None,
    article_id: int | None = None,
) -> None:
    if not reason.strip():
        raise UsageError("say why (--why)")
    connection.execute(
        get_query("insert_correction"),
        {
            "claim_thread_id": thread_id,
            "article_id": article_id,
            "field": field,
            "value": Jsonb(dict(value)),
            "made_by": made_by or getpass.getuser(),
            "reason": reason,
        },
    )
