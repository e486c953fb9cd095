"""The DAGs: they load, hang together as drawn, and hold nothing but one call a task."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.settings import ROOT

pytestmark = pytest.mark.airflow

DAGS = ROOT / "dags"
FILES = sorted(p for p in DAGS.glob("*.py") if not p.name.startswith("_"))


def functions_of_tasks(path: Path) -> Iterator[ast.FunctionDef]:
    """Functions under ``@task``."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef) and any(
            "task" in ast.unparse(d).split("(")[0] for d in node.decorator_list
        ):
            yield node


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_a_task_is_one_sentence_and_one_call(path: Path) -> None:
    tasks = list(functions_of_tasks(path))
    assert tasks
    for task in tasks:
        sentence, statement = task.body
        assert ast.get_docstring(task) and isinstance(sentence, ast.Expr)
        assert isinstance(statement, ast.Return) and isinstance(statement.value, ast.Call)
        assert "jobs." in ast.unparse(statement)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_a_dag_file_is_named_after_its_dag_and_carries_its_runbook(path: Path) -> None:
    tree = ast.parse(path.read_text())
    names = [n.name for n in tree.body if isinstance(n, ast.FunctionDef)]
    assert names == [path.stem]
    assert "Safe to repeat" in (ast.get_docstring(tree) or "") or "By hand" in (ast.get_docstring(tree) or "")


def test_only_dag_files_import_airflow() -> None:
    for path in (ROOT / "pipeline").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not any(n.split(".")[0] == "airflow" for n in names), path


@pytest.fixture(scope="module")
def airflow_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An Airflow home of the tests' own, on SQLite."""
    home = tmp_path_factory.mktemp("airflow")
    kept = {k: v for k, v in os.environ.items() if not k.startswith("AIRFLOW")}
    return {
        **kept,
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(DAGS),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home}/airflow.db",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
        "PYTHONPATH": str(DAGS),
        "PYTHONWARNINGS": "ignore",
        "WIRE_VAR": str(home / "var"),
    }


STRUCTURE = """
import json, sys
from airflow.dag_processing.dagbag import DagBag
bag = DagBag()
heavy = [m for m in ("spacy", "trafilatura", "feedparser", "onnxruntime") if m in sys.modules]
print(json.dumps({
    "errors": {k: str(v) for k, v in bag.import_errors.items()},
    "heavy": heavy,
    "dags": {d.dag_id: {t.task_id: sorted(t.downstream_task_ids) for t in d.tasks} for d in bag.dags.values()},
}))
"""


def test_all_dags_load_lightly_and_are_drawn_as_written(airflow_environment: dict[str, str]) -> None:
    import json

    done = subprocess.run(
        [sys.executable, "-c", STRUCTURE], env=airflow_environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["errors"] == {}
    assert found["heavy"] == []
    assert found["dags"] == {
        "collect_wire": {"list_hosts": ["collect_host"], "collect_host": ["read_pages"], "read_pages": []},
        "collect_drops": {"take_drops": []},
        "build_claims": {"list_batches": ["analyse_batch"], "analyse_batch": []},
        "link_claims": {"link_new": []},
        "reanalyse_claims": {"list_batches": ["reanalyse_batch"], "reanalyse_batch": []},
        "replay_archive": {"replay": []},
        "maintain_warehouse": {"maintain": ["check_warehouse"], "check_warehouse": []},
    }
