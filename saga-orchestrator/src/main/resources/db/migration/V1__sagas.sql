-- The definitions that instances are pinned to (protocol rule 9).
create table saga_definitions (
    id int generated always as identity,
    name text not null,
    hash text not null,
    constraint saga_definitions_pk primary key (id),
    constraint saga_definitions_name_hash_key unique (name, hash)
);

-- One row per saga. due_at is set exactly while somebody has to act by then: RUNNING and UNDOING; STUCK waits for an
-- operator, COMPLETED and COMPENSATED have ended.
create table sagas (
    id uuid not null,
    order_id uuid not null,
    definition_id int not null,
    phase text not null,
    step text,
    attempt int not null,
    version int not null,
    step_started_at timestamptz not null,
    due_at timestamptz,
    started_at timestamptz not null,
    failure_code text,
    failure_detail text,
    data text not null,
    traceparent text,
    tracestate text,
    baggage text,
    constraint sagas_pk primary key (id),
    constraint sagas_definition_fk foreign key (definition_id) references saga_definitions (id),
    constraint sagas_phase_check check (phase in ('RUNNING', 'UNDOING', 'STUCK', 'COMPLETED', 'COMPENSATED')),
    constraint sagas_due_check check ((phase in ('RUNNING', 'UNDOING')) = (due_at is not null)),
    constraint sagas_step_check check ((phase in ('RUNNING', 'UNDOING', 'STUCK')) = (step is not null))
) with (fillfactor = 70);

-- The sweeper: oldest deadline first (rule 7). Ended sagas are not in it.
create index sagas_due_at on sagas (due_at) where due_at is not null;
-- What an operator has to look at, and what keeps a definition alive (rule 9): open or stuck.
create index sagas_stuck on sagas (started_at) where phase = 'STUCK';

-- One row per transition: what happened, what caused it, and the event that says so, so that it can be sent again when
-- its cause is redelivered (rule 2).
create table saga_steps (
    saga_id uuid not null,
    sequence int not null,
    cause text not null,
    event text not null,
    constraint saga_steps_pk primary key (saga_id, sequence)
);
