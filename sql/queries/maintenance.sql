-- name: clear_old_outcomes
with cleared as (
  delete from ops.outcome
  where noted_at < %(before)s and stage in ('poll', 'entry') and status in ('not_modified', 'known', 'duplicate')
  returning load_batch_id, stage
), counted as (
  update ops.intake as i set cleared_count = i.cleared_count + c.count
  from (select load_batch_id, stage, count(*) as count from cleared group by load_batch_id, stage) as c
  where i.load_batch_id = c.load_batch_id and i.stage = c.stage
)
select count(*) as count from cleared

-- name: list_broken_checks
select check_name, broken_count, detail from mart.data_check where broken_count > 0 order by check_name

-- name: forget_failed_analyses
delete from core.analysis where status = 'failed'

-- name: reopen_failed_visits
update ops.page_visit as v set status = case when v.fetch_id is null then 'from_feed' else 'fetched' end
where v.status = 'failed' and exists (
  select from raw.quarantine as q where q.stage = 'extract' and q.subject = v.url and q.resolved_at is null
)

-- name: resolve_recovered
update raw.quarantine as q set resolved_at = now()
where q.resolved_at is null and (
  (q.stage = 'analyse' and exists (
    select from core.analysis as n where n.article_revision_id = q.article_revision_id and n.status <> 'failed'
  ))
  or (q.stage = 'extract' and not exists (select from ops.page_visit as v where v.url = q.subject and v.status = 'failed'))
  or (q.stage = 'feed' and exists (
    select from ops.feed_state as s where s.feed_key = q.subject and s.last_outcome in ('ok', 'not_modified')
  ))
)
