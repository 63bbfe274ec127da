#!/usr/bin/env bash
# Makes what git does not keep: the front end (web/dist) and the Go code of the
# templates. Each does nothing when it is up to date.
set -euo pipefail
cd "$(dirname "$0")/.."

templates=$(find internal -name '*.templ' | sort)
stamp=.cache/templ.stamp
mkdir -p .cache
stale=no
for t in $templates; do
  out=${t%.templ}_templ.go
  if [ ! -f "$out" ] || [ "$t" -nt "$out" ]; then stale=yes; break; fi
done
if [ "$stale" = yes ] || [ ! -f "$stamp" ]; then
  go tool -modfile=tools/go.mod templ generate -path internal >/dev/null 2>.cache/templ.log || { cat .cache/templ.log >&2; exit 1; }
  find internal -name '*_templ.go' -exec touch {} +
  touch "$stamp"
fi
bash web/build.sh
