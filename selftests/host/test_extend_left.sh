#!/bin/sh
# SPDX-License-Identifier: MIT
# What tsmctl extend leaves where it is disturbed: killed at the worst moments,
# interrupted while it waits, among many of its kind.
#
# Functions are called through check:
# shellcheck disable=SC2317
set -u

cd "$(dirname "$0")" || exit 2
# shellcheck source=tap.sh
. ./tap.sh
# shellcheck source=faked_rtmrs.sh
. ./faked_rtmrs.sh

extended() {
	cut -d' ' -f5 "$dir/machine/log" 2>&- | wc -l
}

# pending ENTRY: event data
pending() {
	[ -s "$dir/machine/attr/$1.event" ]
}

not_pending() {
	! pending "$1"
}

# unlocked ENTRY
unlocked() {
	flock -n "$dir/machine/rtmrs/$1" true
}

# run_killed: as run, but the shell keeps the death to itself
run_killed() {
	{ run "$@"; } 2>/dev/null
}

echo "TAP version 13"

for place in mkdir index event_type event measure; do
	new_machine
	run_killed FAKE_KILL=$place extend rtmr3 --data hello
	check "SIGKILL behind $place ends it" [ $status -eq 137 ]
	check "SIGKILL behind $place leaves no entry" wait_for no_entries
	want=0
	[ $place != measure ] || want=1
	check "SIGKILL behind $place extends $want times" \
		[ "$(extended)" -eq $want ]
done
new_machine
run_killed FAKE_KILL=digest extend rtmr3 --digest $hello --via configfs
check "SIGKILL behind digest leaves no entry" wait_for no_entries

for place in event_type event measure; do
	new_machine
	entry theirs 3
	echo 0x00000005 >"$dir/machine/attr/theirs.event_type"
	printf stale >"$dir/machine/attr/theirs.event"
	run_killed FAKE_KILL=$place extend rtmr3 --data hello
	check "SIGKILL behind $place in another's entry frees its lock" \
		wait_for unlocked theirs
	check "SIGKILL behind $place leaves no event data in it" \
		not_pending theirs
	check "SIGKILL behind $place leaves its type as it was" \
		[ $(($(cat "$dir/machine/attr/theirs.event_type"))) -eq 5 ]
	check "SIGKILL behind $place leaves it there" \
		[ "$(ls "$dir/machine/rtmrs")" = theirs ]
done
new_machine
entry theirs 3
run_killed FAKE_HAS=$no_drop FAKE_KILL=event extend rtmr3 --data hello
check "SIGKILL leaves no event data where a kernel takes no \"0\"" \
	wait_for not_pending theirs

# failed SETTING NAME [HAS]: event data do not stay in another's entry
failed() {
	new_machine
	entry theirs 3
	run "$1" FAKE_HAS="${3:-$ours}" extend rtmr3 --data hello
	check "$2 extends nothing" [ "$status-$(extended)" = 1-0 ]
	check "$2 leaves no event data" not_pending theirs
}

for has in $ours $no_drop; do
	word=with
	[ "$has" = "$ours" ] || word=without
	failed FAKE_ERRNO=1 "EPERM, $word \"0\"," "$has"
	failed FAKE_ERRNO=28 "ENOSPC, $word \"0\"," "$has"
	failed FAKE_MEDDLE=1000 "EBADMSG, $word \"0\"," "$has"
	failed FAKE_NOMEM=measure "ENOMEM before measure, $word \"0\"," "$has"
done

# --- others
for place in event_type event measure; do
	new_machine
	entry theirs 3
	run FAKE_VANISH=$place extend rtmr3 --data hello
	check "where another's entry vanishes at $place, ours is made" exits 0
	check "where it vanishes at $place, it is extended once" \
		log_is "configfs 3 0xd $hello 68656c6c6f"
