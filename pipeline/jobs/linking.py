"""New claims to links: copies, stories, threads, groups and relations, then the report.

::

    batches not yet linked ─▶ sketches ─▶ copies, stories ─▶ threads over revisions ─▶ groups and links over stories ─▶ report
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline import logs
from pipeline.errors import UsageError
from pipeline.jobs.session import open_store, utc_now
from pipeline.settings import Settings, get_settings
from pipeline.store import groups, links, runs, threads
from pipeline.store.database import Connection, transaction

# Load batches that one transaction links: enough to share look-ups, few enough to lose little when killed.
BATCHES_AT_ONCE = 20


def link_new(airflow_run: str | None = None, settings: Settings | None = None) -> dict[str, int]:
    """Link what was loaded since the last run and write ``var/report.html``; returns counts."""
    from pipeline.report import write_report  # its charts load slowly

    settings = settings or get_settings()
    with open_store(settings) as connection, runs.recorded_run(connection, "link", {}, airflow_run) as run_id:
        counts = link_batches(connection, run_id)
        write_report(connection, settings.var / "report.html", utc_now())
    return counts


def link_batches(connection: Connection, run_id: int) -> dict[str, int]:
    """Link every batch that no run has linked, in order, some to a transaction; returns counts."""
    totals = {"batches": 0, "copies": 0, "moved": 0, "threads": 0, "links": 0}
    waiting = links.list_unlinked_batches(connection)
    for start in range(0, len(waiting), BATCHES_AT_ONCE):
        with transaction(connection):
            for name, count in link_some(connection, waiting[start : start + BATCHES_AT_ONCE], run_id).items():
                totals[name] += count
    return totals


def link_some(connection: Connection, batches: Sequence[int], run_id: int) -> dict[str, int]:
    """Link these batches inside the caller's transaction; one linker works at a time."""
    links.lock(connection)
    load_batch_id = runs.start_batch(connection, run_id, "link")
    changed = links.link_articles(connection, batches)
    articles = sorted({*threads.list_read_articles(connection, batches), *changed.moved, *changed.copies})
    links.list_claims_again(connection, changed.copies)
    touched = groups.list_threads(connection, articles)
    touched |= threads.link_threads(connection, articles, changed.left_stories, load_batch_id)
    touched |= groups.list_threads(connection, articles)
    count = groups.link_groups(connection, touched, load_batch_id)
    threads.forget_threads(connection, articles, changed.left_stories)
    links.finish_batches(connection, batches, run_id)
    counts = {
        "batches": len(batches),
        "copies": len(changed.copies),
        "moved": len(changed.moved),
        "threads": len(touched),
        "links": count,
    }
    logs.note("linked", **counts)
    return counts


def keep_apart(
    claim_id: int, other_claim_id: int | None, made_by: str, reason: str, settings: Settings | None = None
) -> dict[str, int]:
    """Split by hand: the statement of a claim leaves its group, or that of another claim, for good; returns counts.

    Raises `UsageError` where a claim is unknown, or where the statement founds its group and no other claim is named.
    """
    with open_store(settings or get_settings()) as connection:
        thread = get_thread(connection, claim_id)
        if other_claim_id is not None:
            other = get_thread(connection, other_claim_id)
        else:
            group = groups.find_group(connection, thread)
            if group is None or group["founder_thread_id"] in (None, thread):
                raise UsageError(f"claim {claim_id} founds its group: name the claim that it should part from")
            other = int(group["founder_thread_id"])
        return _decide_by_hand(connection, thread, {"apart_from": other}, made_by, reason)


def keep_together(
    claim_id: int, other_claim_id: int, made_by: str, reason: str, settings: Settings | None = None
) -> dict[str, int]:
    """Merge by hand: the statements of two claims stand in one group for good; returns counts.

    Raises `UsageError` where a claim is unknown.
    """
    with open_store(settings or get_settings()) as connection:
        thread, other = get_thread(connection, claim_id), get_thread(connection, other_claim_id)
        return _decide_by_hand(connection, thread, {"with": other}, made_by, reason)


def get_thread(connection: Connection, claim_id: int) -> int:
    """The thread of a claim; raises `UsageError` where there is no such claim."""
    thread = groups.find_thread(connection, claim_id)
    if thread is None:
        raise UsageError(f"no claim {claim_id}")
    return thread


def _decide_by_hand(
    connection: Connection, thread: int, value: dict[str, int], made_by: str, reason: str
) -> dict[str, int]:
    (other,) = value.values()
    if other == thread:
        raise UsageError("both claims are one statement: nothing to decide")
    with runs.recorded_run(connection, "group", {"thread": thread, **value}) as run_id, transaction(connection):
        links.lock(connection)
        load_batch_id = runs.start_batch(connection, run_id, "link")
        decision = groups.add_decision(connection, thread, value, made_by, reason)
        count = groups.link_groups(connection, {thread, other}, load_batch_id)
    return {"correction": decision, "links": count}
