-- What linking keeps: which batches it has seen, sketches of texts, who matches whom, changes of statements, sums of groups.
create table ops.linked_batch (
  load_batch_id bigint primary key references ops.load_batch,
  run_id bigint references ops.run
);
comment on table ops.linked_batch is 'Load batches that a finished link run has worked in; what is missing here is what is new.';
comment on column ops.linked_batch.load_batch_id is 'The batch.';
comment on column ops.linked_batch.run_id is 'The run that linked it.';

create table core.article_sketch (
  article_revision_id bigint primary key references core.article_revision,
  article_id bigint not null references core.article,
  sketch_version integer not null,
  published_at timestamptz not null,
  shingle_count integer not null,
  copy_keys bigint[] not null,
  story_keys bigint[] not null,
  names bigint[] not null,
  name_weights real[] not null,
  topic_words bigint[] not null,
  topic_word_weights real[] not null
);
create index article_sketch_article on core.article_sketch (article_id);
create index article_sketch_copy on core.article_sketch using gin (copy_keys) with (fastupdate = off);
create index article_sketch_story on core.article_sketch using gin (story_keys) with (fastupdate = off);
comment on table core.article_sketch is 'A revision reduced to hashes, so that copies and updates of a story are found by index: no text.';
comment on column core.article_sketch.article_revision_id is 'The revision.';
comment on column core.article_sketch.article_id is 'Its article.';
comment on column core.article_sketch.sketch_version is 'Version of the sketch; another one is made anew.';
comment on column core.article_sketch.published_at is 'As in core.article_revision.';
comment on column core.article_sketch.shingle_count is 'Distinct three-word shingles of the copy proper.';
comment on column core.article_sketch.copy_keys is 'Bands of a MinHash of the shingles, hashed with the two-day bucket of publication.';
comment on column core.article_sketch.story_keys is 'Rare names, hashed with the two-day bucket of publication.';
comment on column core.article_sketch.names is 'Hashes of rare names.';
comment on column core.article_sketch.name_weights is 'How rare each name is, 0 to 1.';
comment on column core.article_sketch.topic_words is 'Hashes of rare words.';
comment on column core.article_sketch.topic_word_weights is 'How rare each word is, 0 to 1.';

create table core.article_match (
  article_id bigint not null references core.article,
  other_article_id bigint not null references core.article,
  jaccard real not null,
  containment real not null,
  shingle_count integer not null,
  story_score real not null,
  primary key (article_id, other_article_id),
  check (article_id < other_article_id)
);
create index article_match_other on core.article_match (other_article_id);
comment on table core.article_match is 'Two articles that share text, or tell one story: the most that any two of their revisions share.';
comment on column core.article_match.article_id is 'The one.';
comment on column core.article_match.other_article_id is 'The other.';
comment on column core.article_match.jaccard is 'Jaccard of their shingles, 0 to 1.';
comment on column core.article_match.containment is 'Share of the shorter text''s shingles that the longer holds, 0 to 1.';
comment on column core.article_match.shingle_count is 'Shingles of the shorter text.';
comment on column core.article_match.story_score is 'How surely they tell one story; 0 where they do not.';

alter table core.claim_thread add merged_into_claim_thread_id bigint references core.claim_thread;
create index claim_thread_merged on core.claim_thread (merged_into_claim_thread_id) where merged_into_claim_thread_id is not null;
comment on column core.claim_thread.merged_into_claim_thread_id is 'The thread that stands for it: the same statement, reworded in a later revision.';

create table core.claim_change (
  claim_change_id bigint generated always as identity primary key,
  claim_thread_id bigint not null references core.claim_thread,
  kind text not null check (kind in ('kept', 'added', 'dropped', 'reworded', 'softened', 'hardened')),
  what text check (what in ('certainty', 'number', 'attribution', 'polarity', 'wording')),
  from_claim_id bigint references core.claim,
  to_claim_id bigint references core.claim,
  from_revision_id bigint not null references core.article_revision,
  to_revision_id bigint not null references core.article_revision,
  changed_at timestamptz not null,
  method text not null,
  score real not null,
  load_batch_id bigint references ops.load_batch,
  unique nulls not distinct (from_revision_id, to_revision_id, from_claim_id, to_claim_id),
  check (from_claim_id is not null or to_claim_id is not null)
);
create index claim_change_thread on core.claim_change (claim_thread_id, changed_at);
create index claim_change_at on core.claim_change (changed_at desc) where kind <> 'kept';
create index claim_change_to on core.claim_change (to_claim_id);
create index claim_change_from on core.claim_change (from_claim_id);
create index claim_change_revision on core.claim_change (to_revision_id);
comment on table core.claim_change is 'What became of a statement from one revision to the next.';
comment on column core.claim_change.claim_change_id is 'Key.';
comment on column core.claim_change.claim_thread_id is 'The statement.';
comment on column core.claim_change.kind is 'kept, added, dropped, reworded, softened, hardened.';
comment on column core.claim_change.what is 'What changed: certainty, number, attribution, polarity, else wording; null for kept, added, dropped.';
comment on column core.claim_change.from_claim_id is 'The claim before; null where added.';
comment on column core.claim_change.to_claim_id is 'The claim after; null where dropped.';
comment on column core.claim_change.from_revision_id is 'The revision before.';
comment on column core.claim_change.to_revision_id is 'The revision after.';
comment on column core.claim_change.changed_at is 'When the later revision was published.';
comment on column core.claim_change.method is 'How the two were matched: same words, wording, url (an update at another URL).';
comment on column core.claim_change.score is 'How alike they are, 0 to 1.';
comment on column core.claim_change.load_batch_id is 'The batch that loaded it.';

