"""The one thing that deletes: text, claims and archived bytes of an article; hashes and a tombstone stay.

Restartable at any point: the database is blanked in one transaction; then each archive file is written anew beside the
old one, the pointers are moved, and the old file goes. What a kill leaves undone, the next call or the daily care does.
"""

from __future__ import annotations

import getpass
from dataclasses import replace

from pipeline.collect.archive import Archive
from pipeline.collect.cutting import cut_entries
from pipeline.collect.identity import fit_key, normalise_url
from pipeline.errors import UsageError
from pipeline.jobs.correcting import get_entity
from pipeline.jobs.session import open_store, utc_now
from pipeline.records import ArchivePointer, FetchResult
from pipeline.settings import Settings, get_settings
from pipeline.store.database import Connection
from pipeline.store.queries import get_query
from pipeline.store.staging import stage_rows


def redact(
    reason: str,
    url: str | None = None,
    article_id: int | None = None,
    entity: str | None = None,
    made_by: str | None = None,
    settings: Settings | None = None,
) -> dict[str, int]:
    """Blank one article (by URL or id) or every article that names an entity; returns counts.

    An address that the ledger does not know gets a tombstone all the same, so that no replay brings it back.
    """
    settings = settings or get_settings()
    if sum(given is not None for given in (url, article_id, entity)) != 1:
        raise UsageError("name one of --url, --article, --entity")
    if not reason.strip():
        raise UsageError("say why (--why)")
    who = made_by or getpass.getuser()
    with open_store(settings) as connection:
        ids = _find_articles(connection, url, article_id, entity)
        with connection.transaction():
            if url is not None:
                values = {"url": fit_key(normalise_url(url)), "reason": reason, "made_by": who}
                connection.execute(get_query("add_redacted_url"), values)
            count = _redact(connection, ids, reason, who)
        files = rewrite_archive(connection, settings)
    return {"articles": count, "archive_files": files}


def redact_expired(settings: Settings | None = None) -> dict[str, int]:
    """Redact what is older than its feed's ``retention_days``; returns counts."""
    settings = settings or get_settings()
    with open_store(settings) as connection:
        rows = connection.execute(get_query("list_expired_articles"), {"now": utc_now()}).fetchall()
        with connection.transaction():
            count = _redact(connection, [int(row["article_id"]) for row in rows], "retention", "wire")
        files = rewrite_archive(connection, settings)
    return {"articles_expired": count, "archive_files": files}


def rewrite_archive(connection: Connection, settings: Settings) -> int:
    """Blank the archived bytes of every redaction that waits for it; returns the number of files written anew."""
    urls = {str(row["url"]) for row in connection.execute(get_query("list_redactions_to_do")).fetchall()}
    if not urls:
        return 0
    with Archive(settings.archive) as archive:
        files = _find_files(archive, urls)
        for file in files:
            moved = archive.rewrite(file, lambda _, result: _blank(result, urls))
            with connection.transaction():
                _move_pointers(connection, moved)
            archive.remove(file)
    with connection.transaction():
        connection.execute(get_query("finish_redactions"), {"urls": sorted(urls)})
    return len(files)


def _find_files(archive: Archive, urls: set[str]) -> list[str]:
    """Files that hold a body of one of these addresses. All are read: a kill may have left bytes no row points to."""
    return [
        file for file in archive.files() if any(_blank(result, urls) is not None for _, result in archive.iterate(file))
    ]


def _blank(result: FetchResult, urls: set[str]) -> FetchResult | None:
    """What is to be left of a response; None: all of it. Of a feed, only the entries of these articles go."""
    if not result.body:
        return None
    if {fit_key(normalise_url(url)) for url in (result.request_url, result.final_url)} & urls:
        return replace(result, body=b"", detail="redacted")
    return cut_entries(result, urls)


def _move_pointers(connection: Connection, moved: dict[ArchivePointer, ArchivePointer]) -> None:
    columns = {
        "old_file": "text", "old_offset": "int8", "new_file": "text", "new_offset": "int8", "new_length": "int8",
    }  # fmt: skip
    rows = ([old.file, old.offset, new.file, new.offset, new.length] for old, new in moved.items())
    stage_rows(connection, "new_pointer", columns, rows)
    connection.execute(get_query("move_pointers"))


def _find_articles(connection: Connection, url: str | None, article_id: int | None, entity: str | None) -> list[int]:
    if article_id is not None:
        return [article_id]
    if url is not None:
        row = connection.execute(
            get_query("find_article"), {"url": url, "normalised": fit_key(normalise_url(url))}
        ).fetchone()
        return [int(row["article_id"])] if row else []
    assert entity is not None
    found = get_entity(connection, entity)
    rows = connection.execute(get_query("list_articles_naming_entity"), {"entity_id": found["entity_id"]}).fetchall()
    return [int(row["article_id"]) for row in rows]


def _redact(connection: Connection, ids: list[int], reason: str, who: str) -> int:
    row = connection.execute(get_query("redact"), {"article_ids": ids, "reason": reason, "made_by": who}).fetchone()
    return int(row["count"]) if row else 0
