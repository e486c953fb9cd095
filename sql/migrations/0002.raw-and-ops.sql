create table ops.run (
  run_id bigint generated always as identity primary key,
  kind text not null,
  airflow_run text,
  parameters jsonb not null default '{}',
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  status text not null default 'running' check (status in ('running', 'done', 'failed'))
);
create index run_started on ops.run (started_at desc);
comment on table ops.run is 'One execution of a job, by Airflow or the command line.';
comment on column ops.run.run_id is 'Key.';
comment on column ops.run.kind is 'Which job: collect, build, link, replay, maintain.';
comment on column ops.run.airflow_run is 'DAG id and run id where Airflow ran it, else null.';
comment on column ops.run.parameters is 'What the job was called with.';
comment on column ops.run.started_at is 'When the job began.';
comment on column ops.run.finished_at is 'When the job ended; null while it runs or when it was killed.';
comment on column ops.run.status is 'running, done or failed.';

create table ops.load_batch (
  load_batch_id bigint generated always as identity primary key,
  run_id bigint references ops.run,
  stage text not null,
  loaded_at timestamptz not null default now()
);
comment on table ops.load_batch is 'One transaction of loading: who follows the tables reads by this, never by greatest id.';
comment on column ops.load_batch.load_batch_id is 'Key.';
comment on column ops.load_batch.run_id is 'The run that loaded it.';
comment on column ops.load_batch.stage is 'Which stage loaded: poll, page, revise, analyse, link.';
comment on column ops.load_batch.loaded_at is 'Start of the loading transaction.';

create table ops.outcome (
  outcome_id bigint generated always as identity primary key,
  run_id bigint not null references ops.run,
  stage text not null,
  feed_key text,
  subject text not null,
  status text not null,
  reason text,
  detail text,
  noted_at timestamptz not null default now(),
  unique (run_id, stage, subject)
);
create index outcome_status on ops.outcome (stage, status, noted_at desc);
comment on table ops.outcome is 'One terminal status for each thing that a run touched; the sum over statuses is what was seen.';
comment on column ops.outcome.outcome_id is 'Key.';
comment on column ops.outcome.run_id is 'The run.';
comment on column ops.outcome.stage is 'poll (a feed), entry (a feed entry), page (a fetch), revise (an article), analyse (a revision), link (an article).';
comment on column ops.outcome.feed_key is 'The feed that it came by, where there is one.';
comment on column ops.outcome.subject is 'What was touched: feed key, entry key, URL, revision id.';
comment on column ops.outcome.status is 'Terminal status, e.g. ok, not_modified, new, known, loaded, unchanged, live_blog, failed.';
comment on column ops.outcome.reason is 'Short reason code where something was lost or refused.';
comment on column ops.outcome.detail is 'One line for a person.';
comment on column ops.outcome.noted_at is 'When.';

create table raw.fetch ( -- noqa: PRS
  fetch_id bigint generated always as identity primary key,
  kind text not null check (kind in ('feed', 'page', 'robots', 'drop')),
  feed_key text,
  request_url text not null,
  final_url text not null,
  permanent_url text,
  fetched_at timestamptz not null,
  elapsed_s real not null,
  outcome text not null,
  status smallint,
  content_type text,
  etag text,
  last_modified text,
  body_sha256 bytea,
  body_bytes integer,
  detail text,
  archive_file text,
  archive_offset bigint,
  archive_length bigint,
  load_batch_id bigint references ops.load_batch
);
create unique index fetch_archive on raw.fetch (archive_file, archive_offset);
create index fetch_url on raw.fetch (request_url, fetched_at desc);
create index fetch_at on raw.fetch using brin (fetched_at);
comment on table raw.fetch is 'One HTTP request and what came of it; the bytes lie in the archive.';
comment on column raw.fetch.fetch_id is 'Key.';
comment on column raw.fetch.kind is 'feed, page, robots, or drop for a delivered file.';
comment on column raw.fetch.feed_key is 'The feed that it was asked for.';
comment on column raw.fetch.request_url is 'The URL asked for.';
comment on column raw.fetch.final_url is 'The URL that answered, after redirects.';
comment on column raw.fetch.permanent_url is 'Where permanent redirects (301, 308) lead, else null.';
comment on column raw.fetch.fetched_at is 'When the request was sent.';
comment on column raw.fetch.elapsed_s is 'Seconds from request to last byte.';
comment on column raw.fetch.outcome is 'ok, not_modified, gone, timeout … (collect.OUTCOMES).';
comment on column raw.fetch.status is 'HTTP status, null where none came.';
comment on column raw.fetch.content_type is 'Content-Type as sent.';
comment on column raw.fetch.etag is 'ETag as sent.';
comment on column raw.fetch.last_modified is 'Last-Modified as sent.';
comment on column raw.fetch.body_sha256 is 'SHA-256 of the decoded body.';
comment on column raw.fetch.body_bytes is 'Bytes of the decoded body.';
comment on column raw.fetch.detail is 'One line on a failure.';
comment on column raw.fetch.archive_file is 'WARC file below ARCHIVE_URL.';
comment on column raw.fetch.archive_offset is 'Byte offset of the record.';
comment on column raw.fetch.archive_length is 'Bytes of the record.';
comment on column raw.fetch.load_batch_id is 'The batch that loaded it.';

