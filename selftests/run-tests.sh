#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs installed test programs one after the other: one stream of TAP.
#
# usage: run-tests.sh 'PROGRAM [ARGUMENT]...'...
#
# Each argument is a command line; the program is looked for beside this
# script. Unlike the kernel's run_kselftest.sh it passes the TAP of the
# programs on as it comes, so that a hang shows where it is, and it needs
# nothing but a POSIX shell. After the TAP of each program stands its exit
# status, by which checks/tap-total.sh sees that a program has died.

cd "$(dirname "$0")" || exit 1
failed=0

for line; do
	echo "# selftests: tsm_guest: $line"
	# shellcheck disable=SC2086 # a command line is meant to be split
	./$line 2>&1
	status=$?
	echo "# exit status $status: $line"
	case $status in
	0 | 4) ;;
	*) failed=1 ;;
	esac
done
exit $failed
