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

-- name: list_connected_articles
with recursive reached as (
  select unnest(%(ids)s::bigint []) as article_id
  union
  select case when m.article_id = r.article_id then m.other_article_id else m.article_id end
  from reached as r
  join core.article_match as m on m.article_id = r.article_id or m.other_article_id = r.article_id
)
select article_id from reached order by 1

-- name: list_matches_of_articles
select article_id, other_article_id, jaccard, containment, shingle_count, story_score
from core.article_match
where article_id = any (%(ids)s)
order by 1, 2

-- name: get_printed_texts
select a.article_id, a.outlet_id, a.agency_id, coalesce(g.agency_key = o.outlet_key, false) as is_own,
  exists (select from core.article_revision as r where r.article_id = a.article_id and r.kind = 'repeat') as is_repeat,
  a.first_published_at, a.canonical_url, a.story_id
from core.article as a
join core.outlet as o using (outlet_id)
left join core.agency as g using (agency_id)
where a.article_id = any (%(ids)s)

-- name: set_copies
update core.article as a set copy_of_article_id = n.copy_of_article_id, copy_method = n.copy_method, copy_score = n.copy_score
from new_copy as n
where n.article_id = a.article_id
  and (a.copy_of_article_id, a.copy_method, a.copy_score) is distinct from (n.copy_of_article_id, n.copy_method, n.copy_score)
returning a.article_id

-- name: set_stories
update core.article as a set story_id = s.story_id
from new_story as n
join core.article as f on f.article_id = n.founder_id
join core.story as s on s.story_key = f.canonical_url
where a.article_id = n.article_id and a.story_id <> s.story_id
returning a.article_id

-- name: list_moved_threads
select distinct t.claim_thread_id, t.story_id as old_story_id, t.thread_key, a.story_id as new_story_id, t.first_published_at
from core.claim as c
join core.article_revision as r using (article_revision_id)
join core.article as a using (article_id)
join core.claim_thread as t using (claim_thread_id)
where a.article_id = any (%(ids)s) and t.story_id <> a.story_id
order by 1

-- name: insert_threads_of_stories
insert into core.claim_thread (story_id, thread_key, first_published_at)
select new_story_id, thread_key, min(first_published_at) from new_move
group by 1, 2
order by 1, 2
on conflict (story_id, thread_key) do update set
  first_published_at = least(core.claim_thread.first_published_at, excluded.first_published_at)

-- name: move_claims
update core.claim as c set claim_thread_id = coalesce(t.merged_into_claim_thread_id, t.claim_thread_id)
from new_move as m
join core.claim_thread as t on t.story_id = m.new_story_id and t.thread_key = m.thread_key
where c.claim_thread_id = m.claim_thread_id
  and c.article_revision_id in (
    select r.article_revision_id from core.article_revision as r join core.article as a using (article_id)
    where a.story_id = m.new_story_id and a.article_id = any (%(ids)s)
  )
