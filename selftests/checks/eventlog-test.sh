#!/bin/bash
# SPDX-License-Identifier: MIT
# Tests the reader of event logs that other tests compare with, as TAP.

set -u
cd "$(dirname "$0")/../vm" || exit 1

if ! command -v python3 >/dev/null; then
	echo "TAP version 13"
	echo "1..0 # SKIP no python3: run make deps"
	exit 4
fi
status=0
for test in eventlog_test.py eventlog_cel_test.py; do
	./$test || status=1
done
exit $status
