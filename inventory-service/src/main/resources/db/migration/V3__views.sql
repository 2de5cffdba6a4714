-- How often a product was looked at. A table of its own: the rows are updated all the time, and their products are not. No index on
-- views: every flush would have to move it, for a list that is read once when Redis has forgotten it.
create table product_views (
    sku text not null,
    views bigint not null,
    constraint product_views_pk primary key (sku),
    constraint product_views_of_product foreign key (sku) references products (sku),
    constraint product_views_positive check (views > 0)
) with (fillfactor = 50);

-- Which counts are in there: whoever writes them a second time, because the first writer died before it could say so, writes nothing.
create table view_flushes (
    id uuid not null,
    flushed_at timestamptz not null,
    constraint view_flushes_pk primary key (id)
);
create index view_flushes_by_time on view_flushes (flushed_at);
