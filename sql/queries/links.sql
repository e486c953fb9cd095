-- name: list_unlinked_batches
select b.load_batch_id
from ops.load_batch as b
where b.stage in ('revise', 'analyse') and not exists (select from ops.linked_batch as l where l.load_batch_id = b.load_batch_id)
order by b.load_batch_id

-- name: insert_linked_batches
insert into ops.linked_batch (load_batch_id, run_id)
select b, %(run_id)s from unnest(%(batches)s::bigint []) as b
on conflict do nothing

-- name: lock_linking
select pg_advisory_xact_lock(7301943)

-- name: list_revisions_to_sketch
select r.article_revision_id, r.article_id, r.headline, r.body, r.language, r.published_at, a.canonical_url,
  (
    select coalesce(jsonb_agg(jsonb_build_array(p.span_start, p.span_end)), '[]')
    from core.wire_part as p where p.article_revision_id = r.article_revision_id and p.text_part = 'body'
  ) as masked
from core.article_revision as r
join core.article as a using (article_id)
where r.article_revision_id = any (%(ids)s)
order by r.article_revision_id

-- name: list_revisions_of_batches
select r.article_revision_id
from core.article_revision as r
where r.load_batch_id = any (%(batches)s)
order by r.article_revision_id

-- name: upsert_sketches
insert into core.article_sketch (
  article_revision_id, article_id, sketch_version, published_at, shingle_count, copy_keys, story_keys, names, name_weights,
  topic_words, topic_word_weights
)
select article_revision_id, article_id, sketch_version, published_at, shingle_count, copy_keys, story_keys, names, name_weights,
  topic_words, topic_word_weights
from new_sketch
on conflict (article_revision_id) do update set
  sketch_version = excluded.sketch_version, shingle_count = excluded.shingle_count, copy_keys = excluded.copy_keys,
  story_keys = excluded.story_keys, names = excluded.names, name_weights = excluded.name_weights,
  topic_words = excluded.topic_words, topic_word_weights = excluded.topic_word_weights

-- name: list_copy_candidates
select n.article_revision_id, s.article_revision_id as other_revision_id
from new_search as n
join lateral (
  select s.article_revision_id from core.article_sketch as s
  where s.copy_keys && n.copy_keys and s.article_id <> n.article_id
    and s.published_at between n.published_at - interval '48 hours' and n.published_at + interval '48 hours'
) as s on true
order by 1, 2

-- name: list_story_candidates
select n.article_revision_id, s.article_revision_id as other_revision_id
from new_search as n
join lateral (
  select s.article_revision_id from core.article_sketch as s
  where s.story_keys && n.story_keys and s.article_id <> n.article_id
    and s.published_at between n.published_at - interval '48 hours' and n.published_at + interval '48 hours'
) as s on true
order by 1, 2

-- name: get_sketches
select s.article_revision_id, s.article_id, s.published_at, s.names, s.name_weights, s.topic_words, s.topic_word_weights,
  a.language, a.canonical_url
from core.article_sketch as s
join core.article as a using (article_id)
where s.article_revision_id = any (%(ids)s)

-- name: upsert_article_matches
insert into core.article_match as m (article_id, other_article_id, jaccard, containment, shingle_count, story_score)
select article_id, other_article_id, jaccard, containment, shingle_count, story_score from new_match
on conflict (article_id, other_article_id) do update set
  jaccard = case when (excluded.containment, excluded.jaccard) > (m.containment, m.jaccard) then excluded.jaccard else m.jaccard end,
  containment = greatest(excluded.containment, m.containment),
  shingle_count = case
    when (excluded.containment, excluded.jaccard) > (m.containment, m.jaccard) then excluded.shingle_count else m.shingle_count
  end,
  story_score = greatest(excluded.story_score, m.story_score)
where (excluded.containment, excluded.jaccard) > (m.containment, m.jaccard) or excluded.story_score > m.story_score
returning article_id, other_article_id

