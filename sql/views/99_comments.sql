-- A column of a view that has no comment of its own takes that of the column of the same name in mart.claim_history or core.
do $$
declare
  c record;
begin
  for c in
    select v.oid::regclass as view_name, a.attname,
      (
        select col_description(k.oid, b.attnum)
        from pg_class as k
        join pg_attribute as b on b.attrelid = k.oid and b.attname = a.attname
        where (k.oid = 'mart.claim_history'::regclass or k.relnamespace = 'core'::regnamespace)
          and col_description(k.oid, b.attnum) is not null
        order by k.oid = 'mart.claim_history'::regclass desc, k.relname
        limit 1
      ) as words
    from pg_class as v
    join pg_attribute as a on a.attrelid = v.oid and a.attnum > 0
    where v.relnamespace = 'mart'::regnamespace and v.relkind = 'v' and col_description(v.oid, a.attnum) is null
  loop
    if c.words is not null then
      execute format('comment on column %s.%I is %L', c.view_name, c.attname, c.words);
    end if;
  end loop;
end
$$;
