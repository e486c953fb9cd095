-- A person's key holds the context, and what is decided by hand holds together: a corrected speaker is also the one that the
-- sentence names, and an entity split off in one article stays apart when the rest is merged into another.
comment on column core.entity.entity_key is 'Natural key: country:ua, org:nato, person:jane-doe~country:ie (name and context).';

create or replace function core.correct_claims() returns void language sql as $$
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
  ), wrong as (
    select c.claim_id, n.name as right_name, w.wrong_name
    from latest as k
    join core.claim as c on c.claim_thread_id = k.claim_thread_id
    join core.claim_source as s on s.claim_id = c.claim_id and s.position = coalesce((k.value ->> 'position')::smallint, 0)
    join core.entity as e on e.entity_key = k.value ->> 'to'
    join core.entity as n on n.entity_id = coalesce(e.merged_into_entity_id, e.entity_id)
    left join core.entity as o on o.entity_id = s.entity_id
    cross join lateral (values (o.name), ('the ' || o.name), (s.words)) as w (wrong_name)
    where s.entity_id is distinct from n.entity_id and starts_with(lower(c.plain_text), lower(w.wrong_name))
  )
  update core.claim as c set plain_text = w.right_name || substr(c.plain_text, length(w.wrong_name) + 1)
  from (select distinct on (claim_id) claim_id, right_name, wrong_name from wrong order by claim_id, length(wrong_name) desc) as w
  where c.claim_id = w.claim_id;

  with latest as (
    select distinct on (1) coalesce(t.merged_into_claim_thread_id, t.claim_thread_id) as claim_thread_id, k.value
    from core.correction as k join core.claim_thread as t using (claim_thread_id)
    where k.field = 'speaker' order by 1, k.correction_id desc
  )
  update core.claim_source as s set
    entity_id = coalesce(e.merged_into_entity_id, e.entity_id), unknown_why = null, resolution = 'by hand'
  from latest as k
  join core.claim as c on c.claim_thread_id = k.claim_thread_id
  join core.entity as e on e.entity_key = k.value ->> 'to'
  where s.claim_id = c.claim_id and s.position = coalesce((k.value ->> 'position')::smallint, 0)
    and s.entity_id is distinct from coalesce(e.merged_into_entity_id, e.entity_id);
$$;

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
    select distinct on (1, 2) k.article_id, coalesce(o.merged_into_entity_id, o.entity_id) as old_id,
      coalesce(n.merged_into_entity_id, n.entity_id) as new_id
    from core.correction as k
    join core.entity as o on o.entity_key = k.value ->> 'from'
    join core.entity as n on n.entity_key = k.value ->> 'to'
    where k.field = 'split' order by 1, 2, k.correction_id desc
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