-- name: list_neighbours
-- Articles whose text meets that of any of these, and these.
select unnest(%(ids)s::bigint []) as article_id
union
select m.other_article_id from core.article_match as m where m.article_id = any (%(ids)s) and m.containment > 0
union
select m.article_id from core.article_match as m where m.other_article_id = any (%(ids)s) and m.containment > 0

-- name: list_overlaps
select article_id, other_article_id, jaccard, containment, shingle_count
from core.article_match
where containment > 0 and article_id = any (%(ids)s)
union
select article_id, other_article_id, jaccard, containment, shingle_count
from core.article_match
where containment > 0 and other_article_id = any (%(ids)s)

-- name: get_printed_texts
select a.article_id, a.outlet_id, a.agency_id, coalesce(g.agency_key = o.outlet_key, false) as is_own,
  exists (select from core.article_revision as r where r.article_id = a.article_id and r.kind = 'repeat') as is_repeat,
  a.first_published_at, a.canonical_url
from core.article as a
join core.outlet as o using (outlet_id)
left join core.agency as g using (agency_id)
where a.article_id = any (%(ids)s)

-- name: set_copy_parents
update core.article as a set
  copy_parent_article_id = n.copy_parent_article_id, copy_method = n.copy_method, copy_score = n.copy_score
from new_copy as n
where n.article_id = a.article_id
  and (a.copy_parent_article_id, a.copy_method, a.copy_score)
  is distinct from (n.copy_parent_article_id, n.copy_method, n.copy_score)
returning a.article_id

-- name: set_originals
-- The original of each of these and of what copies them: the end of the chain of parents.
with recursive below as (
  select unnest(%(ids)s::bigint []) as article_id
  union
  select a.article_id from below as b join core.article as a on a.copy_parent_article_id = b.article_id
), above as (
  select b.article_id, a.copy_parent_article_id as parent_id
  from below as b
  join core.article as a using (article_id)
  union all
  select u.article_id, a.copy_parent_article_id
  from above as u
  join core.article as a on a.article_id = u.parent_id
  where a.copy_parent_article_id is not null
), original as (
  select distinct on (u.article_id) u.article_id, u.parent_id as original_id
  from above as u
  left join core.article as a on a.article_id = u.parent_id
  order by u.article_id, a.copy_parent_article_id is not null
)
update core.article as a set copy_of_article_id = o.original_id
from original as o
join core.article as before on before.article_id = o.article_id
where a.article_id = o.article_id and a.copy_of_article_id is distinct from o.original_id
returning a.article_id, before.copy_of_article_id as left_id, a.copy_of_article_id as original_id

-- name: list_story_scores
-- What one article is like, and how much: a copy is most like its original.
with scored as (
  select case when m.article_id = %(id)s then m.other_article_id else m.article_id end as other_id, m.story_score::float8 as score
  from core.article_match as m
  where (m.article_id = %(id)s or m.other_article_id = %(id)s) and m.story_score > 0
  union all
  select a.copy_of_article_id, 1 + a.copy_score from core.article as a
  where a.article_id = %(id)s and a.copy_of_article_id is not null
  union all
  select a.article_id, 1 + a.copy_score from core.article as a where a.copy_of_article_id = %(id)s
)
select other_id, max(score) as score from scored group by other_id

-- name: list_story_places
select a.article_id, a.first_published_at, a.canonical_url, f.article_id as founder_id
from core.article as a
join core.story as s using (story_id)
join core.article as f on f.canonical_url = s.story_key
where a.article_id = any (%(ids)s)

-- name: list_story_members
select a.article_id, a.first_published_at, a.canonical_url
from core.article as f
join core.story as s on s.story_key = f.canonical_url
join core.article as a on a.story_id = s.story_id
where f.article_id = %(founder_id)s

