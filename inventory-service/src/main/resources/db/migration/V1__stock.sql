-- The catalogue. The version grows by one with every edit and is published with it.
create table products (
    sku text not null,
    name text not null,
    description text not null,
    price_minor bigint not null,
    currency text not null,
    tags text[] not null,
    version bigint not null,
    updated_at timestamptz not null,
    constraint products_pk primary key (sku),
    constraint products_price_not_negative check (price_minor >= 0)
);

-- Where the pieces of a product are: on_hand is free to be promised, reserved is promised to an open or approved order,
-- shipped has left the house. Every batch of commands updates these rows in place: half of each page is left free, so that
-- the new version of a row finds room beside the old one and no index has to follow.
create table stock (
    sku text not null,
    on_hand int not null,
    reserved int not null default 0,
    shipped int not null default 0,
    updated_at timestamptz not null,
    constraint stock_pk primary key (sku),
    constraint stock_of_product foreign key (sku) references products (sku),
    constraint stock_on_hand_not_negative check (on_hand >= 0),
    constraint stock_reserved_not_negative check (reserved >= 0),
    constraint stock_shipped_not_negative check (shipped >= 0)
) with (fillfactor = 50);

-- What was put in or taken out by people. Per product, sum(delta) = on_hand + reserved + shipped.
-- A refused request is on record too, so that its key gets the same answer again: its delta is 0, not what was wanted.
-- caller, route and idempotency_key are null for the seed, which nobody sends twice.
create table stock_adjustments (
    id bigint generated always as identity,
    sku text not null,
    wanted int not null,
    delta int not null,
    on_hand int not null,
    reason text not null,
    caller text,
    route text,
    idempotency_key text,
    at timestamptz not null,
    constraint stock_adjustments_pk primary key (id),
    constraint stock_adjustments_once unique (caller, route, idempotency_key),
    constraint stock_adjustments_of_product foreign key (sku) references products (sku),
    constraint stock_adjustments_all_or_nothing check (delta in (0, wanted))
);

-- What an order was promised. released_at is null: the pieces are in stock.reserved. Set: they went back to on_hand.
-- No foreign key: the stock row is locked when a reservation is made, and products are never removed.
create table stock_reservations (
    order_id uuid not null,
    sku text not null,
    quantity int not null,
    reserved_at timestamptz not null,
    released_at timestamptz,
    constraint stock_reservations_pk primary key (order_id, sku),
    constraint stock_reservations_quantity_positive check (quantity > 0)
) with (fillfactor = 90);
