-- name: list_unread_visits
select v.page_visit_id, v.url, v.feed_key, v.entry_id, v.article_id, v.reason, v.try_count, v.status, v.fetch_id,
  f.request_url, f.final_url, f.fetched_at, f.archive_file, f.archive_offset, f.archive_length, f.body_sha256,
  e.guid, e.url as entry_url, e.title, e.summary, e.content, e.authors, e.categories, e.published_at, e.updated_at,
  e.seen_at as entry_seen_at, e.content_sha256 as entry_sha256, e.fetch_id as entry_fetch_id,
  -- Where the entry led to before.
  array(
    select distinct x.url
    from raw.entry as y
    join ops.page_visit as x using (entry_id)
    where y.feed_key = e.feed_key and y.entry_key = e.entry_key and y.entry_id < e.entry_id
    order by x.url
  ) as earlier_urls
from ops.page_visit as v
left join raw.fetch as f on f.fetch_id = v.fetch_id
left join raw.entry as e on e.entry_id = v.entry_id
where v.status in ('fetched', 'from_feed')
order by coalesce(f.fetched_at, e.seen_at), v.page_visit_id
limit %(limit)s
for update of v

-- name: list_current_states
with wanted as (
  select distinct u.url as met_url, u.article_id
  from core.article_url as u
  where u.url = any (%(urls)s)
)
select w.met_url, a.article_id, a.canonical_url, a.status, a.agency_id, r.revision_number, r.headline, r.body, r.kind,
  r.extractor_version, r.text_basis, r.published_at
from wanted as w
join core.article as a using (article_id)
left join core.article_revision as r on r.article_revision_id = a.current_revision_id

-- name: get_revision_source
select a.canonical_url as url, a.feed_key, r.entry_id, r.fetch_id, r.kind, r.is_trivial, r.seen_at,
  case r.text_basis when 'page' then 'fetched' else 'from_feed' end as status,
  f.request_url, f.final_url, f.fetched_at, f.archive_file, f.archive_offset, f.archive_length, f.body_sha256,
  e.guid, e.url as entry_url, e.title, e.summary, e.content, e.authors, e.categories, e.published_at, e.updated_at,
  e.seen_at as entry_seen_at, e.content_sha256 as entry_sha256, e.fetch_id as entry_fetch_id,
  -- Where the entry led to before.
  array(
    select distinct x.url
    from raw.entry as y
    join ops.page_visit as x using (entry_id)
    where y.feed_key = e.feed_key and y.entry_key = e.entry_key and y.entry_id < e.entry_id
    order by x.url
  ) as earlier_urls
from core.article as a
join core.article_revision as r on r.article_revision_id = a.current_revision_id
left join raw.fetch as f on f.fetch_id = r.fetch_id
left join raw.entry as e on e.entry_id = r.entry_id
where a.article_id = %(article_id)s

-- name: list_older_extractions
select a.article_id, a.feed_key, u.url
from core.article as a
join core.article_revision as r on r.article_revision_id = a.current_revision_id
join lateral (select x.url from core.article_url as x where x.article_id = a.article_id order by x.url limit 1) as u on true
where r.extractor_version <> %(extractor_version)s and r.text_basis in ('page', 'feed content', 'feed summary')
  and a.status <> 'redacted' and a.article_id > %(after)s
order by a.article_id
limit %(limit)s

-- name: retire_older_extractions
-- A state that was extracted anew is read anew; what was read in the older text stands beside it and no longer speaks.
update core.analysis as n set is_current = false
from new_revision as w
join core.article as a using (canonical_url)
join core.article_revision as r on r.article_id = a.article_id and r.revision_number = w.revision_number
  and r.extractor_version <> w.extractor_version
where n.article_revision_id = r.article_revision_id and n.is_current

-- name: list_agencies
select agency_id, agency_key, name from core.agency

