#!/bin/sh
# SPDX-License-Identifier: MIT
# In a VM: the kernel's own test of a TDX guest's device, of two kernels, and what
# reads measurement registers.

./reader "$1"
[ "$1" = tdx ] || exit 0

for version in 6.12 7.3; do
	row="tdx_guest_test of $version"
	if [ ! -e /dev/tdx_guest ]; then
		printf '%s\t-: no /dev/tdx_guest\n' "$row"
		continue
	fi
	status=0
	"./$version/tdx_guest_test" >said 2>&1 || status=$?
	cat said
	if [ $status != 0 ]; then
		printf '%s\tno: exit status %s\n' "$row" $status
	elif ! grep -q '^# PASSED: 1 / 1 tests passed' said; then
		printf '%s\tno: not one test passed\n' "$row"
	else
		printf '%s\tok\n' "$row"
	fi
done
