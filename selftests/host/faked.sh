# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Runs tsmctl report on a configfs played by fake_configfs.so: source it, after
# tap.sh. What it makes is in $dir, which goes with the script.
#
# Functions and variables are for the scripts, or called through check:
# shellcheck disable=SC2034,SC2317

ctl=${BUILD:?}/bin/tsmctl
fake=$BUILD/fake_configfs.so
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT

# Offset of REPORTDATA in a quote of version 4, DCAP Quoting Library API A.3.2:
# header of 48 bytes, body of 584, REPORTDATA its last 64.
nonce_at=568

# shellcheck source=evidence.sh
. ./evidence.sh

mkdir "$dir/items"
{ make_quote; head -c 4000 /dev/zero; } >"$dir/evidence"
head -c 64 /dev/urandom >"$dir/nonce"
{
	head -c $nonce_at "$dir/evidence"
	cat "$dir/nonce"
	tail -c +$((nonce_at + 65)) "$dir/evidence"
} >"$dir/expected"
nonce=$(od -An -v -tx1 "$dir/nonce" | tr -d ' \n')

# carried FILE: report data in a quote, in hex
carried() {
	tail -c +$((nonce_at + 1)) "$1" | head -c 64 | od -An -v -tx1 |
		tr -d ' \n'
}

# faked [VARIABLE=VALUE...] COMMAND...: in place of a (sub)shell
faked() {
	exec env FAKE_ROOT="$dir/items" FAKE_DRIVER=tsm_guest \
		FAKE_OUTBLOB="$dir/evidence" FAKE_NONCE_AT=$nonce_at \
		LD_PRELOAD="$fake" \
		ASAN_OPTIONS=verify_asan_link_order=0:exitcode=99 "$@"
}

# run [VARIABLE=VALUE...] ARGUMENT-OF-REPORT...: sets status
run() {
	variables=
	while [ $# -gt 0 ]; do
		case $1 in
		FAKE_*) variables="$variables $1"; shift ;;
		*) break ;;
		esac
	done
	# shellcheck disable=SC2086
	(faked $variables "$ctl" report "$@") >"$dir/out" 2>"$dir/err" \
		</dev/null
	status=$?
}

# check SENTENCE COMMAND...
check() {
	sentence=$1
	shift
	"$@"
	result=$?
	[ $result -eq 0 ] || sed "s/^/# $status: /" "$dir/err"
	tap_result $result "$sentence"
}

no_items() {
	[ -z "$(ls "$dir/items")" ]
}

some_items() {
	! no_items
}

# exits STATUS: what the last run gave, and it left nothing behind
exits() {
	[ "$status" -eq "$1" ] && no_items
}

# wait_for COMMAND...: until it is true, 10 seconds at most
wait_for() {
	tries=0
	until "$@"; do
		tries=$((tries + 1))
		[ $tries -lt 200 ] || return 1
		sleep 0.05
	done
}
