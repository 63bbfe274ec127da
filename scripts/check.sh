#!/usr/bin/env bash
# The fast part of the suite: form, vet, and the tests of every package but the
# browser's and the kills.
set -euo pipefail
cd "$(dirname "$0")/.."
unformatted=$(git ls-files '*.go' | xargs -r gofmt -l)
if [ -n "$unformatted" ]; then
  echo "not gofmt-ed:"; echo "$unformatted"; exit 1
fi
go vet ./...
go test -short $(go list ./... | grep -v -E '/(e2e|bench)(/|$)')
