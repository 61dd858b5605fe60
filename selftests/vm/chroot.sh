#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs a command in the trixie chroot, which sees the repo where it really is.
#
# usage: chroot.sh [-b DIR]... COMMAND [ARGUMENT]...
# -b DIR shows one more folder. The mounts are those of a private namespace, so
# nothing is left behind however this ends.

set -eu
. "$(dirname "$0")/common.sh"

ROOT=$BUILD/chroot/trixie
BIND=$TOP

while getopts b: opt; do
	case $opt in
	b) BIND+=$'\n'$(realpath "$OPTARG") ;;
	*) die 2 "usage: chroot.sh [-b DIR]... COMMAND [ARGUMENT]..." ;;
	esac
done
shift $((OPTIND - 1))

[ -d "$ROOT" ] || die 4 "no ${ROOT#"$TOP/"}: run 'sudo make deps'"
[ "$(id -u)" = 0 ] || die 4 "a chroot needs root: use sudo"

# shellcheck disable=SC2016 # expanded by the inner shell
ROOT=$ROOT BIND=$BIND exec unshare -m --propagation private sh -eu -c '
	echo "$BIND" | while read -r dir; do
		mkdir -p "$ROOT$dir"
		mount --bind "$dir" "$ROOT$dir"
	done
	mount -t proc proc "$ROOT/proc"
	mount --rbind /dev "$ROOT/dev"
	unset BIND
	export LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin
	cd "$ROOT"
	exec chroot . "$@"' sh "$@"
