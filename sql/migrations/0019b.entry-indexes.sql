-- The two ways beside its key on which a poll finds an entry that was seen before; a longer GUID is looked for by its key.
-- transactional: false
create index concurrently if not exists entry_address on raw.entry (feed_key, address) where address is not null;
create index concurrently if not exists entry_guid on raw.entry (feed_key, guid) where octet_length(guid) <= 2000;
