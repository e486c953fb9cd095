-- name: list_columns
select
  n.nspname as schema_name,
  k.relname as table_name,
  obj_description(k.oid, 'pg_class') as table_comment,
  a.attname as column_name,
  format_type(a.atttypid, a.atttypmod) as type_name,
  col_description(k.oid, a.attnum) as column_comment
from pg_class as k
join pg_namespace as n on n.oid = k.relnamespace
join pg_attribute as a on a.attrelid = k.oid and a.attnum > 0 and not a.attisdropped
where n.nspname in ('raw', 'core', 'mart', 'ops') and k.relkind in ('r', 'v', 'm', 'p')
order by n.nspname, k.relname, a.attnum
