-- Indexes that the canonical questions ask for (sql/views/50_questions.sql), as measured by benchmarks/claims.py.
-- Built concurrently: none holds up a running loader.
-- transactional: false

create index concurrently if not exists entity_lower_name on core.entity (lower(name));
-- Covering: what S said on X is found by meeting two sets of claim ids, without a visit to the rows.
create index concurrently if not exists claim_source_entity_claim on core.claim_source (entity_id, stated_by_at desc, claim_id desc);
drop index concurrently if exists core.claim_source_entity;
create index concurrently if not exists claim_source_party_claim on core.claim_source (party_entity_id, stated_by_at desc, claim_id desc)
where party_entity_id is not null;
drop index concurrently if exists core.claim_source_party;
create index concurrently if not exists claim_entity_entity_claim on core.claim_entity (entity_id, stated_by_at desc, claim_id desc);
drop index concurrently if exists core.claim_entity_entity;
create index concurrently if not exists claim_accused on core.claim (stated_by_at desc, claim_id desc) where is_listed and act = 'accuse';
create index concurrently if not exists load_batch_at on ops.load_batch (loaded_at);
create index concurrently if not exists analysis_batch on core.analysis (load_batch_id);
