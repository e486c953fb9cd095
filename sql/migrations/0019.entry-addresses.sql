-- An entry is recognised by every address that it had, also where that changed with its headline.
alter table raw.entry add column address text;
comment on column raw.entry.address is 'Link, normalised; null where it names no page: none, a front page, or too long.';
-- Until now every entry had the address that its key was made of.
update raw.entry set address = split_part(substr(entry_key, 5), '#', 1)
where entry_key like 'url:%' and entry_key not like '%…%';

-- A redaction takes the texts of a feed that have no address, too: also those that made no revision.
create or replace function core.redact(article_ids bigint[], why text, who text) returns bigint language plpgsql as $$
declare
  done bigint;
begin
  perform set_config('wire.redacting', 'on', true);
  insert into core.redaction (article_id, url, reason, made_by)
  select u.article_id, u.url, why, who from core.article_url as u where u.article_id = any (article_ids)
  union
  select a.article_id, f.request_url, why, who
  from core.article as a
  join raw.delivery as d on a.canonical_url = 'urn:wire:' || d.feed_key || ':' || d.guid
  join raw.fetch as f using (fetch_id)
  where a.article_id = any (article_ids)
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
  where e.entry_id in (select r.entry_id from core.article_revision as r where r.article_id = any (article_ids))
    or exists (
      select from core.article_url as u
      where u.article_id = any (article_ids)
        and (e.entry_key = 'url:' || u.url or starts_with(e.entry_key, 'url:' || u.url || '#'))
    )
    or e.entry_id in (
      select v.entry_id from ops.page_visit as v join core.article_url as u on u.url = v.url
      where u.article_id = any (article_ids)
    );
  update core.article set status = 'redacted' where article_id = any (article_ids);
  get diagnostics done = row_count;
  perform set_config('wire.redacting', 'off', true);
  return done;
end
$$;