-- name: list_later_articles
select distinct a.article_id, a.first_published_at, a.canonical_url
from (
  select m.other_article_id as article_id from core.article_match as m where m.article_id = any (%(ids)s) and m.story_score > 0
  union
  select m.article_id from core.article_match as m where m.other_article_id = any (%(ids)s) and m.story_score > 0
  union
  select c.article_id from core.article as c where c.copy_of_article_id = any (%(ids)s)
  union
  select c.copy_of_article_id from core.article as c where c.article_id = any (%(ids)s)
) as found
join core.article as a using (article_id)
where (a.first_published_at, a.canonical_url collate "C") > (%(published_at)s, %(url)s::text)

-- name: set_stories
update core.article as a set story_id = s.story_id
from new_story as n
join core.article as f on f.article_id = n.founder_id
join core.story as s on s.story_key = f.canonical_url
join core.article as before on before.article_id = n.article_id
where a.article_id = n.article_id and a.story_id <> s.story_id
returning a.article_id, before.story_id as left_story_id

-- name: list_claims_of_articles_again
select core.list_claims(%(ids)s)

-- name: list_articles_of_analyses
select r.article_id
from core.analysis as n
join core.article_revision as r using (article_revision_id)
where n.load_batch_id = any (%(batches)s)
union
select r.article_id from core.article_revision as r where r.load_batch_id = any (%(batches)s)
order by 1

-- name: list_stories_of_articles
select distinct story_id from core.article where article_id = any (%(ids)s)

-- name: list_articles_of_stories
select article_id, story_id, coalesce('agency ' || agency_id, 'outlet ' || outlet_id) as voice, copy_of_article_id
from core.article
where story_id = any (%(ids)s)
order by 1

-- name: fill_thread_keys
-- Claims from before core.claim had the column begin in the thread that they stand in.
update core.claim as c set thread_key = t.thread_key
from core.article as a
join core.article_revision as r using (article_id)
join core.claim as k using (article_revision_id)
join core.claim_thread as t on t.claim_thread_id = k.claim_thread_id
where a.story_id = any (%(ids)s) and c.claim_id = k.claim_id and k.thread_key is null

-- name: list_thread_keys
select a.story_id, c.thread_key, min(r.published_at) as first_published_at
from core.article as a
join core.article_revision as r using (article_id)
join core.claim as c using (article_revision_id)
where a.story_id = any (%(ids)s)
group by 1, 2

-- name: list_reread_revisions
select r.article_revision_id
from core.article as a
join core.article_revision as r using (article_id)
join core.analysis as n using (article_revision_id)
where a.story_id = any (%(ids)s) and not n.is_current and n.claim_count > 0

-- name: list_extractions
-- Who extracted each revision; the newest extraction of the same published state; and the reading that stood before that
-- came, where none stands now.
select r.article_revision_id, r.extractor_version,
  max(r.article_revision_id) over (partition by r.article_id, r.revision_number) as newest_id, n.retired_analysis_id
from core.article as a
join core.article_revision as r using (article_id)
left join lateral (
  select max(k.analysis_id) as retired_analysis_id
  from core.analysis as k where k.article_revision_id = r.article_revision_id
  having not bool_or(k.is_current)
) as n on true
where a.story_id = any (%(ids)s)

-- name: set_threads
insert into core.claim_thread (story_id, thread_key, first_published_at)
select story_id, thread_key, first_published_at from new_thread order by 1, 2
on conflict (story_id, thread_key) do update set first_published_at = excluded.first_published_at
where core.claim_thread.first_published_at <> excluded.first_published_at
returning claim_thread_id

-- name: point_threads
update core.claim_thread as t set merged_into_claim_thread_id = nullif(s.claim_thread_id, t.claim_thread_id)
from new_thread as n
join core.claim_thread as s on s.story_id = n.story_id and s.thread_key = n.standing_key
where t.story_id = n.story_id and t.thread_key = n.thread_key
  and t.merged_into_claim_thread_id is distinct from nullif(s.claim_thread_id, t.claim_thread_id)
returning t.claim_thread_id

