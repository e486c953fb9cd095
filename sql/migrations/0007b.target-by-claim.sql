-- transactional: false
-- The targets of one claim. Postgres 18 reckons its skip scan of the primary key (claim_id, entity_id, role) so dear that it read
-- every target there is instead: 14 s on 5 million claims for mart.newest_accusations, 15 ms with this index.
create index concurrently if not exists claim_entity_target_claim on core.claim_entity (claim_id) include (entity_id) where role = 'target';
