-- The account of one run (mart.conservation) is found by run and batch, however long the history.
-- transactional: false
create index concurrently if not exists outcome_run on ops.outcome (run_id, stage);
create index concurrently if not exists load_batch_run on ops.load_batch (run_id);
create index concurrently if not exists fetch_batch on raw."fetch" (load_batch_id); -- noqa: RF06
create index concurrently if not exists entry_batch on raw.entry (load_batch_id);
create index concurrently if not exists article_batch on core.article (load_batch_id);
create unique index concurrently if not exists outcome_load_batch_id_stage_subject_key on ops.outcome (load_batch_id, stage, subject);
do $$
begin
  if not exists (select from pg_constraint where conname = 'outcome_load_batch_id_stage_subject_key') then
    alter table ops.outcome
    add constraint outcome_load_batch_id_stage_subject_key unique using index outcome_load_batch_id_stage_subject_key;
  end if;
end
$$;