-- name: move_claims
with moved as (
  select c.claim_id, c.claim_thread_id as old_thread_id, coalesce(t.merged_into_claim_thread_id, t.claim_thread_id) as new_thread_id
  from core.article as a
  join core.article_revision as r using (article_id)
  join core.claim as c using (article_revision_id)
  join core.claim_thread as t on t.story_id = a.story_id and t.thread_key = c.thread_key
  where a.story_id = any (%(ids)s)
    and c.claim_thread_id <> coalesce(t.merged_into_claim_thread_id, t.claim_thread_id)
), done as (
  update core.claim as c set claim_thread_id = m.new_thread_id from moved as m where m.claim_id = c.claim_id returning 1
)
select distinct m.old_thread_id, m.new_thread_id from moved as m, (select count(*) from done) as d

-- name: point_left_threads
-- Words that stand in another story now: what was decided by hand on them goes along.
update core.claim_thread as t set merged_into_claim_thread_id = coalesce(n.merged_into_claim_thread_id, n.claim_thread_id)
from core.claim_thread as n
join new_thread as k on k.story_id = n.story_id and k.thread_key = n.thread_key
where t.story_id = any (%(ids)s) and n.thread_key = t.thread_key and n.story_id <> t.story_id
  and not exists (select from new_thread as x where x.story_id = t.story_id and x.thread_key = t.thread_key)

-- name: follow_left_threads
update core.claim_thread as t set merged_into_claim_thread_id = n.merged_into_claim_thread_id
from core.claim_thread as n
where n.story_id = any (%(ids)s) and n.merged_into_claim_thread_id is not null
  and t.merged_into_claim_thread_id = n.claim_thread_id

-- name: restate_claims
with stated as (
  select c.claim_id, c.claim_thread_id, least(c.said_to_at, t.first_published_at) as stated_by_at
  from core.claim_thread as t
  join core.claim as c using (claim_thread_id)
  where t.story_id = any (%(ids)s) and c.stated_by_at <> least(c.said_to_at, t.first_published_at)
), claims as (
  update core.claim as c set stated_by_at = s.stated_by_at from stated as s where s.claim_id = c.claim_id returning 1
), sources as (
  update core.claim_source as c set stated_by_at = s.stated_by_at from stated as s where s.claim_id = c.claim_id returning 1
), entities as (
  update core.claim_entity as c set stated_by_at = s.stated_by_at from stated as s where s.claim_id = c.claim_id returning 1
)
select distinct claim_thread_id from stated

-- name: delete_left_threads
-- Threads of these stories that no claim begins in any more, but for those that people have decided on.
with left_thread as (
  select t.claim_thread_id
  from core.claim_thread as t
  where t.story_id = any (%(ids)s)
    and not exists (select from new_thread as n where n.story_id = t.story_id and n.thread_key = t.thread_key)
    and not exists (select from core.claim as c where c.claim_thread_id = t.claim_thread_id)
    and not exists (select from core.correction as k where k.claim_thread_id = t.claim_thread_id)
    and not exists (
      select from core.correction as k
      where k.field = 'group' and t.claim_thread_id in ((k.value ->> 'with')::bigint, (k.value ->> 'apart_from')::bigint)
    )
), kept as (
  update core.claim_thread as t set merged_into_claim_thread_id = null
  where t.merged_into_claim_thread_id in (select claim_thread_id from left_thread)
    and t.claim_thread_id not in (select claim_thread_id from left_thread)
)
delete from core.claim_thread as t using left_thread as g where g.claim_thread_id = t.claim_thread_id

-- name: get_read_claims
select c.claim_id, c.ordinal, c.claim_thread_id, coalesce(c.thread_key, t.thread_key) as thread_key, c.article_revision_id,
  c.analysis_id, r.article_id, a.story_id, a.canonical_url, r.revision_number,
  r.published_at, c.act, c.polarity, c.certainty, c.cue_lemma, c.quote, c.parent_claim_id, c.parent_kind, c.stated_by_at,
  c.is_listed, c.plain_text, t.first_published_at as began_at, a.copy_of_article_id, a.status, a.outlet_id, a.agency_id, r.kind as revision_kind,
  coalesce(w.words, '') as content, w.start as content_start, w.stop as content_stop, u.start as cue_start,
  coalesce(g.words, '') as triggers, coalesce(s.sources, '[]') as sources, coalesce(e.entities, '[]') as entities,
  coalesce(q.quantities, '[]') as quantities
