-- For the administrator of an existing Postgres 15 to 18. A superuser is not needed: CREATEROLE and CREATEDB are enough.
--
--   export WIRE_DB_PASSWORD=… GRAFANA_DB_PASSWORD=… AIRFLOW_DB_PASSWORD=…    (the last one only for Airflow's metadata here)
--   psql -X -d postgres -f deploy/roles.sql
--
-- Safe to repeat; a repeat sets the passwords anew. What it makes:
--   wireledger     login, owns database wire; takes wire_loader or wire_reader with SET LOCAL ROLE for each transaction
--   wire_loader    no login: writes raw, core, ops; no DDL
--   wire_reader    no login: reads core and mart
--   wire_grafana   login, member of wire_reader, every transaction read-only, thirty seconds a statement
--   airflow        login, owns database airflow (only where AIRFLOW_DB_PASSWORD is set)
-- Afterwards the owner runs `wire migrate` with DATABASE_URL=postgresql://wireledger:…@HOST/wire.
\set ON_ERROR_STOP on
\getenv wire_password WIRE_DB_PASSWORD
\getenv grafana_password GRAFANA_DB_PASSWORD
\getenv airflow_password AIRFLOW_DB_PASSWORD
\if :{?wire_password}
\else
\warn 'set WIRE_DB_PASSWORD in the environment'
\quit
\endif

select format('create role %I', r) from unnest(array['wireledger', 'wire_loader', 'wire_reader', 'wire_grafana']) as r
where not exists (select from pg_roles where rolname = r)
\gexec
alter role wireledger login password :'wire_password' connection limit 100;
grant wire_loader, wire_reader to wireledger;

-- Who is no superuser must be a member of a role to give it a database.
select 'grant wireledger to current_user' where not pg_has_role(current_user, 'wireledger', 'usage')
\gexec
select 'create database wire owner wireledger encoding ''UTF8'' template template0'
where not exists (select from pg_database where datname = 'wire')
\gexec
revoke all on database wire from public;
grant connect on database wire to wire_reader, wire_loader;
-- Loading in sets goes through temporary tables; Grafana's role needs none.
grant temporary on database wire to wire_loader;

\if :{?grafana_password}
alter role wire_grafana login password :'grafana_password' connection limit 20;
grant wire_reader to wire_grafana;
alter role wire_grafana set default_transaction_read_only = on;
alter role wire_grafana set statement_timeout = '30s';
alter role wire_grafana set search_path = mart, pg_catalog;
\endif

\if :{?airflow_password}
select 'create role airflow' where not exists (select from pg_roles where rolname = 'airflow')
\gexec
alter role airflow login password :'airflow_password' connection limit 200;
select 'grant airflow to current_user' where not pg_has_role(current_user, 'airflow', 'usage')
\gexec
select 'create database airflow owner airflow encoding ''UTF8'' template template0'
where not exists (select from pg_database where datname = 'airflow')
\gexec
revoke all on database airflow from public;
\endif

\connect wire
-- Trusted since Postgres 13: the owner of a database may install it, where the server has it at all (package postgresql-contrib).
create extension if not exists pg_trgm;
revoke create on schema public from public;
-- The history of migrations (yoyo's tables) lies in public.
grant usage, create on schema public to wireledger;
