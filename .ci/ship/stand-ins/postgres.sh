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
    # The second is where Debian's clients look for it.
    printf "listen_addresses = '*'\nunix_socket_directories = '/var/run/postgresql'\n" >>"$PGDATA/postgresql.conf"
    echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
    pg_ctl -D "$PGDATA" -w start -o "-c listen_addresses=''"
    [ "${POSTGRES_DB:-$POSTGRES_USER}" = postgres ] || psql -q -U "$POSTGRES_USER" -d postgres -c "create database \"${POSTGRES_DB:-$POSTGRES_USER}\""
    for script in /docker-entrypoint-initdb.d/*; do
        case "$script" in
        *.sh) "$script" ;;
        *.sql) psql -q -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d "${POSTGRES_DB:-$POSTGRES_USER}" -f "$script" ;;
        esac
    done
    # The stand-in for pg_basebackup has the server write.
    psql -q -U "$POSTGRES_USER" -d postgres -Atc "select 'grant pg_write_server_files to ' || rolname from pg_roles where rolname = 'replicator'" |
        psql -q -U "$POSTGRES_USER" -d postgres
    pg_ctl -D "$PGDATA" -w -m fast stop
fi
shift
exec postgres "$@"
