-- Indexes that the questions on figures and corrections ask for, as measured by benchmarks/claims.py; built concurrently.
-- transactional: false
create index concurrently if not exists claim_quantity_measure on core.claim_quantity ((coalesce(measure, unit)), claim_id);
create index concurrently if not exists article_revision_corrected on core.article_revision (published_at desc, article_revision_id desc)
where kind in ('correction', 'withdrawn');
