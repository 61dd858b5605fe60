# SPDX-License-Identifier: MIT
# Builds, tests and installs tsm_guest.ko and tsmctl; see `make help`.
#
# Settings, given as in `make module KDIR=DIR`:
#
#   KDIR            kernel build tree for the module [the running kernel's]
#   KERNEL          kernels to fetch and to test on: of 6.1 6.12 7.3 [all three]
#   TEE             TEEs to emulate in tests: of tdx snp [both]
#   PREFIX          where tsmctl goes [/usr/local]
#   DESTDIR         prepended to every installed path, for packagers
#   SECONDS         how long each harness of `make fuzz` runs [60]
#   DEBIAN_MIRROR   Debian mirror for test kernels [what apt is set up with]
#   CC CFLAGS       for the tools
#   V=1             shows the commands

KDIR	?= /lib/modules/$(shell uname -r)/build
KERNEL	?= 6.1 6.12 7.3
TEE	?= tdx snp
PREFIX	?= /usr/local
CC	:= $(if $(filter default,$(origin CC)),gcc,$(CC))

VM	:= selftests/vm
CHECK	:= KERNEL='$(KERNEL)' $(VM)/check.sh
export DEBIAN_MIRROR TEE PREFIX DESTDIR

ifeq ($(V),1)
Q	:=
else
Q	:= @
MAKEFLAGS += --no-print-directory
endif

.PHONY: all module tools deps vm demo check check-host check-vm fuzz bench
.PHONY: check-clients check-deb check-system fuzz-coverage style install
.PHONY: deb clean help

all: module tools

module:
	$(Q)test -e $(KDIR)/Makefile || { \
		echo "no kernel build tree at $(KDIR): install the headers" \
		"(Debian: linux-headers-$$(uname -r)), or give KDIR=DIR;" \
		"'make tools' builds tsmctl alone" >&2; exit 1; }
	$(Q)$(MAKE) $(if $(Q),-s) -C $(KDIR) M=$(CURDIR) modules

tools:
	$(Q)$(MAKE) $(if $(Q),-s) -C tools O=$(CURDIR)/build

deps:
	$(Q)$(VM)/deps.sh
	$(Q)$(VM)/kernels.sh $(KERNEL) ksrc ksrc-6.12

build/bin/init: $(wildcard $(VM)/init*.[ch])
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -std=c11 -D_GNU_SOURCE -O2 -Wall -Wextra -static -o $@ \
		$(filter %.c,$^)

# All that run.sh puts in a VM; `make deps` comes before.
vm: tools build/bin/init
	$(Q)$(MAKE) $(if $(Q),-s) -C selftests/emu O=$(CURDIR)/build
	$(Q)build/bin/tsm-emud --pki build/pki --init
	$(Q)for k in $(KERNEL); do \
		$(VM)/build-module.sh . $$k cloud build/mod/$$k-cloud && \
		$(VM)/build-module.sh selftests/emu $$k cloud build/emu/$$k || \
		exit 1; \
	done

demo:
	$(Q)$(VM)/deps.sh
	$(Q)$(VM)/kernels.sh 6.12
	$(Q)$(MAKE) vm KERNEL=6.12
	$(Q)$(VM)/demo.sh

check:
	$(Q)$(CHECK) deps build host fuzz style $(addprefix vm-,$(KERNEL)) \
		clients deb system

check-host:
	$(Q)$(CHECK) host

check-vm: vm
	$(Q)$(CHECK) $(addprefix vm-,$(KERNEL))

check-clients: vm
	$(Q)$(CHECK) clients

check-deb: vm
	$(Q)$(CHECK) deb

check-system:
	$(Q)$(VM)/deps.sh
	$(Q)$(CHECK) system

SECONDS	?= 60

fuzz:
	$(Q)selftests/fuzz/run.sh -s '$(SECONDS)'

fuzz-coverage:
	$(Q)selftests/fuzz/coverage.sh -o selftests/fuzz/COVERAGE

style:
	$(Q)$(CHECK) style

# Linux 6.1 has no driver of its own to compare with.
BENCH_KERNEL	:= $(filter-out 6.1,$(KERNEL))

