-- name: list_unread_revisions
select r.article_revision_id
from core.article_revision as r
where not exists (select from core.analysis as n where n.article_revision_id = r.article_revision_id)
order by r.article_revision_id

-- name: list_revisions_to_reanalyse
select r.article_revision_id
from core.article_revision as r
where r.seen_at >= %(from_at)s and r.seen_at < %(to_at)s
  and exists (select from core.analysis as n where n.article_revision_id = r.article_revision_id)
  and not exists (
    select from core.analysis as n
    where n.article_revision_id = r.article_revision_id and n.analyser_version = %(analyser_version)s
  )
  and not exists (
    select from core.article_revision as newer
    where newer.article_id = r.article_id and newer.revision_number = r.revision_number
      and newer.article_revision_id > r.article_revision_id
  )
order by r.article_revision_id
limit %(limit)s

-- name: get_revisions
select r.article_revision_id, r.article_id, r.headline, r.body, r.language, r.published_at, a.story_id, a.first_published_at,
  g.name as agency_name
from core.article_revision as r
join core.article as a using (article_id)
left join core.agency as g on g.agency_id = a.agency_id
where r.article_revision_id = any (%(ids)s)
order by r.article_revision_id

-- name: insert_analyses
insert into core.analysis (
  article_revision_id, analyser_version, is_current, status, reason, claim_count, mention_count, load_batch_id
)
select n.article_revision_id, n.analyser_version,
  not exists (select from core.analysis as o where o.article_revision_id = n.article_revision_id and o.is_current),
  n.status, n.reason, n.claim_count, n.mention_count, n.load_batch_id
from new_analysis as n
order by n.article_revision_id
on conflict (article_revision_id, analyser_version) do nothing
returning analysis_id, article_revision_id

-- name: upsert_entities
-- The longest name and description win, then the first in order: the same whatever came first.
insert into core.entity (entity_key, name, kind, qid, description)
select entity_key, (array_agg(name order by length(name) desc, name collate "C"))[1], min(kind), min(qid),
  (array_agg(description order by length(description) desc, description collate "C") filter (where description is not null))[1]
from new_entity
group by entity_key
order by entity_key
on conflict (entity_key) do update set
  name = case
    when length(excluded.name) > length(core.entity.name)
      or (length(excluded.name) = length(core.entity.name) and excluded.name collate "C" < core.entity.name collate "C")
      then excluded.name
    else core.entity.name
  end,
  kind = least(core.entity.kind, excluded.kind),
  qid = least(core.entity.qid, excluded.qid),
  description = case
    when core.entity.description is null or length(excluded.description) > length(core.entity.description)
      or (length(excluded.description) = length(core.entity.description)
        and excluded.description collate "C" < core.entity.description collate "C")
      then coalesce(excluded.description, core.entity.description)
    else core.entity.description
  end
where (core.entity.name, core.entity.kind, core.entity.qid, core.entity.description)
  is distinct from (excluded.name, excluded.kind, excluded.qid, excluded.description)

-- name: insert_mentions
insert into core.mention (
  analysis_id, article_revision_id, entity_id, how, resolution, score, text_part, span_start, span_end, words
)
select n.analysis_id, n.article_revision_id, coalesce(e.merged_into_entity_id, e.entity_id), n.how, n.resolution, n.score,
  n.text_part, n.span_start, n.span_end, n.words
from new_mention as n
join core.entity as e using (entity_key)
order by n.article_revision_id, n.span_start, n.span_end

-- name: upsert_threads
insert into core.claim_thread (story_id, thread_key, first_published_at)
select n.story_id, n.thread_key, min(n.first_published_at)
from new_claim as n
group by n.story_id, n.thread_key
order by min(n.first_published_at), n.story_id, n.thread_key
on conflict (story_id, thread_key) do update set first_published_at = least(core.claim_thread.first_published_at, excluded.first_published_at)

