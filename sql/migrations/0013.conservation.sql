-- What a batch took up, counted apart from what came of it: a difference between the two is a loss without a row.
create table ops.intake (
  load_batch_id bigint not null references ops.load_batch,
  stage text not null,
  taken_count integer not null check (taken_count >= 0),
  cleared_count integer not null default 0,
  primary key (load_batch_id, stage)
);
comment on table ops.intake is 'How many things a load batch took up at a stage; each must end as one row of ops.outcome.';
comment on column ops.intake.load_batch_id is 'The batch.';
comment on column ops.intake.stage is 'As in ops.outcome: poll, entry, page, robots, revise, analyse, drop.';
comment on column ops.intake.taken_count is 'Things taken up, counted where they came in.';
comment on column ops.intake.cleared_count is 'Outcomes that said "nothing new" and were cleared away since (maintain_warehouse).';

alter table ops.outcome add column load_batch_id bigint references ops.load_batch;
comment on column ops.outcome.load_batch_id is 'The batch that took the thing up; null before conservation was counted.';
-- A replay reads many polls of one feed in one run: a thing is told apart within its batch (0013b), not within the run.
alter table ops.outcome drop constraint outcome_run_id_stage_subject_key;

create table ops.domain_load (
  domain text primary key,
  last_start_at timestamptz,
  blocked_until_at timestamptz
);
comment on table ops.domain_load is 'The budget of a registrable domain: its row is locked while one request runs, whichever process asks, for feed, page or robots.txt.';
comment on column ops.domain_load.domain is 'Registrable domain, e.g. bbc.co.uk.';
comment on column ops.domain_load.last_start_at is 'When the last request to it was sent.';
comment on column ops.domain_load.blocked_until_at is 'Until when it asked to be left alone (Retry-After).';
