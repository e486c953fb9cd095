create table core.entity (
  entity_id bigint generated always as identity primary key,
  entity_key text not null unique,
  name text not null,
  kind text not null check (kind in ('person', 'organisation', 'country', 'place', 'group', 'other')),
  qid text,
  description text,
  merged_into_entity_id bigint references core.entity
);
create index entity_name on core.entity using gin (name gin_trgm_ops);
comment on table core.entity is 'A person, organisation, country, place or group over all texts.';
comment on column core.entity.entity_id is 'Key.';
comment on column core.entity.entity_key is 'Natural key: country:ua, org:nato, person:jane-doe.';
comment on column core.entity.name is 'Canonical name.';
comment on column core.entity.kind is 'person, organisation, country, place, group, other.';
comment on column core.entity.qid is 'Wikidata id, where a source gives it.';
comment on column core.entity.description is 'What texts say of it: role, organisation.';
comment on column core.entity.merged_into_entity_id is 'Set by hand where two rows are one entity.';

create table core.analysis (
  analysis_id bigint generated always as identity primary key,
  article_revision_id bigint not null references core.article_revision,
  analyser_version text not null,
  is_current boolean not null,
  status text not null check (status in ('analysed', 'skipped', 'failed')),
  reason text,
  claim_count integer not null,
  mention_count integer not null,
  analysed_at timestamptz not null default now(),
  load_batch_id bigint references ops.load_batch,
  unique (article_revision_id, analyser_version),
  unique (analysis_id, article_revision_id)
);
create unique index analysis_current on core.analysis (article_revision_id) where is_current;
comment on table core.analysis is 'One reading of one revision by one analyser version; a newer one stands beside and switches.';
comment on column core.analysis.analysis_id is 'Key.';
comment on column core.analysis.article_revision_id is 'The revision.';
comment on column core.analysis.analyser_version is 'Code, model and data that read it.';
comment on column core.analysis.is_current is 'Whether mart shows this reading.';
comment on column core.analysis.status is 'analysed, skipped (another language), failed.';
comment on column core.analysis.reason is 'Why skipped or failed.';
comment on column core.analysis.claim_count is 'Claims found.';
comment on column core.analysis.mention_count is 'Mentions found.';
comment on column core.analysis.analysed_at is 'When.';
comment on column core.analysis.load_batch_id is 'The batch that loaded it.';

create table core.mention (
  mention_id bigint generated always as identity primary key,
  analysis_id bigint not null,
  article_revision_id bigint not null,
  entity_id bigint not null references core.entity,
  how text not null check (how in ('name', 'alias', 'role', 'pronoun', 'demonym', 'metonym')),
  resolution text not null default '',
  score real not null default 1,
  text_part text not null check (text_part in ('headline', 'body')),
  span_start integer not null check (span_start >= 0),
  span_end integer not null check (span_end > span_start),
  words text not null,
  foreign key (analysis_id, article_revision_id) references core.analysis (analysis_id, article_revision_id)
);
create index mention_entity on core.mention (entity_id);
create index mention_analysis on core.mention (analysis_id);
create trigger mention_spans after insert on core.mention
referencing new table as new_rows for each statement execute function core.check_spans();
comment on table core.mention is 'One place where an entity is named.';
comment on column core.mention.mention_id is 'Key.';
comment on column core.mention.analysis_id is 'The reading that found it.';
comment on column core.mention.article_revision_id is 'The revision.';
comment on column core.mention.entity_id is 'The entity.';
comment on column core.mention.how is 'name, alias, role, pronoun, demonym, metonym.';
comment on column core.mention.resolution is 'How the entity was resolved.';
comment on column core.mention.score is 'How sure, 0 to 1.';
comment on column core.mention.text_part is 'headline or body.';
comment on column core.mention.span_start is 'First code point, from 0.';
comment on column core.mention.span_end is 'Code point after the last.';
comment on column core.mention.words is 'The words there.';

