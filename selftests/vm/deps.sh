#!/bin/bash
# SPDX-License-Identifier: MIT
# Installs the Debian packages that building and testing need; no more.

# shellcheck disable=SC2016 # formats of apt and make, not of the shell
set -eu
. "$(dirname "$0")/common.sh"

# build: compiler, libraries.  tests: QEMU, initramfs, kselftest's rsync, and
# readers of event logs and of man pages that are not ours.  packages: Debian's
# tools, and what makes disks of whole systems.  kernels: fetching and unpacking.
# style: the checkers.  fuzz: clang and what counts the lines it saw; valgrind.
PACKAGES="
gcc make libc6-dev libssl-dev libkmod-dev libjansson-dev pkg-config
qemu-system-x86 busybox-static cpio kmod rsync openssl jq python3 tpm2-tools
man-db groff mandoc zsh
debhelper dh-dkms dpkg-dev lintian e2fsprogs
mmdebstrap debian-archive-keyring ca-certificates xz-utils zstd util-linux
git perl pahole sparse shellcheck clang llvm valgrind
"

# Used where the distribution has it: what Linux 6.1 and 6.12 were built with;
# libFuzzer, where it is not in a package that clang needs anyway.
OPTIONAL="gcc-12 libclang-rt-dev"

missing()
{
	local p

	for p; do
		dpkg-query -W -f '${Status}\n' "$p" 2>/dev/null |
			grep -q ' installed$' || echo "$p"
	done
}

# The mirror is read from apt's lists, which a fresh image may not have.
apt_is_fresh()
{
	[ -n "${DEBIAN_MIRROR-}" ] ||
		[ -n "$(apt-get indextargets --format '$(SITE)' | head -n 1)" ]
}

command -v apt-get >/dev/null ||
	die 4 "no apt-get here: install these by hand: $PACKAGES"

# shellcheck disable=SC2086 # a list of words
list=$(missing $PACKAGES | xargs)
if [ -n "$list" ] || ! apt_is_fresh; then
	[ "$(id -u)" = 0 ] || die 4 "to install, run as root: sudo make deps" \
		"(missing: ${list:-package lists})"
	say "apt-get update"
	apt-get -q -q update
fi
# shellcheck disable=SC2086 # a list of words
for package in $(missing $OPTIONAL); do
	! apt-cache show "$package" >/dev/null 2>&1 || list+=" $package"
done
if [ -n "$list" ]; then
	say "installing $list"
	# shellcheck disable=SC2086 # a list of words
	DEBIAN_FRONTEND=noninteractive apt-get -q -q -y \
		-o Dpkg::Use-Pty=0 --no-install-recommends install $list \
		>/dev/null
fi
