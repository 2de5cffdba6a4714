-- DISPATCHED: the carrier has picked the parcel up; it cannot be cancelled any more.
alter table shipments add column dispatched_at timestamptz;

alter table shipments drop constraint shipments_state_ck;
-- Not validated: the old constraint, of which this is a widening, has held for every row that there is.
alter table shipments add constraint shipments_state_ck
    check (state in ('ARRANGED', 'DISPATCHED', 'CANCELLED')) not valid;
alter table shipments add constraint shipments_dispatched_ck
    check ((state = 'DISPATCHED') = (dispatched_at is not null)) not valid;

-- The pick-up: what waits for the carrier, oldest first. A parcel leaves it for good.
create index shipments_waiting on shipments (arranged_at) where state = 'ARRANGED';
