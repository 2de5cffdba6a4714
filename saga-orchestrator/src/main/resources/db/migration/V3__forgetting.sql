-- Forgetting (rule 11), oldest end first. Of the columns that an index knows only those of a saga's end may change with it: a
-- step must stay an update in place. Filling the column rewrites the table, under its lock.
alter table sagas add column ended_at timestamptz generated always as
    (case when phase in ('COMPLETED', 'COMPENSATED') then step_started_at end) stored;
create index sagas_ended on sagas (ended_at) where ended_at is not null;

-- From an order to the saga that cancels it: only those few are in it, placing an order writes nothing to it.
create index sagas_cancelling on sagas (order_id) where id <> order_id;
