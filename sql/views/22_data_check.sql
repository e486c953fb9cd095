create view mart.data_check as
select 'entries_accounted' as check_name, count(*) as broken_count, 'entry states without a page visit' as detail
from raw.entry as e
where
  (e.url is not null or e.title <> '' or e.summary <> '' or e.content <> '')
  and not exists (select from ops.page_visit as v where v.entry_id = e.entry_id)
union all
select 'conservation', count(*), 'steps of runs of the last two days whose count does not come out (mart.conservation)'
from mart.conservation as s
where s.difference <> 0 and s.started_at > now() - interval '2 days'
union all
select 'revisions_analysed', count(*), 'revisions older than a day that nobody has read'
from core.article_revision as r
join ops.load_batch as b using (load_batch_id)
where
  b.loaded_at < now() - interval '1 day'
  and not exists (select from core.analysis as n where n.article_revision_id = r.article_revision_id)
union all
select 'claims_counted', count(*), 'readings whose claim count differs from their claims'
from core.analysis as n
where n.claim_count <> (select count(*) from core.claim as c where c.analysis_id = n.analysis_id)
union all
select 'current_revision', count(*), 'articles without a current revision'
from core.article where current_revision_id is null
union all
select 'listed_is_right', count(*), 'claims whose is_listed does not follow from their article and reading'
from core.claim as c
join core.analysis as n using (analysis_id)
join core.article_revision as r on r.article_revision_id = c.article_revision_id
join core.article as a using (article_id)
where c.is_listed and not (
  a.status = 'live' and a.copy_of_article_id is null and a.current_revision_id = c.article_revision_id and n.is_current
);
comment on view mart.data_check is 'Data checks: each holds where broken_count is 0.';
comment on column mart.data_check.check_name is 'Name of the check; its runbook stands in docs/operations.md.';
comment on column mart.data_check.broken_count is 'Rows that break it.';
comment on column mart.data_check.detail is 'What these rows are.';
