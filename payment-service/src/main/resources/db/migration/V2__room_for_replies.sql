-- A charge's row gets its reply later, when the network has answered: room for it in its own page.
alter table inbox set (fillfactor = 80);
