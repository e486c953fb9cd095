-- The canonical questions. Each gives rows of mart.claim, newest first, for names as people write them. They are plain SQL
-- functions without STRICT or SET, so that the planner sees through them: a range, a limit or a rare word steers the plan.
-- OFFSET 0 keeps mart.claim apart: joined in, its ten tables pass join_collapse_limit, and every claim there is would be read.
create function mart.find_entities(name text) returns table (entity_id bigint) language sql stable as $$
  select distinct coalesce(e.merged_into_entity_id, e.entity_id)
  from core.entity as e
  where lower(e.name) = lower($1)
$$;
comment on function mart.find_entities(text) is
'Entities of this name, whatever its case; where two were merged, the one that is left. Example: select * from mart.find_entities(''Volodymyr Zelenskiy'').';

create function mart.said_about(
  about text, from_at timestamptz default '-infinity', to_at timestamptz default 'infinity', row_limit integer default 200
) returns setof mart.claim language sql stable rows 200 as $$
  select c.*
  from (
    -- Four times the limit: a claim may name X in four roles. Without the role the index alone answers, newest first.
    select distinct x.claim_id, x.stated_by_at
    from mart.find_entities($1) as e
    cross join lateral (
      select k.claim_id, k.stated_by_at
      from core.claim_entity as k
      join core.claim as l on l.claim_id = k.claim_id and l.is_listed
      where k.entity_id = e.entity_id and k.stated_by_at >= $2 and k.stated_by_at < $3
      order by k.stated_by_at desc, k.claim_id desc
      limit $4 * 4
    ) as x
    order by x.stated_by_at desc, x.claim_id desc
    limit $4
  ) as k
  cross join lateral (select v.* from mart.claim as v where v.claim_id = k.claim_id offset 0) as c
  order by k.stated_by_at desc, k.claim_id desc
$$;
comment on function mart.said_about(text, timestamptz, timestamptz, integer) is
'Who said what about X in a range [from_at, to_at), with the party each speaks for. Example: select stated_by_at, source_names, party_names, act, plain_text from mart.said_about(''North Korea'', ''2026-11-01'', ''2026-12-01'').';

create function mart.said_by(
  speaker text, from_at timestamptz default '-infinity', to_at timestamptz default 'infinity', row_limit integer default 200
) returns setof mart.claim language sql stable rows 200 as $$
  select c.*
  from (
    select distinct x.claim_id, x.stated_by_at
    from mart.find_entities($1) as e
    cross join lateral (
      (
        select k.claim_id, k.stated_by_at
        from core.claim_source as k
        join core.claim as l on l.claim_id = k.claim_id and l.is_listed
        where k.entity_id = e.entity_id and k.stated_by_at >= $2 and k.stated_by_at < $3
        order by k.stated_by_at desc, k.claim_id desc
        limit $4
      )
      union all
      (
        select k.claim_id, k.stated_by_at
        from core.claim_source as k
        join core.claim as l on l.claim_id = k.claim_id and l.is_listed
        where k.party_entity_id = e.entity_id and k.stated_by_at >= $2 and k.stated_by_at < $3
        order by k.stated_by_at desc, k.claim_id desc
        limit $4
      )
    ) as x
    order by x.stated_by_at desc, x.claim_id desc
    limit $4
  ) as k
  cross join lateral (select v.* from mart.claim as v where v.claim_id = k.claim_id offset 0) as c
  order by k.stated_by_at desc, k.claim_id desc
$$;
comment on function mart.said_by(text, timestamptz, timestamptz, integer) is
'All that S said, and what was said for S by those who speak for it. Example: select * from mart.said_by(''NATO'').';

