-- One payment per order. The row is the intent: it is committed before the card network is asked for anything.
--   REQUESTED         to be charged; asked again until there is an answer
--   QUEUED            the same, put off because the card network is down
--   CAPTURED          the card was charged, once
--   DECLINED          the network said no; nothing was charged
--   CANCELLED         taken back before the network was ever asked
--   REFUND_REQUESTED  charged or perhaps charged: to be reversed under the same key until the network confirms it
--   REFUNDED          reversed; nothing can be captured under the key any more
create table payments (
    order_id uuid not null,
    -- The command that asked for the charge; with ':do' its id is the key at the network.
    charge_saga_id uuid not null,
    charge_step text not null,
    state text not null,
    amount_minor bigint not null,
    currency text not null,
    captured_minor bigint not null default 0,
    refunded_minor bigint not null default 0,
    network_charge_id text,
    -- Gone as soon as it is not needed.
    card_token text,
    -- Counted before the call, so that 0 means: never asked.
    attempts int not null default 0,
    -- The last call was not answered: tried again in a lane of its own.
    suspect boolean not null default false,
    next_try_at timestamptz,
    leased_until timestamptz,
    -- The commands that wait for the refund.
    refund_commands text[] not null default '{}',
    traceparent text,
    tracestate text,
    baggage text,
    requested_at timestamptz not null,
    constraint payments_pk primary key (order_id),
    constraint payments_state_known check (state in
        ('REQUESTED', 'QUEUED', 'CAPTURED', 'DECLINED', 'CANCELLED', 'REFUND_REQUESTED', 'REFUNDED')),
    constraint payments_amount_positive check (amount_minor > 0),
    constraint payments_captured_once check (captured_minor in (0, amount_minor)),
    constraint payments_refund_within_capture check (refunded_minor between 0 and captured_minor),
    constraint payments_captured_is_known check
        (state <> 'CAPTURED' or captured_minor = amount_minor and refunded_minor = 0 and network_charge_id is not null),
    constraint payments_nothing_captured check
        (state in ('CAPTURED', 'REFUND_REQUESTED', 'REFUNDED') or captured_minor = 0),
    constraint payments_refunded_in_full check (state <> 'REFUNDED' or refunded_minor = captured_minor),
    constraint payments_token_while_needed check ((card_token is not null) = (state in ('REQUESTED', 'QUEUED'))),
    constraint payments_due_while_open check
        ((next_try_at is not null) = (state in ('REQUESTED', 'QUEUED', 'REFUND_REQUESTED')))
) with (fillfactor = 70);

-- Who is next, in each lane.
create index payments_due on payments (suspect, next_try_at)
    where state in ('REQUESTED', 'QUEUED', 'REFUND_REQUESTED');
