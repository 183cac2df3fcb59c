# Levin: `make demo` and `make test` set up what they need and run.
SWIFT ?= swift
LEVIN = .build/release/levin

.PHONY: demo test build setup suite compare compare-full controls chomsky bench peers peers-pytorch imports format clean gmp openblas test-long test-address

# The first thing to run: programs, a network and a table on mod-add, p = 113, 30 % of the pairs; leaves report.html.
demo: build
	@rm -rf demo
	@$(LEVIN) compare mod-add --modulus 113 --train-fraction 0.3 --methods search,mixture,mlp,uniform,lookup \
	  --steps 400 --out demo

# All tests but the long ones (make test-long).
test: setup
	@$(SWIFT) test

test-long: setup
	@LEVIN_LONG=1 $(SWIFT) test

# Modules that hold memory of their own, under the address sanitizer; leaks are faults.
test-address: setup
	@LSAN_OPTIONS=suppressions=$(CURDIR)/Tests/leaks.txt:print_suppressions=0 \
	  $(SWIFT) test --sanitize=address --scratch-path .build-address \
	  --filter 'ExactArithmeticTests|EvaluationTests|SearchTests|InductionTests|NetworksTests'

build: setup
	@$(SWIFT) build -c release --product levin

# The table of the README: 14 modular operations and three of S5, every unseen input checked.
suite: build
	@$(LEVIN) search --suite power2022

# Programs beside networks: the operations of Power et al. 2022 (minutes; compare-full: hours), the controls, and the
# tasks of Delétang et al. 2022. Interrupted, they go on where they were.
compare: build
	@$(LEVIN) compare --suite power2022
compare-full: build
	@$(LEVIN) compare --suite power2022 --full --out compare-power2022-full
controls: build
	@$(LEVIN) compare --suite controls
chomsky: build
	@$(LEVIN) compare --suite chomsky

# Each target imports only what Package.swift gives it; only ExactArithmetic sees GMP, only Networks OpenBLAS.
imports: setup
	@$(SWIFT) build --explicit-target-dependency-import-check error
	@! grep -rnE '^ *(internal |private |public |package |@_.*)?import CGMP' Sources --include='*.swift' \
	  | grep -v '^Sources/ExactArithmetic/' || { echo 'CGMP is imported outside ExactArithmetic' >&2; exit 1; }
	@! grep -rnE '^ *(internal |private |public |package |@_.*)?import COpenBLAS' Sources --include='*.swift' \
	  | grep -v '^Sources/Networks/' || { echo 'COpenBLAS is imported outside Networks' >&2; exit 1; }

bench: build
	@benchmarks/run

peers: build
	@benchmarks/peers/run

# Steps of training beside bare matrix products, then beside PyTorch's when there is one:
# make peers-pytorch PYTHON=... [ROUNDS=5] [STEPS=30] [THREADS=1]
peers-pytorch: setup
	@$(SWIFT) build -c release --package-path benchmarks --product NetworkSteps >&2
	@$(SWIFT) build -c release --package-path benchmarks --product levin-step >&2
	@benchmarks/.build/release/NetworkSteps 60
	@benchmarks/peers/run-pytorch $(or $(ROUNDS),5) $(or $(STEPS),30) $(or $(THREADS),1)

format:
	@$(SWIFT) format --in-place --recursive Sources Tests benchmarks/Benchmarks Package.swift benchmarks/Package.swift

# The toolchain, GMP and, but for macOS, OpenBLAS; the libraries come by apt where they are missing.
setup:
	@command -v $(SWIFT) >/dev/null 2>&1 || \
	  { echo 'levin needs the Swift toolchain, 6.3 or later: https://www.swift.org/install' >&2; exit 1; }
	@printf '#include <gmp.h>\n' | clang -E -x c - >/dev/null 2>&1 || $(MAKE) --no-print-directory gmp
	@[ "$$(uname)" = Darwin ] || printf '#include <openblas_config.h>\n' | clang -E -x c - >/dev/null 2>&1 || \
	  $(MAKE) --no-print-directory openblas

gmp: LIBRARY = GMP with its header
gmp: PACKAGE = libgmp-dev
gmp: BREW = gmp
openblas: LIBRARY = OpenBLAS with its headers
openblas: PACKAGE = libopenblas-dev
openblas: BREW = openblas
gmp openblas:
	@command -v apt-get >/dev/null 2>&1 || \
	  { echo 'levin needs $(LIBRARY): install $(PACKAGE) (Debian, Ubuntu) or $(BREW) (Homebrew)' >&2; exit 1; }
	@echo 'installing $(PACKAGE)' >&2
	@if [ "$$(id -u)" = 0 ]; then run=; else run=sudo; fi; \
	  { $$run apt-get update -qq && $$run apt-get install -y -qq $(PACKAGE) >/dev/null; } || \
	  { echo 'levin needs $(LIBRARY): apt could not install $(PACKAGE)' >&2; exit 1; }

clean:
	@rm -rf .build .build-address