# Verifying needs no VM, and is measured unless a TEE was asked for.
BENCH_TEE	:= $(TEE) $(if $(filter file,$(origin TEE)),verify)

bench: $(if $(filter-out verify,$(BENCH_TEE)),$(if $(BENCH_KERNEL),vm))
	$(Q)test -n '$(BENCH_KERNEL)' || { echo "KERNEL=$(KERNEL): has no" \
		"in-tree driver to compare with; give 6.12 or 7.3" >&2; exit 2; }
	$(Q)TEE='$(strip $(BENCH_TEE))' selftests/bench/run.sh $(BENCH_KERNEL)

# Distribution headers ask for signing, but come without the key.
SIGN	:= $(if $(wildcard $(KDIR)/certs/signing_key.pem),,CONFIG_MODULE_SIG_ALL=)

install: all
	$(Q)$(MAKE) -C $(KDIR) M=$(CURDIR) $(SIGN) \
		$(if $(DESTDIR),INSTALL_MOD_PATH=$(DESTDIR)) modules_install
	$(Q)$(MAKE) -C tools O=$(CURDIR)/build install

deb:
	$(Q)packaging/deb.sh

# What was fetched or signed once stays; `rm -r build` takes that, too.
clean:
	$(Q)test ! -d build || find build -mindepth 1 -maxdepth 1 \
		! -name apt ! -name kernels ! -name kdir ! -name chroot \
		! -name 'ksrc*' ! -name pki ! -name system ! -name deb-compiler \
		! -name .lock -exec rm -rf {} +
	$(Q)rm -f build/system/*/disk build/system/*/packages build/system/*/work
	$(Q)find . -path ./build -prune -o \( -name '*.o' -o -name '*.ko' \
		-o -name '*.mod' -o -name '*.mod.c' -o -name '.*.cmd' \
		-o -name Module.symvers -o -name modules.order \
		-o -name '.checkpatch-camelcase.*' \) -type f -print0 | \
		xargs -0 rm -f

help:
	@echo 'make              module for the running kernel, and tsmctl'
	@echo 'make module       tsm_guest.ko alone (KDIR=DIR for another kernel)'
	@echo 'make tools        tsmctl alone: build/bin/tsmctl'
	@echo 'make install      both (PREFIX=, DESTDIR=)'
	@echo 'make deb          Debian packages of both, and of the emulator: build/deb'
	@echo
	@echo 'sudo make demo    installs what it needs, boots a VM that has an'
	@echo '                  emulated TDX, takes a quote in it, extends a register'
	@echo '                  and replays the event logs; then one that has an'
	@echo '                  emulated SEV-SNP, for a report and its certificates'
	@echo 'sudo make check   installs what it needs and runs every test; ends with'
	@echo '                  N passed, N failed, N skipped'
	@echo 'sudo make deps    only installs and fetches what builds and tests need'
	@echo
	@echo 'make vm           what a test VM needs (KERNEL=6.12 for one kernel), for'
	@echo '                  $(VM)/run.sh, which runs any command in one'
	@echo 'make check-host   tests that need neither root nor VM'
	@echo 'make check-vm     tests in VMs (KERNEL=6.12 for one kernel, TEE=snp for'
	@echo '                  one TEE)'
	@echo 'make check-clients  runs clients of others in VMs, with our driver and with'
	@echo '                  the in-tree one, and prints what works (KERNEL=, TEE=)'
	@echo 'make check-deb    builds the packages twice, and installs them in chroots of'
	@echo '                  Debian 12 and 13'
	@echo 'sudo make check-system  installs our packages in whole Debian systems, boots,'
	@echo '                  upgrades and cleans them'
	@echo 'make fuzz         feeds every parser and verifier with inventions of'
	@echo '                  libFuzzer, SECONDS=60 each'
	@echo 'make fuzz-coverage  counts the lines that this and the tests run, and'
	@echo '                  writes selftests/fuzz/COVERAGE'
	@echo 'make style        source checks'
	@echo 'make bench        what a quote, an extend and an SNP report cost, our driver'
	@echo '                  beside the in-tree one, and verifying beside OpenSSL'
	@echo 'make clean        removes what was built, not what was fetched'
	@echo
	@echo 'Settings are explained at the head of the Makefile.'
