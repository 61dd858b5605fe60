# SPDX-License-Identifier: MIT
# Runs commands so that a signal ends them at once, with all they started.
# shellcheck shell=bash

child=""	# session of the command that runs now

# attend COMMAND...: in a session of its own, which all of it belongs to,
# whatever process groups it makes; bash is ready for a signal only in `wait`.
attend()
{
	local status=0

	setsid "$@" </dev/null &
	child=$!
	wait "$child" || status=$?
	child=""
	return $status
}

# in_session SID: its living processes
in_session()
{
	cat /proc/[0-9]*/stat 2>/dev/null |
		sed -nE "s/^([0-9]+) \(.*\) [^ZX] [0-9]+ [0-9]+ $1 .*/\1/p"
}

# TERM first: run.sh clears up after itself.
end_session()
{
	local tries pids

	for tries in {1..60}; do
		mapfile -t pids < <(in_session "$1")
		[ ${#pids[@]} -gt 0 ] || return 0
		case $tries in
		1) kill -TERM "${pids[@]}" ;;
		5?) kill -KILL "${pids[@]}" ;;
		esac 2>/dev/null
		sleep 0.1
	done
}

stop()
{
	trap '' INT TERM HUP
	[ -z "$child" ] || end_session "$child"
	exit "$1"
}

trap 'stop 130' INT
trap 'stop 143' TERM
trap 'stop 129' HUP