create table core.entity_relation (
  entity_id bigint not null references core.entity,
  relation text not null check (relation in ('speaks_for', 'leads', 'member_of', 'part_of')),
  other_entity_id bigint not null references core.entity,
  from_on date,
  to_on date,
  basis text not null,
  article_revision_id bigint references core.article_revision,
  unique nulls not distinct (entity_id, relation, other_entity_id, from_on)
);
comment on table core.entity_relation is 'Who speaks for, leads, is member or part of whom, and when.';
comment on column core.entity_relation.entity_id is 'The one.';
comment on column core.entity_relation.relation is 'speaks_for, leads, member_of, part_of.';
comment on column core.entity_relation.other_entity_id is 'The other.';
comment on column core.entity_relation.from_on is 'From when, where known.';
comment on column core.entity_relation.to_on is 'Until when, where known.';
comment on column core.entity_relation.basis is 'Ground: text or gazetteer.';
comment on column core.entity_relation.article_revision_id is 'The revision that says so.';

create table core.claim_thread (
  claim_thread_id bigint generated always as identity primary key,
  story_id bigint not null references core.story,
  thread_key bytea not null,
  first_published_at timestamptz not null,
  unique (story_id, thread_key)
);
comment on table core.claim_thread is 'The same statement over the revisions and re-analyses of a story; survives both.';
comment on column core.claim_thread.claim_thread_id is 'Key.';
comment on column core.claim_thread.story_id is 'The story.';
comment on column core.claim_thread.thread_key is 'Hash of speakers and content words at first sight.';
comment on column core.claim_thread.first_published_at is 'First publication of the statement in this story.';

create table core.claim (
  claim_id bigint generated always as identity primary key,
  analysis_id bigint not null,
  article_revision_id bigint not null,
  ordinal integer not null,
  claim_thread_id bigint not null references core.claim_thread,
  cue_lemma text,
  plain_text text not null,
  plain_text_vector tsvector generated always as (to_tsvector('english', left(plain_text, 100000))) stored,
  quote text not null check (quote in ('direct', 'indirect', 'mixed')),
  act text not null check (act in (
    'state', 'accuse', 'deny', 'confirm', 'not_confirm', 'decline', 'no_response', 'request', 'promise', 'warn', 'ask', 'assess'
  )),
  polarity text not null check (polarity in ('positive', 'negative', 'unknown')),
  certainty text not null check (certainty in ('certain', 'probable', 'possible', 'unknown')),
  said_from_at timestamptz,
  said_to_at timestamptz,
  said_precision text,
  said_zone text,
  said_words text,
  said_unknown_why text,
  stated_by_at timestamptz not null,
  occurs_from_at timestamptz,
  occurs_to_at timestamptz,
  occasion text,
  place text,
  parent_claim_id bigint references core.claim deferrable initially deferred,
  parent_kind text check (parent_kind in ('reported', 'presupposed')),
  confidence real not null check (confidence between 0 and 1),
  is_listed boolean not null default false,
  load_batch_id bigint references ops.load_batch,
  unique (analysis_id, ordinal),
  unique (claim_id, article_revision_id),
  foreign key (analysis_id, article_revision_id) references core.analysis (analysis_id, article_revision_id),
  check ((said_from_at is null) = (said_to_at is null)),
  check (said_from_at is not null or said_unknown_why is not null),
  check ((parent_claim_id is null) = (parent_kind is null))
);
create index claim_revision on core.claim (article_revision_id);
create index claim_by_thread on core.claim (claim_thread_id);
create index claim_listed on core.claim (stated_by_at desc, claim_id desc) where is_listed;
create index claim_search on core.claim using gin (plain_text_vector);
create index claim_batch on core.claim (load_batch_id);
comment on table core.claim is 'One attributed statement in one revision, as one analyser version read it.';
comment on column core.claim.claim_id is 'Key.';
comment on column core.claim.analysis_id is 'The reading that found it.';
comment on column core.claim.article_revision_id is 'The revision.';
comment on column core.claim.ordinal is 'Order in the text, from 0.';
comment on column core.claim.claim_thread_id is 'The same statement over revisions and re-analyses; corrections by hand attach to it.';
comment on column core.claim.cue_lemma is 'Lemma of the word that attributes; null where a quotation stands alone.';
comment on column core.claim.plain_text is 'The claim as a sentence that reads alone.';
comment on column core.claim.plain_text_vector is 'Search vector of plain_text (English).';
comment on column core.claim.quote is 'direct, indirect, mixed.';
comment on column core.claim.act is 'state, accuse, deny, confirm, not_confirm, decline, no_response, request, promise, warn, ask, assess.';
comment on column core.claim.polarity is 'The source''s stance to the bare proposition: positive, negative, unknown (after FactBank).';
comment on column core.claim.certainty is 'certain, probable, possible, unknown (after FactBank).';
comment on column core.claim.said_from_at is 'When it was said: begin of the interval; null where unknown.';
comment on column core.claim.said_to_at is 'When it was said: end of the interval.';
comment on column core.claim.said_precision is 'day, week, month, year …';
comment on column core.claim.said_zone is 'Zone in which days were counted.';
comment on column core.claim.said_words is 'The words that say when: on Thursday.';
comment on column core.claim.said_unknown_why is 'Why it is not known when.';
comment on column core.claim.stated_by_at is 'The earlier of when it was said and first publication; orders every timeline.';
comment on column core.claim.occurs_from_at is 'What the content speaks of: begin.';
comment on column core.claim.occurs_to_at is 'What the content speaks of: end.';
comment on column core.claim.occasion is 'Occasion of the statement: press conference.';
comment on column core.claim.place is 'Place of the statement.';
comment on column core.claim.parent_claim_id is 'The claim that this one stands inside.';
comment on column core.claim.parent_kind is 'reported (A says that B said) or presupposed (yet to confirm B''s assertion).';
comment on column core.claim.confidence is 'How sure the reading is, 0 to 1.';
comment on column core.claim.is_listed is 'Shown in mart.claim: current revision, current reading, not withdrawn, no copy, not rejected by hand. Kept by core.list_claims.';
comment on column core.claim.load_batch_id is 'The batch that loaded it.';

