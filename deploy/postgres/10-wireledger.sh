#!/bin/sh
# Run once by the postgres image on an empty volume: databases, owners and the reader for Grafana.
set -eu
psql -v ON_ERROR_STOP=1 --no-psqlrc -q -U "$POSTGRES_USER" -d postgres -f /opt/wireledger/roles.sql
