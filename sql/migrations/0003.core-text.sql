create table core.outlet (
  outlet_id integer generated always as identity primary key,
  outlet_key text not null unique,
  name text not null,
  homepage text
);
comment on table core.outlet is 'Who printed it.';
comment on column core.outlet.outlet_id is 'Key.';
comment on column core.outlet.outlet_key is 'Natural key, as in feeds/*.toml.';
comment on column core.outlet.name is 'Name.';
comment on column core.outlet.homepage is 'Home page.';

create table core.agency (
  agency_id integer generated always as identity primary key,
  agency_key text not null unique,
  name text not null
);
comment on table core.agency is 'Who wrote it.';
comment on column core.agency.agency_id is 'Key.';
comment on column core.agency.agency_key is 'Natural key.';
comment on column core.agency.name is 'Name.';

create table core.feed (
  feed_id integer generated always as identity primary key,
  feed_key text not null unique,
  outlet_id integer not null references core.outlet,
  agency_id integer references core.agency,
  url text not null,
  title text not null,
  language text not null,
  terms_url text,
  checked_on date,
  may_store_text boolean not null,
  retention_days integer,
  is_active boolean not null default true
);
comment on table core.feed is 'Who listed it.';
comment on column core.feed.feed_id is 'Key.';
comment on column core.feed.feed_key is 'Natural key, as in feeds/*.toml.';
comment on column core.feed.outlet_id is 'Whose feed it is.';
comment on column core.feed.agency_id is 'The agency whose copy it carries, where that is one.';
comment on column core.feed.url is 'Address.';
comment on column core.feed.title is 'Title.';
comment on column core.feed.language is 'Language as registered.';
comment on column core.feed.terms_url is 'Terms of use.';
comment on column core.feed.checked_on is 'When the terms were read.';
comment on column core.feed.may_store_text is 'Whether the terms let us keep the text.';
comment on column core.feed.retention_days is 'Days after which text is blanked; null for no limit.';
comment on column core.feed.is_active is 'False once its TOML is gone.';

create table core.story (
  story_id bigint generated always as identity primary key,
  story_key text not null unique
);
comment on table core.story is 'Updates of one story, also at other URLs.';
comment on column core.story.story_id is 'Key.';
comment on column core.story.story_key is 'Canonical URL of its first article.';

create table core.article (
  article_id bigint generated always as identity primary key,
  canonical_url text not null unique,
  outlet_id integer not null references core.outlet,
  agency_id integer references core.agency,
  feed_key text not null,
  story_id bigint not null references core.story,
  copy_of_article_id bigint references core.article,
  copy_method text,
  copy_score real,
  status text not null default 'live' check (status in ('live', 'withdrawn', 'redacted')),
  language text,
  current_revision_id bigint,
  first_published_at timestamptz not null,
  first_seen_at timestamptz not null,
  withdrawn_at timestamptz,
  load_batch_id bigint references ops.load_batch,
  check (copy_of_article_id <> article_id)
);
create index article_story on core.article (story_id);
create index article_copy on core.article (copy_of_article_id);
create index article_published on core.article (first_published_at desc);
comment on table core.article is 'One story at one canonical URL.';
comment on column core.article.article_id is 'Key.';
comment on column core.article.canonical_url is 'Natural key.';
comment on column core.article.outlet_id is 'Who printed it.';
comment on column core.article.agency_id is 'Who wrote it, where known.';
comment on column core.article.feed_key is 'The feed that first led here.';
comment on column core.article.story_id is 'The story that it is an update of.';
comment on column core.article.copy_of_article_id is 'The article whose agency text it repeats; copies count as one source.';
comment on column core.article.copy_method is 'How the copy was found.';
comment on column core.article.copy_score is 'Containment of the shorter text in the longer, 0 to 1.';
comment on column core.article.status is 'live, withdrawn (killed by its agency) or redacted (blanked by us).';
comment on column core.article.language is 'ISO 639-1 of the text; only en is analysed.';
comment on column core.article.current_revision_id is 'The newest published state.';
comment on column core.article.first_published_at is 'First publication: what the page or feed says, else when it was first seen.';
comment on column core.article.first_seen_at is 'When we first saw it.';
comment on column core.article.withdrawn_at is 'When its withdrawal was seen.';
comment on column core.article.load_batch_id is 'The batch that loaded it.';

create table core.article_url (
  url text primary key,
  article_id bigint not null references core.article
);
comment on table core.article_url is 'Every address under which an article was met, normalised.';
comment on column core.article_url.url is 'Normalised address.';
comment on column core.article_url.article_id is 'The article.';

