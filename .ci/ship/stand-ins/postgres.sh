#!/bin/sh
# What postgres:18 does with its environment, as far as this fleet and Testcontainers ask for it.
set -eu
export PGDATA=${PGDATA:-/var/lib/postgresql/18/docker}
[ "${1:-postgres}" = postgres ] || exec "$@"

secret() { if [ -n "${POSTGRES_PASSWORD_FILE:-}" ]; then cat "$POSTGRES_PASSWORD_FILE"; else echo "$POSTGRES_PASSWORD"; fi; }

if [ ! -s "$PGDATA/PG_VERSION" ]; then
    mkdir -p "$PGDATA"
    secret >/tmp/password
    initdb -D "$PGDATA" -U "$POSTGRES_USER" --pwfile=/tmp/password --auth-local=trust --auth-host=scram-sha-256 -E UTF8 --locale=C >/dev/null
    rm /tmp/password
    echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
    pg_ctl -D "$PGDATA" -w start -o "-c listen_addresses=''" 
    [ "${POSTGRES_DB:-$POSTGRES_USER}" = postgres ] || psql -q -U "$POSTGRES_USER" -d postgres -c "create database \"${POSTGRES_DB:-$POSTGRES_USER}\""
    for script in /docker-entrypoint-initdb.d/*.sh; do
        [ ! -e "$script" ] || "$script"
    done
    pg_ctl -D "$PGDATA" -w -m fast stop
fi
shift
exec postgres -c "listen_addresses=*" "$@"
