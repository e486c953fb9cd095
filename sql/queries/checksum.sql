-- name: list_checksums
with article as (
  select a.article_id, a.canonical_url, jsonb_build_array(
    a.canonical_url, o.outlet_key, g.agency_key, a.feed_key, s.story_key, c.canonical_url, a.copy_method, a.copy_score, a.status,
    a.language, a.first_published_at, a.first_seen_at, a.withdrawn_at
  ) as content
  from core.article as a
  join core.outlet as o using (outlet_id)
  join core.story as s using (story_id)
  left join core.agency as g on g.agency_id = a.agency_id
  left join core.article as c on c.article_id = a.copy_of_article_id
), revision as (
  select r.article_revision_id, jsonb_build_array(a.canonical_url, r.revision_number, r.extractor_version) as key,
    to_jsonb(r) - array['article_revision_id', 'article_id', 'fetch_id', 'entry_id', 'load_batch_id'] as content
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
  select 'entity', jsonb_build_array(e.entity_key, e.name, e.kind, e.qid, e.description) from core.entity as e
  where not e.entity_key like 'text:%'
  union all
  select 'mention', r.key || jsonb_build_array(n.analyser_version, case when e.entity_key like 'text:%' then e.name else e.entity_key end)
    || (to_jsonb(m) - array['mention_id', 'analysis_id', 'article_revision_id', 'entity_id'])
  from core.mention as m
  join core.analysis as n using (analysis_id)
  join core.entity as e using (entity_id)
  join revision as r on r.article_revision_id = m.article_revision_id
  union all
  select 'claim', c.key || c.content || coalesce(p.key, 'null'::jsonb) from claim as c left join claim as p on p.claim_id = c.parent_claim_id
  union all
  select 'claim_span', c.key || (to_jsonb(s) - array['claim_id', 'article_revision_id'])
  from core.claim_span as s join claim as c using (claim_id)
  union all
  select 'claim_source', c.key || (to_jsonb(s) - array['claim_source_id', 'claim_id', 'article_revision_id', 'entity_id', 'party_entity_id'])
    || jsonb_build_array(e.name, p.name)
  from core.claim_source as s
  join claim as c using (claim_id)
  left join core.entity as e on e.entity_id = s.entity_id
  left join core.entity as p on p.entity_id = s.party_entity_id
  union all
  select 'claim_entity', c.key || jsonb_build_array(e.name, s.role) from core.claim_entity as s join claim as c using (claim_id)
  join core.entity as e using (entity_id)
  union all
  select 'claim_quantity', c.key || (to_jsonb(s) - array['claim_id', 'article_revision_id'])
  from core.claim_quantity as s join claim as c using (claim_id)
  union all
  select 'claim_link', f.key || t.key || jsonb_build_array(k.relation, k.method, k.score, k.reason)
  from core.claim_link as k join claim as f on f.claim_id = k.from_claim_id join claim as t on t.claim_id = k.to_claim_id
  union all
  select 'claim_thread', jsonb_build_array(s.story_key, encode(t.thread_key, 'hex'), t.first_published_at)
  from core.claim_thread as t join core.story as s using (story_id)
  union all
  select 'claim_group_member', jsonb_build_array(encode(g.group_key, 'hex'), s.story_key, encode(t.thread_key, 'hex'), m.stance, m.method, m.score)
  from core.claim_group_member as m
  join core.claim_group as g using (claim_group_id)
  join core.claim_thread as t using (claim_thread_id)
  join core.story as s using (story_id)
)
select table_name, count(*) as row_count, encode(sha256(convert_to(string_agg(content::text, e'\n' order by content::text collate "C"), 'UTF8')), 'hex') as digest
from rows
group by table_name
order by table_name
