-- Forgetting (rule 11), oldest end first. A saga enters it with the one update that ends it: step_started_at of an ended saga
-- is when it ended. The columns change with every update, as due_at does, so that no update becomes dearer than it was.
create index sagas_ended on sagas (step_started_at) where phase in ('COMPLETED', 'COMPENSATED');

-- From an order to the saga that cancels it: only those few are in it, placing an order writes nothing to it.
create index sagas_cancelling on sagas (order_id) where id <> order_id;
