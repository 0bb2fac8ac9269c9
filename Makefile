# dirsync-lint: what to type. `make` alone lists the targets.

SWIFT ?= swift
# Imports of targets that Package.swift does not declare are errors in every build, so that none gets in warm.
BUILD_FLAGS = --explicit-target-dependency-import-check error
# The released program carries Swift's libraries, so that it runs where no toolchain is installed.
# Addresses of functions are written once and for all before it starts, and it searches no folder of its own for libraries.
RELEASE_FLAGS = -c release --static-swift-stdlib --disable-local-rpath -Xlinker -z -Xlinker now $(BUILD_FLAGS)
PROGRAM = .build/release/dirsync-lint
SAMPLE = Fixtures/sample/directory.ldif
SECONDS ?= 60

.PHONY: help dependencies build release lint test deb deb-test bench format format-check check-structure docs docs-check sample rule hooks fuzz kill-test clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22

dependencies: ## install what is missing (as root), or print the command to run
	@Packaging/install-dependencies.sh

build: dependencies ## build for development
	$(SWIFT) build $(BUILD_FLAGS)

release: dependencies ## build the program: .build/release/dirsync-lint
	$(SWIFT) build $(RELEASE_FLAGS) --product dirsync-lint

lint: release ## build the program and lint the sample directory
	@$(PROGRAM) lint $(SAMPLE); status=$$?; \
	case $$status in \
	0) echo "Exit status 0: nothing was found." ;; \
	1) echo "Exit status 1: findings. That is right here: the sample directory is made of mistakes." ;; \
	*) echo "Exit status $$status: see Docs/command-line.md." >&2; exit $$status ;; \
	esac

test: ## run every test: units, examples of the rules, scenarios on the built program and on LDAP servers
	@Packaging/install-dependencies.sh --tests
	$(SWIFT) test $(BUILD_FLAGS) --disable-xctest

deb: release ## build a Debian package: .build/deb/*.deb
	@Packaging/install-dependencies.sh --package
	$(SWIFT) build --product generate-manual
	Packaging/deb/build.sh $(PROGRAM) .build/debug/generate-manual .build/deb

deb-test: deb ## install the package in a clean root, run it, purge it; check the systemd units (as root)
	lintian --fail-on error,warning .build/deb/*.deb
	Packaging/systemd/test.sh $(PROGRAM)
	Packaging/deb/test.sh .build/deb/*.deb

bench: release ## measure speed and memory (QUICK=1: 100,000 entries only)
	@Packaging/install-dependencies.sh --benchmarks
	Benchmarks/run --program $(PROGRAM) $(if $(QUICK),--quick) $(BENCH_FLAGS)
	Benchmarks/ldap --program $(PROGRAM)

format: ## format the sources
	$(SWIFT) format -i -r Sources Tests Package.swift

format-check: ## tell what `make format` would change
	$(SWIFT) format lint --strict -r Sources Tests Package.swift

check-structure: ## tell where unsafe code, imports or circles of files break the rules
	python3 Packaging/check-structure.py

docs: build ## write the generated documentation anew
	Packaging/generated-docs.sh .build/debug/dirsync-lint

docs-check: build ## tell whether the generated documentation is up to date
	Packaging/generated-docs.sh --check .build/debug/dirsync-lint

sample: release ## write the sample directories and the expected findings anew
	python3 Fixtures/make-sample.py
	$(PROGRAM) lint --format ndjson $(SAMPLE) > Fixtures/sample/expected.ndjson || test $$? -eq 1

rule: ## begin a rule: make rule ID=mail-too-odd ATTRIBUTE=mail
	@Packaging/new-rule.py "$(ID)" "$(ATTRIBUTE)"

hooks: ## let git hold every commit against format-check and check-structure
	install -m 755 Packaging/pre-commit "$$(git rev-parse --git-path hooks)/pre-commit"

fuzz: dependencies ## fuzz the readers of LDIF, rules and error material, SECONDS=60 each
	Packaging/fuzz.sh $(SECONDS)

kill-test: dependencies ## kill audits at any moment, KILLS=340 times, and look into the store
	KILLS=$(or $(KILLS),340) $(SWIFT) test $(BUILD_FLAGS) --disable-xctest --filter AuditKillTests

clean: ## remove what was built
	rm -rf .build .build-*
