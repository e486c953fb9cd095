create view mart.claim_history as
select
  c.claim_id,
  c.stated_by_at,
  c.plain_text,
  s.source_names,
  s.party_names,
  s.source_kinds,
  s.source_words,
  c.cue_lemma,
  w.content_words,
  c.quote,
  c.act,
  c.polarity,
  c.certainty,
  c.said_from_at,
  c.said_to_at,
  c.said_precision,
  c.said_words,
  c.said_unknown_why,
  e.about_names,
  e.target_names,
  e.addressee_names,
  c.occasion,
  c.place,
  c.parent_claim_id,
  c.parent_kind,
  c.confidence,
  r.headline,
  r.kind as revision_kind,
  r.revision_number,
  r.published_at,
  o.name as outlet_name,
  g.name as agency_name,
  a.canonical_url,
  a.status as article_status,
  a.copy_of_article_id,
  a.story_id,
  a.article_id,
  c.article_revision_id,
  c.claim_thread_id,
  t.first_published_at,
  n.analyser_version,
  n.is_current as is_current_analysis,
  a.current_revision_id = c.article_revision_id as is_current_revision,
  c.is_listed,
  c.load_batch_id
from core.claim as c
join core.analysis as n using (analysis_id)
join core.article_revision as r on r.article_revision_id = c.article_revision_id
join core.article as a using (article_id)
join core.outlet as o using (outlet_id)
join core.claim_thread as t using (claim_thread_id)
left join core.agency as g on g.agency_id = a.agency_id
left join lateral (
  select
    array_agg(coalesce(x.name, k.words, '(' || k.kind || ')') order by k.position) as source_names,
    array_agg(distinct p.name) filter (where p.name is not null) as party_names,
    array_agg(k.kind order by k.position) as source_kinds,
    array_agg(k.words order by k.position) as source_words
  from core.claim_source as k
  left join core.entity as x on x.entity_id = k.entity_id
  left join core.entity as p on p.entity_id = k.party_entity_id
  where k.claim_id = c.claim_id
) as s on true
left join lateral (
  select string_agg(k.words, ' … ' order by k.position) as content_words
  from core.claim_span as k
  where k.claim_id = c.claim_id and k.part = 'content'
) as w on true
left join lateral (
  select
    array_agg(distinct x.name) as about_names,
    array_agg(distinct x.name) filter (where k.role = 'target') as target_names,
    array_agg(distinct x.name) filter (where k.role = 'addressee') as addressee_names
  from core.claim_entity as k
  join core.entity as x using (entity_id)
  where k.claim_id = c.claim_id
) as e on true;

comment on view mart.claim_history is 'Every claim of every revision as every analyser version read it.';
comment on column mart.claim_history.claim_id is 'Key.';
comment on column mart.claim_history.stated_by_at is 'The earlier of when it was said and first publication; orders every timeline.';
comment on column mart.claim_history.plain_text is 'The claim as a sentence that reads alone.';
comment on column mart.claim_history.source_names is 'Who said it: entity names, or the words of the text where unresolved.';
comment on column mart.claim_history.party_names is 'For whom the speakers speak.';
comment on column mart.claim_history.source_kinds is 'named, role, pronoun, group, institution, document, unnamed, agency; one a speaker.';
comment on column mart.claim_history.source_words is 'The words of the text that name the speakers.';
comment on column mart.claim_history.cue_lemma is 'Lemma of the word that attributes.';
comment on column mart.claim_history.content_words is 'What was said, in the words of the text.';
comment on column mart.claim_history.quote is 'direct, indirect, mixed.';
comment on column mart.claim_history.act is 'state, accuse, deny, confirm, not_confirm, decline, no_response, request, promise, warn, ask, assess.';
comment on column mart.claim_history.polarity is 'positive, negative, unknown.';
comment on column mart.claim_history.certainty is 'certain, probable, possible, unknown.';
comment on column mart.claim_history.said_from_at is 'When it was said: begin; null where unknown.';
comment on column mart.claim_history.said_to_at is 'When it was said: end.';
comment on column mart.claim_history.said_precision is 'day, week, month, year …';
comment on column mart.claim_history.said_words is 'The words that say when.';
comment on column mart.claim_history.said_unknown_why is 'Why it is not known when.';
comment on column mart.claim_history.about_names is 'Entities that it is about, in any role.';
comment on column mart.claim_history.target_names is 'The accused.';
comment on column mart.claim_history.addressee_names is 'Those asked.';
comment on column mart.claim_history.occasion is 'Occasion of the statement.';
comment on column mart.claim_history.place is 'Place of the statement.';
comment on column mart.claim_history.parent_claim_id is 'The claim that it stands inside.';
comment on column mart.claim_history.parent_kind is 'reported or presupposed.';
comment on column mart.claim_history.confidence is 'How sure the reading is, 0 to 1.';
comment on column mart.claim_history.headline is 'Headline of the revision.';
comment on column mart.claim_history.revision_kind is 'original, update, correction, refile, repeat, withdrawn.';
comment on column mart.claim_history.revision_number is 'Number of the revision.';
comment on column mart.claim_history.published_at is 'When the revision was published.';
comment on column mart.claim_history.outlet_name is 'Who printed it.';
comment on column mart.claim_history.agency_name is 'Who wrote it, where known.';
comment on column mart.claim_history.canonical_url is 'Where it stands.';
comment on column mart.claim_history.article_status is 'live, withdrawn, redacted.';
comment on column mart.claim_history.copy_of_article_id is 'The article whose text it repeats.';
comment on column mart.claim_history.story_id is 'The story.';
comment on column mart.claim_history.article_id is 'The article.';
comment on column mart.claim_history.article_revision_id is 'The revision.';
comment on column mart.claim_history.claim_thread_id is 'The statement over revisions.';
comment on column mart.claim_history.first_published_at is 'First publication of the statement in its story.';
comment on column mart.claim_history.analyser_version is 'Code, model and data that read it.';
comment on column mart.claim_history.is_current_analysis is 'Whether the reading is the current one.';
comment on column mart.claim_history.is_current_revision is 'Whether the revision is the newest.';
comment on column mart.claim_history.is_listed is 'Whether mart.claim shows it.';
comment on column mart.claim_history.load_batch_id is 'The batch that loaded it.';

create view mart.claim as
select
  claim_id, stated_by_at, plain_text, source_names, party_names, source_kinds, source_words, cue_lemma, content_words,
  quote, act, polarity, certainty, said_from_at, said_to_at, said_precision, said_words, said_unknown_why,
  about_names, target_names, addressee_names, occasion, place, parent_claim_id, parent_kind, confidence,
  headline, revision_kind, revision_number, published_at, outlet_name, agency_name, canonical_url,
  story_id, article_id, article_revision_id, claim_thread_id, first_published_at, analyser_version, load_batch_id
from mart.claim_history
where is_listed;
comment on view mart.claim is 'Each statement once: current revision, current reading, no withdrawn article, no copy.';
