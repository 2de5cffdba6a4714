-- Each step has a deadline of its own, and with due_at in an index each step was a write to every index of its saga. When
-- the sweeper looks is another matter: never later than the deadline, and moved only by the sweeper, which finds that
-- the saga has got on meanwhile. Most sagas end before anybody looks.
alter table sagas add column check_at timestamptz;
update sagas set check_at = due_at where due_at is not null;
alter table sagas add constraint sagas_check_at_ck check
    ((check_at is not null) = (due_at is not null) and check_at <= due_at) not valid;

drop index sagas_due_at;
-- Open sagas, by when to look at them. Ended ones are not in it.
create index sagas_check_at on sagas (check_at) where check_at is not null;

-- A saga's row is written anew with each step: room for it in its own page.
alter table sagas set (fillfactor = 50);
