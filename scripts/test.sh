#!/usr/bin/env bash
# Every test there is. What is slow and why is printed at the end.
set -euo pipefail
cd "$(dirname "$0")/.."
declare -a table
step() { # name, command…
  local name=$1 began=$SECONDS; shift
  echo "== $name"
  "$@"
  table+=("$(printf '%5d s  %s' $((SECONDS - began)) "$name")")
}
inside() {
  step "form and vet" bash -c 'u=$(git ls-files "*.go" | xargs -r gofmt -l); [ -z "$u" ] || { echo "not gofmt-ed: $u"; exit 1; }; go vet ./...'
  step "staticcheck" go tool -modfile=tools/go.mod staticcheck ./...
  step "procedure files" bin/hdnd check-procedures
  step "unit, databases, rules" go test -count=1 -timeout 25m $(go list ./... | grep -v -E '/(e2e|bench)(/|$)')
  step "races in the kernel" go test -count=1 -race -timeout 15m ./internal/kernel/db ./internal/kernel/jobs ./internal/kernel/live ./internal/kernel/audit
  step "fuzzing, briefly" bash scripts/fuzz.sh 5s
  step "browser, kills" go test -count=1 -timeout 20m ./e2e/...
  echo "== times"
  printf '%s\n' "${table[@]}"
  echo "everything passed"
}
if [ "${1:-}" = inside ]; then inside; else exec bash scripts/with-postgres.sh bash scripts/test.sh inside; fi