create table core.thread_matter (
  claim_thread_id bigint primary key references core.claim_thread,
  claim_id bigint not null references core.claim,
  keys bigint[] not null
);
create index thread_matter_keys on core.thread_matter using gin (keys) with (fastupdate = off);
comment on table core.thread_matter is 'What a statement is about, as index keys: the way to statements on the same proposition.';
comment on column core.thread_matter.claim_thread_id is 'The statement.';
comment on column core.thread_matter.claim_id is 'The claim that stands for it: listed, else the newest.';
comment on column core.thread_matter.keys is 'Hashes of rare words, with the story; and of pairs of them, with the four-day bucket.';

create table core.thread_match (
  from_thread_id bigint not null references core.claim_thread,
  to_thread_id bigint not null references core.claim_thread,
  kind text not null check (kind in ('same', 'answers')),
  relation text,
  is_opposed boolean not null,
  method text not null,
  score real not null,
  reason text not null,
  load_batch_id bigint references ops.load_batch,
  primary key (from_thread_id, to_thread_id)
);
create index thread_match_to on core.thread_match (to_thread_id);
comment on table core.thread_match is 'Two statements on one proposition, or one that answers the other: what groups are made of.';
comment on column core.thread_match.from_thread_id is 'The one; the one that answers.';
comment on column core.thread_match.to_thread_id is 'The other.';
comment on column core.thread_match.kind is 'same (both state the proposition or its contrary) or answers.';
comment on column core.thread_match.relation is 'What the link of their claims says, where one is drawn.';
comment on column core.thread_match.is_opposed is 'One states the contrary of the other.';
comment on column core.thread_match.method is 'How it was found.';
comment on column core.thread_match.score is 'How sure, 0 to 1.';
comment on column core.thread_match.reason is 'One line for a person.';
comment on column core.thread_match.load_batch_id is 'The batch that loaded it.';

alter table core.claim_group
add founder_thread_id bigint references core.claim_thread,
add first_stated_at timestamptz,
add last_stated_at timestamptz,
add member_count integer not null default 0,
add story_count integer not null default 0,
add agency_count integer not null default 0,
add asserting_party_count integer not null default 0,
add denying_party_count integer not null default 0,
add confirming_party_count integer not null default 0,
add unconfirming_party_count integer not null default 0,
add is_unnamed_only boolean not null default false,
add is_contested boolean not null default false;
create index claim_group_contested on core.claim_group (last_stated_at desc) where is_contested;
create index claim_group_unconfirmed on core.claim_group (first_stated_at desc)
where asserting_party_count > 0 and confirming_party_count = 0;
create index claim_group_single on core.claim_group (last_stated_at desc) where agency_count = 1 and member_count > 0;
create index claim_group_unnamed on core.claim_group (last_stated_at desc) where is_unnamed_only;
comment on column core.claim_group.founder_thread_id is 'The earliest statement in it, which gives it its title.';
comment on column core.claim_group.first_stated_at is 'Earliest stated_by_at of a listed member.';
comment on column core.claim_group.last_stated_at is 'Latest stated_by_at of a listed member.';
comment on column core.claim_group.member_count is 'Listed members: no copies, no withdrawn articles, no dropped statements.';
comment on column core.claim_group.story_count is 'Stories of listed members.';
comment on column core.claim_group.agency_count is 'Agencies (else outlets) that carry it in copy of their own.';
comment on column core.claim_group.asserting_party_count is 'Parties that assert it or confirm it.';
comment on column core.claim_group.denying_party_count is 'Parties that deny it.';
comment on column core.claim_group.confirming_party_count is 'Parties that bear it out and are none of those that it rests on: the first to assert it.';
comment on column core.claim_group.unconfirming_party_count is 'Parties that do not confirm it. Not confirming is not denying.';
comment on column core.claim_group.is_unnamed_only is 'All who assert it are unnamed.';
comment on column core.claim_group.is_contested is 'One party asserts it and another denies it.';

create index article_revision_kind on core.article_revision (seen_at desc) where kind in ('correction', 'withdrawn');
create index claim_thread_story on core.claim_thread (story_id);
create index claim_link_batch on core.claim_link (load_batch_id);

-- Links over stories and groups are derived: they are made anew where what they rest on has changed.
grant delete on core.claim_link, core.claim_change, core.thread_match, core.claim_group, core.claim_group_member to wire_loader;
