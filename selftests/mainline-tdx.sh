#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds mainline's own TDX test, unmodified, against our uapi header.
#
# usage: mainline-tdx.sh FOLDER
#
# The source is tools/testing/selftests/tdx of the kernel at KSRC (default:
# what `make deps` unpacks); it is built by its own Makefile, and the program
# tdx_guest_test is put into FOLDER.

set -eu

[ $# -eq 1 ] || { echo "usage: mainline-tdx.sh FOLDER" >&2; exit 2; }
top=$(cd "$(dirname "$0")/.." && pwd)
source=${KSRC:-$top/build/ksrc}/tools/testing/selftests/tdx
if [ ! -e "$source/Makefile" ]; then
	echo "mainline-tdx.sh: no $source: run 'make deps'" >&2
	exit 4
fi
mkdir -p "$1"
output=$(cd "$1" && pwd)
${MAKE:-make} -s -C "$source" OUTPUT="$output" \
	KHDR_INCLUDES="-isystem $top/uapi"
