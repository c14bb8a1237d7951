# What can be done here, one sentence each. `make test` is what CI runs.

SHELL := /bin/bash
GO    ?= go
CACHE := $(CURDIR)/.cache
PEER  := $(CACHE)/peer
STATICCHECK := $(CACHE)/bin/staticcheck
STATICCHECK_VERSION := v0.8.2
PLATFORMS := linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64

.PHONY: build test check go-check go-test platforms page page-check browser-test dist-check chromium gallery bench bench-stream bench-ingest bench-views soak fuzz fuzz-ci licenses clean

# Build the binary.
build:
	CGO_ENABLED=0 $(GO) build -trimpath -o dashira .

# Run every check and every test; installs what it needs.
test: go-check go-test fuzz-ci platforms page-check browser-test dist-check
	@echo "make test: everything passed"

# The quick checks, without browser and platforms.
check: go-check go-test page-check

go-check: $(STATICCHECK)
	@unformatted="$$(gofmt -l $$(git ls-files '*.go'))"; if [ -n "$$unformatted" ]; then echo "gofmt: $$unformatted"; exit 1; fi
	$(GO) vet ./...
	$(STATICCHECK) ./...

$(STATICCHECK):
	GOBIN=$(CACHE)/bin $(GO) install honnef.co/go/tools/cmd/staticcheck@$(STATICCHECK_VERSION)

go-test:
	$(GO) test -race ./...

# Change files at random for up to 30 s (EXPLORE) for each parser of files, two at a time, and hold them to the oracles of the fuzz
# targets. Seed and length of the way are fixed, so a run never fails by chance; `make fuzz` searches on with Go's fuzzer.
EXPLORE ?= 30s
fuzz-ci:
	DASHIRA_EXPLORE=$(EXPLORE) $(GO) test -run 'HoldsUnderRandomChanges|HoldUnderRandomChanges' -count=1 -parallel 2 -timeout 20m ./ingest ./ingest/excel

# Compile for every platform that is released.
platforms:
	@for p in $(PLATFORMS); do \
		echo "build $$p"; \
		CGO_ENABLED=0 GOOS=$${p%/*} GOARCH=$${p#*/} $(GO) build -o /dev/null . || exit 1; \
	done

assets/node_modules: assets/package-lock.json
	cd assets && npm ci --no-audit --no-fund
	@touch assets/node_modules

# Build the page into assets/dist, which is committed so that Go alone is enough to run dashira.
page: assets/node_modules
	cd assets && npm run build

page-check: assets/node_modules
	cd assets && npm run check
	cd assets && npm test

# Debian's Chromium, where there is none.
chromium:
	@command -v chromium >/dev/null || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; }

# Drive the real binary in a real browser while real files change.
browser-test: build assets/node_modules chromium
	cd assets && npm run browser

# The committed page is what its sources build.
dist-check: assets/node_modules
	cd assets && node scripts/dist-check.mjs && node scripts/size.mjs

# Open a page with every mark in every state.
gallery: assets/node_modules
	cd assets && npx vite --open /gallery.html

# Measure: time to ready, first useful paint, change to screen.
bench: build assets/node_modules chromium
	cd assets && node test/bench.mjs

# Measure the stream: fan-out, memory, storms, against a floor of raw sockets in the same run.
bench-stream:
	$(GO) run ./dashboard/hub/bench

# Measure how fast files become tables, beside DuckDB and Polars from npm, and what changing them costs.
bench-ingest:
	$(GO) run ./ingest/bench

# Measure tables and views against DuckDB in the same run: ten million rows, some GB of memory, some minutes.
bench-views: $(PEER)
	$(GO) run ./dashboard/bench -peer "$$(test -d $(PEER)/node_modules && echo $(PEER))"

# DuckDB, which nothing but the measurement needs. Without it ours are told alone.
$(PEER):
	@mkdir -p $(PEER)
	@npm install --prefix $(PEER) --no-audit --no-fund --no-save @duckdb/node-api@1.5.6-r.1 || echo "DuckDB cannot be had: it is left out"

# Hold the built binary to the promise of docs/watching.md: undisturbed and flooded, then with everything that can happen to
# it and every program that is installed: make soak DURATION=60s FLOOD=10s
DURATION ?= 10m
FLOOD    ?= 60s
soak: build
	$(GO) run ./soak -binary ./dashira -duration $(DURATION) -flood $(FLOOD)
	$(GO) run ./soak -binary ./dashira -duration $(DURATION) -stop -kill -storm -move -programs

# Fuzz each target for a while: make fuzz FUZZTIME=10m
FUZZTIME ?= 30s
fuzz:
	@for pkg in $$($(GO) list ./...); do \
		for target in $$($(GO) test -list '^Fuzz' $$pkg | grep '^Fuzz'); do \
			echo "fuzz $$pkg $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) $$pkg || exit 1; \
		done; \
	done

# Name everybody whose work ships in the binary.
licenses: assets/node_modules
	$(GO) test -run TestLicensesNameEverybody . -update

clean:
	rm -rf dashira $(CACHE) assets/node_modules
