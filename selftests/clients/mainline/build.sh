#!/bin/bash
# SPDX-License-Identifier: MIT
# Builds the kernel's own tdx_guest_test, unmodified, of Linux 6.12 and of 7.3, and
# a reader of measurement registers.
#
# usage: build.sh OUT

set -eu
. "$(dirname "$0")/../../vm/common.sh"

out=$1
"$VM/kernels.sh" ksrc ksrc-6.12 ||
	die 4 "the sources of Linux 6.12 and 7.3 cannot be fetched"
KSRC=$BUILD/ksrc-6.12 "$TOP/selftests/mainline-tdx.sh" "$out/6.12"
KSRC=$BUILD/ksrc "$TOP/selftests/mainline-tdx.sh" "$out/7.3"
"$TOP/selftests/clients/build-c.sh" "$out" \
	"$TOP/selftests/clients/mainline/reader.c"
