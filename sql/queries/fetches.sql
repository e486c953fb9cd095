-- name: insert_fetch
insert into raw.fetch (
  kind, feed_key, request_url, final_url, permanent_url, fetched_at, elapsed_s, outcome, status, content_type, etag,
  last_modified, body_sha256, body_bytes, detail, archive_file, archive_offset, archive_length, load_batch_id
) values (
  %(kind)s, %(feed_key)s, %(request_url)s, %(final_url)s, %(permanent_url)s, %(fetched_at)s, %(elapsed_s)s, %(outcome)s,
  %(status)s, %(content_type)s, %(etag)s, %(last_modified)s, %(body_sha256)s, %(body_bytes)s, %(detail)s, %(archive_file)s,
  %(archive_offset)s, %(archive_length)s, %(load_batch_id)s
)
on conflict (archive_file, archive_offset) do update set feed_key = raw.fetch.feed_key
where raw.fetch.fetched_at = excluded.fetched_at
returning fetch_id

-- name: insert_entries
insert into raw.entry (
  feed_key, entry_key, content_sha256, guid, url, address, title, summary, content, authors, categories, published_at, updated_at,
  seen_at, fetch_id, load_batch_id
)
select feed_key, entry_key, content_sha256, guid, url, address, title, summary, content, authors, categories, published_at, updated_at,
  seen_at, fetch_id, load_batch_id
from new_entry
on conflict (feed_key, entry_key, content_sha256) do nothing
returning entry_id, entry_key

-- name: recall_entries
-- Three ways to an entry, each with its index; then all its addresses and GUIDs, and its newest words and time.
with named as (
  select e.entry_key from raw.entry as e where e.feed_key = %(feed_key)s and e.entry_key = any (%(entry_keys)s)
  union
  select e.entry_key from raw.entry as e where e.feed_key = %(feed_key)s and e.address = any (%(addresses)s)
  union
  select e.entry_key from raw.entry as e
  where e.feed_key = %(feed_key)s and e.guid = any (%(guids)s) and octet_length(e.guid) <= 2000
)
select
  n.entry_key,
  coalesce(array_agg(distinct e.address) filter (where e.address is not null), '{}') as addresses,
  -- A redacted entry has lost its GUID, but where its key is made of it.
  coalesce(array_agg(distinct coalesce(e.guid, g.guid)) filter (where coalesce(e.guid, g.guid) is not null), '{}') as guids,
  (array_agg(left(coalesce(nullif(e.title, ''), nullif(e.summary, ''), e.content), %(words_length)s) order by e.entry_id desc))[1] as words,
  (array_agg(e.published_at order by e.entry_id desc))[1] as published_at
from named as n
join raw.entry as e on e.feed_key = %(feed_key)s and e.entry_key = n.entry_key
left join lateral (
  select regexp_replace(substr(n.entry_key, 6), '#[0-9a-f]{24}$', '') as guid where n.entry_key like 'guid:%%'
) as g on true
group by n.entry_key
order by n.entry_key

-- name: list_known_entry_keys
select distinct entry_key from raw.entry where feed_key = %(feed_key)s and entry_key = any (%(entry_keys)s)

-- name: insert_visits
insert into ops.page_visit (url, feed_key, entry_id, reason, due_at, status)
select n.url, e.feed_key, e.entry_id, 'entry', e.seen_at, n.status
from new_visit as n
join raw.entry as e on e.entry_id = n.entry_id
on conflict (entry_id) where entry_id is not null do nothing

-- name: list_due_visits
with due as (
  select v.*, v.reason = 'recheck' as is_recheck,
    row_number() over (partition by v.reason = 'recheck' order by v.due_at, v.page_visit_id) as place
  from ops.page_visit as v
  where v.status = 'due' and v.due_at <= %(now)s and v.feed_key = any (%(feed_keys)s)
)
select page_visit_id, url, feed_key, entry_id, article_id, reason, try_count
from due
where not is_recheck or place <= %(recheck_limit)s
order by is_recheck, due_at, page_visit_id
limit %(limit)s

-- name: list_open_hosts
select distinct feed_key from ops.page_visit where status = 'due' and due_at <= %(now)s

-- name: mark_visit
update ops.page_visit set
  status = %(status)s, fetch_id = coalesce(%(fetch_id)s, fetch_id), try_count = try_count + 1,
  due_at = coalesce(%(due_at)s, due_at), detail = %(detail)s
where page_visit_id = %(page_visit_id)s

-- name: count_work
select
  (select count(*) from ops.page_visit where status in ('fetched', 'from_feed')) as unread_visits,
  (select count(*) from core.article_revision as r where not exists (
    select from core.analysis as n where n.article_revision_id = r.article_revision_id
  )) as unread_revisions

-- name: find_open_visit
select page_visit_id, url, feed_key, entry_id, article_id, reason, try_count
from ops.page_visit
where url = %(url)s and status = 'due' and due_at <= %(at)s
order by due_at, page_visit_id
limit 1

-- name: insert_manual_visit
insert into ops.page_visit (url, feed_key, reason, due_at) values (%(url)s, %(feed_key)s, 'manual', %(at)s)
returning page_visit_id, url, feed_key, entry_id, article_id, reason, try_count
