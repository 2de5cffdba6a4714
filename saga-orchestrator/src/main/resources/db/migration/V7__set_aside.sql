-- What has come for sagas whose definition the process that took it did not know, while a newer build ran beside it: message as it
-- came, until somebody takes it up who does. Empty but for such minutes.
create table set_aside (
    id bigint generated always as identity,
    saga_id uuid not null,
    topic text not null,
    envelope text not null,
    body bytea not null,
    constraint set_aside_pk primary key (id)
);
-- For forgetting a saga with all that belongs to it.
create index set_aside_saga on set_aside (saga_id);