done
new_machine
run FAKE_TAKEN=3 FAKE_MEDDLE=2 FAKE_FORGET=2 extend rtmr3 --data hello
check "who is disturbed extends in the end" exits 0
check "once" log_is "configfs 3 0xd $hello 68656c6c6f"

new_machine
entry theirs 3
exec 9<"$dir/machine/rtmrs/theirs"
flock 9
for signal in INT TERM HUP KILL; do
	# a shell without job control starts them with SIGINT ignored
	faked env --default-signal=INT "$ctl" extend rtmr3 --data hello \
		>"$dir/out" 2>"$dir/err" </dev/null 9<&- &
	pid=$!
	sleep 0.3
	kill -s $signal $pid
	wait $pid 2>/dev/null
	status=$?
	check "SIG$signal ends the wait for another's lock" [ $status -gt 128 ]
	check "SIG$signal during the wait extends nothing" nothing_extended
done
run FAKE_HURRY=1 extend rtmr3 --data hello 9<&-
check "a lock that is never free is given up" grep -q lslocks "$dir/err"
new_machine
run FAKE_CATCH=5 FAKE_HURRY=1 extend rtmr3 --data hello
check "whoever locks new entries first does not stop it" \
	log_is "configfs 3 0xd $hello 68656c6c6f"
check "and leaves none of them" exits 0
new_machine
run FAKE_CATCH=100000 extend rtmr3 --data hello
check "whoever locks each of them is told of" \
	refused 1 'takes the lock of each new entry'
new_machine
entry theirs 3
exec 9<"$dir/machine/rtmrs/theirs"
flock 9
if command -v script >/dev/null; then
	(sleep 2; flock -u 9) &
	(faked script -qec "$ctl extend rtmr3 --data hello" /dev/null) \
		>"$dir/out" 2>&1 </dev/null 9<&-
	check "a terminal is told when it takes longer than a second" \
		grep -q 'waiting for others who extend' "$dir/out"
	check "and it is extended when the lock is free" [ "$(extended)" -eq 1 ]
	wait
else
	tap_skip "a terminal is told when it takes longer than a second" \
		"no script(1)"
fi
exec 9<&-

# --- many
# all_extend PREFIX: 8 processes, 10 extends each, output in one file
all_extend() {
	: >"$dir/all"
	for i in 1 2 3 4 5 6 7 8; do
		(
			for j in 0 1 2 3 4 5 6 7 8 9; do
				faked "$ctl" extend rtmr3 --data "$1$i.$j" &
				wait $!
			done
		) >>"$dir/all" 2>&1 </dev/null &
	done
	wait
}

# each_once: 80 records, no two of the same data, each value from the last one
each_once() {
	[ "$(extended)" -eq 80 ] &&
		[ "$(cut -d' ' -f5 "$dir/machine/log" | sort -u | wc -l)" -eq 80 ] &&
		[ "$(grep -c '^as expected *yes' "$dir/all")" -eq 80 ] &&
		[ "$(grep '^old value' "$dir/all" | sort -u | wc -l)" -eq 80 ]
}

new_machine
all_extend m
check "eight at a time extend each once, one after another" each_once
check "they leave no entry" no_entries
new_machine
entry theirs 3
all_extend f
check "so they do through an entry of somebody else" each_once
check "they leave it, and nothing in it" not_pending theirs

# Killed at random: what was extended is in the log, and the next one finds all
# in order. The times are spread over what one takes here.
new_machine
entry theirs 3
for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	faked "$ctl" extend rtmr3 --data "k$n" >/dev/null 2>&1 </dev/null &
	pid=$!
	sleep "0.$(printf %03d $((n * 5)))"
	{ kill -s KILL $pid && wait $pid; } 2>/dev/null
done
check "extenders killed at random free the lock" wait_for unlocked theirs
check "they leave no event data" not_pending theirs
run extend rtmr3 --data hello
check "the next one extends as if nothing had been" \
	grep -q '^as expected *yes' "$dir/out"
tap_done