-- name: insert_claims
insert into core.claim (
  analysis_id, article_revision_id, ordinal, claim_thread_id, thread_key, cue_lemma, plain_text, quote, act, polarity, certainty,
  said_from_at, said_to_at, said_precision, said_zone, said_words, said_unknown_why, stated_by_at, occurs_from_at,
  occurs_to_at, occasion, place, confidence, load_batch_id
)
select n.analysis_id, n.article_revision_id, n.ordinal, t.claim_thread_id, n.thread_key, n.cue_lemma, n.plain_text, n.quote, n.act,
  n.polarity, n.certainty, n.said_from_at, n.said_to_at, n.said_precision, n.said_zone, n.said_words, n.said_unknown_why,
  least(n.said_to_at, t.first_published_at), n.occurs_from_at, n.occurs_to_at, n.occasion, n.place, n.confidence, n.load_batch_id
from new_claim as n
join core.claim_thread as t using (story_id, thread_key)
order by n.article_revision_id, n.ordinal
returning claim_id, analysis_id, ordinal

-- name: set_parents
update core.claim as c set parent_claim_id = p.claim_id, parent_kind = n.parent_kind
from new_claim as n
join core.claim as p on p.analysis_id = n.analysis_id and p.ordinal = n.parent_ordinal
where c.analysis_id = n.analysis_id and c.ordinal = n.ordinal

-- name: insert_claim_spans
insert into core.claim_span (claim_id, article_revision_id, part, position, text_part, span_start, span_end, words)
select c.claim_id, c.article_revision_id, n.part, n.position, n.text_part, n.span_start, n.span_end, n.words
from new_claim_span as n
join core.claim as c using (analysis_id, ordinal)
order by c.claim_id, n.part, n.position

-- name: insert_claim_sources
insert into core.claim_source (
  claim_id, article_revision_id, position, text_part, span_start, span_end, words, kind, entity_id, party_entity_id,
  resolution, unknown_why, number_low, number_high, stated_by_at
)
select c.claim_id, c.article_revision_id, n.position, n.text_part, n.span_start, n.span_end, n.words, n.kind,
  coalesce(e.merged_into_entity_id, e.entity_id), coalesce(p.merged_into_entity_id, p.entity_id), n.resolution,
  n.unknown_why, n.number_low, n.number_high, c.stated_by_at
from new_claim_source as n
join core.claim as c using (analysis_id, ordinal)
left join core.entity as e on e.entity_key = n.entity_key
left join core.entity as p on p.entity_key = n.party_key
order by c.claim_id, n.position

-- name: insert_claim_entities
insert into core.claim_entity (claim_id, entity_id, role, stated_by_at)
select distinct c.claim_id, coalesce(e.merged_into_entity_id, e.entity_id), n.role, c.stated_by_at
from new_claim_entity as n
join core.claim as c using (analysis_id, ordinal)
join core.entity as e using (entity_key)
order by 1, 2, 3
on conflict do nothing

-- name: insert_claim_quantities
insert into core.claim_quantity (
  claim_id, article_revision_id, position, text_part, span_start, span_end, words, low, high, unit, measure, is_approximate
)
select c.claim_id, c.article_revision_id, n.position, n.text_part, n.span_start, n.span_end, n.words, n.low, n.high, n.unit,
  n.measure, n.is_approximate
from new_claim_quantity as n
join core.claim as c using (analysis_id, ordinal)
order by c.claim_id, n.position

-- name: insert_claim_links
insert into core.claim_link (from_claim_id, to_claim_id, relation, method, score, reason, load_batch_id)
select f.claim_id, t.claim_id, n.relation, n.method, n.score, n.reason, n.load_batch_id
from new_claim_link as n
join core.claim as f on f.analysis_id = n.analysis_id and f.ordinal = n.from_ordinal
join core.claim as t on t.analysis_id = n.analysis_id and t.ordinal = n.to_ordinal
on conflict (from_claim_id, to_claim_id, relation) do nothing

-- name: switch_analyses
with old as (
  update core.analysis set is_current = false
  where is_current and article_revision_id = any (%(ids)s) and analyser_version <> %(analyser_version)s
  and article_revision_id in (
    select article_revision_id from core.analysis where analyser_version = %(analyser_version)s and article_revision_id = any (%(ids)s)
  )
  returning article_revision_id
)
select count(*) from old

-- name: make_analyses_current
update core.analysis set is_current = true
where not is_current and analyser_version = %(analyser_version)s and article_revision_id = any (%(ids)s)