create table raw.entry (
  entry_id bigint generated always as identity primary key,
  feed_key text not null,
  entry_key text not null,
  content_sha256 bytea not null,
  guid text,
  url text,
  title text not null,
  summary text not null,
  content text not null,
  authors text [] not null default '{}',
  categories text [] not null default '{}',
  published_at timestamptz,
  updated_at timestamptz,
  seen_at timestamptz not null,
  fetch_id bigint not null references raw.fetch,
  load_batch_id bigint references ops.load_batch,
  unique (feed_key, entry_key, content_sha256)
);
create index entry_seen on raw.entry (feed_key, seen_at desc);
comment on table raw.entry is 'One published state of one feed entry.';
comment on column raw.entry.entry_id is 'Key.';
comment on column raw.entry.feed_key is 'The feed that listed it.';
comment on column raw.entry.entry_key is 'Identity within the feed that survives changed GUIDs and tracking parameters.';
comment on column raw.entry.content_sha256 is 'Hash of title, summary, content, URL and times: another hash is another state.';
comment on column raw.entry.guid is 'GUID or Atom id as given.';
comment on column raw.entry.url is 'Link as given.';
comment on column raw.entry.title is 'Title, plain text.';
comment on column raw.entry.summary is 'Summary as given (HTML).';
comment on column raw.entry.content is 'Full content as given (HTML), empty where none.';
comment on column raw.entry.authors is 'Authors as given.';
comment on column raw.entry.categories is 'Categories as given.';
comment on column raw.entry.published_at is 'When the feed says that it was published.';
comment on column raw.entry.updated_at is 'When the feed says that it was updated.';
comment on column raw.entry.seen_at is 'When the poll that first showed this state was made.';
comment on column raw.entry.fetch_id is 'That poll.';
comment on column raw.entry.load_batch_id is 'The batch that loaded it.';

create table raw.quarantine (
  quarantine_id bigint generated always as identity primary key,
  stage text not null,
  subject text not null,
  reason text not null,
  detail text,
  fetch_id bigint references raw.fetch,
  article_revision_id bigint,
  try_count integer not null default 1,
  first_at timestamptz not null default now(),
  last_at timestamptz not null default now(),
  resolved_at timestamptz,
  unique (stage, subject)
);
comment on table raw.quarantine is 'What could not be processed; nothing is dropped without a row here.';
comment on column raw.quarantine.quarantine_id is 'Key.';
comment on column raw.quarantine.stage is 'Where it failed: feed, extract, analyse, drop.';
comment on column raw.quarantine.subject is 'What failed: fetch, URL or revision.';
comment on column raw.quarantine.reason is 'Short reason code.';
comment on column raw.quarantine.detail is 'One line for a person.';
comment on column raw.quarantine.fetch_id is 'The bytes, by their fetch.';
comment on column raw.quarantine.article_revision_id is 'The revision, where one exists.';
comment on column raw.quarantine.try_count is 'How often it was tried.';
comment on column raw.quarantine.first_at is 'When it first failed.';
comment on column raw.quarantine.last_at is 'When it last failed.';
comment on column raw.quarantine.resolved_at is 'When a retry went well; null while open.';

