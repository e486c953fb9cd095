create view mart.feed_health as
select
  f.feed_key,
  o.name as outlet_name,
  f.title,
  f.url,
  case
    when not f.is_active then 'retired'
    when s.polled_at is null then 'new'
    when s.last_outcome not in ('ok', 'not_modified') then 'failing'
    when exists (select from ops.alarm as l where l.feed_key = f.feed_key and l.cleared_at is null) then 'alarm'
    else 'well'
  end as health,
  s.last_outcome,
  s.last_detail,
  s.polled_at,
  s.last_ok_at,
  s.next_poll_at,
  s.poll_count,
  s.failure_streak,
  s.newest_entry_at,
  s.usual_gap_s,
  s.known_share,
  (
    select array_agg(l.kind order by l.kind) from ops.alarm as l where l.feed_key = f.feed_key and l.cleared_at is null
  ) as alarms,
  (select count(distinct e.entry_key) from raw.entry as e where e.feed_key = f.feed_key) as entry_count,
  (select count(*) from core.article as a where a.feed_key = f.feed_key) as article_count
from core.feed as f
join core.outlet as o using (outlet_id)
left join ops.feed_state as s using (feed_key);
comment on view mart.feed_health is 'How each feed is.';
comment on column mart.feed_health.outlet_name is 'Whose feed it is.';
comment on column mart.feed_health.health is 'well, alarm, failing, new (never polled), retired (its TOML is gone).';
comment on column mart.feed_health.last_outcome is 'Outcome of the last poll.';
comment on column mart.feed_health.last_detail is 'One line on the last failure.';
comment on column mart.feed_health.polled_at is 'Last poll.';
comment on column mart.feed_health.last_ok_at is 'Last poll that was answered and read.';
comment on column mart.feed_health.next_poll_at is 'When the feed is due again.';
comment on column mart.feed_health.poll_count is 'Polls so far.';
comment on column mart.feed_health.failure_streak is 'Failures in a row.';
comment on column mart.feed_health.newest_entry_at is 'Newest entry time ever seen.';
comment on column mart.feed_health.usual_gap_s is 'Usual seconds between entries.';
comment on column mart.feed_health.known_share is 'Share of entries that were known, lately.';
comment on column mart.feed_health.alarms is 'Alarms that stand: gap, quiet, lying_validator.';
comment on column mart.feed_health.entry_count is 'Entries ever seen.';
comment on column mart.feed_health.article_count is 'Articles that it led to first.';

create view mart.run as
select
  r.run_id,
  r.kind,
  r.airflow_run,
  r.parameters,
  r.started_at,
  r.finished_at,
  r.status,
  (
    select jsonb_object_agg(x.name, x.count)
    from (
      select o.stage || ' ' || o.status as name, count(*) as count from ops.outcome as o where o.run_id = r.run_id group by 1
    ) as x
  ) as outcomes
from ops.run as r;
comment on view mart.run is 'Runs of jobs with their outcomes counted.';
comment on column mart.run.run_id is 'Key.';
comment on column mart.run.kind is 'Which job.';
comment on column mart.run.airflow_run is 'Airflow''s run id, where Airflow ran it.';
comment on column mart.run.parameters is 'What the job was called with.';
comment on column mart.run.started_at is 'When the job began.';
comment on column mart.run.finished_at is 'When the job ended.';
comment on column mart.run.status is 'running, done, failed.';
comment on column mart.run.outcomes is 'Terminal statuses, counted by stage.';

create view mart.article as
select
  a.article_id,
  a.canonical_url,
  r.headline,
  o.name as outlet_name,
  g.name as agency_name,
  a.status,
  a.language,
  a.first_published_at,
  r.kind as revision_kind,
  r.revision_number,
  r.published_at,
  r.authors,
  r.tags,
  r.changes,
  a.copy_of_article_id,
  a.story_id,
  a.withdrawn_at,
  (select count(*) from core.claim as c where c.article_revision_id = r.article_revision_id and c.is_listed) as claim_count
