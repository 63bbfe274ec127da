#!/usr/bin/env bash
# Runs a command with a PostgreSQL server of its own, in a temporary folder, and
# HDND_TEST_POSTGRES naming it. A server that is named already is used.
set -euo pipefail
if [ -n "${HDND_TEST_POSTGRES:-}" ]; then exec "$@"; fi
bin=$(dirname "$(command -v pg_ctl || ls /usr/lib/postgresql/*/bin/pg_ctl | sort -V | tail -n 1)")
dir=$(mktemp -d)
as=()
if [ "$(id -u)" -eq 0 ]; then # the server refuses to run as root
  chown postgres "$dir"
  as=(setpriv --reuid=postgres --regid=postgres --clear-groups)
fi
stop() {
  (cd "$dir" && "${as[@]}" "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1) || true
  rm -rf "$dir"
}
trap stop EXIT
port=$(( 20000 + RANDOM % 20000 ))
(
  cd "$dir"
  "${as[@]}" "$bin/initdb" -D "$dir/data" -E UTF8 --locale=C.UTF-8 -A trust -U postgres >/dev/null
  # Tests throw their databases away; durability is tested where it is the subject.
  printf 'fsync=%s\nsynchronous_commit=%s\nfull_page_writes=%s\nmax_connections=300\nlog_min_messages=fatal\n' \
    "${HDND_PG_FSYNC:-off}" "${HDND_PG_FSYNC:-off}" "${HDND_PG_FSYNC:-off}" >> "$dir/data/postgresql.conf"
  "${as[@]}" "$bin/pg_ctl" -D "$dir/data" -o "-p $port -k $dir -c listen_addresses=127.0.0.1" -l "$dir/log" -w start >/dev/null
)
export HDND_TEST_POSTGRES="postgres://postgres@127.0.0.1:$port/postgres"
"$@"
