#!/usr/bin/env bash
# Runs every fuzz target for the given time each.
set -euo pipefail
cd "$(dirname "$0")/.."
for file in $(git ls-files '*_test.go' | xargs grep -l '^func Fuzz' | sort); do
  dir=./$(dirname "$file")
  for target in $(sed -nE 's/^func (Fuzz[A-Za-z0-9_]+)\(.*/\1/p' "$file"); do
    echo "   $target"
    go test -run='^$' -fuzz="^$target\$" -fuzztime="$1" "$dir" >/tmp/hdnd-fuzz.$$ 2>&1 || { cat /tmp/hdnd-fuzz.$$; exit 1; }
  done
done
rm -f /tmp/hdnd-fuzz.$$
