-- The write model. An order is PLACED until its saga says APPROVED or REJECTED; both are final. Everything the event
-- order-placed needs is here, so that it can be said again.
create table orders (
    id uuid not null,
    customer_id uuid not null,
    customer_name text not null,
    customer_email text not null,
    status text not null,
    failure_code text,
    failure_detail text,
    total_minor bigint not null,
    currency text not null,
    card_token text not null,
    recipient text not null,
    line1 text not null,
    line2 text,
    city text not null,
    postal_code text not null,
    country text not null,
    traceparent text,
    placed_at timestamptz not null,
    constraint orders_pk primary key (id),
    constraint orders_status_known check (status in ('PLACED', 'APPROVED', 'REJECTED'))
) with (fillfactor = 90);

-- Written in one statement with their orders and never changed: a foreign key would only cost.
create table order_lines (
    order_id uuid not null,
    line_no int not null,
    sku text not null,
    name text not null,
    quantity int not null,
    unit_price_minor bigint not null,
    constraint order_lines_pk primary key (order_id, line_no),
    constraint order_lines_quantity_positive check (quantity > 0)
);

-- The answer to a request, under the caller's key for it: as old as the order, and gone when the order goes (rule 11).
create table idempotency_keys (
    customer_id uuid not null,
    route text not null,
    key text not null,
    body_hash text not null,
    order_id uuid not null,
    answer text not null,
    constraint idempotency_keys_pk primary key (customer_id, route, key)
);

-- The local copy of the catalogue: the newest version of product.events.v1 wins.
create table prices (
    sku text not null,
    name text not null,
    price_minor bigint not null,
    currency text not null,
    version bigint not null,
    constraint prices_pk primary key (sku)
);

-- The read model: one row per order, the fold of its saga's events. The document is what the API answers; it is text, since
-- nothing looks inside. sequence is the newest event's, 0 before the first; version grows with each change.
create table order_views (
    order_id uuid not null,
    customer_id uuid not null,
    status text not null,
    sequence int not null,
    version int not null,
    created_at timestamptz not null,
    started boolean not null,
    announced_at timestamptz not null,
    document text not null,
    constraint order_views_pk primary key (order_id)
) with (fillfactor = 70);

-- GET /orders, newest first.
create index order_views_by_customer on order_views (customer_id, created_at desc, order_id desc);

-- GET /orders?status=
create index order_views_by_status on order_views (customer_id, status, created_at desc, order_id desc);

-- The sweeper: orders that no saga has taken up. A boolean of its own, because it changes once; sequence changes always,
-- and an index on it would make every update of a view a write to every index.
create index order_views_unstarted on order_views (announced_at) where not started;
