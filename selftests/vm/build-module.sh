#!/bin/bash
# SPDX-License-Identifier: MIT
# Builds an out-of-tree module for one of the kernels under build/kernels.

set -eu
. "$(dirname "$0")/common.sh"

usage()
{
	cat <<-END
	usage: build-module.sh SRCDIR K FLAVOUR OUTDIR [MAKE-ARGUMENT]...

	Builds SRCDIR's Kbuild for kernel K (6.1, 6.12, 7.3) of FLAVOUR (cloud,
	generic) in OUTDIR, with W=1. C=2 runs sparse over it, too.
	END
}

# Sources are mirrored, so what was removed or renamed is gone here, too. Objects
# stay: a changed source gets the time of copying, so kbuild sees that it is new.
copy_sources()
{
	local parts=()

	if [ -d "$SRC/kernel" ]; then
		parts=("$SRC/Kbuild" "$SRC/kernel" "$SRC/uapi")
	else
		parts=("$SRC/")
	fi
	rsync -rl --checksum --delete --prune-empty-dirs \
		--include='*/' --exclude='*.mod.c' \
		--include='*.[chS]' --include='Kbuild*' --include='Makefile*' \
		--filter='P *.o' --filter='P *.ko' --filter='P .*' \
		--filter='P *.mod*' --filter='P *odules.order' \
		--filter='P Module.symvers' \
		--exclude='*' "${parts[@]}" "$OUT/"
}

[ "${1-}" != --help ] || { usage; exit 0; }
[ $# -ge 4 ] || { usage >&2; exit 2; }

SRC=$(realpath "$1")
K=$2
FLAVOUR=$3
mkdir -p "$4"
OUT=$(realpath "$4")
shift 4

KDIR=$BUILD/kdir/$K-$FLAVOUR
[ -e "$KDIR/Makefile" ] ||
	die 4 "no headers for $K $FLAVOUR: run 'sudo make deps'"
[ -e "$SRC/Kbuild" ] || die 2 "no Kbuild in $SRC"
exec {lock}>"$OUT/.lock"
flock "$lock"
copy_sources

# BTF of modules wants pahole and a vmlinux, which headers do not hold.
command=(make -s -C "$(realpath "$KDIR")" "M=$OUT" W=1
	CONFIG_DEBUG_INFO_BTF_MODULES= "$@"
	"CHECK=sparse -include $VM/sparse.h" modules)
needs_chroot "$K" || exec "${command[@]}"
[ "$K" = 7.3 ] || command+=(CC=gcc)
exec "$VM/chroot.sh" -b "$OUT" "${command[@]}"