create table core.article_revision ( -- noqa: PRS
  article_revision_id bigint generated always as identity primary key,
  article_id bigint not null references core.article,
  revision_number integer not null check (revision_number > 0),
  kind text not null check (kind in ('original', 'update', 'correction', 'refile', 'repeat', 'withdrawn')),
  text_basis text not null check (text_basis in ('page', 'feed content', 'feed summary')),
  headline text not null,
  body text not null,
  authors text [] not null default '{}',
  section text,
  keywords text [] not null default '{}',
  language text,
  tags text [] not null default '{}',
  slug text,
  changes text [] not null default '{}',
  embargo_until timestamptz,
  published_at timestamptz not null,
  modified_at timestamptz,
  seen_at timestamptz not null,
  is_trivial boolean not null default false,
  content_sha256 bytea not null,
  source_sha256 bytea not null,
  extractor_version text not null,
  fetch_id bigint references raw.fetch,
  entry_id bigint references raw.entry,
  load_batch_id bigint references ops.load_batch,
  unique (article_id, revision_number, extractor_version)
);
create index article_revision_batch on core.article_revision (load_batch_id);
alter table core.article add foreign key (current_revision_id) references core.article_revision deferrable initially deferred;
alter table raw.quarantine add foreign key (article_revision_id) references core.article_revision;
alter table ops.page_visit add foreign key (article_id) references core.article;
comment on table core.article_revision is 'One published state of an article; immutable.';
comment on column core.article_revision.article_revision_id is 'Key.';
comment on column core.article_revision.article_id is 'The article.';
comment on column core.article_revision.revision_number is '1, 2, 3 … in order of publication.';
comment on column core.article_revision.kind is 'original, update, correction, refile, repeat, withdrawn.';
comment on column core.article_revision.text_basis is 'Where the text is from: page, feed content, feed summary.';
comment on column core.article_revision.headline is 'Headline, NFC.';
comment on column core.article_revision.body is 'Body, NFC, paragraphs separated by one newline; all spans are code points into this.';
comment on column core.article_revision.authors is 'Names of authors.';
comment on column core.article_revision.section is 'Section of the outlet.';
comment on column core.article_revision.keywords is 'Keywords of the page.';
comment on column core.article_revision.language is 'ISO 639-1.';
comment on column core.article_revision.tags is 'Head-line tags: UPDATE 2, CORRECTED …';
comment on column core.article_revision.slug is 'Wire slug.';
comment on column core.article_revision.changes is 'What its advisory or correction note says has changed.';
comment on column core.article_revision.embargo_until is 'Not to be published before.';
comment on column core.article_revision.published_at is 'When this state was published: modified time of the page, else its published time, else when it was seen.';
comment on column core.article_revision.modified_at is 'Modified time as the page gives it.';
comment on column core.article_revision.seen_at is 'When its bytes were fetched.';
comment on column core.article_revision.is_trivial is 'Only typography or spacing differs from the revision before.';
comment on column core.article_revision.content_sha256 is 'Hash of headline and body.';
comment on column core.article_revision.source_sha256 is 'Hash of the bytes that it was extracted from.';
comment on column core.article_revision.extractor_version is 'Version of the extractor.';
comment on column core.article_revision.fetch_id is 'The fetch that brought its bytes.';
comment on column core.article_revision.entry_id is 'The feed entry state that led to it.';
comment on column core.article_revision.load_batch_id is 'The batch that loaded it.';

create function core.refuse_change() returns trigger language plpgsql as $$
begin
  if current_setting('wire.redacting', true) = 'on'
    and current_user::regrole = (select relowner from pg_class where oid = tg_relid) then
    return new;
  end if;
  raise exception '%.% is immutable', tg_table_schema, tg_table_name using errcode = 'restrict_violation';
end
$$;
comment on function core.refuse_change is 'Refuses updates and deletes but for the owner''s redaction (wire.redacting = on).';

create trigger article_revision_immutable before update or delete on core.article_revision
for each row execute function core.refuse_change();

create function core.check_spans() returns trigger language plpgsql as $$
declare
  bad record;
begin
  select n.text_part, n.span_start, n.span_end, n.words, n.article_revision_id into bad
  from new_rows as n
  join core.article_revision as r on r.article_revision_id = n.article_revision_id
  where n.words is not null
    and substr(case n.text_part when 'headline' then r.headline else r.body end, n.span_start + 1, n.span_end - n.span_start)
    is distinct from n.words
  limit 1;
  if found then
    raise exception 'span %..% of the % of revision % does not read %',
      bad.span_start, bad.span_end, bad.text_part, bad.article_revision_id, quote_literal(bad.words)
      using errcode = 'check_violation';
  end if;
  return null;
end
$$;
comment on function core.check_spans is 'The substring rule: substr(text, span_start + 1, span_end - span_start) = words.';

create table core.wire_part (
  article_revision_id bigint not null references core.article_revision,
  position smallint not null,
  kind text not null check (kind in ('dateline', 'sign_off', 'byline', 'advisory', 'notice')),
  text_part text not null check (text_part in ('headline', 'body')),
  span_start integer not null check (span_start >= 0),
  span_end integer not null check (span_end >= span_start),
  words text not null,
  detail jsonb not null default '{}',
  primary key (article_revision_id, position)
);
create trigger wire_part_spans after insert on core.wire_part
referencing new table as new_rows for each statement execute function core.check_spans();
comment on table core.wire_part is 'The wire''s own grammar in a revision: dateline, sign-off, byline, advisory, notices.';
comment on column core.wire_part.article_revision_id is 'The revision.';
comment on column core.wire_part.position is 'Order in the text.';
comment on column core.wire_part.kind is 'dateline, sign_off, byline, advisory, notice.';
comment on column core.wire_part.text_part is 'headline or body.';
comment on column core.wire_part.span_start is 'First code point, from 0.';
comment on column core.wire_part.span_end is 'Code point after the last.';
comment on column core.wire_part.words is 'The words there.';
comment on column core.wire_part.detail is 'What was read: place, agency, on; names by role; changes; kind of notice.';
