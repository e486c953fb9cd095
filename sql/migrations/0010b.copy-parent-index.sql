-- transactional: false
create index concurrently if not exists article_copy_parent on core.article (copy_parent_article_id);
