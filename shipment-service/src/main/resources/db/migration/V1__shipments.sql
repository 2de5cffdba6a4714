-- One parcel per order. ARRANGED: the carrier has given a label. CANCELLED: the order was undone; the row stays, so that the
-- label is never given twice. An order that no carrier serves has no row.
create table shipments (
    id uuid not null default uuidv7(),
    order_id uuid not null,
    carrier text not null,
    tracking_number text not null,
    state text not null,
    -- As it was when the order was placed; nothing asks for its parts.
    address jsonb not null,
    arranged_at timestamptz not null,
    cancelled_at timestamptz,
    constraint shipments_pk primary key (id),
    constraint shipments_order_uq unique (order_id),
    constraint shipments_state_ck check (state in ('ARRANGED', 'CANCELLED')),
    constraint shipments_cancelled_ck check ((state = 'CANCELLED') = (cancelled_at is not null))
);
