-- name: find_claim_thread
-- The thread of its own words, which stays what it is when statements are joined anew; and what stands for it.
select coalesce(w.claim_thread_id, c.claim_thread_id) as claim_thread_id, c.claim_thread_id as standing_thread_id, c.act, c.polarity,
  r.article_id
from core.claim as c
join core.article_revision as r using (article_revision_id)
join core.claim_thread as t on t.claim_thread_id = c.claim_thread_id
left join core.claim_thread as w on w.story_id = t.story_id and w.thread_key = c.thread_key
where c.claim_id = %(claim_id)s

-- name: insert_correction
insert into core.correction (claim_thread_id, article_id, field, value, made_by, reason)
values (%(claim_thread_id)s, %(article_id)s, %(field)s, %(value)s, %(made_by)s, %(reason)s)
returning correction_id

-- name: apply_corrections
select core.apply_corrections()

-- name: find_entity
-- By key also what was merged away; by name only what stands.
select entity_id, entity_key, name, kind, coalesce(merged_into_entity_id, entity_id) as standing_id from core.entity
where entity_key = %(given)s or (lower(name) = lower(%(given)s) and merged_into_entity_id is null)
order by entity_key = %(given)s desc, entity_key
limit 10

-- name: insert_entity
insert into core.entity (entity_key, name, kind) values (%(entity_key)s, %(name)s, %(kind)s)
on conflict (entity_key) do update set name = excluded.name
returning entity_id

-- name: merge_entity
update core.entity set merged_into_entity_id = %(into_id)s
where entity_id = %(from_id)s or merged_into_entity_id = %(from_id)s

-- name: list_articles_of_thread
select distinct r.article_id
from core.claim as c join core.article_revision as r using (article_revision_id) where c.claim_thread_id = %(claim_thread_id)s

-- name: find_article
select a.article_id, a.canonical_url from core.article as a
where a.canonical_url = %(url)s or exists (select from core.article_url as u where u.article_id = a.article_id and u.url = %(normalised)s)
limit 1

-- name: list_articles_naming_entity
select distinct r.article_id
from core.mention as m join core.article_revision as r using (article_revision_id) where m.entity_id = %(entity_id)s

-- name: list_expired_articles
select a.article_id
from core.article as a
join core.feed as f on f.feed_key = a.feed_key
where a.status <> 'redacted' and f.retention_days is not null and a.first_seen_at < %(now)s - make_interval(days => f.retention_days)

-- name: redact
select core.redact(%(article_ids)s, %(reason)s, %(made_by)s) as count

-- name: add_redacted_url
insert into core.redaction (url, reason, made_by) values (%(url)s, %(reason)s, %(made_by)s) on conflict (url) do nothing

-- name: list_redacted_urls
select url from core.redaction where url = any (%(urls)s)

-- name: list_files_to_rewrite
select distinct f.archive_file
from raw.fetch as f
join core.article_revision as r on r.fetch_id = f.fetch_id
join core.redaction as k on k.article_id = r.article_id
where not k.is_archive_done and f.archive_file is not null and f.kind = 'page'

-- name: move_pointers
update raw.fetch as f set archive_file = n.new_file, archive_offset = n.new_offset, archive_length = n.new_length
from new_pointer as n where f.archive_file = n.old_file and f.archive_offset = n.old_offset

-- name: list_redactions_to_do
select url from core.redaction where not is_archive_done

-- name: reopen_redactions
update core.redaction set is_archive_done = false where url = any (%(urls)s) and is_archive_done

-- name: finish_redactions
update core.redaction set is_archive_done = true where url = any (%(urls)s)