create table ops.feed_state (
  feed_key text primary key,
  etag text,
  last_modified text,
  body_sha256 text,
  polled_at timestamptz,
  next_poll_at timestamptz,
  poll_count integer not null default 0,
  failure_weight real not null default 0,
  failure_streak integer not null default 0,
  newest_entry_at timestamptz,
  usual_gap_s real,
  known_share real,
  permanent_url text,
  last_outcome text,
  last_detail text,
  last_ok_at timestamptz
);
comment on table ops.feed_state is 'What is remembered of a feed between polls.';
comment on column ops.feed_state.feed_key is 'The feed.';
comment on column ops.feed_state.etag is 'ETag of the last good answer, as sent.';
comment on column ops.feed_state.last_modified is 'Last-Modified of the last good answer, as sent.';
comment on column ops.feed_state.body_sha256 is 'Hash of the last body that was parsed well.';
comment on column ops.feed_state.polled_at is 'Last poll.';
comment on column ops.feed_state.next_poll_at is 'When the feed is due again.';
comment on column ops.feed_state.poll_count is 'Polls so far.';
comment on column ops.feed_state.failure_weight is 'Failures, weighted: hard 1, soft 1/2, temporary 1/4; good polls take it back.';
comment on column ops.feed_state.failure_streak is 'Failures in a row.';
comment on column ops.feed_state.newest_entry_at is 'Newest entry time ever seen.';
comment on column ops.feed_state.usual_gap_s is 'Usual seconds between entries.';
comment on column ops.feed_state.known_share is 'Share of entries in the last poll that were known.';
comment on column ops.feed_state.permanent_url is 'Where the feed has moved for good.';
comment on column ops.feed_state.last_outcome is 'Outcome of the last poll.';
comment on column ops.feed_state.last_detail is 'One line on the last failure.';
comment on column ops.feed_state.last_ok_at is 'Last poll that was answered (200 or 304) and read.';

create table ops.alarm (
  alarm_id bigint generated always as identity primary key,
  feed_key text not null,
  kind text not null,
  detail text,
  noted_at timestamptz not null,
  cleared_at timestamptz
);
create unique index alarm_open on ops.alarm (feed_key, kind) where cleared_at is null;
comment on table ops.alarm is 'Gap and quiet alarms of feeds.';
comment on column ops.alarm.alarm_id is 'Key.';
comment on column ops.alarm.feed_key is 'The feed.';
comment on column ops.alarm.kind is 'gap (entries may have been missed), quiet (nothing new for three times the usual gap), failing.';
comment on column ops.alarm.detail is 'One line for a person.';
comment on column ops.alarm.noted_at is 'When it was noticed.';
comment on column ops.alarm.cleared_at is 'When it passed; null while it stands.';

create table ops.page_visit (
  page_visit_id bigint generated always as identity primary key,
  url text not null,
  feed_key text not null,
  entry_id bigint references raw.entry,
  article_id bigint,
  reason text not null check (reason in ('entry', 'recheck', 'manual')),
  due_at timestamptz not null,
  status text not null default 'due' check (status in ('due', 'fetched', 'from_feed', 'done', 'failed')),
  fetch_id bigint references raw.fetch,
  try_count integer not null default 0,
  detail text
);
create unique index page_visit_entry on ops.page_visit (entry_id) where entry_id is not null;
create unique index page_visit_recheck on ops.page_visit (article_id, due_at) where reason = 'recheck';
create index page_visit_open on ops.page_visit (status, due_at) where status in ('due', 'fetched', 'from_feed');
create index page_visit_url on ops.page_visit (url);
comment on table ops.page_visit is 'Pages to fetch and to read: what needs work is a query on this.';
comment on column ops.page_visit.page_visit_id is 'Key.';
comment on column ops.page_visit.url is 'The page.';
comment on column ops.page_visit.feed_key is 'The feed that led there.';
comment on column ops.page_visit.entry_id is 'The entry state that led there.';
comment on column ops.page_visit.article_id is 'The article to recheck.';
comment on column ops.page_visit.reason is 'entry, recheck or manual.';
comment on column ops.page_visit.due_at is 'When it may be fetched.';
comment on column ops.page_visit.status is 'due, fetched (bytes archived), from_feed (the feed carries the text), done, failed.';
comment on column ops.page_visit.fetch_id is 'The fetch that brought the bytes.';
comment on column ops.page_visit.try_count is 'Tries so far.';
comment on column ops.page_visit.detail is 'One line on the last failure.';
