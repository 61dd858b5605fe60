#!/bin/sh
# SPDX-License-Identifier: MIT
# What tsmctl report leaves where it is disturbed: closed standard files,
# SIGKILL at the worst moments, limits, one of two files that cannot be.
#
# Functions are called through check:
# shellcheck disable=SC2317
set -u

cd "$(dirname "$0")" || exit 2
# shellcheck source=tap.sh
. ./tap.sh
# shellcheck source=faked.sh
. ./faked.sh
echo certificates >"$dir/aux"
mkdir "$dir/to"
file=$dir/to/file

# only NAME...: what there is in the directory for output
only() {
	[ "$(ls -A "$dir/to")" = "$*" ]
}

# killed: the last run was, and left no item
killed() {
	[ "$status" -eq 137 ] && wait_for no_items
}

echo "TAP version 13"

# run_killed: as run, but the shell keeps the death to itself
run_killed() {
	{ run "$@"; } 2>/dev/null
}

# The helper gives up on its pipe after a second: the host takes longer.
(faked FAKE_WAIT_MS=1500 "$ctl" report -d "$nonce" -o "$file" <&-) \
	>"$dir/out" 2>"$dir/err"
status=$?
check "without standard input, a slow host's quote comes" exits 0
check "its item stays for as long" [ ! -s "$dir/err" ]
(faked FAKE_WAIT_MS=1500 "$ctl" report -d "$nonce" -o "$file" >&-) \
	2>"$dir/err" </dev/null
status=$?
check "without standard output, a slow host's quote comes" \
	cmp "$file" "$dir/expected"
check "only the summary cannot be written" \
	[ "$(cat "$dir/err")" = "tsmctl: standard output: Bad file descriptor" ]
check "which is an error" exits 1
rm -f "$file"
(faked "$ctl" report -d "$nonce" -o "$file" >&- 2>&- <&-)
status=$?
check "without all three, the quote comes, too" cmp "$file" "$dir/expected"
check "and nothing else is in it or left" exits 1
rm -f "$file"

run_killed FAKE_KILL=mkdir -d "$nonce" -o "$file"
check "SIGKILL right behind mkdir() leaves no report item" killed

run_killed FAKE_KILL=write -d "$nonce" -o "$file"
check "SIGKILL while a file is written leaves no report item" killed
check "nor any other file" only
echo old >"$file"
run_killed FAKE_KILL=write -d "$nonce" -o "$file"
check "it leaves an old file alone" [ "$(cat "$file")" = old ]
check "with no other beside it" only file

# tsmctl status makes one, too, if root calls it
if [ "$(id -u)" -eq 0 ]; then
	{ (faked FAKE_KILL=mkdir "$ctl" status) >"$dir/out" 2>"$dir/err"; } \
		2>/dev/null
	status=$?
	check "SIGKILL while status asks who serves leaves no report item" \
		killed
else
	tap_skip "SIGKILL while status asks who serves" "takes root"
fi

for how in FAKE_FSIZE=4096 "FAKE_FSIZE=4096 FAKE_NO_TMPFILE=1"; do
	# shellcheck disable=SC2086
	run $how -d "$nonce" -o "$file"
	check "a limit to file sizes is an error like others ($how)" exits 1
	check "which is told" grep -q 'File too large' "$dir/err"
	check "it leaves the old file alone" [ "$(cat "$file")" = old ]
	check "and no other beside it" only file
done
rm -f "$file"

# both SENTENCE OUTPUT CERTS: one cannot be, so neither is
both() {
	run FAKE_AUXBLOB="$dir/aux" -d "$nonce" -o "$2" --certs "$3"
	check "$1" exits 1
	check "neither file is made" only
}
both "an -o that cannot be is an error" "$dir/none/file" "$dir/to/certs"
both "an -o that is a directory is" "$dir/items" "$dir/to/certs"
both "an -o that is full is" /dev/full "$dir/to/certs"
both "a --certs that cannot be is" "$file" "$dir/none/certs"
both "a --certs that is full is" "$file" /dev/full
(faked FAKE_AUXBLOB="$dir/aux" "$ctl" report -d "$nonce" -o - \
	--certs "$dir/to/certs") >/dev/full 2>"$dir/err" </dev/null
status=$?
check "a standard output that is full is" exits 1
check "no certificates are left without their quote" only

for how in FAKE_DRIVER=tsm_guest FAKE_NO_TMPFILE=1; do
	for old in no yes; do
		run "$how" FAKE_AUXBLOB="$dir/aux" -d "$nonce" -o "$file" \
			--certs "$dir/to/certs"
		check "both are written ($how, old files: $old)" exits 0
		check "the quote" cmp "$file" "$dir/expected"
		check "the certificates" cmp "$dir/to/certs" "$dir/aux"
		check "and nothing else" only "certs
file"
	done
	rm -f "$file" "$dir/to/certs"
done

(faked "$ctl" report -d "$nonce" --json) >/dev/full 2>"$dir/err" </dev/null
status=$?
check "JSON to a full disk is an error" exits 1
check "of this name" grep -q 'No space left on device' "$dir/err"
tap_done
