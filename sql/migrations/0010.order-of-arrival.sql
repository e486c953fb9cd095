-- What linking decides is a function of what is stored, not of the order in which it came: a claim keeps the key of its own words
-- beside the thread that stands for them now, and a copy the article that it is nearest to beside the original.
alter table core.claim add thread_key bytea;
comment on column core.claim.thread_key is 'Hash of speakers and content words: which thread of its story it begins in. Null until linked, for claims older than this column.';
alter table core.article add copy_parent_article_id bigint references core.article;
comment on column core.article.copy_parent_article_id is 'The nearest article before it whose text it repeats; copy_of_article_id is the original at the end of that chain.';
update core.article set copy_parent_article_id = copy_of_article_id where copy_of_article_id is not null;

-- A correction stays with the row of the words that it was made on; what stands for them now is looked up.
create or replace function core.list_claims(article_ids bigint[]) returns bigint language sql as $$
  with wanted as (
    select c.claim_id,
      a.status = 'live' and a.copy_of_article_id is null and a.current_revision_id = c.article_revision_id and n.is_current
      and not exists (
        select from core.correction as k where k.claim_thread_id = c.claim_thread_id and k.field = 'rejected'
      ) and not exists (
        select from core.claim_thread as t join core.correction as k using (claim_thread_id)
        where t.merged_into_claim_thread_id = c.claim_thread_id and k.field = 'rejected'
      ) as should_list
    from core.claim as c
    join core.analysis as n using (analysis_id)
    join core.article_revision as r on r.article_revision_id = c.article_revision_id
    join core.article as a using (article_id)
    where a.article_id = any (article_ids)
  ), changed as (
    update core.claim as c set is_listed = w.should_list
    from wanted as w where w.claim_id = c.claim_id and c.is_listed <> w.should_list
    returning 1
  )
  select count(*) from changed;
$$;

create function core.correct_claims() returns void language sql as $$
  with resolved as (
    select coalesce(t.merged_into_claim_thread_id, t.claim_thread_id) as claim_thread_id, k.field, k.value, k.correction_id
    from core.correction as k join core.claim_thread as t using (claim_thread_id)
    where k.field in ('act', 'polarity')
  ), latest as (
    select distinct on (claim_thread_id, field) claim_thread_id, field, value
    from resolved order by claim_thread_id, field, correction_id desc
  )
  update core.claim as c set
    act = coalesce(a.value ->> 'to', c.act),
    polarity = coalesce(p.value ->> 'to', c.polarity)
  from (select distinct claim_thread_id from latest) as t
  left join latest as a on a.claim_thread_id = t.claim_thread_id and a.field = 'act'
  left join latest as p on p.claim_thread_id = t.claim_thread_id and p.field = 'polarity'
  where c.claim_thread_id = t.claim_thread_id
    and (c.act is distinct from coalesce(a.value ->> 'to', c.act) or c.polarity is distinct from coalesce(p.value ->> 'to', c.polarity));

  with latest as (
    select distinct on (1) coalesce(t.merged_into_claim_thread_id, t.claim_thread_id) as claim_thread_id, k.value
    from core.correction as k join core.claim_thread as t using (claim_thread_id)
    where k.field = 'speaker' order by 1, k.correction_id desc
  )
  update core.claim_source as s set entity_id = e.entity_id, unknown_why = null, resolution = 'by hand'
  from latest as k
  join core.claim as c on c.claim_thread_id = k.claim_thread_id
  join core.entity as e on e.entity_key = k.value ->> 'to'
  where s.claim_id = c.claim_id and s.position = coalesce((k.value ->> 'position')::smallint, 0)
    and s.entity_id is distinct from coalesce(e.merged_into_entity_id, e.entity_id);
$$;
comment on function core.correct_claims is 'Puts corrections of claims by hand into effect, over all that their threads stand for.';

create or replace function core.apply_corrections() returns void language sql as $$
  select core.correct_claims();

  update core.mention as m set entity_id = e.merged_into_entity_id
  from core.entity as e where e.entity_id = m.entity_id and e.merged_into_entity_id is not null;
  update core.claim_source as s set entity_id = e.merged_into_entity_id
  from core.entity as e where e.entity_id = s.entity_id and e.merged_into_entity_id is not null;
  update core.claim_source as s set party_entity_id = e.merged_into_entity_id
  from core.entity as e where e.entity_id = s.party_entity_id and e.merged_into_entity_id is not null;
  insert into core.claim_entity (claim_id, entity_id, role, stated_by_at)
  select k.claim_id, e.merged_into_entity_id, k.role, k.stated_by_at
  from core.claim_entity as k join core.entity as e using (entity_id) where e.merged_into_entity_id is not null
  on conflict do nothing;
  delete from core.claim_entity as k using core.entity as e
  where e.entity_id = k.entity_id and e.merged_into_entity_id is not null;

  with split as (
    select distinct on (k.article_id, o.entity_id) k.article_id, o.entity_id as old_id, n.entity_id as new_id
    from core.correction as k
    join core.entity as o on o.entity_key = k.value ->> 'from'
    join core.entity as n on n.entity_key = k.value ->> 'to'
    where k.field = 'split' order by k.article_id, o.entity_id, k.correction_id desc
  ), mentions as (
    update core.mention as m set entity_id = s.new_id
    from split as s join core.article_revision as r using (article_id)
    where m.article_revision_id = r.article_revision_id and m.entity_id = s.old_id
  ), sources as (
    update core.claim_source as m set entity_id = s.new_id
    from split as s join core.article_revision as r using (article_id)
    where m.article_revision_id = r.article_revision_id and m.entity_id = s.old_id
  )
  update core.claim_entity as m set entity_id = s.new_id
  from split as s
  join core.article_revision as r using (article_id)
  join core.claim as c on c.article_revision_id = r.article_revision_id
  where m.claim_id = c.claim_id and m.entity_id = s.old_id;
$$;
