-- name: find_published_delivery
select d.version, d.pubstatus as status, d.versioned_at, r.headline, r.body
from raw.delivery as d
join core.article as a on a.canonical_url = %(canonical_url)s
join core.article_revision as r on r.article_revision_id = a.current_revision_id
where d.feed_key = %(feed_key)s and d.guid = %(guid)s and d.action = 'publish'
order by d.version desc, d.versioned_at desc nulls last, d.delivery_id desc
limit 1

-- name: find_newest_delivery
select version, pubstatus as status, versioned_at
from raw.delivery
where feed_key = %(feed_key)s and guid = %(guid)s and reason <> 'older_version'
order by version desc, versioned_at desc nulls last, delivery_id desc
limit 1

-- name: insert_delivery
insert into raw.delivery (
  feed_key, guid, version, pubstatus, format, versioned_at, seen_at, fetch_id, position, action, reason, hold_until,
  load_batch_id
) values (
  %(feed_key)s, %(guid)s, %(version)s, %(pubstatus)s, %(format)s, %(versioned_at)s, %(seen_at)s, %(fetch_id)s,
  %(position)s, %(action)s, %(reason)s, %(hold_until)s, %(load_batch_id)s
)

-- name: is_delivered
select fetch_id from raw.fetch where kind = 'drop' and request_url = %(url)s limit 1

-- name: list_ended_holds
-- Only the newest version of a story comes out of a hold; what it replaces stays unpublished.
select d.delivery_id, d.feed_key, d.guid, d.fetch_id, d.position, d.hold_until, f.archive_file, f.archive_offset,
  f.archive_length, f.request_url,
  not exists (
    select from raw.delivery as newer
    where newer.feed_key = d.feed_key and newer.guid = d.guid and newer.reason <> 'older_version'
      and (newer.version, coalesce(newer.versioned_at, '-infinity'), newer.delivery_id)
      > (d.version, coalesce(d.versioned_at, '-infinity'), d.delivery_id)
  ) as is_newest
from raw.delivery as d
join raw.fetch as f using (fetch_id)
where d.action = 'hold' and d.hold_until <= %(until)s
order by d.hold_until, d.delivery_id
for update of d

-- name: end_hold
update raw.delivery set action = %(action)s, reason = %(reason)s, hold_until = %(hold_until)s where delivery_id = %(delivery_id)s

-- name: list_failed_deliveries
select q.subject, q.fetch_id, f.feed_key, f.archive_file, f.archive_offset, f.archive_length
from raw.quarantine as q
join raw.fetch as f using (fetch_id)
where q.stage = 'drop' and q.resolved_at is null
order by q.quarantine_id
