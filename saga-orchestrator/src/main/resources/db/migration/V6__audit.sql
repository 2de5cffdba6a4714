-- How far the audit of ended sagas has come, for all replicas: who takes a page moves it. It begins with what ends from now on.
create table audit_progress (
    id int not null default 1,
    ended_at timestamptz not null,
    saga_id uuid not null,
    constraint audit_progress_pk primary key (id),
    constraint audit_progress_one check (id = 1)
);
insert into audit_progress (ended_at, saga_id) values (now(), '00000000-0000-0000-0000-000000000000');
