"""Made-up groups, links, changes and figures for the claims of `benchmarks/claims.py`, and the questions asked of them.

Five articles tell a story; claim ``i`` is statement ``i % 10`` of article ``i / 10``. Statement 0 is one proposition over
eight stories (40 statements), 1 to 3 are one proposition within a story (5), 4 to 8 stand alone in a group, 9 in none. Every
statement takes a stance; the third article of a story follows on the first, one in a hundred corrects it.
"""

from __future__ import annotations

# What the group, its founder and its story are, for claim i: pure arithmetic, so that a table can be filled apart.
_MEMBERS = """
from (
  select i, a, o, case when o = 0 then (a / 40) * 400 when o < 4 then (a / 5) * 50 + o else i end as founder
  from generate_series(%(first)s * 10, %(last)s * 10 + 9) as i
  cross join lateral (select i / 10 as a, i %% 10 as o) as x
  where i %% 10 < 9
) as m"""

FILL: tuple[tuple[str, str], ...] = (
    (
        "groups",
        f"""
insert into core.claim_group_member (claim_group_id, claim_thread_id, stance, method, score, load_batch_id)
select m.founder, m.i, case
  when m.i = m.founder then 'asserts' when u < 0.55 then 'asserts' when u < 0.7 then 'denies' when u < 0.8 then 'confirms'
  when u < 0.9 then 'does_not_confirm' when u < 0.97 then 'declines' else 'no_response' end,
  case when m.i = m.founder then 'founder' else 'wording' end, 1, m.a / 100
{_MEMBERS} cross join lateral (select bench.draw(m.i, 8) as u) as x;
insert into core.claim_group (claim_group_id, group_key, title, founder_thread_id, first_stated_at, last_stated_at, member_count,
  story_count, agency_count, asserting_party_count, denying_party_count, confirming_party_count, unconfirming_party_count,
  is_unnamed_only, is_contested) overriding system value
select g.claim_group_id, int8send(g.claim_group_id), 'Title of ' || g.claim_group_id, g.claim_group_id, g.first_at, g.last_at,
  g.member_count, g.story_count, g.agency_count, g.asserting, g.denying, g.confirming, g.unconfirming,
  g.asserting > 0 and not coalesce(g.has_named, false), g.asserting > 0 and g.denying > 0
from (
  select m.claim_group_id, min(c.stated_by_at) as first_at, max(c.stated_by_at) as last_at, count(*) as member_count,
    count(distinct a.story_id) as story_count, count(distinct a.agency_id) as agency_count,
    count(distinct p.who) filter (where m.stance in ('asserts', 'confirms')) as asserting,
    count(distinct p.who) filter (where m.stance = 'denies') as denying,
    count(distinct p.who) filter (where m.stance = 'confirms') as confirming,
    count(distinct p.who) filter (where m.stance = 'does_not_confirm') as unconfirming,
    bool_or(s.kind <> 'unnamed') filter (where m.stance = 'asserts') as has_named
  from core.claim_group_member as m
  join core.claim as c on c.claim_id = m.claim_thread_id and c.is_listed
  join core.claim_source as s on s.claim_id = c.claim_id
  join core.article as a on a.article_id = c.article_revision_id
  cross join lateral (select coalesce(s.party_entity_id, s.entity_id, -c.claim_id) as who) as p
  where m.claim_thread_id between %(first)s * 10 and %(last)s * 10 + 9
  group by 1
) as g""",
    ),
    (
        "links",
        f"""
insert into core.claim_link (from_claim_id, to_claim_id, relation, method, score, reason, load_batch_id)
select m.i, m.founder, (array['supports', 'repeats', 'confirms', 'denies', 'contradicts', 'does_not_confirm'])[1 + m.i %% 6],
  'wording', 0.8, 'bench', m.a / 100
{_MEMBERS} where m.i <> m.founder""",
    ),
    (
        "changes",
        """
insert into core.claim_change (claim_thread_id, kind, what, from_claim_id, to_claim_id, from_revision_id, to_revision_id,
  changed_at, method, score, load_batch_id)
select i, k.kind, case when k.kind in ('reworded', 'softened', 'hardened') then 'wording' end,
  case when k.kind <> 'added' then i - 20 end, case when k.kind <> 'dropped' then i end, i / 10 - 2, i / 10,
  timestamptz '%(begin)s' + (i / 10) * interval '10 seconds', 'wording', 0.9, i / 1000
from generate_series(%(first)s * 10, %(last)s * 10 + 9) as i
cross join lateral (
  select (array['reworded', 'hardened', 'softened', 'added', 'dropped', 'kept', 'kept', 'kept', 'kept', 'kept'])
    [1 + i %% 10] as kind
) as k
where i / 10 %% 5 = 2""",
    ),
    (
        "figures",
        """
insert into core.claim_quantity (claim_id, article_revision_id, position, text_part, span_start, span_end, words, low, high, unit,
  measure, is_approximate)
select i, i / 10, 1, 'body', (i %% 10) * 160 + 30, (i %% 10) * 160 + 32, 'xx', i %% 97, i %% 97,
  (array['person', 'dollar', 'day'])[1 + i %% 3],
  case when i %% 4000 = 0 then 'missing' when i %% 3 = 0 then (array['killed', 'wounded'])[1 + i %% 2] end, false
from generate_series(%(first)s * 10, %(last)s * 10 + 9) as i where i %% 4 = 0""",
    ),
)
BIG = ("core.claim_group", "core.claim_group_member", "core.claim_link", "core.claim_change", "core.claim_quantity")

QUESTIONS: dict[str, str] = {
    "contested now": "select * from mart.contested_claim order by last_stated_at desc limit 50",
    "unconfirmed after a day": "select * from mart.unconfirmed_claim(24, now()) limit 50",
    "unconfirmed after six hours": "select * from mart.unconfirmed_claim(6, now()) limit 50",
    "one agency only": "select * from mart.single_agency_claim order by last_stated_at desc limit 50",
    "unnamed only": "select * from mart.unnamed_claim order by last_stated_at desc limit 50",
    "accusations with their denials": "select * from mart.newest_accusations()",
    "S over time, with changes, commonest": "select * from mart.timeline_of('Name 0')",
    "S over time, with changes, middling": "select * from mart.timeline_of('Name 300')",
    "S on X over time, with changes": "select * from mart.timeline_of('Name 2', 'Name 400')",
    "S on X, two commonest": "select * from mart.timeline_of('Name 0', 'Name 1')",
    "newest changes": "select * from mart.claim_change where kind <> 'kept' order by changed_at desc limit 50",
    "corrected, newest": "select * from mart.newest_corrections()",
    "corrected and still carried": "select * from mart.newest_corrections() where carrier_count > 0",
    "figures of a common measure": "select * from mart.figures_of('killed')",
    "figures of a measure, a week": "select * from mart.figures_of('dollar', now() - interval '7 days', now())",
    "figures of a rare measure": "select * from mart.figures_of('missing')",
    "one story's figures": (
        "select * from mart.figure where story_id = (select max(story_id) from core.article) order by stated_by_at"
    ),
    "one story's groups": "select * from mart.claim_group where story_id = (select max(story_id) from core.article)",
    "one group of forty": (
        "select * from mart.claim_group_member where claim_group_id = (select max(claim_group_id) from "
        "core.claim_group where member_count > 20)"
    ),
    "newest stories": "select * from mart.newest_stories()",
}
