-- Of the work that sent the current command: what a deadline's span links to. Null where nobody records the order, so that
-- only recorded ones pay for it: some sixty bytes in a row that each step writes anyway.
alter table sagas add column sent_traceparent text;
