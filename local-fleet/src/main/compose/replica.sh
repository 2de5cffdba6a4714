#!/bin/sh
# Before its first start the replica is copied from the primary. Its slot makes the primary keep what it has not got yet, within
# max_slot_wal_keep_size; past that: remove the container and its volume, and start again.
set -eu

passwords="$(dirname "$PGDATA")/passwords"
umask 077
mkdir -p "$PGDATA"
printf '*:*:*:replicator:%s\n' "$(cat /run/caravan/database/replication-password)" >"$passwords"
primary="host=postgres port=5432 user=replicator application_name=replica passfile=$passwords"

copy() {
    rm -rf "${PGDATA:?}"/*
    pg_basebackup -d "$primary" -D "$PGDATA" -X stream -c fast -S replica -R "$@"
}

if [ ! -e "$PGDATA/standby.signal" ]; then
    # The slot is there when an earlier copy did not come to its end.
    copy -C || copy
fi
exec "$@"