create function mart.meet_claims(
  speaker_id bigint, subject_id bigint, from_at timestamptz, to_at timestamptz, row_limit integer
) returns table (claim_id bigint, stated_by_at timestamptz) language plpgsql stable rows 200
set plan_cache_mode = force_custom_plan set enable_hashjoin = off set enable_nestloop = off set enable_sort = off as $$
begin
  -- The indexes lie newest first: merged, each is read once, no further than the limit asks. The last condition names both sides, so
  -- that it is asked of what was found on both alone.
  return query
  select distinct k.claim_id, k.stated_by_at
  from (
    (
      select s.claim_id, s.stated_by_at from core.claim_source as s
      where s.entity_id = $1 and s.stated_by_at >= $3 and s.stated_by_at < $4
      order by s.stated_by_at desc, s.claim_id desc
    )
    union all
    (
      select s.claim_id, s.stated_by_at from core.claim_source as s
      where s.party_entity_id = $1 and s.stated_by_at >= $3 and s.stated_by_at < $4
      order by s.stated_by_at desc, s.claim_id desc
    )
  ) as k
  join core.claim_entity as a
    on a.stated_by_at = k.stated_by_at and a.claim_id = k.claim_id
    and a.entity_id = $2 and a.stated_by_at >= $3 and a.stated_by_at < $4
  where exists (
    select from core.claim as l where l.claim_id = k.claim_id and l.stated_by_at = a.stated_by_at and l.is_listed offset 0
  )
  order by k.stated_by_at desc, k.claim_id desc
  limit $5;
end
$$;
comment on function mart.meet_claims(bigint, bigint, timestamptz, timestamptz, integer) is
'Keys of what one entity, or who speaks for it, said on another, newest first, where both are common: a part of mart.find_said.';

create function mart.find_said(
  speaker text, about text, from_at timestamptz default '-infinity', to_at timestamptz default 'infinity',
  row_limit integer default 200, few integer default 10000
) returns table (claim_id bigint, stated_by_at timestamptz) language plpgsql stable rows 200 set plan_cache_mode = force_custom_plan as $$
declare
  speakers bigint [] := array(select f.entity_id from mart.find_entities($1) as f);
  subjects bigint [] := array(select f.entity_id from mart.find_entities($2) as f);
begin
  if few > (
    select count(*) from (
      select from core.claim_entity as k
      where k.entity_id = any (subjects) and k.stated_by_at >= $3 and k.stated_by_at < $4 limit few
    ) as x
  ) then
    -- X is rare: ask of each claim about X whether S says it.
    return query
    select l.claim_id, l.stated_by_at
    from (
      select distinct k.claim_id from core.claim_entity as k
      where k.entity_id = any (subjects) and k.stated_by_at >= $3 and k.stated_by_at < $4
        and exists (
          select from core.claim_source as s
          where s.claim_id = k.claim_id and (s.entity_id = any (speakers) or s.party_entity_id = any (speakers))
        )
    ) as k
    join core.claim as l on l.claim_id = k.claim_id and l.is_listed
    order by l.stated_by_at desc, l.claim_id desc
    limit $5;
  elsif few > (
    select count(*) from (
      (select from core.claim_source as k where k.entity_id = any (speakers) and k.stated_by_at >= $3 and k.stated_by_at < $4 limit few)
      union all
      (select from core.claim_source as k where k.party_entity_id = any (speakers) and k.stated_by_at >= $3 and k.stated_by_at < $4 limit few)
    ) as x
  ) then
    -- S is rare: ask of each claim by S whether it is about X.
    return query
    select l.claim_id, l.stated_by_at
    from (
      select distinct k.claim_id from core.claim_source as k
      where (k.entity_id = any (speakers) or k.party_entity_id = any (speakers)) and k.stated_by_at >= $3 and k.stated_by_at < $4
        and exists (select from core.claim_entity as a where a.claim_id = k.claim_id and a.entity_id = any (subjects))
    ) as k
    join core.claim as l on l.claim_id = k.claim_id and l.is_listed
    order by l.stated_by_at desc, l.claim_id desc
    limit $5;
  else
    return query
    select distinct k.claim_id, k.stated_by_at
    from unnest(speakers) as s (entity_id)
    cross join unnest(subjects) as a (entity_id)
    cross join lateral mart.meet_claims(s.entity_id, a.entity_id, $3, $4, $5) as k
    order by k.stated_by_at desc, k.claim_id desc
    limit $5;
  end if;
