"""What the DAGs share: retries decided by our error classes, the assets between the DAGs, the pool of hosts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import Asset, ExceptionRetryPolicy, RetryAction, RetryRule
from airflow.sdk.exceptions import AirflowSkipException

REVISIONS = Asset("wire://core/article_revision")
CLAIMS = Asset("wire://core/claim")
HOSTS_POOL = "wire_hosts"

DEFAULT_ARGS: dict[str, Any] = {
    "owner": "wireledger",
    "retries": 3,
    "retry_delay": timedelta(seconds=30),
    "retry_policy": ExceptionRetryPolicy(
        rules=[
            RetryRule(exception="pipeline.errors.TransientError", action=RetryAction.RETRY),
            RetryRule(exception="pipeline.errors.PermanentError", action=RetryAction.FAIL),
            RetryRule(exception="pipeline.errors.UsageError", action=RetryAction.FAIL),
        ]
    ),
}


def announce(counts: dict[str, int], what: str) -> dict[str, int]:
    """The counts; where nothing new came, the task is skipped, so that no asset event starts an empty run."""
    if not counts.get(what):
        raise AirflowSkipException(f"no new {what}: {counts}")
    return counts
