#!/bin/sh
# Runs once, when the primary's data folder is made: a database for each service, and a role for the replica.
set -eu

databases="orders inventory payments shipments notifications sagas gateway"

# By standard input: what is an argument shows in a list of processes.
psql -q -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d postgres <<SQL
create role replicator login replication password '$(cat /run/caravan/database/replication-password)';
SQL
for database in $databases; do
    psql -q -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d postgres -c "create database $database"
done
echo "host replication replicator all scram-sha-256" >>"$PGDATA/pg_hba.conf"
