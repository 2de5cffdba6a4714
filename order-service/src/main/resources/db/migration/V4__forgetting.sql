-- Since when the saga that placed an order is forgotten (rule 11): then the order itself is all that tells how it ended.
alter table orders add column forgotten_at timestamptz;

-- Keys go with their order's sagas. Order ids grow with time: a new entry goes to the right edge of the index, some thirty bytes.
-- The key beside its order would be as many, for as long as the order lives.
create index idempotency_keys_by_order on idempotency_keys (order_id);
