# Two commands do everything on a fresh machine: `make demo` and `make test`.
.DELETE_ON_ERROR:
.PHONY: demo test campaign model build lint clean

# make campaign SEEDS=1000 FIRST=201
SEEDS = 200
FIRST = 1

demo: build
	node dist/tools/demo/main.js $(ARGS)

test: build lint
	node dist/tools/run-tests.js

campaign: build
	node dist/tools/campaign/main.js --seeds $(SEEDS) --first $(FIRST)

model: build
	node --max-old-space-size=8192 dist/tools/model/main.js $(ARGS)

build: node_modules/.package-lock.json
	npx tsc -b

lint: node_modules/.package-lock.json
	npx biome check

node_modules/.package-lock.json: package.json package-lock.json
	npm ci --ignore-scripts
	touch $@

clean:
	rm -rf dist coverage
