-- name: ensure_domain
insert into ops.domain_load (domain) values (%(domain)s) on conflict (domain) do nothing

-- name: lock_domain
select extract(epoch from last_start_at)::float8 as last_start_s, extract(epoch from blocked_until_at)::float8 as blocked_until_s
from ops.domain_load where domain = %(domain)s for update

-- name: get_clock
select extract(epoch from clock_timestamp())::float8 as now_s

-- name: note_domain
insert into ops.domain_load (domain, last_start_at, blocked_until_at)
values (%(domain)s, to_timestamp(%(last_start_s)s), to_timestamp(%(blocked_until_s)s))
on conflict (domain) do update set
  last_start_at = greatest(ops.domain_load.last_start_at, excluded.last_start_at),
  blocked_until_at = greatest(ops.domain_load.blocked_until_at, excluded.blocked_until_at)

-- name: put_off_visit
-- The microseconds keep rechecks of one article apart, which are told apart by when they are due.
update ops.page_visit set due_at = to_timestamp(%(until_s)s) + (page_visit_id %% 1000000) * interval '1 microsecond'
where page_visit_id = %(page_visit_id)s

-- name: find_robots
select archive_file, archive_offset, archive_length, request_url, final_url, outcome, status, fetched_at, detail
from raw.fetch
where kind = 'robots' and request_url = %(url)s and fetched_at > %(after)s and outcome in ('ok', 'not_found', 'gone', 'forbidden', 'client_error')
order by fetched_at desc
limit 1
