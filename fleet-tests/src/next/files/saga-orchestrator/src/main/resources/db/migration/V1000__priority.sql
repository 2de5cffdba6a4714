-- Not used yet: the version after the next one will write it.
alter table sagas add column priority int;
