"""``wire …``: the same jobs without Airflow, and texts without a database."""

from __future__ import annotations

import errno
import os
import sys

import psycopg
import typer

from pipeline import __version__, logs
from pipeline.cli import data, figures, hand, keep, local, texts, work
from pipeline.errors import WireError
from pipeline.screen import say_error
from pipeline.settings import get_settings

app = typer.Typer(
    name="wire",
    help="A claim ledger for the wires: who said what, when, on what ground, and who has not confirmed it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)
for module in (texts, figures, work, data, hand, keep, local):
    module.register(app)


def _show_version(is_wanted: bool) -> None:
    if is_wanted:
        typer.echo(f"wire {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: bool = typer.Option(False, "--version", callback=_show_version, is_eager=True, help="Print the version."),
) -> None:
    """Common options."""
    if mode := get_settings().log:
        logs.configure(sys.stderr, is_json=mode == "json")


def main() -> None:
    """Run the command line; every fault is one clear line on stderr and an exit code (2 for wrong input)."""
    code = 0
    try:
        app()  # exits by itself: 0, or 2 for wrong usage
    except WireError as error:
        code = say_error(str(error), error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    except OSError as error:
        what = "no space left on the disk" if error.errno == errno.ENOSPC else error.strerror or str(error)
        code = say_error(f"{what}: {error.filename}" if error.filename else what, 1)
    except psycopg.Error as error:
        code = say_error(f"Postgres: {str(error).strip().splitlines()[0]}", 1)
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)
