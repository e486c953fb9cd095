-- Who says so, who denies it, who has not confirmed it, on whose word it rests, and how it has changed. Claims of copies,
-- withdrawn articles and older revisions are in none of these but where a comment says so.
create view mart.story as
select
  s.story_id,
  s.story_key,
  r.headline,
  x.article_count,
  x.copy_count,
  x.outlet_count,
  x.first_published_at,
  x.last_published_at
from core.story as s
join core.article as f on f.canonical_url = s.story_key and f.story_id = s.story_id
join core.article_revision as r on r.article_revision_id = f.current_revision_id
join lateral (
  select
    count(*) as article_count, count(a.copy_of_article_id) as copy_count, count(distinct a.outlet_id) as outlet_count,
    min(a.first_published_at) as first_published_at, max(v.published_at) as last_published_at
  from core.article as a
  join core.article_revision as v on v.article_revision_id = a.current_revision_id
  where a.story_id = s.story_id
) as x on true;
comment on view mart.story is
'Stories with the articles that tell them. Example: select * from mart.story order by last_published_at desc limit 20.';
comment on column mart.story.story_id is 'Key.';
comment on column mart.story.headline is 'Headline of the article that founded it, as it stands now.';
comment on column mart.story.article_count is 'Articles that tell it, copies among them.';
comment on column mart.story.copy_count is 'Of these, copies of an agency''s text.';
comment on column mart.story.outlet_count is 'Outlets that print it.';
comment on column mart.story.first_published_at is 'Its first article.';
comment on column mart.story.last_published_at is 'Its newest revision.';

create view mart.claim_group_member as
select
  m.claim_group_id,
  g.title,
  m.stance,
  c.stated_by_at,
  c.plain_text,
  s.source_names,
  s.party_names,
  s.source_kinds,
  c.act,
  o.name as outlet_name,
  y.name as agency_name,
  r.headline,
  a.canonical_url,
  m.method,
  m.score,
  a.story_id,
  a.article_id,
  c.claim_id,
  m.claim_thread_id,
  g.founder_thread_id = m.claim_thread_id as is_founder
from core.claim_group_member as m
join core.claim_group as g using (claim_group_id)
join core.claim as c on c.claim_thread_id = m.claim_thread_id and c.is_listed
join core.article_revision as r on r.article_revision_id = c.article_revision_id
join core.article as a using (article_id)
join core.outlet as o using (outlet_id)
left join core.agency as y on y.agency_id = a.agency_id
left join lateral (
  select
    array_agg(coalesce(x.name, k.words, '(' || k.kind || ')') order by k.position) as source_names,
    array_agg(distinct p.name) filter (where p.name is not null) as party_names,
    array_agg(k.kind order by k.position) as source_kinds
  from core.claim_source as k
  left join core.entity as x on x.entity_id = k.entity_id
  left join core.entity as p on p.entity_id = k.party_entity_id
  where k.claim_id = c.claim_id
) as s on true;
comment on view mart.claim_group_member is
'Listed statements of each group with their stance. Example: select stance, source_names, plain_text from mart.claim_group_member where claim_group_id = 7 order by stated_by_at.';
comment on column mart.claim_group_member.title is 'The proposition, as its first accusation states it, else the first statement that asserts it, else its founder.';
comment on column mart.claim_group_member.outlet_name is 'Who printed it.';
comment on column mart.claim_group_member.agency_name is 'Who wrote it, where known.';
comment on column mart.claim_group_member.headline is 'Headline of the revision.';
comment on column mart.claim_group_member.method is 'How it came into the group: founder, wording, act, number, polarity, certainty, reading (the two read together), pointer (what it answers), own words (what a side says next), text (a link of its own text), hand.';
comment on column mart.claim_group_member.is_founder is 'Whether it is the earliest statement of the group.';