create table core.claim_span (
  claim_id bigint not null,
  article_revision_id bigint not null,
  part text not null check (part in ('cue', 'content', 'trigger')),
  position smallint not null,
  text_part text not null check (text_part in ('headline', 'body')),
  span_start integer not null check (span_start >= 0),
  span_end integer not null check (span_end > span_start),
  words text not null,
  primary key (claim_id, part, position),
  foreign key (claim_id, article_revision_id) references core.claim (claim_id, article_revision_id)
);
create trigger claim_span_spans after insert on core.claim_span
referencing new table as new_rows for each statement execute function core.check_spans();
comment on table core.claim_span is 'Where a claim''s cue, content and triggers stand; content can be discontinuous.';
comment on column core.claim_span.claim_id is 'The claim.';
comment on column core.claim_span.article_revision_id is 'The revision.';
comment on column core.claim_span.part is 'cue, content or trigger (of polarity and certainty).';
comment on column core.claim_span.position is 'Order within the part.';
comment on column core.claim_span.text_part is 'headline or body.';
comment on column core.claim_span.span_start is 'First code point, from 0.';
comment on column core.claim_span.span_end is 'Code point after the last.';
comment on column core.claim_span.words is 'The words there.';

create table core.claim_source (
  claim_source_id bigint generated always as identity primary key,
  claim_id bigint not null,
  article_revision_id bigint not null,
  position smallint not null,
  text_part text check (text_part in ('headline', 'body')),
  span_start integer check (span_start >= 0),
  span_end integer check (span_end >= span_start),
  words text,
  kind text not null check (kind in ('named', 'role', 'pronoun', 'group', 'institution', 'document', 'unnamed', 'agency')),
  entity_id bigint references core.entity,
  party_entity_id bigint references core.entity,
  resolution text not null default '',
  unknown_why text,
  number_low integer,
  number_high integer,
  stated_by_at timestamptz not null,
  unique (claim_id, position),
  foreign key (claim_id, article_revision_id) references core.claim (claim_id, article_revision_id),
  check (entity_id is not null or unknown_why is not null)
);
create index claim_source_entity on core.claim_source (entity_id, stated_by_at desc);
create index claim_source_party on core.claim_source (party_entity_id, stated_by_at desc);
create index claim_source_unnamed on core.claim_source (stated_by_at desc) where kind = 'unnamed';
create trigger claim_source_spans after insert on core.claim_source
referencing new table as new_rows for each statement execute function core.check_spans();
comment on table core.claim_source is 'One speaker of a claim; joint speakers are rows of their own.';
comment on column core.claim_source.claim_source_id is 'Key.';
comment on column core.claim_source.claim_id is 'The claim.';
comment on column core.claim_source.article_revision_id is 'The revision.';
comment on column core.claim_source.position is 'Order among joint speakers.';
comment on column core.claim_source.text_part is 'headline or body; null where the source is left out.';
comment on column core.claim_source.span_start is 'First code point, from 0.';
comment on column core.claim_source.span_end is 'Code point after the last.';
comment on column core.claim_source.words is 'The words there: description of an unnamed source.';
comment on column core.claim_source.kind is 'named, role, pronoun, group, institution, document, unnamed, agency.';
comment on column core.claim_source.entity_id is 'Who speaks.';
comment on column core.claim_source.party_entity_id is 'For whom one speaks.';
comment on column core.claim_source.resolution is 'How the entity was resolved.';
comment on column core.claim_source.unknown_why is 'Why no entity was found.';
comment on column core.claim_source.number_low is 'How many speakers at least (two officials).';
comment on column core.claim_source.number_high is 'How many speakers at most.';
comment on column core.claim_source.stated_by_at is 'As in core.claim, for the index.';

