-- What people decide by hand: corrections that survive re-analysis, and redaction, the one thing that deletes.
alter table core.correction add column article_id bigint references core.article;
comment on column core.correction.article_id is 'The article, where an entity is split within one.';
create index correction_thread on core.correction (claim_thread_id);

create table core.redaction (
  redaction_id bigint generated always as identity primary key,
  article_id bigint references core.article,
  url text not null unique,
  reason text not null,
  made_by text not null,
  made_at timestamptz not null default now(),
  is_archive_done boolean not null default false
);
comment on table core.redaction is 'Tombstones: what was blanked, why and by whom. A replay obeys them.';
comment on column core.redaction.redaction_id is 'Key.';
comment on column core.redaction.article_id is 'The article, where it was known.';
comment on column core.redaction.url is 'Normalised address whose bytes are gone.';
comment on column core.redaction.reason is 'Why: takedown, retention, entity …';
comment on column core.redaction.made_by is 'Who decided.';
comment on column core.redaction.made_at is 'When.';
comment on column core.redaction.is_archive_done is 'Whether the archive has been rewritten without its bytes.';

create function core.apply_corrections() returns void language sql as $$
  with latest as (
    select distinct on (claim_thread_id, field) claim_thread_id, field, value
    from core.correction where claim_thread_id is not null and field in ('act', 'polarity')
    order by claim_thread_id, field, correction_id desc
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
    select distinct on (claim_thread_id) claim_thread_id, value
    from core.correction where field = 'speaker' order by claim_thread_id, correction_id desc
  )
  update core.claim_source as s set entity_id = e.entity_id, unknown_why = null, resolution = 'by hand'
  from latest as k
  join core.claim as c on c.claim_thread_id = k.claim_thread_id
  join core.entity as e on e.entity_key = k.value ->> 'to'
  where s.claim_id = c.claim_id and s.position = coalesce((k.value ->> 'position')::smallint, 0)
    and s.entity_id is distinct from coalesce(e.merged_into_entity_id, e.entity_id);

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
comment on function core.apply_corrections is 'Puts every correction by hand into effect; does nothing where all are.';
grant delete on core.claim_entity to wire_loader;

create function core.redact(article_ids bigint[], why text, who text) returns bigint language plpgsql as $$
declare
  done bigint;
begin
  perform set_config('wire.redacting', 'on', true);
  insert into core.redaction (article_id, url, reason, made_by)
  select u.article_id, u.url, why, who from core.article_url as u where u.article_id = any (article_ids)
  on conflict (url) do nothing;
  delete from core.claim_link as k using core.claim as c join core.article_revision as r using (article_revision_id)
  where r.article_id = any (article_ids) and c.claim_id in (k.from_claim_id, k.to_claim_id);
  delete from core.claim_span as s using core.article_revision as r
  where r.article_revision_id = s.article_revision_id and r.article_id = any (article_ids);
  delete from core.claim_quantity as s using core.article_revision as r
  where r.article_revision_id = s.article_revision_id and r.article_id = any (article_ids);
  delete from core.claim_entity as e using core.claim as c join core.article_revision as r using (article_revision_id)
  where c.claim_id = e.claim_id and r.article_id = any (article_ids);
  delete from core.mention as m using core.article_revision as r
  where r.article_revision_id = m.article_revision_id and r.article_id = any (article_ids);
  delete from core.wire_part as w using core.article_revision as r
  where r.article_revision_id = w.article_revision_id and r.article_id = any (article_ids);
  update core.claim_source as s set words = null, text_part = null, span_start = null, span_end = null, entity_id = null,
    party_entity_id = null, resolution = '', unknown_why = 'redacted'
  from core.article_revision as r where r.article_revision_id = s.article_revision_id and r.article_id = any (article_ids);
  update core.claim as c set plain_text = '', cue_lemma = null, said_words = null, occasion = null, place = null, is_listed = false
  from core.article_revision as r where r.article_revision_id = c.article_revision_id and r.article_id = any (article_ids);
  update core.article_revision set headline = '', body = '', authors = '{}', section = null, keywords = '{}', slug = null, changes = '{}'
  where article_id = any (article_ids);
  update raw.entry as e set title = '', summary = '', content = '', authors = '{}', categories = '{}', guid = null
  where exists (
    select from ops.page_visit as v join core.article_revision as r using (entry_id)
    where v.entry_id = e.entry_id and r.article_id = any (article_ids)
  ) or exists (select from core.article as a where a.article_id = any (article_ids) and a.canonical_url = e.url);
  update core.article set status = 'redacted' where article_id = any (article_ids);
  get diagnostics done = row_count;
  perform set_config('wire.redacting', 'off', true);
  return done;
end
$$;
comment on function core.redact is 'Blanks text, claims and entries of articles and leaves tombstones; the owner only. The archive is rewritten by `wire redact`.';
revoke execute on function core.redact from public;
