-- A group's title is what is asserted, not what was said first.
comment on column core.claim_group.title is 'The proposition, as its first accusation states it, else the first statement that asserts it, else its founder.';
comment on column core.claim_group.founder_thread_id is 'The earliest statement in it, by which it is known; stances are to the title.';