from core.claim as c
join core.analysis as n using (analysis_id)
join core.article_revision as r on r.article_revision_id = c.article_revision_id
join core.article as a using (article_id)
join core.claim_thread as t on t.claim_thread_id = c.claim_thread_id
left join lateral (
  select string_agg(k.words, ' … ' order by k.position) as words, min(k.span_start) as start, max(k.span_end) as stop
  from core.claim_span as k where k.claim_id = c.claim_id and k.part = 'content'
) as w on true
left join lateral (
  select min(k.span_start) as start from core.claim_span as k where k.claim_id = c.claim_id and k.part = 'cue'
) as u on true
left join lateral (
  select string_agg(k.words, ' ' order by k.position) as words
  from core.claim_span as k where k.claim_id = c.claim_id and k.part = 'trigger'
) as g on true
left join lateral (
  select jsonb_agg(jsonb_build_array(k.kind, x.entity_key, x.name, p.entity_key, p.name, k.words) order by k.position) as sources
  from core.claim_source as k
  left join core.entity as x on x.entity_id = k.entity_id
  left join core.entity as p on p.entity_id = k.party_entity_id
  where k.claim_id = c.claim_id
) as s on true
left join lateral (
  select jsonb_agg(jsonb_build_array(x.entity_key, x.name, k.role) order by x.entity_key, k.role) as entities
  from core.claim_entity as k
  join core.entity as x using (entity_id)
  where k.claim_id = c.claim_id
) as e on true
left join lateral (
  select jsonb_agg(jsonb_build_array(k.low, k.high, k.unit, k.measure, k.is_approximate, k.words) order by k.position) as quantities
  from core.claim_quantity as k where k.claim_id = c.claim_id
) as q on true
where n.is_current = %(is_current)s

-- name: insert_claim_changes
insert into core.claim_change (
  claim_thread_id, kind, what, from_claim_id, to_claim_id, from_revision_id, to_revision_id, changed_at, method, score,
  load_batch_id
)
select c.claim_thread_id, n.kind, n.what, n.from_claim_id, n.to_claim_id, n.from_revision_id, n.to_revision_id, r.published_at,
  n.method, n.score, n.load_batch_id
from new_change as n
join core.claim as c on c.claim_id = coalesce(n.to_claim_id, n.from_claim_id)
join core.article_revision as r on r.article_revision_id = n.to_revision_id
order by n.to_revision_id, n.to_claim_id, n.from_claim_id
on conflict (from_revision_id, to_revision_id, from_claim_id, to_claim_id) do update set
  claim_thread_id = excluded.claim_thread_id, kind = excluded.kind, what = excluded.what, method = excluded.method,
  score = excluded.score
where (core.claim_change.claim_thread_id, core.claim_change.kind, core.claim_change.what, core.claim_change.method, core.claim_change.score)
  is distinct from (excluded.claim_thread_id, excluded.kind, excluded.what, excluded.method, excluded.score)

-- name: delete_claim_changes
delete from core.claim_change as h
where h.to_revision_id in (
    select r.article_revision_id from core.article as a join core.article_revision as r using (article_id)
    where a.story_id = any (%(ids)s)
  ) and not exists (
    select from new_change as n
    where n.from_revision_id = h.from_revision_id and n.to_revision_id = h.to_revision_id
      and n.from_claim_id is not distinct from h.from_claim_id and n.to_claim_id is not distinct from h.to_claim_id
  )

-- name: list_threads_of_articles
select distinct c.claim_thread_id
from core.claim as c
join core.article_revision as r using (article_revision_id)
where r.article_id = any (%(ids)s)
order by 1

