-- name: find_report_newest
select max(stated_by_at) as newest_at from core.claim where is_listed and stated_by_at <= %(now)s

-- name: find_report_since
-- The start of the last linking run before the newest reading: what was loaded after it is new.
select
  newest.loaded_at as last_loaded_at,
  (
    select max(r.started_at) from mart.run as r
    where r.kind = 'link' and r.status = 'done' and r.started_at < newest.loaded_at
  ) as since_at
from (select max(loaded_at) as loaded_at from mart.load_batch where stage = 'analyse') as newest

-- name: get_report_totals
select
  (select count(*) from core.article) as article_count,
  -- Publications: a revision that was extracted anew counts once.
  (select count(distinct (article_id, revision_number)) from core.article_revision) as revision_count,
  (select count(*) from core.claim where is_listed) as claim_count,
  (select count(*) from core.article where copy_of_article_id is not null) as copy_count,
  (select count(*) from core.feed where is_active) as feed_count

-- name: list_report_claims
-- Claims that contest or are contested: acts of doubt, both ends of links, members of groups with such a stance.
with doubting as (
  select claim_id from core.claim
  where is_listed and stated_by_at between %(from_at)s and %(to_at)s
    and act in ('deny', 'not_confirm', 'decline', 'no_response')
  order by stated_by_at desc
  limit %(limit)s
), linked as (
  select k.from_claim_id, k.to_claim_id
  from core.claim_link as k
  join core.claim as c on c.claim_id = k.from_claim_id and c.is_listed
  where c.stated_by_at between %(from_at)s and %(to_at)s
    and k.relation in ('denies', 'does_not_confirm', 'contradicts', 'confirms', 'retracts')
  order by c.stated_by_at desc
  limit %(limit)s
), shown_group as (
  select g.claim_group_id
  from core.claim_group as g
  where g.last_stated_at between %(from_at)s and %(to_at)s
    and exists (
      select from core.claim_group_member as m where m.claim_group_id = g.claim_group_id and m.stance <> 'asserts'
    )
  order by g.is_contested desc, g.last_stated_at desc
  limit %(group_limit)s
), grouped as (
  select o.claim_id
  from shown_group
  join core.claim_group_member as m using (claim_group_id)
  join core.claim as o on o.claim_thread_id = m.claim_thread_id and o.is_listed
  order by o.stated_by_at desc
  limit %(member_limit)s
), wanted as (
  select claim_id from doubting
  union
  select from_claim_id from linked
  union
  select to_claim_id from linked
  union
  select claim_id from grouped
)
select claim_id from wanted
union
select p.parent_claim_id
from core.claim as p
join wanted as w on w.claim_id = p.claim_id
where p.parent_claim_id is not null

-- name: list_report_statements
select
  h.claim_id, h.act, h.polarity, h.certainty, h.source_names, h.source_words, h.source_kinds, h.party_names, h.plain_text,
  h.content_words, h.cue_lemma, h.stated_by_at, h.published_at, h.first_published_at, h.outlet_name, h.agency_name,
  h.canonical_url, h.headline, h.story_id, h.article_id, h.article_revision_id, h.claim_thread_id, h.parent_claim_id,
  h.parent_kind
from mart.claim_history as h
where h.is_listed and h.claim_id = any (%(claim_ids)s)
order by h.claim_id

-- name: list_report_links
select from_claim_id, to_claim_id, relation, score, reason
from mart.claim_link
where from_claim_id = any (%(claim_ids)s) and to_claim_id = any (%(claim_ids)s)
order by from_claim_id, to_claim_id

-- name: list_report_members
select m.claim_group_id, g.title, g.is_contested, m.stance, c.claim_id
from core.claim_group_member as m
join core.claim_group as g using (claim_group_id)
join core.claim as c on c.claim_thread_id = m.claim_thread_id and c.is_listed
where c.claim_id = any (%(claim_ids)s)
order by m.claim_group_id, c.claim_id

-- name: list_report_spans
select claim_id, part, text_part, span_start, span_end
from core.claim_span
where claim_id = any (%(claim_ids)s) and part in ('cue', 'content')
union all
select claim_id, 'source', text_part, span_start, span_end
from core.claim_source
where claim_id = any (%(claim_ids)s) and span_start is not null
order by claim_id, span_start

-- name: list_report_texts
-- With the end of the dateline, before which no sentence begins.
select
  r.article_revision_id, r.headline, r.body,
  (
    select max(w.span_end) from core.wire_part as w
    where w.article_revision_id = r.article_revision_id and w.kind = 'dateline' and w.text_part = 'body'
  ) as dateline_end
from core.article_revision as r
where r.article_revision_id = any (%(revision_ids)s)

