-- Messages that nothing would redeliver, on their way to Kafka. The relay deletes what the broker has.
create table outbox (
    id bigint generated always as identity,
    topic text not null,
    key text not null,
    envelope text not null,
    body bytea not null,
    constraint outbox_pk primary key (id)
);
