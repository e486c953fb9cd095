"""Airflow's REST API, as far as the local stack needs it."""

from __future__ import annotations

import time
from typing import Any

import httpx2

from pipeline.errors import ConnectionFailed, FetchTimeout, PermanentError

OPEN_STATES = ("queued", "running")


class AirflowApi:
    """A client of one api-server on loopback, where everybody is admin."""

    def __init__(self, base_url: str) -> None:
        self._client = httpx2.Client(base_url=base_url, timeout=30, trust_env=False)
        self._token: str | None = None

    def is_healthy(self) -> bool:
        """Whether the api-server answers and its metadata database is well."""
        try:
            answer = self._client.get("/api/v2/monitor/health", timeout=5)
        except httpx2.HTTPError:
            return False
        return answer.status_code == 200 and answer.json()["metadatabase"]["status"] == "healthy"

    def get(self, path: str, **query: Any) -> Any:
        """GET below ``/api/v2``."""
        return self._call("GET", path, params=query)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """POST below ``/api/v2``."""
        return self._call("POST", path, json=body)

    def patch(self, path: str, body: dict[str, Any]) -> Any:
        """PATCH below ``/api/v2``."""
        return self._call("PATCH", path, json=body)

    def unpause(self, dag_ids: tuple[str, ...]) -> None:
        """Let these DAGs run."""
        for dag_id in dag_ids:
            self.patch(f"dags/{dag_id}", {"is_paused": False})

    def trigger(self, dag_id: str, conf: dict[str, Any]) -> str:
        """Start a run; returns its id. The DAG must be unpaused, or the run waits for ever."""
        run = self.post(f"dags/{dag_id}/dagRuns", {"logical_date": None, "conf": conf})
        return str(run["dag_run_id"])

    def list_runs(self, dag_id: str = "~", states: tuple[str, ...] = ()) -> list[dict[str, Any]]:
        """Runs of a DAG (``~`` for all), newest first."""
        query: dict[str, Any] = {"limit": 100, "order_by": "-run_after"}
        if states:
            query["state"] = list(states)
        runs: list[dict[str, Any]] = self.get(f"dags/{dag_id}/dagRuns", **query)["dag_runs"]
        return runs

    def has_queued_assets(self, dag_ids: tuple[str, ...]) -> bool:
        """Whether an asset event waits to start one of these DAGs."""
        answers = (self.get(f"dags/{dag_id}/assets/queuedEvents", missing_ok=True) for dag_id in dag_ids)
        return any(answer and answer["queued_events"] for answer in answers)

    def _call(self, method: str, path: str, **kwargs: Any) -> Any:
        missing_ok = (kwargs.get("params") or {}).pop("missing_ok", False)
        for attempt in range(4):
            if self._token is None:
                self._token = self._client.get("/auth/token").json()["access_token"]
            try:
                answer = self._client.request(
                    method, f"/api/v2/{path}", headers={"Authorization": f"Bearer {self._token}"}, **kwargs
                )
            except httpx2.TimeoutException:
                if attempt == 3:
                    raise FetchTimeout(f"Airflow's API did not answer {method} {path}") from None
                continue
            except httpx2.HTTPError as error:
                raise ConnectionFailed(f"Airflow's API cannot be reached: {error}") from None
            if answer.status_code == 401 and attempt == 0:
                self._token = None
                continue
            if answer.status_code == 404 and missing_ok:
                return None
            if answer.status_code >= 500 and attempt < 3:
                time.sleep(0.5)
                continue
            if answer.is_error:
                raise PermanentError(f"Airflow's API: {answer.status_code} to {method} {path}: {answer.text[:300]}")
            return answer.json() if answer.content else None
        raise PermanentError(f"Airflow's API kept failing on {method} {path}")
