# Two commands do everything on a fresh machine: `make demo` and `make test`.
.DELETE_ON_ERROR:
.PHONY: demo test campaign model replay check mutants fuzz chaos scenarios bench bench-smoke soak build lint clean install uninstall deb

# make model ARGS="T8 S1-11-2", make model SCENARIO=FILE
SCENARIO =

# make campaign SEEDS=1000 FIRST=201, or SCENARIO=FILE
SEEDS = 200
FIRST = 1

demo: build
	node dist/tools/demo/main.js $(ARGS)

test: build lint
	node dist/tools/run-tests.js

# make scenarios REWRITE=1 ARGS="hpim-04 igmp" writes into the files what follows from their commands.
scenarios: build
	node dist/test/scenarios/main.js $(if $(REWRITE),--rewrite) $(ARGS)

campaign: build
	node dist/tools/campaign/main.js $(if $(SCENARIO),--scenario $(SCENARIO),--seeds $(SEEDS) --first $(FIRST))

# make fuzz EXECUTIONS=10000 SEED=2 TARGETS="hpim api"
EXECUTIONS = 1000000
fuzz: build
	node dist/tools/fuzz/main.js --executions $(EXECUTIONS) --seed $(or $(SEED),1) $(TARGETS)

# make chaos MINUTES=20 SEED=7; without SEED, it draws one and says it
MINUTES = 20

chaos: build
	node dist/tools/chaos/main.js --minutes $(MINUTES) $(if $(SEED),--seed $(SEED)) $(ARGS)

# make bench ARGS="--json FILE formed-1000 join": all rows, or these; bench-smoke measures less often, in 3 minutes.
bench: build
	node dist/tools/bench/main.js $(ARGS)

bench-smoke: build
	node dist/tools/bench/main.js --smoke $(ARGS)

# make soak ARGS="--minutes 10 --trees 50000"
soak: build
	node dist/tools/soak/main.js $(ARGS)

model: build
	node dist/tools/model/main.js $(if $(SCENARIO),--replay $(SCENARIO)) $(ARGS)

# make replay FILE=/tmp/r1.recording ARGS="--show neighbors --show trees"
replay: build
	node dist/tools/replay/main.js "$(FILE)" $(ARGS)

# Breaks one rule of the protocol at a time, and has the tests notice: make mutants ARGS="sync assert/loser-forwards"
mutants: build
	node dist/tools/mutants/main.js $(ARGS)

# What takes less than an hour together: what `test` leaves out after it, and of each model half a minute.
check: test mutants
	$(MAKE) model ARGS="--minutes 0.5"
	$(MAKE) campaign SEEDS=1000 FIRST=201
	$(MAKE) fuzz
	$(MAKE) chaos MINUTES=5

build: node_modules/.package-lock.json
	npx tsc -b
	node dist/tools/bundle.js
	node dist/tools/share.js

lint: node_modules/.package-lock.json
	npx biome check

node_modules/.package-lock.json: package.json package-lock.json
	npm ci --ignore-scripts
	touch $@

# sudo make install PREFIX=/usr DESTDIR=/tmp/package
PREFIX = /usr/local
DESTDIR =
PROGRAM_DIR = $(PREFIX)/lib/hpim-dm
UNIT_DIR = $(PREFIX)/lib/systemd/system
SYSUSERS_DIR = $(PREFIX)/lib/sysusers.d
ZSH_DIR = $(PREFIX)/share/zsh/site-functions
PROGRAM = $(DESTDIR)$(PROGRAM_DIR)
COMMAND = $(DESTDIR)$(PREFIX)/bin/hpim-dm
MAN_PAGE = $(DESTDIR)$(PREFIX)/share/man/man8/hpim-dm.8
BASH_COMPLETION = $(DESTDIR)$(PREFIX)/share/bash-completion/completions/hpim-dm
ZSH_COMPLETION = $(DESTDIR)$(ZSH_DIR)/_hpim-dm
UNIT = $(DESTDIR)$(UNIT_DIR)/hpim-dm.service
SYSUSERS = $(DESTDIR)$(SYSUSERS_DIR)/hpim-dm.conf
SHARED = $(MAN_PAGE) $(BASH_COMPLETION) $(ZSH_COMPLETION) $(UNIT) $(SYSUSERS)
PACKAGES = npm ls --omit=dev --all --parseable | sed -n "s|^$(CURDIR)/||p" | sort -u

# What a user has built is taken as it is; it needs no network then. The unit is there to be enabled, and is not.
install:
	test -d dist/share || $(MAKE) build
	rm -rf $(PROGRAM)
	install -d -m 755 $(PROGRAM) $(dir $(COMMAND) $(SHARED))
	{ $(PACKAGES); echo bin dist/bundle package.json topologies dissector docs packaging/*.* LICENSE README.md; } | xargs tar -cf - | tar -xf - --no-same-owner -C $(PROGRAM)
	chmod -R u=rwX,go=rX $(PROGRAM)
	ln -sf ../lib/hpim-dm/bin/hpim-dm $(COMMAND)
	install -m 644 dist/share/man/man8/hpim-dm.8 $(MAN_PAGE)
	install -m 644 dist/share/bash-completion/completions/hpim-dm $(BASH_COMPLETION)
	install -m 644 dist/share/zsh/site-functions/_hpim-dm $(ZSH_COMPLETION)
	sed "s|/usr/lib/hpim-dm|$(PROGRAM_DIR)|" packaging/hpim-dm.service > $(UNIT)
	chmod 644 $(UNIT)
	install -m 644 packaging/hpim-dm.sysusers $(SYSUSERS)

# The configuration, the state and the log stay.
uninstall:
	rm -rf $(PROGRAM)
	rm -f $(COMMAND) $(SHARED)

# dist/hpim-dm_VERSION_ARCHITECTURE.deb
deb:
	test -d dist/share || $(MAKE) build
	packaging/debian/build dist

clean:
	rm -rf dist coverage
