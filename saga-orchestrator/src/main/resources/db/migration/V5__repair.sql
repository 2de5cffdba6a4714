-- Who ordered a saga to do what, and why. Forgotten with its saga.
create table operator_orders (
    id uuid not null,
    saga_id uuid not null,
    step text not null,
    verb text not null,
    reason text,
    operator text not null,
    ordered_at timestamptz not null,
    constraint operator_orders_pk primary key (id)
);
create index operator_orders_by_saga on operator_orders (saga_id);

-- What lies on the dead-letter topics, for as long as somebody may want it. The id follows from its place there: a letter that is
-- read twice is one row.
create table dead_letters (
    id uuid not null,
    number bigint generated always as identity,
    topic text not null,
    partition int not null,
    "offset" bigint not null,
    consumer text not null,
    cause text not null,
    attempts int not null,
    failed_at timestamptz not null,
    -- Of the message itself, where it says so.
    message_id text,
    type text,
    saga_id uuid,
    said_at timestamptz,
    -- The record: headers as pairs of a name and base64.
    key text,
    headers text not null,
    body bytea,
    state text not null default 'OPEN',
    operator text,
    reason text,
    decided_at timestamptz,
    traceparent text,
    constraint dead_letters_pk primary key (id),
    constraint dead_letters_state_check check (state in ('OPEN', 'QUEUED', 'REPLAYED', 'DISCARDED')),
    constraint dead_letters_decided_check check ((state = 'OPEN') = (decided_at is null))
);
-- Newest first, whatever became of them; and the next ones on their way back.
create index dead_letters_by_number on dead_letters (number);
create index dead_letters_waiting on dead_letters (topic, key, number) where state in ('OPEN', 'QUEUED');
create index dead_letters_queued on dead_letters (number) where state = 'QUEUED';
-- Forgetting.
create index dead_letters_decided on dead_letters (decided_at) where state in ('REPLAYED', 'DISCARDED');
