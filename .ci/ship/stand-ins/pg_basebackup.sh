#!/bin/sh
# As much of pg_basebackup as the replica asks for. The artefact with PostgreSQL 18 has none, and Debian's is too old for it. The server writes the copy itself,
# to a folder that both have mounted at /standby.
set -eu
from="" data="" slot="" create=""
while [ $# -gt 0 ]; do
    case "$1" in
    -d) from=$2; shift ;;
    -D) data=$2; shift ;;
    -S) slot=$2; shift ;;
    -X | -c) shift ;;
    -C) create=yes ;;
    esac
    shift
done
rm -rf /standby/copy
[ -z "$create" ] || psql -q "$from dbname=postgres replication=database" -c "CREATE_REPLICATION_SLOT $slot PHYSICAL RESERVE_WAL" >/dev/null
psql -q "$from dbname=postgres replication=database" -c "BASE_BACKUP (LABEL 'replica', CHECKPOINT 'fast', WAL true, WAIT false, MANIFEST 'no', TARGET 'server', TARGET_DETAIL '/standby/copy')" >/dev/null 2>&1 ||
    # psql does not know how this command's answer ends; global/pg_control comes last.
    tar -tf /standby/copy/base.tar | grep -q global/pg_control
tar -xf /standby/copy/base.tar -C "$data"
rm -rf /standby/copy
chmod 700 "$data"
touch "$data/standby.signal"
printf "primary_conninfo = '%s'\nprimary_slot_name = '%s'\n" "$from" "$slot" >>"$data/postgresql.auto.conf"