end
$$;
comment on function mart.find_said(text, text, timestamptz, timestamptz, integer, integer) is
'Keys of what S, or who speaks for S, said on X, newest first: mart.said_by_about and mart.timeline_of show them. Where one of the two is in fewer claims than few, these are asked one by one. Example: select count(*) from mart.find_said(''NATO'', ''Russia'').';

create function mart.said_by_about(
  speaker text, about text, from_at timestamptz default '-infinity', to_at timestamptz default 'infinity',
  row_limit integer default 200
) returns setof mart.claim language sql stable rows 200 as $$
  select c.*
  from mart.find_said($1, $2, $3, $4, $5) as k
  cross join lateral (select v.* from mart.claim as v where v.claim_id = k.claim_id offset 0) as c
  order by k.stated_by_at desc, k.claim_id desc
$$;
comment on function mart.said_by_about(text, text, timestamptz, timestamptz, integer) is
'All that S, or who speaks for S, said on X over time. Example: select stated_by_at, plain_text from mart.said_by_about(''Mark Rutte'', ''Russia'').';

create function mart.rests_on_unnamed(
  from_at timestamptz default '-infinity', to_at timestamptz default 'infinity', row_limit integer default 200
) returns setof mart.claim language sql stable rows 200 as $$
  select c.*
  from (
    select u.claim_id, u.stated_by_at
    from core.claim_source as u
    join core.claim as l on l.claim_id = u.claim_id and l.is_listed
    where u.kind = 'unnamed' and u.stated_by_at >= $1 and u.stated_by_at < $2
      and not exists (
        select from core.claim_source as o
        where o.claim_id = u.claim_id and (o.kind <> 'unnamed' or o.position < u.position)
      )
    order by u.stated_by_at desc, u.claim_id desc
    limit $3
  ) as k
  cross join lateral (select v.* from mart.claim as v where v.claim_id = k.claim_id offset 0) as c
  order by k.stated_by_at desc, k.claim_id desc
$$;
comment on function mart.rests_on_unnamed(timestamptz, timestamptz, integer) is
'Claims that rest on unnamed sources alone, in a range. Example: select stated_by_at, source_words, plain_text from mart.rests_on_unnamed(now() - interval ''7 days'').';

create function mart.rests_on_unnamed_about(
  about text, from_at timestamptz default '-infinity', to_at timestamptz default 'infinity', row_limit integer default 200
) returns setof mart.claim language sql stable rows 200 as $$
  select c.*
  from (
    select distinct x.claim_id, x.stated_by_at
    from mart.find_entities($1) as e
    cross join lateral (
      select k.claim_id, k.stated_by_at
      from core.claim_entity as k
      join core.claim as l on l.claim_id = k.claim_id and l.is_listed
      where k.entity_id = e.entity_id and k.stated_by_at >= $2 and k.stated_by_at < $3
        and (select bool_and(o.kind = 'unnamed') from core.claim_source as o where o.claim_id = k.claim_id)
      order by k.stated_by_at desc, k.claim_id desc
      limit $4 * 4
    ) as x
    order by x.stated_by_at desc, x.claim_id desc
    limit $4
  ) as k
  cross join lateral (select v.* from mart.claim as v where v.claim_id = k.claim_id offset 0) as c
  order by k.stated_by_at desc, k.claim_id desc
$$;
comment on function mart.rests_on_unnamed_about(text, timestamptz, timestamptz, integer) is
'Claims about X that rest on unnamed sources alone. Example: select stated_by_at, source_words, plain_text from mart.rests_on_unnamed_about(''NATO'').';

create function mart.newest_accusations(
  from_at timestamptz default '-infinity', to_at timestamptz default 'infinity', row_limit integer default 50
) returns setof mart.accusation language sql stable rows 50 as $$
  select a.*
  from (
    select l.claim_id, l.stated_by_at
    from core.claim as l
    where l.is_listed and l.act = 'accuse' and l.stated_by_at >= $1 and l.stated_by_at < $2
    order by l.stated_by_at desc, l.claim_id desc
    limit $3
  ) as k
  cross join lateral (select v.* from mart.accusation as v where v.claim_id = k.claim_id offset 0) as a
  order by k.stated_by_at desc, k.claim_id desc
