-- Rows of the version before have none.
alter table confirmations add column language text;
