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
with ranked as (
  select c.*,
    row_number() over (partition by c.act order by c.confidence desc, c.stated_by_at desc, c.claim_id) as place_in_act,
    row_number() over (partition by c.story_id, c.act order by c.confidence desc, c.claim_id) as place_in_story
  from mart.claim as c
  where c.parent_claim_id is null
)
select * from ranked where place_in_act <= 2 and place_in_story = 1
order by place_in_act, stated_by_at desc, claim_id
limit 10