$$;
comment on function mart.newest_accusations(timestamptz, timestamptz, integer) is
'Who accused whom in a range, newest first; of one accused: mart.accusation where accused_name = ''…''. Example: select accuser_name, accuser_party_name, accused_name, plain_text from mart.newest_accusations(now() - interval ''7 days'').';

create function mart.timeline_of(
  speaker text, about text default null, from_at timestamptz default '-infinity', to_at timestamptz default 'infinity',
  row_limit integer default 200
) returns setof mart.speaker_timeline language plpgsql stable rows 200 set plan_cache_mode = force_custom_plan as $$
declare
  speakers bigint [] := array(select f.entity_id from mart.find_entities($1) as f);
  said bigint [] := case when about is null
    then array(select c.claim_id from mart.said_by($1, $3, $4, $5) as c)
    else array(select c.claim_id from mart.find_said($1, $2, $3, $4, $5) as c) end;
begin
  return query
  select t.*
  from unnest(said) with ordinality as k (claim_id, position)
  cross join lateral (
    select v.* from mart.speaker_timeline as v
    where v.claim_id = k.claim_id and (v.entity_id = any (speakers) or v.party_entity_id = any (speakers))
    offset 0
  ) as t
  order by k.position, t.entity_id;
end
$$;
comment on function mart.timeline_of(text, text, timestamptz, timestamptz, integer) is
'What S, or who speaks for S, said over time (on X, where X is given) with what changed, newest first: mart.speaker_timeline at any size. Example: select stated_by_at, plain_text, change_kind, said_before from mart.timeline_of(''Rosa Tapia'', ''Minera Cerro Pardo'').';

create function mart.newest_corrections(
  from_at timestamptz default '-infinity', to_at timestamptz default 'infinity', row_limit integer default 20
) returns setof mart.corrected_claim language sql stable rows 50 as $$
  select c.*
  from (
    select r.article_revision_id, r.article_id, r.kind, r.published_at
    from core.article_revision as r
    where r.kind in ('correction', 'withdrawn') and r.published_at >= $1 and r.published_at < $2
    order by r.published_at desc, r.article_revision_id desc
    limit $3
  ) as k
  cross join lateral (
    select v.* from mart.corrected_claim as v
    where v.article_id = k.article_id and v.corrected_at = k.published_at and v.correction_kind = k.kind
    offset 0
  ) as c
  order by k.published_at desc, k.article_revision_id desc, c.claim_id
$$;
comment on function mart.newest_corrections(timestamptz, timestamptz, integer) is
'What the newest corrections and withdrawals (so many of them) changed, and who still carries it: mart.corrected_claim at any size. Example: select corrected_at, correction_kind, plain_text, corrected_text, carried_by from mart.newest_corrections() where carrier_count > 0.';

create function mart.figures_of(
  measure text, from_at timestamptz default '-infinity', to_at timestamptz default 'infinity', row_limit integer default 50
) returns setof mart.figure language plpgsql stable rows 50 set plan_cache_mode = force_custom_plan as $$
declare
  few constant integer := 20000;
  is_rare boolean := few > (
    select count(*) from (select from core.claim_quantity as q where coalesce(q.measure, q.unit) = $1 limit few) as x
  );
  found bigint [];
begin
  if is_rare then
    found := array(
      select c.claim_id
      from (select distinct q.claim_id from core.claim_quantity as q where coalesce(q.measure, q.unit) = $1) as q
      cross join lateral (
        select l.claim_id, l.stated_by_at from core.claim as l where l.claim_id = q.claim_id and l.is_listed offset 0
      ) as c
      where c.stated_by_at >= $2 and c.stated_by_at < $3
      order by c.stated_by_at desc, c.claim_id desc
      limit $4
    );
  else
    -- A common one: walk the claims newest first until enough of them hold it.
    found := array(
      select c.claim_id
      from core.claim as c
      where c.is_listed and c.stated_by_at >= $2 and c.stated_by_at < $3
        and exists (select from core.claim_quantity as q where q.claim_id = c.claim_id and coalesce(q.measure, q.unit) = $1 offset 0)
      order by c.stated_by_at desc, c.claim_id desc
      limit $4
    );
  end if;
  return query
  select f.*
  from unnest(found) with ordinality as k (claim_id, position)
  cross join lateral (select v.* from mart.figure as v where v.claim_id = k.claim_id and v.measure = $1 offset 0) as f
  order by k.position, f.low;
