# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Runs tsmctl where fake_rtmrs.so plays a TD that has registers: source it, after
# tap.sh. What it makes is in $dir, which goes with the script.
#
# Functions and variables are for the scripts, or called through check:
# shellcheck disable=SC2034,SC2317

ctl=${BUILD:?}/bin/tsmctl
fake=$BUILD/fake_rtmrs.so
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT

# SHA-384 of "hello", as sha384sum has it.
hello=59e1748777448c69de6b800d7a33bbfb9ff1b463e44354c3553bcdb9c666fa90\
125a3c79f90397bdf5f6a13de828684f

# What there is, see fake_rtmrs.h.
ours=tee,configfs,event,drop,last,sysfs,ioctl
no_drop=tee,configfs,event,last,sysfs,ioctl
proposal=tee,configfs
mainline=tee,sysfs,report

# new_machine: no entries, registers as at power-on
new_machine() {
	rm -rf "$dir/machine"
	mkdir -p "$dir/machine/rtmrs" "$dir/machine/attr" "$dir/machine/sysfs"
}
new_machine

# entry NAME INDEX: made by somebody else
entry() {
	mkdir "$dir/machine/rtmrs/$1"
	echo "$2" >"$dir/machine/attr/$1.index"
}

# faked [VARIABLE=VALUE...] COMMAND...: in place of a (sub)shell
faked() {
	exec env FAKE_ROOT="$dir/machine" FAKE_DRIVER=tsm_guest \
		FAKE_HAS=$ours LD_PRELOAD="$fake" \
		ASAN_OPTIONS=verify_asan_link_order=0:exitcode=99 \
		UBSAN_OPTIONS=exitcode=99 "$@"
}

# run [VARIABLE=VALUE...] ARGUMENT...: sets status
run() {
	variables=
	while [ $# -gt 0 ]; do
		case $1 in
		FAKE_*=*) variables="$variables $1"; shift ;;
		*) break ;;
		esac
	done
	# shellcheck disable=SC2086
	(faked $variables "$ctl" "$@") >"$dir/out" 2>"$dir/err" </dev/null
	status=$?
}

# check SENTENCE COMMAND...
check() {
	sentence=$1
	shift
	"$@"
	result=$?
	[ $result -eq 0 ] || sed "s/^/# $status: /" "$dir/out" "$dir/err"
	tap_result $result "$sentence"
}

no_entries() {
	[ -z "$(ls "$dir/machine/rtmrs")" ]
}

# log_is LINE: all that was extended
log_is() {
	[ "$(cat "$dir/machine/log" 2>&-)" = "$1" ]
}

nothing_extended() {
	[ ! -e "$dir/machine/log" ]
}

# tried COUNT: how often the kernel was asked to extend
tried() {
	[ "$(cat "$dir/machine/attempts" 2>&- | wc -l)" -eq "$1" ]
}

# exits STATUS: what the last run gave, and it left no entry behind
exits() {
	[ "$status" -eq "$1" ] && no_entries
}

# refused STATUS REGEX: so, nothing was extended, and stderr says why
refused() {
	exits "$1" && nothing_extended && [ ! -s "$dir/out" ] &&
		grep -Eq -- "$2" "$dir/err"
}

# says KEY REGEX: a line of the output
says() {
	grep -Eq "^$1 +$2\$" "$dir/out"
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
