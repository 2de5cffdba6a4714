-- A view is a little over 2 kB, where PostgreSQL begins to compress, and it is written anew with each step: six times the work
-- of pglz, and once more for whoever reads it, to save a kilobyte that the next version needs again.
alter table order_views set (toast_tuple_target = 4080);
