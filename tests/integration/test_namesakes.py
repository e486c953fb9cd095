"""People over stories: one where name and context agree, two where they do not, whatever is loaded first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from pipeline import jobs
from pipeline.jobs.session import open_store
from pipeline.settings import Settings
from pipeline.store.database import Connection
from pipeline.store.queries import get_query
from pipeline.store.server import Server
from tests.integration.conftest import copy_database

pytestmark = pytest.mark.postgres

PUBLISHED = datetime(2026, 11, 3, 9, tzinfo=UTC)
TEXTS = {
    "minister": "OSLO, Nov 2 (Halcyon) - Fisheries minister Ada Moor said on Monday that cod was safe.",
    "runner": "NAIROBI, Nov 2 (Halcyon) - Marathon runner Ada Moor said on Monday that the course was too short.",
    "again": "Norway's fisheries minister, Ada Moor, denied on Tuesday that cod had been sold.",
    "unknown": "“I won,” Ada Moor said.",
    "surname": "Mrs. Moor said on Tuesday that the shop was closed.",
}
ADD = """
with outlet as (
  insert into core.outlet (outlet_key, name) values ('halcyon', 'Halcyon')
  on conflict (outlet_key) do update set name = excluded.name returning outlet_id
), story as (
  insert into core.story (story_key) values (%(url)s) returning story_id
), article as (
  insert into core.article (canonical_url, outlet_id, feed_key, story_id, first_published_at, first_seen_at)
  select %(url)s, outlet_id, 'halcyon', story_id, %(at)s, %(at)s from outlet, story returning article_id
)
insert into core.article_revision (
  article_id, revision_number, kind, text_basis, headline, body, published_at, seen_at, content_sha256, source_sha256,
  extractor_version
)
select article_id, 1, 'original', 'page', %(url)s, %(body)s, %(at)s, %(at)s, '', '', '1' from article
"""


def load(server: Server, batches: Sequence[Sequence[str]]) -> Settings:
    """A database with the texts, batch by batch in that order, each text a story of its own."""
    settings = Settings(database_url=copy_database(server, "template_wire"))
    for batch in batches:
        with open_store(settings) as connection:
            for name in batch:
                url = f"https://halcyon.example/{name}"
                connection.execute(ADD, {"url": url, "at": PUBLISHED, "body": TEXTS[name]})
        jobs.analyse_all(settings)
    return settings


def people(connection: Connection) -> dict[str, set[str]]:
    """Key of each person to the texts that name them."""
    rows = connection.execute(
        "select e.entity_key, r.headline from core.mention as m join core.entity as e using (entity_id) "
        "join core.article_revision as r using (article_revision_id) where e.kind = 'person'"
    ).fetchall()
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row["entity_key"], set()).add(row["headline"].rsplit("/", 1)[-1])
    return found


@pytest.mark.parametrize("batches", [[list(TEXTS)], [list(TEXTS)[::-1]], [[name] for name in TEXTS]])
def test_namesakes_stay_apart_in_any_order(server: Server, batches: list[list[str]]) -> None:
    settings = load(server, batches)
    with open_store(settings) as connection:
        found = people(connection)
        digests = connection.execute(get_query("list_checksums")).fetchall()
    assert found["person:ada-moor~country:no"] == {"minister", "again"}
    assert found["person:ada-moor~country:ke"] == {"runner"}
    alone = [texts for key, texts in found.items() if key.startswith("text:")]
    assert sorted(alone, key=min) == [{"surname"}, {"unknown"}]
    assert len(found) == 4
    whole = load(server, [list(TEXTS)])
    with open_store(whole) as connection:
        assert connection.execute(get_query("list_checksums")).fetchall() == digests
