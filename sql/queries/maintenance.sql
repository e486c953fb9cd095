-- name: clear_old_outcomes
delete from ops.outcome where noted_at < %(before)s and stage in ('poll', 'entry') and status in ('not_modified', 'known', 'duplicate')

-- name: list_broken_checks
select check_name, broken_count, detail from mart.data_check where broken_count > 0 order by check_name
