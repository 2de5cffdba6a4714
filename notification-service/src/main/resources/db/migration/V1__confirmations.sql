-- One mail per order. PENDING: to be sent from next_try_at on. SENDING: a sender has it until leased_until. SENT: the mail
-- server took it. FAILED: it will not be sent (last_error says why). UNCERTAIN: it was begun and nobody knows whether it
-- arrived; not sent again by itself.
create table confirmations (
    order_id uuid not null,
    email text not null,
    name text not null,
    -- The command as it came: what the letter is written from.
    content jsonb not null,
    message_id text not null,
    state text not null,
    attempts int not null default 0,
    next_try_at timestamptz not null default now(),
    leased_until timestamptz,
    last_error text,
    recorded_at timestamptz not null default now(),
    sent_at timestamptz,
    constraint confirmations_pk primary key (order_id),
    constraint confirmations_state_ck check (state in ('PENDING', 'SENDING', 'SENT', 'FAILED', 'UNCERTAIN')),
    constraint confirmations_lease_ck check ((state = 'SENDING') = (leased_until is not null)),
    constraint confirmations_sent_ck check ((state = 'SENT') = (sent_at is not null))
);

-- Claims, expired leases, counts and lists; what is sent leaves it.
create index confirmations_open on confirmations (state, next_try_at) where state <> 'SENT';