create table core.claim_entity (
  claim_id bigint not null references core.claim,
  entity_id bigint not null references core.entity,
  role text not null check (role in ('subject', 'target', 'addressee', 'mentioned')),
  stated_by_at timestamptz not null,
  primary key (claim_id, entity_id, role)
);
create index claim_entity_entity on core.claim_entity (entity_id, stated_by_at desc);
create index claim_entity_target on core.claim_entity (entity_id, stated_by_at desc) where role = 'target';
comment on table core.claim_entity is 'Whom a claim is about.';
comment on column core.claim_entity.claim_id is 'The claim.';
comment on column core.claim_entity.entity_id is 'The entity.';
comment on column core.claim_entity.role is 'subject, target (the accused), addressee (the one asked), mentioned.';
comment on column core.claim_entity.stated_by_at is 'As in core.claim, for the index.';

create table core.claim_quantity (
  claim_id bigint not null,
  article_revision_id bigint not null,
  position smallint not null,
  text_part text not null check (text_part in ('headline', 'body')),
  span_start integer not null check (span_start >= 0),
  span_end integer not null check (span_end > span_start),
  words text not null,
  low double precision,
  high double precision,
  unit text,
  measure text,
  is_approximate boolean not null,
  primary key (claim_id, position),
  foreign key (claim_id, article_revision_id) references core.claim (claim_id, article_revision_id)
);
create index claim_quantity_measure on core.claim_quantity (measure);
create trigger claim_quantity_spans after insert on core.claim_quantity
referencing new table as new_rows for each statement execute function core.check_spans();
comment on table core.claim_quantity is 'What a claim counts.';
comment on column core.claim_quantity.claim_id is 'The claim.';
comment on column core.claim_quantity.article_revision_id is 'The revision.';
comment on column core.claim_quantity.position is 'Order within the claim.';
comment on column core.claim_quantity.text_part is 'headline or body.';
comment on column core.claim_quantity.span_start is 'First code point, from 0.';
comment on column core.claim_quantity.span_end is 'Code point after the last.';
comment on column core.claim_quantity.words is 'The words there.';
comment on column core.claim_quantity.low is 'At least; null where open.';
comment on column core.claim_quantity.high is 'At most; null where open.';
comment on column core.claim_quantity.unit is 'What is counted: singular lemma, percent, or ISO currency.';
comment on column core.claim_quantity.measure is 'What happened to it: killed, wounded, killed or wounded, missing …';
comment on column core.claim_quantity.is_approximate is 'About, nearly, hundreds of.';