end
$$;
comment on function mart.figures_of(text, timestamptz, timestamptz, integer) is
'Figures for a measure (killed, wounded, dollar) by source and time, newest first: mart.figure at any size. Example: select stated_by_at, low, source_names, agency_name from mart.figures_of(''killed'').';

create function mart.newest_stories(
  from_at timestamptz default '-infinity', to_at timestamptz default 'infinity', row_limit integer default 20
) returns setof mart.story language sql stable rows 20 as $$
  select s.*
  from (
    select a.story_id, max(k.published_at) as published_at
    from (
      select r.article_id, r.article_revision_id, r.published_at
      from core.article_revision as r
      where r.published_at >= $1 and r.published_at < $2
      order by r.published_at desc, r.article_revision_id desc
      limit $3 * 50
    ) as k
    join core.article as a on a.article_id = k.article_id and a.current_revision_id = k.article_revision_id
    group by a.story_id
    order by max(k.published_at) desc, a.story_id
    limit $3
  ) as x
  cross join lateral (select v.* from mart.story as v where v.story_id = x.story_id offset 0) as s
  order by x.published_at desc, x.story_id
$$;
comment on function mart.newest_stories(timestamptz, timestamptz, integer) is
'Stories by their newest text, at any size; fifty texts a story are looked at. Example: select * from mart.newest_stories(row_limit => 20).';

create function mart.busiest_speakers(
  from_at timestamptz default '-infinity', to_at timestamptz default 'infinity', row_limit integer default 500
) returns table (entity_id bigint, source_name text, claim_count bigint) language sql stable rows 500 as $$
  select b.entity_id, e.name, b.claim_count
  from (
    select s.entity_id, count(distinct s.claim_id) as claim_count
    from (
      select l.claim_id
      from core.claim as l
      where l.is_listed and l.stated_by_at >= $1 and l.stated_by_at < $2
      order by l.stated_by_at desc, l.claim_id desc
      limit 20000
    ) as k
    cross join lateral (
      select c.claim_id, c.entity_id from core.claim_source as c where c.claim_id = k.claim_id and c.entity_id is not null offset 0
    ) as s
    group by s.entity_id
    order by count(distinct s.claim_id) desc, s.entity_id
    limit $3
  ) as b
  join core.entity as e on e.entity_id = b.entity_id
  order by b.claim_count desc, e.name, b.entity_id
$$;
comment on function mart.busiest_speakers(timestamptz, timestamptz, integer) is
'Who speaks most in the newest 20,000 claims of a range, most claims first. Example: select * from mart.busiest_speakers(now() - interval ''7 days'').';

create function mart.cut_sentence(body text, span_start integer, span_end integer) returns text language sql immutable as $$
  select btrim(
    substring(right(left($1, $2), 1000) from '(?:^.*(?:\n|(?<!\m(?:Mr|Mrs|Ms|Dr|Gen|Sen|Gov|Rep|Lt|Col|St|No|[A-Z]))[.!?]["”’)]*\s+(?=["“‘(]?[[:upper:]0-9])))?(.*)$')
    || substr($1, $2 + 1, $3 - $2)
    || substring(substr($1, $3 + 1, 1000) from '^((?:[^.!?\n]|[.!?](?!["”’)]*(?:\s|$)))*[.!?]?["”’)]*)')
  )
$$;
comment on function mart.cut_sentence(text, integer, integer) is
'The sentences of a text that hold the characters [span_start, span_end): from the last full stop or line end before to the first one after.';

