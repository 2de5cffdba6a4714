-- Since when the saga that placed an order is forgotten (rule 11): then the order itself is all that tells how it ended.
alter table orders add column forgotten_at timestamptz;

-- Keys go with their order's sagas. Order ids grow with time, so that each new entry goes to the right edge of the index: cheaper
-- than the key beside its order, which would make every order's row longer for as long as it lives.
create index idempotency_keys_by_order on idempotency_keys (order_id);
