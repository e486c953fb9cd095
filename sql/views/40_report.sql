create view mart.load_batch as
select
  b.load_batch_id,
  b.stage,
  b.loaded_at,
  b.run_id,
  r.kind as run_kind,
  r.started_at as run_started_at,
  r.status as run_status
from ops.load_batch as b
left join ops.run as r on b.run_id = r.run_id;
comment on view mart.load_batch is 'Transactions of loading, with the run that made each: who follows the tables reads by this.';
comment on column mart.load_batch.load_batch_id is 'Key; rows of core bear it.';
comment on column mart.load_batch.stage is 'What was loaded: poll, page, revise, analyse …';
comment on column mart.load_batch.loaded_at is 'When the transaction began.';
comment on column mart.load_batch.run_id is 'The run.';
comment on column mart.load_batch.run_kind is 'Which job.';
comment on column mart.load_batch.run_started_at is 'When the job began.';
comment on column mart.load_batch.run_status is 'running, done, failed.';

create view mart.quarantine as
select
  q.quarantine_id,
  q.stage,
  q.subject,
  q.reason,
  q.detail,
  q.try_count,
  q.first_at,
  q.last_at
from raw.quarantine as q
where q.resolved_at is null;
comment on view mart.quarantine is 'What could not be processed and still waits for a person.';
comment on column mart.quarantine.quarantine_id is 'Key.';
comment on column mart.quarantine.stage is 'Where it failed: feed, entry, page, analyse.';
comment on column mart.quarantine.subject is 'What failed: a feed, an address, a revision.';
comment on column mart.quarantine.reason is 'Why, as one word.';
comment on column mart.quarantine.detail is 'Why, as one line.';
comment on column mart.quarantine.try_count is 'Tries so far.';
comment on column mart.quarantine.first_at is 'First failure.';
comment on column mart.quarantine.last_at is 'Last failure.';
