-- The newest texts of all, for mart.newest_stories; figures by what is measured or else counted, for mart.figures_of (the older
-- index bears the name that 0018 asked for, so that one was not built), and what the planner must know of it.
-- transactional: false
create index concurrently if not exists article_revision_published on core.article_revision (published_at desc, article_revision_id desc);
create index concurrently if not exists claim_quantity_counted on core.claim_quantity ((coalesce(measure, unit)), claim_id);
drop index concurrently if exists core.claim_quantity_measure;
analyze core.claim_quantity;
