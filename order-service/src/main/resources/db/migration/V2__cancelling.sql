-- Cancelling. cancel_requested_at: the customer wants it cancelled, and nobody has said yet how that ends. It stays when the
-- order ends CANCELLED or REJECTED, and goes when the parcel had left: cancel_refused_at tells since when that is known.
-- cancel_said_at: when a request that has no end yet was announced last, so that one that got lost is announced again.
alter table orders
    add column cancel_requested_at timestamptz,
    add column cancel_reason text,
    add column cancel_said_at timestamptz,
    add column cancel_refused_at timestamptz;

alter table orders drop constraint orders_status_known;
-- Not validated: the old constraint, of which this is a widening, has held for every row that there is.
alter table orders add constraint orders_status_known
    check (status in ('PLACED', 'APPROVED', 'REJECTED', 'CANCELLED')) not valid;

-- Only a request without an end is announced again: one row that says otherwise would stop the sweep for all.
alter table orders add constraint orders_cancelling_ck check (
    cancel_said_at is null or (cancel_requested_at is not null and status in ('PLACED', 'APPROVED'))) not valid;

-- The sweeper: requests that have no end yet. A column of its own that is null for every other order: with the status in
-- the predicate each approval would be a write to every index.
create index orders_cancelling on orders (cancel_said_at) where cancel_said_at is not null;