-- name: upsert_thread_matters
insert into core.thread_matter (claim_thread_id, claim_id, keys)
select claim_thread_id, claim_id, keys from new_matter
on conflict (claim_thread_id) do update set claim_id = excluded.claim_id, keys = excluded.keys

-- name: delete_thread_matters
delete from core.thread_matter where claim_thread_id = any (%(ids)s)

-- name: list_matter_candidates
select n.claim_thread_id, m.claim_thread_id as other_thread_id
from new_matter as n
join lateral (
  select m.claim_thread_id from core.thread_matter as m where m.keys && n.search_keys and m.claim_thread_id <> n.claim_thread_id
) as m on true

-- name: list_text_links
select f.claim_thread_id as from_thread, t.claim_thread_id as to_thread, k.relation, k.method, k.score, f.claim_id as from_claim, t.claim_id as to_claim,
  coalesce((select string_agg(w.words, ' ') from core.claim_span as w where w.claim_id = f.claim_id and w.part = 'content'), '') as content,
  t.parent_claim_id = f.claim_id and not exists (
    select from core.claim_source as s where s.claim_id = t.claim_id and (s.entity_id is not null or s.kind <> 'pronoun')
  ) as is_child_of_unknown
from core.claim as f
join core.claim_link as k on k.from_claim_id = f.claim_id
join core.claim as t on t.claim_id = k.to_claim_id and t.article_revision_id = f.article_revision_id
join core.analysis as n on n.analysis_id = f.analysis_id and n.is_current
where f.claim_thread_id = any (%(ids)s) or t.claim_thread_id = any (%(ids)s)

-- name: delete_thread_matches
delete from core.thread_match where from_thread_id = any (%(ids)s) or to_thread_id = any (%(ids)s)

-- name: insert_thread_matches
insert into core.thread_match (from_thread_id, to_thread_id, kind, relation, is_opposed, method, score, reason, load_batch_id)
select from_thread_id, to_thread_id, kind, relation, is_opposed, method, score, reason, load_batch_id from new_thread_match
on conflict (from_thread_id, to_thread_id) do nothing

-- name: list_connected_threads
with recursive reached as (
  select unnest(%(ids)s::bigint []) as claim_thread_id
  union
  select m.thread_id
  from reached as r
  join lateral (
    select o.to_thread_id as thread_id from core.thread_match as o where o.from_thread_id = r.claim_thread_id
    union all
    select i.from_thread_id from core.thread_match as i where i.to_thread_id = r.claim_thread_id
  ) as m on true
)
select claim_thread_id from reached order by 1

-- name: list_thread_matches
select from_thread_id as from_thread, to_thread_id as to_thread, kind, relation, is_opposed, method, score, reason
from core.thread_match
where from_thread_id = any (%(ids)s)

-- name: list_members_of_threads
select g.claim_group_id, g.claim_thread_id
from core.claim_group_member as g
where g.claim_group_id in (select claim_group_id from core.claim_group_member where claim_thread_id = any (%(ids)s))

-- name: upsert_groups
insert into core.claim_group (
  group_key, title, founder_thread_id, first_stated_at, last_stated_at, member_count, story_count, agency_count,
  asserting_party_count, denying_party_count, confirming_party_count, unconfirming_party_count, is_unnamed_only, is_contested
)
select sha256(convert_to(s.story_key, 'UTF8') || t.thread_key), n.title, n.founder_thread_id, n.first_stated_at, n.last_stated_at,
  n.member_count, n.story_count, n.agency_count, n.asserting, n.denying, n.confirming, n.unconfirming, n.is_unnamed_only,
  n.is_contested
from new_group as n
join core.claim_thread as t on t.claim_thread_id = n.founder_thread_id
join core.story as s on s.story_id = t.story_id
order by n.founder_thread_id
on conflict (group_key) do update set
  title = excluded.title, founder_thread_id = excluded.founder_thread_id, first_stated_at = excluded.first_stated_at,
  last_stated_at = excluded.last_stated_at, member_count = excluded.member_count, story_count = excluded.story_count,
  agency_count = excluded.agency_count, asserting_party_count = excluded.asserting_party_count,
  denying_party_count = excluded.denying_party_count, confirming_party_count = excluded.confirming_party_count,
  unconfirming_party_count = excluded.unconfirming_party_count, is_unnamed_only = excluded.is_unnamed_only,
  is_contested = excluded.is_contested