from core.article as a
join core.article_revision as r on r.article_revision_id = a.current_revision_id
join core.outlet as o using (outlet_id)
left join core.agency as g on g.agency_id = a.agency_id;
comment on view mart.article is 'Articles in their newest state.';
comment on column mart.article.revision_kind is 'Kind of the newest revision.';
comment on column mart.article.claim_count is 'Claims listed in mart.claim.';

create view mart.revision as
select
  r.article_revision_id, r.article_id, a.canonical_url, o.name as outlet_name, r.revision_number, r.kind, r.headline,
  r.tags, r.changes, r.published_at, r.seen_at, r.is_trivial, r.text_basis, r.extractor_version, r.load_batch_id
from core.article_revision as r
join core.article as a using (article_id)
join core.outlet as o using (outlet_id)
where not exists (
  select from core.article_revision as newer
  where
    newer.article_id = r.article_id and newer.revision_number = r.revision_number
    and newer.article_revision_id > r.article_revision_id
);
comment on view mart.revision is 'Every published state of every article, once: as the newest extractor read it.';

create view mart.entity as
select
  e.entity_id, e.entity_key, e.name, e.kind, e.qid, e.description,
  (select count(*) from core.mention as m where m.entity_id = e.entity_id) as mention_count,
  (
    select count(*) from core.claim_source as s join core.claim as c using (claim_id)
    where s.entity_id = e.entity_id and c.is_listed
  ) as said_count,
  (
    select count(distinct c.claim_id) from core.claim_entity as s join core.claim as c using (claim_id)
    where s.entity_id = e.entity_id and c.is_listed
  ) as about_count
from core.entity as e
where e.merged_into_entity_id is null;
comment on view mart.entity is 'Entities, with how often each is named, speaks and is spoken of.';
comment on column mart.entity.mention_count is 'Mentions over all readings.';
comment on column mart.entity.said_count is 'Listed claims that it makes.';
comment on column mart.entity.about_count is 'Listed claims about it.';

create view mart.claim_source as
select
  s.claim_id, s.position, e.name as source_name, e.kind as source_entity_kind, p.name as party_name, s.kind, s.words,
  s.resolution, s.unknown_why, s.number_low, s.number_high, s.entity_id, s.party_entity_id, s.stated_by_at,
  c.act
from core.claim_source as s
join core.claim as c using (claim_id)
left join core.entity as e on e.entity_id = s.entity_id
left join core.entity as p on p.entity_id = s.party_entity_id
where c.is_listed;
comment on view mart.claim_source is 'Speakers of the claims of mart.claim, one row a speaker.';
comment on column mart.claim_source.source_name is 'Who speaks.';
comment on column mart.claim_source.source_entity_kind is 'person, organisation, country, place, group, other.';
comment on column mart.claim_source.party_name is 'For whom one speaks.';
comment on column mart.claim_source.words is 'The words of the text that name the speaker.';

create view mart.claim_entity as
select s.claim_id, e.name, e.kind, s.role, s.entity_id, s.stated_by_at
from core.claim_entity as s
join core.claim as c using (claim_id)
join core.entity as e using (entity_id)
where c.is_listed;
comment on view mart.claim_entity is 'Whom the claims of mart.claim are about, one row an entity and role.';
comment on column mart.claim_entity.name is 'Name of the entity.';
comment on column mart.claim_entity.kind is 'person, organisation, country, place, group, other.';

create view mart.claim_quantity as
select s.claim_id, s.words, s.low, s.high, s.unit, s.measure, s.is_approximate
from core.claim_quantity as s
join core.claim as c using (claim_id)
where c.is_listed;
comment on view mart.claim_quantity is 'What the claims of mart.claim count.';

create view mart.claim_link as
select k.from_claim_id, f.plain_text as from_text, k.relation, k.to_claim_id, t.plain_text as to_text, k.method, k.score, k.reason
from core.claim_link as k
join core.claim as f on f.claim_id = k.from_claim_id
join core.claim as t on t.claim_id = k.to_claim_id
where f.is_listed and t.is_listed;
comment on view mart.claim_link is 'What one listed claim does to another.';
comment on column mart.claim_link.from_text is 'The one, as a sentence.';
comment on column mart.claim_link.to_text is 'The other, as a sentence.';
