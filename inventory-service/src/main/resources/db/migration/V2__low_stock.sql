-- Low: fewer than ten pieces are free, which one order may take at once. A column of its own, because it changes rarely: on_hand
-- changes with every order, and an index with on_hand in its predicate would make each of these changes a write to every index.
-- Filling the column rewrites the table, under its lock.
alter table stock add column low boolean not null generated always as (on_hand < 10) stored;

create index stock_low on stock (sku) where low;