-- name: upsert_group_members
insert into core.claim_group_member as m (claim_group_id, claim_thread_id, stance, method, score, load_batch_id)
select g.claim_group_id, n.claim_thread_id, n.stance, n.method, n.score, n.load_batch_id
from new_member as n
join core.claim_group as g on g.founder_thread_id = n.founder_thread_id
order by n.claim_thread_id
on conflict (claim_thread_id) do update set
  claim_group_id = excluded.claim_group_id, stance = excluded.stance, method = excluded.method, score = excluded.score,
  load_batch_id = excluded.load_batch_id
where (m.claim_group_id, m.stance, m.method, m.score)
  is distinct from (excluded.claim_group_id, excluded.stance, excluded.method, excluded.score)

-- name: delete_group_members
delete from core.claim_group_member where claim_thread_id = any (%(ids)s)

-- name: delete_empty_groups
delete from core.claim_group as g
where g.claim_group_id = any (%(ids)s)
  and not exists (select from core.claim_group_member as m where m.claim_group_id = g.claim_group_id)

-- name: forget_founders
update core.claim_group as g set founder_thread_id = null
where g.claim_group_id in (select claim_group_id from core.claim_group_member where claim_thread_id = any (%(ids)s))
  and g.founder_thread_id is not null

-- name: delete_cross_links
delete from core.claim_link as k
using core.claim as f, core.claim as t
where f.claim_id = k.from_claim_id and t.claim_id = k.to_claim_id and f.article_revision_id <> t.article_revision_id
  and k.claim_link_id in (
    select x.claim_link_id from core.claim as c join core.claim_link as x on x.from_claim_id = c.claim_id
    where c.claim_thread_id = any (%(ids)s)
    union all
    select x.claim_link_id from core.claim as c join core.claim_link as x on x.to_claim_id = c.claim_id
    where c.claim_thread_id = any (%(ids)s)
  )

-- name: insert_cross_links
insert into core.claim_link (from_claim_id, to_claim_id, relation, method, score, reason, load_batch_id)
select from_claim_id, to_claim_id, relation, method, score, reason, load_batch_id from new_cross_link
order by from_claim_id, to_claim_id
on conflict (from_claim_id, to_claim_id, relation) do nothing

-- name: list_group_decisions
select k.claim_thread_id, k.value
from core.correction as k
where k.field = 'group' and exists (
    select from core.claim_thread as t
    where t.claim_thread_id in (k.claim_thread_id, (k.value ->> 'with')::bigint, (k.value ->> 'apart_from')::bigint)
      and coalesce(t.merged_into_claim_thread_id, t.claim_thread_id) = any (%(ids)s)
  )
order by k.correction_id

-- name: insert_group_decision
insert into core.correction (claim_thread_id, field, value, made_by, reason)
values (%(claim_thread_id)s, 'group', %(value)s, %(made_by)s, %(reason)s)
returning correction_id

-- name: find_thread_of_claim
select coalesce(t.merged_into_claim_thread_id, t.claim_thread_id) as claim_thread_id
from core.claim as c
join core.claim_thread as t using (claim_thread_id)
where c.claim_id = %(claim_id)s

-- name: find_group_of_thread
select g.claim_group_id, g.founder_thread_id, m.stance
from core.claim_group_member as m
join core.claim_group as g using (claim_group_id)
where m.claim_thread_id = %(claim_thread_id)s

-- name: get_standing_threads
select claim_thread_id as old_thread_id, coalesce(merged_into_claim_thread_id, claim_thread_id) as new_thread_id
from core.claim_thread where claim_thread_id = any (%(ids)s)