create view mart.claim_group as
select
  g.claim_group_id,
  g.title,
  g.first_stated_at,
  g.last_stated_at,
  g.member_count,
  g.story_count,
  g.agency_count,
  g.asserting_party_count,
  g.denying_party_count,
  g.confirming_party_count,
  g.unconfirming_party_count,
  g.is_contested,
  g.is_unnamed_only,
  x.asserted_by,
  x.confirmed_by,
  x.denied_by,
  x.unconfirmed_by,
  x.declined_by,
  x.no_response_by,
  a.story_id,
  g.founder_thread_id
from core.claim_group as g
join core.claim_thread as t on t.claim_thread_id = g.founder_thread_id
join core.story as a on a.story_id = t.story_id
left join lateral (
  select
    array_agg(distinct k.who) filter (where k.stance = 'asserts') as asserted_by,
    array_agg(distinct k.who) filter (where k.stance = 'confirms') as confirmed_by,
    array_agg(distinct k.who) filter (where k.stance = 'denies') as denied_by,
    array_agg(distinct k.who) filter (where k.stance = 'does_not_confirm') as unconfirmed_by,
    array_agg(distinct k.who) filter (where k.stance = 'declines') as declined_by,
    array_agg(distinct k.who) filter (where k.stance = 'no_response') as no_response_by
  from (
    select m.stance, coalesce(e.name, s.words, '(' || s.kind || ')') as who
    from core.claim_group_member as m
    join core.claim as c on c.claim_thread_id = m.claim_thread_id and c.is_listed
    join core.claim_source as s on s.claim_id = c.claim_id
    left join core.entity as e on e.entity_id = s.entity_id
    where m.claim_group_id = g.claim_group_id
  ) as k
) as x on true
where g.member_count > 0;
comment on view mart.claim_group is
'Propositions with all who take a stance to them. Example: select title, asserted_by, denied_by from mart.claim_group where story_id = 12 order by member_count desc.';
comment on column mart.claim_group.asserted_by is 'Who asserts it.';
comment on column mart.claim_group.confirmed_by is 'Who confirms it; only parties other than the asserting ones count in confirming_party_count.';
comment on column mart.claim_group.denied_by is 'Who denies it or says the contrary.';
comment on column mart.claim_group.unconfirmed_by is 'Who does not confirm it. Not confirming is not denying.';
comment on column mart.claim_group.declined_by is 'Who declined to comment.';
comment on column mart.claim_group.no_response_by is 'Who did not answer.';
comment on column mart.claim_group.story_id is 'The story of its first claim.';

create view mart.contested_claim as
select
  claim_group_id, title, first_stated_at, last_stated_at, asserted_by, denied_by, confirmed_by, unconfirmed_by, declined_by,
  no_response_by, asserting_party_count, denying_party_count, unconfirming_party_count, agency_count, story_count, member_count,
  story_id
from mart.claim_group
where is_contested;
comment on view mart.contested_claim is
'Contested now: one party asserts it, another denies it. Example: select title, asserted_by, denied_by from mart.contested_claim order by last_stated_at desc limit 20.';
comment on column mart.contested_claim.asserted_by is 'Who asserts it.';
comment on column mart.contested_claim.denied_by is 'Who denies it or says the contrary.';
comment on column mart.contested_claim.confirmed_by is 'Who confirms it.';
comment on column mart.contested_claim.unconfirmed_by is 'Who does not confirm it. Not confirming is not denying.';
comment on column mart.contested_claim.declined_by is 'Who declined to comment.';
comment on column mart.contested_claim.no_response_by is 'Who did not answer.';

