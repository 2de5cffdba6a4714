-- Who may log in. The address is kept as it was typed and is unique without regard to case.
create table accounts (
    id uuid not null,
    email text not null,
    name text not null,
    password_hash text not null,
    scopes text[] not null,
    created_at timestamptz not null,
    constraint accounts_pk primary key (id)
);

create unique index accounts_email_unique on accounts (lower(email));

-- Programs that ask in their own name.
create table api_clients (
    id uuid not null,
    name text not null,
    email text not null,
    secret_hash bytea not null,
    scopes text[] not null,
    created_at timestamptz not null,
    constraint api_clients_pk primary key (id)
);

-- One row per login. Its id is the sid of the access tokens. seen: whether the newest generation was ever used; each
-- rotation changes the row in place, which no index has to follow.
create table token_families (
    id uuid not null,
    account_id uuid not null,
    scopes text[] not null,
    sequence int not null default 0,
    rotated_at timestamptz not null,
    seen boolean not null default false,
    created_at timestamptz not null,
    idle_expires_at timestamptz not null,
    absolute_expires_at timestamptz not null,
    revoked_at timestamptz,
    revoke_reason text,
    constraint token_families_pk primary key (id),
    constraint token_families_of_account foreign key (account_id) references accounts (id),
    constraint token_families_reason check ((revoked_at is null) = (revoke_reason is null))
) with (fillfactor = 70);

-- For the sweep alone. By the absolute end, which no rotation moves.
create index token_families_by_end on token_families (absolute_expires_at);

-- Sessions whose access tokens stop before they expire. The database's own clock, and not the transaction's start: pollers
-- of all gateways go by it.
create table denied_sessions (
    sid uuid not null,
    denied_at timestamptz not null default clock_timestamp(),
    constraint denied_sessions_pk primary key (sid)
);

create index denied_sessions_by_time on denied_sessions (denied_at);

-- What access tokens are signed with. since: when the key came into its state. The private half is sealed with AES-256-GCM.
create table signing_keys (
    kid text not null,
    state text not null,
    since timestamptz not null,
    public_key bytea not null,
    sealed_private_key bytea not null,
    constraint signing_keys_pk primary key (kid),
    constraint signing_keys_state check (state in ('NEXT', 'CURRENT', 'PREVIOUS'))
);

create unique index signing_keys_one_current on signing_keys (state) where state = 'CURRENT';
create unique index signing_keys_one_next on signing_keys (state) where state = 'NEXT';
