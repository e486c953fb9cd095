-- Schemas, extensions and the two working roles. The owner (DATABASE_URL) is a member of both and takes them with SET LOCAL ROLE.
create extension if not exists pg_trgm;

create schema raw;
create schema core;
create schema mart;
create schema ops;

comment on schema raw is 'What came in: fetches with their archive pointers, feed entries, quarantine.';
comment on schema core is 'What was read: agencies, outlets, feeds, articles, revisions, entities, mentions, claims, links.';
comment on schema mart is 'Views: the only interface of dashboards and people. Columns are only ever added within a major version.';
comment on schema ops is 'How the work went: runs, load batches, outcomes, poll states, alarms.';

do $$
begin
  if not exists (select from pg_roles where rolname = 'wire_loader') then
    create role wire_loader nologin;
  end if;
  if not exists (select from pg_roles where rolname = 'wire_reader') then
    create role wire_reader nologin;
  end if;
  if not pg_has_role(current_user, 'wire_loader', 'member') then
    execute format('grant wire_loader to %I', current_user);
  end if;
  if not pg_has_role(current_user, 'wire_reader', 'member') then
    execute format('grant wire_reader to %I', current_user);
  end if;
end
$$;

grant usage on schema raw, core, mart, ops to wire_loader;
grant usage on schema core, mart to wire_reader;
alter default privileges in schema raw, core, ops grant select, insert, update on tables to wire_loader;
alter default privileges in schema raw, core, ops grant usage, select on sequences to wire_loader;
alter default privileges in schema core, mart grant select on tables to wire_reader;
alter default privileges in schema mart grant select on tables to wire_loader;