create function mart.unconfirmed_claim(hours integer default 24, as_of timestamptz default now())
returns table (
  claim_group_id bigint, title text, first_stated_at timestamptz, hours_old numeric, asserted_by text[], denied_by text[],
  unconfirmed_by text[], declined_by text[], no_response_by text[], agency_count integer, story_id bigint
)
language sql stable as $$
  select g.claim_group_id, g.title, g.first_stated_at,
    round(extract(epoch from as_of - g.first_stated_at) / 3600.0, 1) as hours_old,
    v.asserted_by, v.denied_by, v.unconfirmed_by, v.declined_by, v.no_response_by, g.agency_count, v.story_id
  from core.claim_group as g
  join mart.claim_group as v using (claim_group_id)
  where g.asserting_party_count = 1 and g.confirming_party_count = 0 and g.member_count > 0
    and g.first_stated_at <= as_of - make_interval(hours => hours)
  order by g.first_stated_at desc
$$;
comment on function mart.unconfirmed_claim is
'What one party asserts and, after so many hours, no other party has asserted or confirmed. Example: select title, asserted_by, unconfirmed_by from mart.unconfirmed_claim(6) limit 20.';

create view mart.single_agency_claim as
select
  g.claim_group_id, g.title, g.first_stated_at, g.last_stated_at, g.asserted_by, g.denied_by, g.member_count, g.story_id,
  coalesce(y.name, o.name) as agency_name
from mart.claim_group as g
join lateral (
  select a.agency_id, a.outlet_id
  from core.claim_group_member as m
  join core.claim as c on c.claim_thread_id = m.claim_thread_id and c.is_listed
  join core.article_revision as r on r.article_revision_id = c.article_revision_id
  join core.article as a using (article_id)
  where m.claim_group_id = g.claim_group_id
  limit 1
) as a on true
join core.outlet as o using (outlet_id)
left join core.agency as y using (agency_id)
where g.agency_count = 1 and g.asserting_party_count > 0;
comment on view mart.single_agency_claim is
'Rests on one agency, however many outlets reprint it. Example: select title, agency_name from mart.single_agency_claim order by last_stated_at desc limit 20.';
comment on column mart.single_agency_claim.asserted_by is 'Who asserts it.';
comment on column mart.single_agency_claim.denied_by is 'Who denies it or says the contrary.';
comment on column mart.single_agency_claim.agency_name is 'The agency, else the outlet, that alone carries it.';

create view mart.unnamed_claim as
select claim_group_id, title, first_stated_at, last_stated_at, asserted_by, denied_by, unconfirmed_by, agency_count, member_count, story_id
from mart.claim_group
where is_unnamed_only;
comment on view mart.unnamed_claim is
'Rests on unnamed sources only. Example: select title, asserted_by from mart.unnamed_claim order by last_stated_at desc limit 20.';
comment on column mart.unnamed_claim.asserted_by is 'Who asserts it.';
comment on column mart.unnamed_claim.denied_by is 'Who denies it or says the contrary.';
comment on column mart.unnamed_claim.unconfirmed_by is 'Who does not confirm it. Not confirming is not denying.';

create view mart.accusation as
select
  c.claim_id,
  c.stated_by_at,
  coalesce(e.name, s.words, '(' || s.kind || ')') as accuser_name,
  p.name as accuser_party_name,
  x.name as accused_name,
  c.plain_text,
  m.stance,
  g.denying_party_count > 0 as is_denied,
  g.confirming_party_count > 0 as is_confirmed,
  m.claim_group_id,
  a.story_id,
  a.canonical_url,
  s.entity_id as accuser_entity_id,
  k.entity_id as accused_entity_id
