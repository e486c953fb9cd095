-- name: list_checksums
-- Every table of core by natural keys and content. Left out of a row are only keys by number, batches and the clock of our own machine.
-- With wire.timeless = on, when we saw a thing counts for nothing either: two pollings of the same news then compare.
with article as (
  select a.article_id, a.canonical_url, jsonb_build_array(
    a.canonical_url, o.outlet_key, g.agency_key, a.feed_key, s.story_key, c.canonical_url,
    p.canonical_url, a.copy_method, a.copy_score, a.status,
    a.language, a.first_published_at
  ) || case when current_setting('wire.timeless', true) = 'on' then '[]'::jsonb
    else jsonb_build_array(a.first_seen_at, a.withdrawn_at) end as content
  from core.article as a
  join core.outlet as o using (outlet_id)
  join core.story as s using (story_id)
  left join core.agency as g on g.agency_id = a.agency_id
  left join core.article as c on c.article_id = a.copy_of_article_id
  left join core.article as p on p.article_id = a.copy_parent_article_id
), revision as (
  select r.article_revision_id, jsonb_build_array(a.canonical_url, r.revision_number, r.extractor_version) as key,
    to_jsonb(r) - array['article_revision_id', 'article_id', 'fetch_id', 'entry_id', 'load_batch_id']
      - case when current_setting('wire.timeless', true) = 'on' then 'seen_at' else '' end as content
  from core.article_revision as r
  join core.article as a using (article_id)
), claim as (
  select c.claim_id, c.claim_thread_id, r.key || jsonb_build_array(n.analyser_version, c.ordinal) as key,
    to_jsonb(c) - array[
      'claim_id', 'analysis_id', 'article_revision_id', 'claim_thread_id', 'parent_claim_id', 'load_batch_id', 'plain_text_vector'
    ] as content, c.parent_claim_id, n.is_current
  from core.claim as c
  join core.analysis as n using (analysis_id)
  join revision as r on r.article_revision_id = c.article_revision_id
), thread as (
  select t.claim_thread_id, jsonb_build_array(s.story_key, encode(t.thread_key, 'hex')) as key, t.first_published_at,
    t.merged_into_claim_thread_id
  from core.claim_thread as t
  join core.story as s using (story_id)
), entity as (
  select e.entity_id, case when e.entity_key like 'text:%'
    then jsonb_build_array(a.canonical_url, regexp_replace(e.entity_key, '^text:\d+:', '')) else to_jsonb(e.entity_key) end as key
  from core.entity as e
  left join core.article as a on a.article_id = case when e.entity_key like 'text:%' then split_part(e.entity_key, ':', 2)::bigint end
), rows as (
  select 'outlet' as table_name, jsonb_build_array(outlet_key, name, homepage) as content from core.outlet
  union all
  select 'agency', jsonb_build_array(agency_key, name) from core.agency
  union all
  select 'feed', to_jsonb(f) - array['feed_id', 'outlet_id', 'agency_id'] from core.feed as f
  union all
  select 'article', content from article
  union all
  select 'article_url', jsonb_build_array(u.url, a.canonical_url) from core.article_url as u join article as a using (article_id)
  union all
  select 'article_revision', key || content from revision
  union all
  select 'wire_part', r.key || (to_jsonb(w) - array['article_revision_id'])
  from core.wire_part as w join revision as r using (article_revision_id)
  union all
  select 'story', jsonb_build_array(s.story_key, count(a.article_id)) from core.story as s left join core.article as a using (story_id)
  group by s.story_id
  union all
  select 'analysis', r.key || (to_jsonb(n) - array['analysis_id', 'article_revision_id', 'analysed_at', 'load_batch_id'])
  from core.analysis as n join revision as r using (article_revision_id)
  union all
  select 'article_sketch', r.key || (to_jsonb(k) - array['article_revision_id', 'article_id'])
  from core.article_sketch as k join revision as r using (article_revision_id)
  union all
  select 'article_match', jsonb_build_array(
    least(a.canonical_url, b.canonical_url), greatest(a.canonical_url, b.canonical_url), m.jaccard, m.containment, m.shingle_count, m.story_score
  )
  from core.article_match as m
  join article as a on a.article_id = m.article_id
  join article as b on b.article_id = m.other_article_id
  union all
  select 'entity', jsonb_build_array(k.key, e.name, e.kind, e.qid, e.description, m.key)
  from core.entity as e
  join entity as k using (entity_id)
  left join entity as m on m.entity_id = e.merged_into_entity_id
  union all
  select 'entity_relation', jsonb_build_array(e.key, k.relation, o.key, k.from_on, k.to_on, k.basis, r.key)
  from core.entity_relation as k
  join entity as e using (entity_id)
  join entity as o on o.entity_id = k.other_entity_id
  left join revision as r using (article_revision_id)
  union all
  select 'mention', r.key || jsonb_build_array(n.analyser_version, e.key)
    || (to_jsonb(m) - array['mention_id', 'analysis_id', 'article_revision_id', 'entity_id'])
  from core.mention as m
  join core.analysis as n using (analysis_id)
  join entity as e using (entity_id)
  join revision as r on r.article_revision_id = m.article_revision_id
  union all
  select 'claim', c.key || c.content || coalesce(p.key, 'null'::jsonb) from claim as c left join claim as p on p.claim_id = c.parent_claim_id
  union all
  select 'claim_span', c.key || (to_jsonb(s) - array['claim_id', 'article_revision_id'])
  from core.claim_span as s join claim as c using (claim_id)
  union all
  select 'claim_source', c.key || (to_jsonb(s) - array['claim_source_id', 'claim_id', 'article_revision_id', 'entity_id', 'party_entity_id'])
    || jsonb_build_array(e.key, p.key)
  from core.claim_source as s
  join claim as c using (claim_id)
  left join entity as e on e.entity_id = s.entity_id
  left join entity as p on p.entity_id = s.party_entity_id
  union all
  select 'claim_entity', c.key || jsonb_build_array(e.key, s.role, s.stated_by_at)
  from core.claim_entity as s join claim as c using (claim_id) join entity as e using (entity_id)
  union all
  select 'claim_quantity', c.key || (to_jsonb(s) - array['claim_id', 'article_revision_id'])
  from core.claim_quantity as s join claim as c using (claim_id)
  union all
  select 'claim_link', f.key || t.key || jsonb_build_array(k.relation, k.method, k.score, k.reason)
  from core.claim_link as k join claim as f on f.claim_id = k.from_claim_id join claim as t on t.claim_id = k.to_claim_id
  union all
  select 'claim_change', jsonb_build_array(
    t.key, h.kind, h.what, f.key, c.key, fr.key, r.key, h.changed_at, h.method, h.score
  )
  from core.claim_change as h
  join thread as t using (claim_thread_id)
  join revision as fr on fr.article_revision_id = h.from_revision_id
  join revision as r on r.article_revision_id = h.to_revision_id
  left join claim as f on f.claim_id = h.from_claim_id
  left join claim as c on c.claim_id = h.to_claim_id
  union all
  select 'claim_thread', t.key || jsonb_build_array(t.first_published_at, m.key)
  from thread as t left join thread as m on m.claim_thread_id = t.merged_into_claim_thread_id
  union all
  -- Its keys are hashed with the number of the story: how many there are is what can be compared.
  select 'thread_matter', t.key || jsonb_build_array(c.key, cardinality(m.keys))
  from core.thread_matter as m join thread as t using (claim_thread_id) join claim as c using (claim_id)
  union all
  select 'thread_match', jsonb_build_array(f.key, t.key) || (to_jsonb(m) - array['from_thread_id', 'to_thread_id', 'load_batch_id'])
  from core.thread_match as m join thread as f on f.claim_thread_id = m.from_thread_id
  join thread as t on t.claim_thread_id = m.to_thread_id
  union all
  select 'claim_group', jsonb_build_array(t.key) || (to_jsonb(g) - array['claim_group_id', 'founder_thread_id'])
  from core.claim_group as g left join thread as t on t.claim_thread_id = g.founder_thread_id
  union all
  select 'claim_group_member', jsonb_build_array(encode(g.group_key, 'hex'), t.key, m.stance, m.method, m.score)
  from core.claim_group_member as m join core.claim_group as g using (claim_group_id) join thread as t using (claim_thread_id)
  union all
  select 'correction', jsonb_build_array(t.key, a.canonical_url, k.field, k.value, k.made_by, k.made_at, k.reason)
  from core.correction as k left join thread as t using (claim_thread_id) left join article as a using (article_id)
  union all
  select 'redaction', jsonb_build_array(k.url, k.reason, k.made_by, k.is_archive_done) from core.redaction as k
)
select table_name, count(*) as row_count, encode(sha256(convert_to(string_agg(content::text, e'\n' order by content::text collate "C"), 'UTF8')), 'hex') as digest
from rows
group by table_name
order by table_name