create table core.claim_link (
  claim_link_id bigint generated always as identity primary key,
  from_claim_id bigint not null references core.claim,
  to_claim_id bigint not null references core.claim,
  relation text not null check (relation in (
    'repeats', 'supports', 'confirms', 'specifies', 'updates', 'does_not_confirm', 'denies', 'contradicts', 'retracts'
  )),
  method text not null,
  score real not null,
  reason text not null default '',
  load_batch_id bigint references ops.load_batch,
  unique (from_claim_id, to_claim_id, relation),
  check (from_claim_id <> to_claim_id)
);
create index claim_link_to on core.claim_link (to_claim_id);
comment on table core.claim_link is 'What one claim does to another. Not confirming is not denying.';
comment on column core.claim_link.claim_link_id is 'Key.';
comment on column core.claim_link.from_claim_id is 'The claim that confirms, denies, repeats …';
comment on column core.claim_link.to_claim_id is 'The claim that it speaks of.';
comment on column core.claim_link.relation is 'repeats, supports, confirms, specifies, updates, does_not_confirm, denies, contradicts, retracts.';
comment on column core.claim_link.method is 'How it was found.';
comment on column core.claim_link.score is 'How sure, 0 to 1.';
comment on column core.claim_link.reason is 'One line for a person.';
comment on column core.claim_link.load_batch_id is 'The batch that loaded it.';

create table core.claim_group (
  claim_group_id bigint generated always as identity primary key,
  group_key bytea not null unique,
  title text not null
);
comment on table core.claim_group is 'Claims on one proposition over stories; may hold denials of what nobody in the base asserts.';
comment on column core.claim_group.claim_group_id is 'Key.';
comment on column core.claim_group.group_key is 'Hash of the thread that founded it.';
comment on column core.claim_group.title is 'The proposition, as its first claim states it.';

create table core.claim_group_member (
  claim_group_id bigint not null references core.claim_group,
  claim_thread_id bigint primary key references core.claim_thread,
  stance text not null check (stance in ('asserts', 'denies', 'confirms', 'does_not_confirm', 'declines', 'no_response')),
  method text not null,
  score real not null,
  load_batch_id bigint references ops.load_batch
);
create index claim_group_member_group on core.claim_group_member (claim_group_id);
comment on table core.claim_group_member is 'A thread''s place in a group, and its stance.';
comment on column core.claim_group_member.claim_group_id is 'The group.';
comment on column core.claim_group_member.claim_thread_id is 'The statement.';
comment on column core.claim_group_member.stance is 'asserts, denies, confirms, does_not_confirm, declines, no_response.';
comment on column core.claim_group_member.method is 'How it came into the group; hand for a person''s decision.';
comment on column core.claim_group_member.score is 'How sure, 0 to 1.';
comment on column core.claim_group_member.load_batch_id is 'The batch that loaded it.';

create table core.correction (
  correction_id bigint generated always as identity primary key,
  claim_thread_id bigint references core.claim_thread,
  field text not null check (field in ('speaker', 'act', 'polarity', 'rejected', 'merge', 'split', 'group')),
  value jsonb not null,
  made_by text not null,
  made_at timestamptz not null default now(),
  reason text not null
);
comment on table core.correction is 'What a person corrected; survives re-analysis.';
comment on column core.correction.correction_id is 'Key.';
comment on column core.correction.claim_thread_id is 'The statement, where one is corrected.';
comment on column core.correction.field is 'speaker, act, polarity, rejected; merge and split for entities; group.';
comment on column core.correction.value is 'The right value.';
comment on column core.correction.made_by is 'Who.';
comment on column core.correction.made_at is 'When.';
comment on column core.correction.reason is 'Why.';

create function core.list_claims(article_ids bigint[]) returns bigint language sql as $$
  with wanted as (
    select c.claim_id,
      a.status = 'live' and a.copy_of_article_id is null and a.current_revision_id = c.article_revision_id and n.is_current
      and not exists (
        select from core.correction as k where k.claim_thread_id = c.claim_thread_id and k.field = 'rejected'
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
comment on function core.list_claims is 'Sets is_listed of the claims of these articles; returns how many changed.';
