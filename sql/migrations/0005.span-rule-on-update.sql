-- The substring rule holds for changed rows as for new ones.
create trigger wire_part_spans_update after update on core.wire_part
referencing new table as new_rows for each statement execute function core.check_spans();
create trigger mention_spans_update after update on core.mention
referencing new table as new_rows for each statement execute function core.check_spans();
create trigger claim_span_spans_update after update on core.claim_span
referencing new table as new_rows for each statement execute function core.check_spans();
create trigger claim_source_spans_update after update on core.claim_source
referencing new table as new_rows for each statement execute function core.check_spans();
create trigger claim_quantity_spans_update after update on core.claim_quantity
referencing new table as new_rows for each statement execute function core.check_spans();