create view mart.newest_claim as
select
  c.stated_by_at,
  c.source_names,
  c.party_names,
  c.act,
  c.plain_text,
  (
    select mart.cut_sentence(case z.text_part when 'headline' then r.headline else r.body end, z.span_start, z.span_end)
    from core.article_revision as r
    join lateral (
      select w.text_part, min(w.span_start) as span_start, max(w.span_end) as span_end
      from core.claim_span as w
      where w.claim_id = c.claim_id and w.part <> 'trigger'
      group by w.text_part
      order by w.text_part
      limit 1
    ) as z on true
    where r.article_revision_id = c.article_revision_id
  ) as sentence,
  c.about_names,
  c.headline,
  c.outlet_name,
  c.agency_name,
  c.canonical_url,
  c.claim_id,
  c.article_id
from mart.claim as c;
comment on view mart.newest_claim is
'Claims with the sentence of the text that each stands in. Example: select * from mart.newest_claim order by stated_by_at desc limit 50.';
comment on column mart.newest_claim.sentence is 'The sentence of the article, in its own words; more than one where the claim runs on.';

create function mart.search_claims(
  query text, from_at timestamptz default '-infinity', to_at timestamptz default 'infinity', row_limit integer default 50
) returns setof mart.claim language sql stable rows 50 as $$
  select c.*
  from (
    select l.claim_id, l.stated_by_at
    from core.claim as l
    where l.is_listed and l.plain_text_vector @@ websearch_to_tsquery('english', $1)
      and l.stated_by_at >= $2 and l.stated_by_at < $3
    order by l.stated_by_at desc, l.claim_id desc
    limit $4
  ) as k
  cross join lateral (select v.* from mart.claim as v where v.claim_id = k.claim_id offset 0) as c
  order by k.stated_by_at desc, k.claim_id desc
$$;
comment on function mart.search_claims(text, timestamptz, timestamptz, integer) is
'Full-text search, newest first; words, "a phrase", or, -without. Example: select * from mart.search_claims(''"cruise missile" -test'').';

create function mart.find_words(
  query text, from_at timestamptz default '-infinity', to_at timestamptz default 'infinity'
) returns table (claim_id bigint) language sql stable rows 1000 as $$
  select l.claim_id
  from core.claim as l
  where l.is_listed and l.plain_text_vector @@ websearch_to_tsquery('english', $1) and l.stated_by_at >= $2 and l.stated_by_at < $3
$$;
comment on function mart.find_words(text, timestamptz, timestamptz) is
'Keys of all claims that a full-text search finds in a range, to count them: mart.search_claims shows the newest. Example: select count(*) from mart.find_words(''missile'').';

create view mart.listed_claim as
select
  c.claim_id, c.stated_by_at, c.act, c.polarity, c.certainty, g.name as agency_name, o.name as outlet_name, a.story_id, a.article_id,
  coalesce((select bool_and(k.kind = 'unnamed') from core.claim_source as k where k.claim_id = c.claim_id), false) as is_unnamed_only
from core.claim as c
left join core.article_revision as r on r.article_revision_id = c.article_revision_id
left join core.article as a on a.article_id = r.article_id
left join core.outlet as o on o.outlet_id = a.outlet_id
left join core.agency as g on g.agency_id = a.agency_id
where c.is_listed;
comment on view mart.listed_claim is
'The rows of mart.claim without words and speakers, to count over a range: what is not asked for is not read. Example: select act, count(*) from mart.listed_claim where stated_by_at > now() - interval ''7 days'' group by 1.';
comment on column mart.listed_claim.is_unnamed_only is 'Whether unnamed sources alone say it.';

create view mart.freshness as
select
  f.feed_key,
  count(*) as revision_count,
  percentile_cont(0.5) within group (order by extract(epoch from q.queryable_at - r.published_at)) as published_to_queryable_p50_s,
  percentile_cont(0.95) within group (order by extract(epoch from q.queryable_at - r.published_at)) as published_to_queryable_p95_s,
  percentile_cont(0.95) within group (order by extract(epoch from q.queryable_at - r.seen_at)) as seen_to_queryable_p95_s,
  max(q.queryable_at) as newest_queryable_at,
  max(r.published_at) as newest_published_at
