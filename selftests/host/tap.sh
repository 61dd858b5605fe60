# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# TAP for test scripts: source it, call the functions, end with tap_done.

tap_count=0
tap_failed=0

# tap_result STATUS SENTENCE
tap_result() {
	tap_count=$((tap_count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tap_count - $2"
	else
		tap_failed=$((tap_failed + 1))
		echo "not ok $tap_count - $2"
	fi
}

# tap_skip SENTENCE REASON
tap_skip() {
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1 # SKIP $2"
}

tap_done() {
	echo "1..$tap_count"
	[ "$tap_failed" -eq 0 ]
	exit
}
