#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds clients in C for a VM, each of one file.
#
# usage: build-c.sh OUT SOURCE...

set -eu

here=$(cd "$(dirname "$0")" && pwd)
out=$1
shift
for source; do
	name=${source##*/}
	# The VM has no C library of its own.
	${CC:-gcc} -std=gnu11 -D_GNU_SOURCE -O2 -Wall -Wextra ${WERROR:+-Werror} -static \
		-Wno-unused-parameter -I "$here" -o "$out/${name%.c}" "$source"
done
