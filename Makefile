# HĐND Số. Two targets matter to a newcomer: make run, make test.
SHELL := bash
.ONESHELL:
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

TOOL    := go tool -modfile=tools/go.mod
BIN     := bin/hdnd
DATA    ?= data/demo
LISTEN  ?= 127.0.0.1:8080
GOBUILD := CGO_ENABLED=0 go build -trimpath -ldflags='-s -w'

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.PHONY: run
run: packages build ## install what is needed, build, open the demonstration council
	@$(BIN) demo --data $(DATA) --listen $(LISTEN) $(ARGS)

.PHONY: build
build: generate ## leaves bin/hdnd
	@mkdir -p bin
	@$(GOBUILD) -o $(BIN) ./cmd/hdnd

.PHONY: generate
generate: ## front end and templates, which git does not keep
	@bash scripts/generate.sh

.PHONY: packages
packages: ## Debian packages that running needs
	@bash scripts/packages.sh poppler-utils qpdf tesseract-ocr tesseract-ocr-vie

.PHONY: test
test: build ## every test, on both databases, with a browser
	@bash scripts/packages.sh poppler-utils qpdf tesseract-ocr tesseract-ocr-vie postgresql chromium
	@bash scripts/test.sh

.PHONY: check
check: generate ## the fast part of test: under a minute when built
	@bash scripts/with-postgres.sh bash scripts/check.sh

.PHONY: bench
bench: build ## measure; one JSON line per figure, kept in bench/results
	@bash scripts/packages.sh postgresql
	@env -u HDND_TEST_POSTGRES HDND_PG_FSYNC=on bash scripts/with-postgres.sh go run ./bench $(ARGS)

.PHONY: soak
soak: build ## long tests: 200 kills per database, long fuzzing
	@bash scripts/packages.sh postgresql
	@HDND_KILLS=200 bash scripts/with-postgres.sh go test -count=1 -timeout 3h -run 'TestKill' ./e2e/...
	@bash scripts/fuzz.sh 5m

.PHONY: rewrite
rewrite: generate ## write golden files anew; review the difference before committing
	@bash scripts/with-postgres.sh bash -c 'go test ./internal/app ./internal/rules ./internal/kernel/cases -rewrite'

.PHONY: pictures
pictures: build ## take the pictures of the product in docs/pictures anew
	@bash scripts/packages.sh chromium
	@HDND_PICTURES=docs/pictures bash scripts/with-postgres.sh go test -count=1 -run 'TestPictures' ./e2e/...

.PHONY: notices
notices: generate ## write THIRD-PARTY-NOTICES.txt from the modules and packages in use
	@go run ./cmd/notices > THIRD-PARTY-NOTICES.txt
