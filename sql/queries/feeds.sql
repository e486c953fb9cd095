-- name: upsert_outlets
insert into core.outlet (outlet_key, name, homepage)
select distinct on (service_key) service_key, service_name, homepage from new_feed order by service_key
on conflict (outlet_key) do update set name = excluded.name, homepage = excluded.homepage
where (core.outlet.name, core.outlet.homepage) is distinct from (excluded.name, excluded.homepage)

-- name: upsert_agencies
insert into core.agency (agency_key, name)
select distinct on (service_key) service_key, service_name from new_feed where service_kind = 'agency' order by service_key
on conflict (agency_key) do nothing

-- name: upsert_feeds
insert into core.feed (
  feed_key, outlet_id, agency_id, url, title, language, terms_url, checked_on, may_store_text, retention_days
)
select n.feed_key, o.outlet_id, a.agency_id, n.url, n.title, n.language, n.terms_url, n.checked_on, n.may_store_text, n.retention_days
from new_feed as n
join core.outlet as o on o.outlet_key = n.service_key
left join core.agency as a on a.agency_key = coalesce(n.agency_key, case n.service_kind when 'agency' then n.service_key end)
on conflict (feed_key) do update set
  outlet_id = excluded.outlet_id, agency_id = excluded.agency_id, url = excluded.url, title = excluded.title,
  language = excluded.language, terms_url = excluded.terms_url, checked_on = excluded.checked_on,
  may_store_text = excluded.may_store_text, retention_days = excluded.retention_days, is_active = true
where (
  core.feed.outlet_id, core.feed.agency_id, core.feed.url, core.feed.title, core.feed.language, core.feed.terms_url,
  core.feed.checked_on, core.feed.may_store_text, core.feed.retention_days, core.feed.is_active
) is distinct from (
  excluded.outlet_id, excluded.agency_id, excluded.url, excluded.title, excluded.language, excluded.terms_url,
  excluded.checked_on, excluded.may_store_text, excluded.retention_days, true
)

-- name: list_feed_states
select feed_key, etag, last_modified, body_sha256, polled_at, next_poll_at, poll_count, failure_weight, failure_streak,
  newest_entry_at, usual_gap_s, known_share, permanent_url
from ops.feed_state where feed_key = any (%(feed_keys)s)

-- name: upsert_feed_state
insert into ops.feed_state (
  feed_key, etag, last_modified, body_sha256, polled_at, next_poll_at, poll_count, failure_weight, failure_streak,
  newest_entry_at, usual_gap_s, known_share, permanent_url, last_outcome, last_detail, last_ok_at
) values (
  %(feed_key)s, %(etag)s, %(last_modified)s, %(body_sha256)s, %(polled_at)s, %(next_poll_at)s, %(poll_count)s,
  %(failure_weight)s, %(failure_streak)s, %(newest_entry_at)s, %(usual_gap_s)s, %(known_share)s, %(permanent_url)s,
  %(last_outcome)s, %(last_detail)s, %(last_ok_at)s
)
on conflict (feed_key) do update set
  etag = excluded.etag, last_modified = excluded.last_modified, body_sha256 = excluded.body_sha256,
  polled_at = excluded.polled_at, next_poll_at = excluded.next_poll_at, poll_count = excluded.poll_count,
  failure_weight = excluded.failure_weight, failure_streak = excluded.failure_streak,
  newest_entry_at = excluded.newest_entry_at, usual_gap_s = excluded.usual_gap_s, known_share = excluded.known_share,
  permanent_url = excluded.permanent_url, last_outcome = excluded.last_outcome, last_detail = excluded.last_detail,
  last_ok_at = coalesce(excluded.last_ok_at, ops.feed_state.last_ok_at)

-- name: open_alarm
insert into ops.alarm (feed_key, kind, detail, noted_at) values (%(feed_key)s, %(kind)s, %(detail)s, %(noted_at)s)
on conflict (feed_key, kind) where cleared_at is null do nothing

-- name: clear_alarms
update ops.alarm set cleared_at = %(now)s
where feed_key = %(feed_key)s and cleared_at is null and not kind = any (%(standing)s)

-- name: list_feed_health
select * from mart.feed_health order by outlet_name, feed_key
