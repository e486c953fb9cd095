"""Stages joined to the store: what DAG tasks and the command line call. Each job opens what it needs and counts.

Imported lazily: a DAG file that names a job must not load the language model.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.jobs.analysing import analyse_all, analyse_batch, list_analysis_batches, list_reanalysis_batches
    from pipeline.jobs.collecting import collect_host, collect_hosts, list_due_hosts
    from pipeline.jobs.delivering import take_drops
    from pipeline.jobs.linking import link_new
    from pipeline.jobs.maintaining import check_warehouse, maintain, resolve_recovered, retry_quarantine
    from pipeline.jobs.reading import extract_anew, read_pages
    from pipeline.jobs.replaying import replay_archive, replay_range

__all__ = [
    "analyse_all",
    "analyse_batch",
    "check_warehouse",
    "collect_host",
    "collect_hosts",
    "extract_anew",
    "link_new",
    "list_analysis_batches",
    "list_due_hosts",
    "list_reanalysis_batches",
    "maintain",
    "read_pages",
    "replay_archive",
    "replay_range",
    "resolve_recovered",
    "retry_quarantine",
    "take_drops",
]

_HOMES = {
    "analysing": ("analyse_all", "analyse_batch", "list_analysis_batches", "list_reanalysis_batches"),
    "collecting": ("collect_host", "collect_hosts", "list_due_hosts"),
    "delivering": ("take_drops",),
    "linking": ("link_new",),
    "maintaining": ("check_warehouse", "maintain", "resolve_recovered", "retry_quarantine"),
    "reading": ("extract_anew", "read_pages"),
    "replaying": ("replay_archive", "replay_range"),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(name)
    return getattr(import_module(f"pipeline.jobs.{_HOME_OF[name]}"), name)
