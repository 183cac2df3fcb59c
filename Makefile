# Levin: `make demo` and `make test` set up what they need and run.
SWIFT ?= swift
LEVIN = .build/release/levin

.PHONY: demo test build setup suite bench peers imports format clean gmp test-long

# The first thing to run: mod-add, p = 113, 30 % of the pairs.
demo: build
	@$(LEVIN) search mod-add --modulus 113 --train-fraction 3/10

# All tests but the long ones (make test-long).
test: setup
	@$(SWIFT) test

test-long: setup
	@LEVIN_LONG=1 $(SWIFT) test

build: setup
	@$(SWIFT) build -c release --product levin

# The table of the README: 14 modular operations and three of S5, every unseen input checked.
suite: build
	@$(LEVIN) search --suite power2022

# Each target imports only what Package.swift gives it, and only ExactArithmetic sees GMP.
imports: setup
	@$(SWIFT) build --explicit-target-dependency-import-check error
	@! grep -rnE '^ *(internal |private |public |package |@_.*)?import CGMP' Sources --include='*.swift' \
	  | grep -v '^Sources/ExactArithmetic/' || { echo 'CGMP is imported outside ExactArithmetic' >&2; exit 1; }

bench: build
	@benchmarks/run

peers: build
	@benchmarks/peers/run

format:
	@$(SWIFT) format --in-place --recursive Sources Tests Package.swift

# The toolchain and GMP; GMP comes by apt where it is missing.
setup:
	@command -v $(SWIFT) >/dev/null 2>&1 || \
	  { echo 'levin needs the Swift toolchain, 6.2 or later: https://www.swift.org/install' >&2; exit 1; }
	@printf '#include <gmp.h>\n' | clang -E -x c - >/dev/null 2>&1 || $(MAKE) --no-print-directory gmp

gmp:
	@command -v apt-get >/dev/null 2>&1 || \
	  { echo 'levin needs GMP with its header: install libgmp-dev (Debian, Ubuntu) or gmp (Homebrew)' >&2; exit 1; }
	@echo 'installing libgmp-dev' >&2
	@if [ "$$(id -u)" = 0 ]; then run=; else run=sudo; fi; \
	  { $$run apt-get update -qq && $$run apt-get install -y -qq libgmp-dev >/dev/null; } || \
	  { echo 'levin needs GMP with its header: apt could not install libgmp-dev' >&2; exit 1; }

clean:
	@rm -rf .build
