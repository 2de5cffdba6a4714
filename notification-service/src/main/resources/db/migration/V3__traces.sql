-- The mail is sent later and by whoever is free: as part of the trace that asked for it.
alter table confirmations add column traceparent text;