-- name: insert_agency
insert into core.agency (agency_key, name) values (%(agency_key)s, %(name)s)
on conflict (agency_key) do update set agency_key = excluded.agency_key
returning agency_id

-- name: list_feed_rows
select feed_key, outlet_id, agency_id, may_store_text from core.feed where feed_key = any (%(feed_keys)s)

-- name: insert_stories
insert into core.story (story_key) select distinct canonical_url from new_article order by canonical_url on conflict (story_key) do nothing

-- name: insert_articles
insert into core.article (
  canonical_url, outlet_id, agency_id, feed_key, story_id, language, first_published_at, first_seen_at, load_batch_id
)
select n.canonical_url, n.outlet_id, n.agency_id, n.feed_key, s.story_id, n.language, n.first_published_at, n.first_seen_at,
  n.load_batch_id
from new_article as n
join core.story as s on s.story_key = n.canonical_url
on conflict (canonical_url) do nothing

-- name: insert_article_urls
insert into core.article_url (url, article_id)
select distinct on (n.url) n.url, a.article_id
from new_article_url as n
join core.article as a using (canonical_url)
order by n.url
on conflict (url) do nothing

-- name: insert_revisions
insert into core.article_revision (
  article_id, revision_number, kind, text_basis, headline, body, authors, section, keywords, language, tags, slug, changes,
  embargo_until, published_at, modified_at, seen_at, is_trivial, content_sha256, source_sha256, extractor_version, fetch_id,
  entry_id, load_batch_id
)
select a.article_id, n.revision_number, n.kind, n.text_basis, n.headline, n.body, n.authors, n.section, n.keywords, n.language,
  n.tags, n.slug, n.changes, n.embargo_until, n.published_at, n.modified_at, n.seen_at, n.is_trivial, n.content_sha256,
  n.source_sha256, n.extractor_version, n.fetch_id, n.entry_id, n.load_batch_id
from new_revision as n
join core.article as a using (canonical_url)
on conflict (article_id, revision_number, extractor_version) do nothing

-- name: insert_wire_parts
insert into core.wire_part (article_revision_id, position, kind, text_part, span_start, span_end, words, detail)
select r.article_revision_id, n.position, n.kind, n.text_part, n.span_start, n.span_end, n.words, n.detail
from new_wire_part as n
join core.article as a using (canonical_url)
join core.article_revision as r on r.article_id = a.article_id and r.revision_number = n.revision_number
  and r.extractor_version = n.extractor_version
on conflict (article_revision_id, position) do nothing

-- name: set_current_revisions
with newest as (
  select distinct on (r.article_id) r.article_id, r.article_revision_id, r.kind, r.seen_at
  from core.article_revision as r
  join core.article as a using (article_id)
  where a.canonical_url = any (%(urls)s)
  order by r.article_id, r.revision_number desc, r.article_revision_id desc
)
update core.article as a set
  current_revision_id = n.article_revision_id,
  status = case when a.status = 'redacted' then a.status when n.kind = 'withdrawn' then 'withdrawn' else 'live' end,
  withdrawn_at = case when n.kind = 'withdrawn' then coalesce(a.withdrawn_at, n.seen_at) end
from newest as n
where n.article_id = a.article_id
  and (a.current_revision_id is distinct from n.article_revision_id)
returning a.article_id

-- name: list_claims_of_articles
select core.list_claims(%(article_ids)s)

-- name: finish_visits
update ops.page_visit as v set status = n.status, detail = n.detail
from new_visit_end as n where n.page_visit_id = v.page_visit_id

-- name: schedule_rechecks
insert into ops.page_visit (url, feed_key, article_id, reason, due_at)
select a.canonical_url, a.feed_key, a.article_id, 'recheck', a.first_seen_at + i.after
from core.article as a
cross join (values (interval '1 hour'), (interval '24 hours'), (interval '7 days')) as i (after)
where a.canonical_url = any (%(urls)s)
on conflict (article_id, due_at) where reason = 'recheck' do nothing