from core.claim as c
join core.claim_source as s on s.claim_id = c.claim_id
join core.article_revision as r on r.article_revision_id = c.article_revision_id
join core.article as a using (article_id)
left join core.entity as e on e.entity_id = s.entity_id
left join core.entity as p on p.entity_id = s.party_entity_id
left join core.claim_entity as k on k.claim_id = c.claim_id and k.role = 'target'
left join core.entity as x on x.entity_id = k.entity_id
left join core.claim_group_member as m on m.claim_thread_id = c.claim_thread_id
left join core.claim_group as g on g.claim_group_id = m.claim_group_id
where c.is_listed and c.act = 'accuse';
comment on view mart.accusation is
'Who accused whom, and whether it was denied or confirmed. Example: select stated_by_at, accuser_name, plain_text, is_denied from mart.accusation where accused_name = ''Bursztyn Lines'' order by stated_by_at.';
comment on column mart.accusation.accuser_name is 'Who accuses.';
comment on column mart.accusation.accuser_party_name is 'For whom the accuser speaks.';
comment on column mart.accusation.accused_name is 'The accused; null where the reading names none.';
comment on column mart.accusation.is_denied is 'Whether a party denies the proposition.';
comment on column mart.accusation.is_confirmed is 'Whether another party confirms it.';
comment on column mart.accusation.accuser_entity_id is 'The accuser.';
comment on column mart.accusation.accused_entity_id is 'The accused.';

create view mart.claim_change as
select
  h.claim_change_id,
  h.changed_at,
  h.kind,
  h.what,
  b.plain_text as from_text,
  f.plain_text as to_text,
  x.span_start as from_start,
  x.span_end as from_end,
  x.words as from_words,
  y.span_start as to_start,
  y.span_end as to_end,
  y.words as to_words,
  s.source_names,
  r.headline,
  r.kind as revision_kind,
  r.revision_number,
  a.canonical_url,
  a.story_id,
  a.article_id,
  h.method,
  h.score,
  h.claim_thread_id,
  h.from_claim_id,
  h.to_claim_id,
  h.from_revision_id,
  h.to_revision_id
from core.claim_change as h
join core.article_revision as r on r.article_revision_id = h.to_revision_id
join core.article as a using (article_id)
left join core.claim as b on b.claim_id = h.from_claim_id
left join core.analysis as bn on bn.analysis_id = b.analysis_id
left join core.claim as f on f.claim_id = h.to_claim_id
left join core.analysis as fn on fn.analysis_id = f.analysis_id
left join lateral (
  select min(k.span_start) as span_start, max(k.span_end) as span_end, string_agg(k.words, ' … ' order by k.position) as words
  from core.claim_span as k where k.claim_id = h.from_claim_id and k.part = 'content'
) as x on true
left join lateral (
  select min(k.span_start) as span_start, max(k.span_end) as span_end, string_agg(k.words, ' … ' order by k.position) as words
  from core.claim_span as k where k.claim_id = h.to_claim_id and k.part = 'content'
) as y on true
left join lateral (
  select array_agg(coalesce(e.name, k.words, '(' || k.kind || ')') order by k.position) as source_names
  from core.claim_source as k
  left join core.entity as e on e.entity_id = k.entity_id
  where k.claim_id = coalesce(h.to_claim_id, h.from_claim_id)
) as s on true
where not exists (
  -- Readings that another has followed; one that a newer extraction retired is followed in another revision, not in its own.
  select from core.analysis as k
  where
    k.is_current
    and (
      (not bn.is_current and k.article_revision_id = bn.article_revision_id)
      or (not fn.is_current and k.article_revision_id = fn.article_revision_id)
    )
);
comment on view mart.claim_change is
'What became of each statement from one revision to the next, as one extractor read both, with both spans. Example: select changed_at, kind, what, from_words, to_words from mart.claim_change where kind in (''softened'', ''hardened'') order by changed_at desc.';
comment on column mart.claim_change.from_text is 'The statement before; null where added.';
comment on column mart.claim_change.to_text is 'The statement after; null where dropped.';
comment on column mart.claim_change.from_start is 'Content before: first code point in the body of from_revision_id.';
comment on column mart.claim_change.from_end is 'Content before: code point after the last.';
comment on column mart.claim_change.from_words is 'Content before, in the words of the text.';
comment on column mart.claim_change.to_start is 'Content after: first code point in the body of to_revision_id.';
comment on column mart.claim_change.to_end is 'Content after: code point after the last.';
comment on column mart.claim_change.to_words is 'Content after, in the words of the text.';
comment on column mart.claim_change.source_names is 'Who says it now; who said it, where dropped.';
comment on column mart.claim_change.headline is 'Headline of the later revision.';
comment on column mart.claim_change.revision_kind is 'Kind of the later revision.';
comment on column mart.claim_change.method is 'How the two were matched.';
comment on column mart.claim_change.score is 'How alike they are, 0 to 1.';

