-- The one rebuild of the views that runs, or the last that ran: whoever is asked for its progress, any replica can tell.
create table view_rebuilds (
    id int not null default 1,
    run uuid not null,
    state text not null,
    started_at timestamptz not null,
    seen_at timestamptz not null,
    progress text not null,
    constraint view_rebuilds_pk primary key (id),
    constraint view_rebuilds_one check (id = 1),
    constraint view_rebuilds_state_known check (state in ('RUNNING', 'DONE', 'FAILED'))
);

-- Views as the topics tell them, while a rebuild runs; empty else. Not logged: after a crash the rebuild begins anew.
create unlogged table rebuilt_views (
    order_id uuid not null,
    customer_id uuid not null,
    document text not null,
    is_open boolean not null default true,
    is_mended boolean not null default false,
    constraint rebuilt_views_pk primary key (order_id)
);

-- Those that are still to be compared, in the order of their ids.
create index rebuilt_views_open on rebuilt_views (order_id) where is_open;
