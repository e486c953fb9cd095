#!/bin/sh
# Trains a model: sh training/run.sh [PYTHON] [options of training.train]; MODULE names another training module.
# Makes an environment of its own once (Python 3.11; torch is not in the lock). A call after a kill resumes.
set -eu
cd "$(dirname "$0")/.."
python=${1:-python3}
[ $# -gt 0 ] && shift
venv=var/training/venv
if [ ! -f "$venv/.ready" ]; then
    mkdir -p var/training
    "$python" -m venv "$venv"
    "$venv/bin/python" -m pip install --quiet --requirement training/requirements.txt
    touch "$venv/.ready"
fi
# Threads that wait asleep: beside other work, waiting awake made a step take 5 s instead of 1.8 s.
exec env OMP_WAIT_POLICY=passive "$venv/bin/python" -m "${MODULE:-training.train}" "$@"