-- name: list_report_copies
select a.copy_of_article_id as article_id, o.name as outlet_name, a.canonical_url, r.headline
from core.article as a
join core.outlet as o using (outlet_id)
left join core.article_revision as r on r.article_revision_id = a.current_revision_id
where a.copy_of_article_id = any (%(article_ids)s) and a.status = 'live'
order by a.first_published_at

-- name: list_report_revisions
-- What the last run brought: the newest states of articles seen since, with their listed claims counted.
with fresh as materialized (
  select r.article_revision_id, r.article_id, r.headline, r.kind, r.revision_number, r.changes, r.published_at
  from core.article_revision as r
  where r.load_batch_id in (
      select load_batch_id from mart.load_batch where %(since_at)s::timestamptz is null or loaded_at > %(since_at)s
    )
    and not r.is_trivial
  order by r.published_at desc, r.article_id
  limit 400
)
select
  f.article_id, f.headline, f.kind, f.revision_number, f.changes, f.published_at, o.name as outlet_name, g.name as agency_name,
  a.canonical_url, a.copy_of_article_id, k.claim_count, k.doubt_count
from fresh as f
join core.article as a on a.article_id = f.article_id
join core.outlet as o on o.outlet_id = a.outlet_id
left join core.agency as g on g.agency_id = a.agency_id
cross join lateral (
  select
    count(*) as claim_count,
    count(*) filter (where c.act in ('deny', 'not_confirm', 'decline', 'no_response')) as doubt_count
  from core.claim as c
  where c.article_revision_id = f.article_revision_id and c.is_listed
) as k
order by f.published_at desc, f.article_id

-- name: list_report_claim_changes
-- Statements that the last run found softened or hardened against the revision before.
select
  h.kind, h.what, h.source_names, h.from_text, h.to_text, h.changed_at, h.headline, h.canonical_url, o.name as outlet_name
from mart.claim_change as h
join core.article_revision as r on r.article_revision_id = h.to_revision_id
join core.article as a on a.article_id = r.article_id
join core.outlet as o using (outlet_id)
where h.kind in ('softened', 'hardened') and a.status = 'live' and a.copy_of_article_id is null
  and r.load_batch_id in (
    select load_batch_id from mart.load_batch where %(since_at)s::timestamptz is null or loaded_at > %(since_at)s
  )
order by h.kind desc, h.changed_at desc, h.claim_change_id
limit 100

-- name: list_report_hours
select
  date_trunc(%(grain)s, first_published_at, 'UTC') as at,
  case
    when act = 'deny' then 'denies'
    when act = 'not_confirm' then 'does_not_confirm'
    when act in ('decline', 'no_response') then 'silent'
    else 'asserts'
  end as stance,
  count(*) as claim_count
from core.claim as c
join core.claim_thread as t using (claim_thread_id)
where c.is_listed and c.stated_by_at between %(from_at)s and %(to_at)s
  and t.first_published_at between %(from_at)s and %(to_at)s
group by 1, 2
order by 1, 2

-- name: list_report_speakers
-- Entities by what they say, a joint statement counted for each of its speakers.
with most as materialized (
  select
    s.entity_id,
    count(distinct c.claim_id) as claim_count,
    count(distinct c.claim_id) filter (where c.act = 'deny') as deny_count,
    count(distinct c.claim_id) filter (where c.act = 'not_confirm') as not_confirm_count,
    count(distinct c.claim_id) filter (where c.act in ('decline', 'no_response')) as silent_count,
    count(distinct r.article_id) as article_count,
    max(c.stated_by_at) as last_at
  from core.claim as c
  join core.claim_source as s on s.claim_id = c.claim_id
  join core.article_revision as r on r.article_revision_id = c.article_revision_id
  where c.is_listed and c.stated_by_at between %(from_at)s and %(to_at)s and s.entity_id is not null
  group by s.entity_id
  order by claim_count desc, last_at desc, s.entity_id
  limit 15
)
select
  e.name, e.kind, m.claim_count, m.deny_count, m.not_confirm_count, m.silent_count, m.article_count, m.last_at,
  (
    select array_agg(distinct p.name)
    from core.claim_source as k
    join core.entity as p on p.entity_id = k.party_entity_id
    where k.entity_id = m.entity_id and k.party_entity_id <> k.entity_id and k.stated_by_at between %(from_at)s and %(to_at)s
  ) as party_names
from most as m
join core.entity as e on e.entity_id = m.entity_id
order by m.claim_count desc, e.name

-- name: list_report_feeds
select
  feed_key, outlet_name, title, health, last_outcome, last_detail, polled_at, last_ok_at, next_poll_at, newest_entry_at, poll_count,
  failure_streak, alarms, entry_count, article_count
from mart.feed_health
where health <> 'retired'
order by array_position(array['failing', 'alarm', 'new', 'well'], health), outlet_name, feed_key

-- name: count_report_quarantine
select count(*) as broken_count from mart.quarantine
