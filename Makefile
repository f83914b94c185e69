# Two commands: `make run` and `make test`. Everything they need is installed by xtask.

.PHONY: run test center compiler

run: compiler
	cargo xtask run

test: compiler
	cargo xtask test

# A center of one's own on this machine; prints its address.
center: compiler
	cargo xtask center

# xtask is a Rust program and needs a linker before it can install anything.
compiler:
	@command -v cc >/dev/null || { \
	  command -v apt-get >/dev/null || { echo "A C compiler (cc) is needed."; exit 1; }; \
	  root=""; test "$$(id -u)" = 0 || root=sudo; \
	  $$root apt-get update -q && \
	  $$root apt-get install -yq --no-install-recommends -o DPkg::Lock::Timeout=300 build-essential; }
