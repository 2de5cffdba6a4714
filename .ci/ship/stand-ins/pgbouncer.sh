#!/bin/sh
# Debian's has no max_prepared_statements, and does not run as root.
set -eu
grep -v max_prepared_statements /etc/pgbouncer/pgbouncer.ini >/tmp/pgbouncer.ini
exec pgbouncer /tmp/pgbouncer.ini