create view mart.speaker_timeline as
select
  s.entity_id,
  e.name as source_name,
  p.name as party_name,
  c.stated_by_at,
  c.plain_text,
  c.act,
  c.polarity,
  c.certainty,
  h.kind as change_kind,
  h.what as changed_what,
  b.plain_text as said_before,
  m.stance,
  g.title as group_title,
  a.story_id,
  a.canonical_url,
  c.claim_id,
  c.claim_thread_id,
  m.claim_group_id,
  s.party_entity_id
from core.claim_source as s
join core.claim as c on c.claim_id = s.claim_id and c.is_listed
join core.article_revision as r on r.article_revision_id = c.article_revision_id
join core.article as a using (article_id)
left join core.entity as e on e.entity_id = s.entity_id
left join core.entity as p on p.entity_id = s.party_entity_id
left join core.claim_group_member as m on m.claim_thread_id = c.claim_thread_id
left join core.claim_group as g on g.claim_group_id = m.claim_group_id
left join lateral (
  -- Against the revision before; where that was read by an older extractor only, the same statement in the older reading of this one.
  select k.kind, k.what, k.from_claim_id
  from core.claim_change as k
  join core.article_revision as v on v.article_revision_id = k.to_revision_id
  where
    k.claim_thread_id = c.claim_thread_id and k.kind in ('reworded', 'softened', 'hardened')
    and (
      k.to_claim_id = c.claim_id
      or (v.article_id = r.article_id and v.revision_number = r.revision_number and v.article_revision_id <> r.article_revision_id)
    )
  order by k.to_claim_id = c.claim_id desc, k.changed_at desc, k.claim_change_id
  limit 1
) as h on true
left join core.claim as b on b.claim_id = h.from_claim_id;
comment on view mart.speaker_timeline is
'What a speaker said over time, with what changed. Example: select stated_by_at, plain_text, change_kind, said_before from mart.speaker_timeline where source_name = ''Ewa Radomska'' and plain_text ilike ''%sprinkler%'' order by stated_by_at.';
comment on column mart.speaker_timeline.source_name is 'Who speaks.';
comment on column mart.speaker_timeline.party_name is 'For whom.';
comment on column mart.speaker_timeline.change_kind is 'reworded, softened or hardened against the revision before; null where it stands as first said.';
comment on column mart.speaker_timeline.changed_what is 'What changed: certainty, number, attribution, polarity, wording.';
comment on column mart.speaker_timeline.said_before is 'The statement before the change.';
comment on column mart.speaker_timeline.group_title is 'The proposition that it bears on.';

create view mart.corrected_claim as
with gone as (
  select h.from_claim_id as claim_id, h.to_claim_id, r.article_id, r.kind, r.changes, r.published_at as corrected_at
  from core.article_revision as r
  join core.claim_change as h on h.to_revision_id = r.article_revision_id
  where r.kind = 'correction' and h.kind in ('dropped', 'reworded', 'softened', 'hardened') and h.from_claim_id is not null
  union all
  select c.claim_id, null, a.article_id, 'withdrawn', w.changes, w.published_at
  from core.article_revision as w
  join core.article as a using (article_id)
  join lateral (
    select v.article_revision_id from core.article_revision as v
    where v.article_id = a.article_id and v.kind <> 'withdrawn'
    order by v.revision_number desc, v.article_revision_id desc
    limit 1
  ) as l on true
  join core.claim as c on c.article_revision_id = l.article_revision_id
  join core.analysis as n on n.analysis_id = c.analysis_id and n.is_current
  where w.kind = 'withdrawn'
)
select
  g.claim_id,
  g.corrected_at,
  g.kind as correction_kind,
  g.changes,
  c.plain_text,
  t.plain_text as corrected_text,
  y.canonical_url,
  o.name as outlet_name,
  x.carried_by,
  coalesce(cardinality(x.carried_by), 0) as carrier_count,
  c.claim_thread_id,
  y.story_id,
  g.article_id
