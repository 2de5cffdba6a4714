-- An order's status changes four times on its way, and each change of an indexed column is a write to every index. What
-- it ends as changes once. Filling the column rewrites the table, under its lock.
alter table order_views
    add column final_status text generated always as
        (case when status in ('APPROVED', 'REJECTED', 'CANCELLED') then status end) stored;

-- A row grows while its order is under way: room for it in its own page.
alter table order_views set (fillfactor = 50);

drop index order_views_by_status;

-- GET /orders?status= with a status that ends an order, and with one that does not: of those there are few.
create index order_views_ended on order_views (customer_id, final_status, created_at desc, order_id desc)
    where final_status is not null;
create index order_views_open on order_views (customer_id, created_at desc, order_id desc)
    where final_status is null;
