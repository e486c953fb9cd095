"""Wireledger: who said what, when, on what ground, and who has not confirmed it.

::

    feeds/*.toml ─ collect ─▶ archive (WARC) + raw.*      bytes first: feeds have no history
                                └ extract ─▶ wire ─▶ core.article_revision
                                                 └ analyse + entities ─▶ core.mention, core.claim
                                                                      └ link ─▶ core.claim_link, copies
                                                                             └ sql/views ─▶ mart.*

Imports run one way: records ← collect, extract, wire, analyse, entities, link ← annotate, store ← jobs ← cli, dags.
No module here imports Airflow.
"""

__version__ = "0.1.0"
