# SPDX-License-Identifier: MIT
# Runs a VM that start_qemu starts, passes on what comes out of it, and judges how
# it ended; part of run.sh and of what boots whole systems.
# shellcheck shell=bash disable=SC2153,SC2154 # LIMIT and so on are theirs

# tail -f ends by itself once QEMU has, having read all.
follow()
{
	tail -q -c +1 -s 0.05 -f --pid="$QEMU" "$1"
}

# A second signal, as when a whole process group is ended, must not keep this
# from being done.
stop()
{
	trap - EXIT
	trap '' INT TERM HUP
	[ -z "${QEMU-}" ] || kill "$QEMU" 2>/dev/null || true
	wait
	[ -z "${WORK-}" ] || rm -rf "$WORK"
	exit "$1"
}

run_vm()
{
	local followers=()

	start_qemu
	follow "$WORK/out" & followers+=($!)
	follow "$WORK/err" >&2 & followers+=($!)
	[ -z "$VERBOSE" ] || { follow "$WORK/console" >&2 & followers+=($!); }
	status=0
	wait "$QEMU" || status=$?
	QEMU=""
	wait "${followers[@]}"
	return "$status"
}

# judge QEMU-STATUS: prints what went wrong, returns run.sh's exit status.
judge()
{
	local word rest status complaints

	read -r word rest <"$WORK/verdict" || word=""
	case $word in
	exit) status=$rest ;;
	signal) status=$((128 + rest)) ;;
	fail) status=126; say "$rest" ;;
	*)
		status=126
		[ "$1" != 124 ] || status=124
		if [ $status = 124 ]; then
			say "no verdict within $LIMIT seconds"
		else
			say "the VM ended without a verdict"
		fi
		cat "$WORK/qemu" >&2 ;;
	esac
	complaints=$(awk -v allow="$ALLOW" -f "$VM/klog.awk" "$WORK/console")
	if [ -n "$complaints" ]; then
		say "the kernel log tells of a bug:"
		echo "$complaints" >&2
		[ "$status" != 0 ] || status=125
	fi
	return "$status"
}

# Takes the consoles out of what is removed at the end, and says where they are.
keep_consoles()
{
	local log

	find "$WORK" -type f ! -name 'console*' -delete
	for log in "$WORK"/console*; do
		say "console log: ${log#"$TOP/"}"
	done
	WORK=""
}
