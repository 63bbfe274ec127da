#!/usr/bin/env bash
# Runs every fuzz target for the given time each.
set -euo pipefail
cd "$(dirname "$0")/.."
for file in $(git ls-files '*_test.go' | xargs grep -l '^func Fuzz' | sort); do
  dir=./$(dirname "$file")
  for target in $(sed -nE 's/^func (Fuzz[A-Za-z0-9_]+)\(.*/\1/p' "$file"); do
    echo "   $target"
    # Making an input smaller must not eat the time there is: when it does, go
    # reports its own deadline as a failure.
    go test -run='^$' -fuzz="^$target\$" -fuzztime="$1" -fuzzminimizetime=20x "$dir" >/tmp/hdnd-fuzz.$$ 2>&1 || { cat /tmp/hdnd-fuzz.$$; exit 1; }
  done
done
rm -f /tmp/hdnd-fuzz.$$
