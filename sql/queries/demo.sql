-- name: count_ledger
select
  (select count(*) from core.feed as f where exists (select from ops.feed_state as s where s.feed_key = f.feed_key)) as feeds_polled,
  (select count(*) from core.article) as articles,
  (select count(*) from core.article_revision) as revisions,
  (select count(*) from core.claim) as claims,
  (select count(*) from core.entity) as entities

-- name: count_real_articles
select count(*) as count from core.article where canonical_url !~ '^https?://[^/]+\.example(:\d+)?/'

-- name: list_claims_to_show
-- Two of each act at most, of different stories, those first that name their speaker and whom they are about.
with ranked as (
  select c.*,
    c.source_kinds <@ array['named', 'role', 'institution', 'group', 'unnamed'] and c.about_names is not null as is_full,
    row_number() over w as place_in_act
  from mart.claim as c
  where c.parent_claim_id is null and not 'pronoun' = any (c.source_kinds)
  window w as (
    partition by c.act
    order by c.about_names is null, not c.source_kinds <@ array['named', 'unnamed'], c.confidence desc, c.stated_by_at desc, c.claim_id
  )
)
select * from ranked where place_in_act <= 2
order by place_in_act, is_full desc, stated_by_at desc, claim_id
limit 10
