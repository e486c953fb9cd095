#!/bin/sh
# Make a virtual environment from requirements.lock, hashes checked: with uv where it works, else with pip.
# usage: setup.sh PYTHON VENV
set -eu
python=$1
venv=$2

"$python" - <<'PY' || exit 2
import sys
if not (3, 11) <= sys.version_info[:2] <= (3, 13):
    sys.exit(f"Python 3.11, 3.12 or 3.13 is needed, this is {sys.version.split()[0]}: make setup PYTHON=python3.12")
try:
    import ensurepip, venv
except ImportError:
    sys.exit("Python's venv is missing: apt-get install python3-venv")
PY

[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"

uv_pin=$(sed -n '/^uv==/,/^[a-z]/{/^uv==\|--hash/p}' requirements.lock)
echo "setting up $venv (about a minute; two without uv)"
lock=$(mktemp)
trap 'rm -f "$lock"' EXIT
printf '%s\n' "$uv_pin" | sed '$ s/ \\$//' >"$lock"
if "$venv/bin/python" -m pip install -q --require-hashes -r "$lock" &&
   "$venv/bin/uv" pip sync -q --system-certs --require-hashes --python "$venv/bin/python" requirements.lock; then
  "$venv/bin/uv" pip install -q --system-certs --python "$venv/bin/python" --no-deps --no-build-isolation -e .
else
  echo "uv did not work here: installing with pip"
  "$venv/bin/python" -m pip install -q --require-hashes -r requirements.lock
  "$venv/bin/python" -m pip install -q --no-deps --no-build-isolation -e .
fi
"$venv/bin/python" -m compileall -q "$venv"/lib/python3.*/site-packages/airflow "$venv"/lib/python3.*/site-packages/spacy pipeline >/dev/null 2>&1 || true
