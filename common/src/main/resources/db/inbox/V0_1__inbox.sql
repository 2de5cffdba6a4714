-- What was received and what was answered (protocol rule 2). A row without a reply is accepted and under way; a row whose
-- reply is 'refused' is a tombstone (rule 3). Rows live as long as the saga they belong to (rule 11).
create table inbox (
    saga_id uuid not null,
    step text not null,
    undo boolean not null,
    reply_type text,
    reply text,
    received_at timestamptz not null,
    constraint inbox_pk primary key (saga_id, step, undo)
);
