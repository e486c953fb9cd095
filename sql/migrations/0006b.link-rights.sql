-- A thread that merged into another has no matter of its own, and a group is found by who founded it.
grant delete on core.thread_matter to wire_loader;
create unique index claim_group_founder on core.claim_group (founder_thread_id);
create index correction_group on core.correction (claim_thread_id) where field = 'group';
