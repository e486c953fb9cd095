-- Files that agencies deliver, and what is not known of a feed's terms.
alter table core.article_revision drop constraint article_revision_text_basis_check;
alter table core.article_revision add constraint article_revision_text_basis_check
check (text_basis in ('page', 'feed content', 'feed summary', 'delivered'));
comment on column core.article_revision.text_basis is 'Where the text is from: page, feed content, feed summary, delivered.';

create table raw.delivery (
  delivery_id bigint generated always as identity primary key,
  feed_key text not null,
  guid text not null,
  version integer not null,
  pubstatus text not null check (pubstatus in ('usable', 'withheld', 'canceled')),
  format text not null,
  versioned_at timestamptz,
  seen_at timestamptz not null,
  fetch_id bigint not null references raw."fetch", -- noqa: RF06
  position integer not null,
  action text not null check (action in ('publish', 'hold', 'ignore')),
  reason text not null,
  hold_until timestamptz,
  load_batch_id bigint references ops.load_batch
);
create index delivery_guid on raw.delivery (feed_key, guid);
create index delivery_held on raw.delivery (hold_until) where action = 'hold';
create index delivery_fetch on raw.delivery (fetch_id);
comment on table raw.delivery is 'One version of one story in one delivered file, and what was done with it; its text stays in the archive until it is published.';
comment on column raw.delivery.delivery_id is 'Key.';
comment on column raw.delivery.feed_key is 'The drop folder that it came by.';
comment on column raw.delivery.guid is 'Identity that the agency gives the story over all versions.';
comment on column raw.delivery.version is 'Version as the agency counts; 0 where it gives none.';
comment on column raw.delivery.pubstatus is 'usable, withheld, canceled, as the file says.';
comment on column raw.delivery.format is 'newsmlg2, nitf, ninjs1, ninjs2, ninjs3.';
comment on column raw.delivery.versioned_at is 'When the agency made this version.';
comment on column raw.delivery.seen_at is 'When the file was taken.';
comment on column raw.delivery.fetch_id is 'The file, as it lies in the archive.';
comment on column raw.delivery.position is 'Place in the file, from 0.';
comment on column raw.delivery.action is 'publish (became a revision), hold (until hold_until, or until told otherwise), ignore.';
comment on column raw.delivery.reason is 'Why: first, version, canceled, embargo, withheld, older_version, unchanged …';
comment on column raw.delivery.hold_until is 'End of the embargo; null for a hold without end.';
comment on column raw.delivery.load_batch_id is 'The batch that loaded it.';

alter table core.feed alter column may_store_text drop not null;
comment on column core.feed.may_store_text is 'Whether the terms let us keep the text; null where nobody has read them.';
comment on column core.feed.retention_days is 'Days after which text is blanked, as decided from the TOML (pipeline.registry); null for no limit.';