from gone as g
join core.claim as c on c.claim_id = g.claim_id
join core.article as y on y.article_id = g.article_id
join core.outlet as o on o.outlet_id = y.outlet_id
left join core.claim as t on t.claim_id = g.to_claim_id
left join lateral (
  select array_agg(distinct b.canonical_url order by b.canonical_url) as carried_by
  from core.article as b
  join core.claim as d on d.article_revision_id = b.current_revision_id
  join core.analysis as n on n.analysis_id = d.analysis_id and n.is_current
  where
    b.story_id = y.story_id and b.article_id <> g.article_id and b.status = 'live'
    and (select string_agg(k.words, ' ' order by k.position) from core.claim_span as k where k.claim_id = d.claim_id and k.part = 'content')
    = (select string_agg(k.words, ' ' order by k.position) from core.claim_span as k where k.claim_id = c.claim_id and k.part = 'content')
) as x on true;
comment on view mart.corrected_claim is
'What an agency corrected or withdrew, and who still carries it as it was, copies among them. Example: select corrected_at, correction_kind, plain_text, corrected_text, carried_by from mart.corrected_claim where carrier_count > 0.';
comment on column mart.corrected_claim.claim_id is 'The claim as it was.';
comment on column mart.corrected_claim.corrected_at is 'When the correction or withdrawal was published.';
comment on column mart.corrected_claim.correction_kind is 'correction or withdrawn.';
comment on column mart.corrected_claim.plain_text is 'What was said.';
comment on column mart.corrected_claim.corrected_text is 'What is said now; null where it was dropped or withdrawn.';
comment on column mart.corrected_claim.outlet_name is 'Who corrected it.';
comment on column mart.corrected_claim.carried_by is 'Live articles whose newest revision still says it in these words.';
comment on column mart.corrected_claim.carrier_count is 'How many these are.';

create view mart.figure as
select
  a.story_id,
  coalesce(q.measure, q.unit) as measure,
  q.unit,
  q.low,
  q.high,
  q.is_approximate,
  q.words,
  c.stated_by_at,
  s.source_names,
  y.name as agency_name,
  o.name as outlet_name,
  c.plain_text,
  a.canonical_url,
  r.published_at,
  c.claim_id,
  m.claim_group_id
from core.claim_quantity as q
join core.claim as c on c.claim_id = q.claim_id and c.is_listed
join core.article_revision as r on r.article_revision_id = c.article_revision_id
join core.article as a using (article_id)
join core.outlet as o using (outlet_id)
left join core.agency as y on y.agency_id = a.agency_id
left join core.claim_group_member as m on m.claim_thread_id = c.claim_thread_id
left join lateral (
  select array_agg(coalesce(e.name, k.words, '(' || k.kind || ')') order by k.position) as source_names
  from core.claim_source as k
  left join core.entity as e on e.entity_id = k.entity_id
  where k.claim_id = c.claim_id
) as s on true;
comment on view mart.figure is
'Figures for a measure by source and time: killed, wounded, missing, money. Example: select stated_by_at, low, source_names, agency_name from mart.figure where story_id = 6 and measure = ''killed'' order by stated_by_at.';
comment on column mart.figure.measure is 'What happened to what is counted, else what is counted.';
comment on column mart.figure.words is 'The words of the text.';
comment on column mart.figure.source_names is 'Who names the figure.';
comment on column mart.figure.agency_name is 'Who wrote it.';
comment on column mart.figure.outlet_name is 'Who printed it.';
