#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs one test: its TAP goes to standard output and to LOGDIR/host-NAME.tap.
set -u

if [ $# -ne 2 ]; then
	echo "usage: run-tap.sh LOGDIR TEST" >&2
	exit 2
fi
logs=$1
name=$(basename "$2" .sh)
log=$logs/host-${name#test_}.tap

mkdir -p "$logs"
timeout "${TAP_TIMEOUT:-300}" "$2" >"$log"
status=$?
# a test that died says so where the totals are counted
[ "$status" -le 1 ] || echo "Bail out! $name ended with status $status" >>"$log"
echo "# host/$name"
cat "$log"
exit "$status"
