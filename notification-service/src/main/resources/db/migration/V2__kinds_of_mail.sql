-- An order has one mail of each kind: CONFIRMATION when it is approved, CANCELLATION when it is cancelled after that. The table
-- keeps its name. A replica of the version before fails to record while this is in place (its insert names the old key): its
-- commands wait in Kafka, or in the dead letters after three tries; stop it before this runs.
alter table confirmations
    add column kind text not null default 'CONFIRMATION',
    add constraint confirmations_kind_ck check (kind in ('CONFIRMATION', 'CANCELLATION')),
    drop constraint confirmations_pk,
    add constraint confirmations_pk primary key (order_id, kind);

alter table confirmations alter column kind drop default;