from ops.load_batch as b
join ops.run as u using (run_id)
cross join lateral (select coalesce(u.finished_at, b.loaded_at) as queryable_at) as q
join core.analysis as n on n.load_batch_id = b.load_batch_id
join core.article_revision as r on r.article_revision_id = n.article_revision_id and r.seen_at >= now() - interval '2 days'
join core.article as f using (article_id)
where b.loaded_at >= now() - interval '1 day' and b.stage = 'analyse'
group by f.feed_key;
comment on view mart.freshness is
'How long news took from its publication to a claim that can be asked for, over the last day, by feed; replays of old days are left out.';
comment on column mart.freshness.revision_count is 'Revisions that became queryable in the last day.';
comment on column mart.freshness.published_to_queryable_p50_s is 'Seconds from publication to queryable: half are faster.';
comment on column mart.freshness.published_to_queryable_p95_s is 'Seconds from publication to queryable: nineteen in twenty are faster.';
comment on column mart.freshness.seen_to_queryable_p95_s is 'Seconds from our first sight to queryable: our own share of the delay.';
comment on column mart.freshness.newest_queryable_at is 'When the last one became queryable.';
comment on column mart.freshness.newest_published_at is 'When the newest one was published.';

create view mart.backlog as
select 'poll' as stage, count(*) as waiting_count, min(s.next_poll_at) as oldest_at, 'feeds due and not polled' as detail
from ops.feed_state as s
join core.feed as f using (feed_key)
where f.is_active and s.next_poll_at < now()
union all
select 'fetch', count(*), min(v.due_at), 'pages due and not fetched'
from ops.page_visit as v where v.status = 'due' and v.due_at < now()
union all
select 'read', count(*), min(v.due_at), 'pages fetched and not read into revisions'
from ops.page_visit as v where v.status in ('fetched', 'from_feed')
union all
select 'analyse', count(*), min(b.loaded_at), 'revisions of the last two days that no analyser has read'
from ops.load_batch as b
join core.article_revision as r on r.load_batch_id = b.load_batch_id
where
  b.loaded_at >= now() - interval '2 days'
  and not exists (select from core.analysis as n where n.article_revision_id = r.article_revision_id)
union all
select 'link', count(*), min(b.loaded_at), 'batches of claims of the last two days that are not linked'
from ops.load_batch as b
where
  b.loaded_at >= now() - interval '2 days' and b.stage = 'analyse'
  and not exists (select from ops.linked_batch as k where k.load_batch_id = b.load_batch_id)
union all
select 'quarantine', count(*), min(q.first_at), 'things put aside that wait for a person'
from raw.quarantine as q where q.resolved_at is null;
comment on view mart.backlog is 'What waits at each stage, and since when; every stage has its alarm in docs/operations.md.';
comment on column mart.backlog.stage is 'poll, fetch, read, analyse, link, quarantine.';
comment on column mart.backlog.waiting_count is 'How many wait.';
comment on column mart.backlog.oldest_at is 'Since when the oldest waits; null where none does.';
comment on column mart.backlog.detail is 'What these are.';

create view mart.table_size as
select
  n.nspname as schema_name,
  k.relname as table_name,
  k.reltuples::bigint as row_count,
  pg_table_size(k.oid) as table_bytes,
  pg_indexes_size(k.oid) as index_bytes,
  pg_total_relation_size(k.oid) as total_bytes
from pg_class as k
join pg_namespace as n on n.oid = k.relnamespace
where n.nspname in ('raw', 'core', 'ops') and k.relkind = 'r';
comment on view mart.table_size is 'Rows (as last counted by vacuum or analyze) and bytes of each table.';
comment on column mart.table_size.schema_name is 'raw, core, ops.';
comment on column mart.table_size.table_name is 'Table.';
comment on column mart.table_size.row_count is 'Rows, as last counted; -1 before the first count.';
comment on column mart.table_size.table_bytes is 'Bytes of the rows, long texts included.';
comment on column mart.table_size.index_bytes is 'Bytes of the indexes.';
comment on column mart.table_size.total_bytes is 'Both.';
