-- Statuses that say: this made a row of that table. The drop folder makes its articles without a page.
create view mart.conservation as
select
  r.run_id,
  r.kind as run_kind,
  r.started_at,
  s.step,
  s.taken_count,
  s.accounted_count,
  s.taken_count - s.accounted_count as difference
from ops.run as r
cross join lateral (
  select
    i.stage as step,
    sum(i.taken_count) as taken_count,
    sum(i.cleared_count) + (
      select count(*) from ops.outcome as o where o.run_id = r.run_id and o.stage = i.stage
    ) as accounted_count
  from ops.intake as i
  join ops.load_batch as b using (load_batch_id)
  where b.run_id = r.run_id
  group by i.stage
  union all
  select
    'bytes in the archive',
    count(*) filter (where f.body_bytes > 0),
    count(*) filter (where f.body_bytes > 0 and f.archive_file is not null)
  from raw."fetch" as f -- noqa: RF06
  where f.load_batch_id in (select b.load_batch_id from ops.load_batch as b where b.run_id = r.run_id)
  union all
  select
    'responses with an outcome',
    (
      select count(*) from raw."fetch" as f -- noqa: RF06
      where f.load_batch_id in (select b.load_batch_id from ops.load_batch as b where b.run_id = r.run_id)
    ),
    (
      select count(*) from ops.outcome as o
      where
        o.run_id = r.run_id
        and (
          o.stage in ('poll', 'robots')
          or (o.stage = 'page' and o.status <> 'refused')
          or (o.stage = 'file' and o.status in ('taken', 'failed'))
        )
    ) + (
      select coalesce(sum(i.cleared_count), 0) from ops.intake as i join ops.load_batch as b using (load_batch_id)
      where b.run_id = r.run_id and i.stage = 'poll'
    )
  union all
  select
    'entry states stored',
    (select count(*) from ops.outcome as o where o.run_id = r.run_id and o.stage = 'entry' and o.status in ('new', 'changed', 'without_text', 'redacted')),
    (select count(*) from ops.load_batch as b join raw.entry using (load_batch_id) where b.run_id = r.run_id)
  union all
  select
    'entry states to be read',
    (select count(*) from ops.outcome as o where o.run_id = r.run_id and o.stage = 'entry' and o.status in ('new', 'changed')),
    (select count(*) from ops.load_batch as b join raw.entry using (load_batch_id) join ops.page_visit using (entry_id) where b.run_id = r.run_id)
  union all
  select
    'articles stored',
    (select count(*) from ops.outcome as o where o.run_id = r.run_id and o.stage in ('revise', 'drop') and o.status = 'new'),
    (select count(*) from ops.load_batch as b join core.article using (load_batch_id) where b.run_id = r.run_id)
  union all
  select
    'revisions stored',
    (
      select count(*) from ops.outcome as o
      where
        o.run_id = r.run_id and o.stage in ('revise', 'drop', 'reextract')
        and o.status in ('new', 'revised', 'reextracted')
    ),
    (select count(*) from ops.load_batch as b join core.article_revision using (load_batch_id) where b.run_id = r.run_id)
  union all
  select
    'claims stored',
    (
      select coalesce(sum(n.claim_count), 0) from ops.load_batch as b join core.analysis as n using (load_batch_id)
      where b.run_id = r.run_id
    ),
    (select count(*) from ops.load_batch as b join core.claim using (load_batch_id) where b.run_id = r.run_id)
) as s;
comment on view mart.conservation is 'The account of each run: what was taken up at each step and what it became; a difference is a loss without a row.';
comment on column mart.conservation.run_id is 'The run.';
comment on column mart.conservation.run_kind is 'Which job.';
comment on column mart.conservation.started_at is 'When the job began.';
comment on column mart.conservation.step is 'A stage (poll, entry, page, robots, file, drop, revise, reextract, analyse: taken up against outcomes), or rows that outcomes speak of against rows that are there.';
comment on column mart.conservation.taken_count is 'Taken up, counted where it came in; or said by outcomes to be stored.';
comment on column mart.conservation.accounted_count is 'Outcomes (those cleared away since included); or rows stored.';
comment on column mart.conservation.difference is 'What is not accounted for; 0 where nothing was lost.';
