-- What has come for sagas whose definition the process that took it did not know, while a newer build ran beside it: message as it
-- came, until somebody takes it up who does. Empty but for such minutes.
create table set_aside (
    id bigint generated always as identity,
    saga_id uuid not null,
    message_id text not null,
    topic text not null,
    envelope text not null,
    body bytea not null,
    constraint set_aside_pk primary key (id),
    -- What is not answered is said again and again.
    constraint set_aside_once unique (saga_id, message_id)
);
