-- name: start_run
insert into ops.run (kind, airflow_run, parameters) values (%(kind)s, %(airflow_run)s, %(parameters)s) returning run_id

-- name: finish_run
update ops.run set finished_at = now(), status = %(status)s where run_id = %(run_id)s

-- name: start_load_batch
insert into ops.load_batch (run_id, stage) values (%(run_id)s, %(stage)s) returning load_batch_id

-- name: insert_outcomes
insert into ops.outcome (run_id, load_batch_id, stage, feed_key, subject, status, reason, detail)
select b.run_id, b.load_batch_id, n.stage, n.feed_key, n.subject, n.status, n.reason, n.detail
from new_outcome as n
join ops.load_batch as b using (load_batch_id)

-- name: insert_intake
insert into ops.intake (load_batch_id, stage, taken_count) values (%(load_batch_id)s, %(stage)s, %(taken_count)s)

-- name: insert_quarantine
insert into raw.quarantine (stage, subject, reason, detail, fetch_id, article_revision_id)
values (%(stage)s, %(subject)s, %(reason)s, %(detail)s, %(fetch_id)s, %(article_revision_id)s)
on conflict (stage, subject) do update set
  reason = excluded.reason, detail = excluded.detail, last_at = now(), resolved_at = null,
  try_count = raw.quarantine.try_count + 1

-- name: resolve_quarantine
update raw.quarantine set resolved_at = now() where stage = %(stage)s and subject = %(subject)s and resolved_at is null

-- name: list_quarantine
select quarantine_id, stage, subject, reason, detail, try_count, first_at, last_at
from raw.quarantine where resolved_at is null order by last_at desc
