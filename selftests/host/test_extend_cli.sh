#!/bin/sh
# SPDX-License-Identifier: MIT
# tsmctl extend from the command line to the register: what is measured, by which
# way, what is said, and what helps where it cannot be done.
#
# Functions are called through check:
# shellcheck disable=SC2317
set -u

cd "$(dirname "$0")" || exit 2
# shellcheck source=tap.sh
. ./tap.sh
# shellcheck source=faked_rtmrs.sh
. ./faked_rtmrs.sh

# hex FILE
hex() {
	od -An -v -tx1 "$1" | tr -d ' \n'
}

sha384() {
	sha384sum <"$1" | cut -c-96
}

# usage SENTENCE ARGUMENT...: wrong usage, and nothing is touched
usage() {
	sentence=$1
	shift
	run extend "$@"
	check "$sentence" refused 2 "^Try 'tsmctl extend --help'"
}

echo "TAP version 13"

# --- usage
run extend --help
check "--help helps" exits 0
check "it says what the digest is of" \
	grep -q 'digest is always SHA-384 of the event data' "$dir/out"
usage "it takes a register" --data x
usage "one at a time" rtmr2 rtmr3 --data x
usage "one that there is" rtmr4 --data x
usage "one that can be extended" mrtd --data x
usage "one with its own algorithm" rtmr3:sha256 --data x
usage "and something to extend it with" rtmr3
usage "one thing" rtmr3 --data x --digest $hello
usage "--digest and --aael exclude each other" rtmr3 --digest $hello --aael 'a b c'
usage "--file and --data exclude each other" rtmr3 --file /dev/null --data x
usage "a digest has 96 digits, not 94" rtmr3 --digest "${hello%??}"
usage "not 98" rtmr3 --digest "${hello}00"
usage "all of them hex" rtmr3 --digest "x${hello#?}"
usage "a digest alone has no event type" rtmr3 --digest $hello --event-type 13
usage "and no tag" rtmr3 --digest $hello --tag 1
usage "no data are nothing to measure" rtmr3 --data ''
usage "--via takes a way" rtmr3 --data x --via magic
usage "not the word for none" rtmr3 --data x --via none
for type in EV_NO_ACTION 3 0x3 4294967296 -1 ev_ipl EV_NONE '' 13x; do
	usage "--event-type refuses '$type'" rtmr3 --data x --event-type "$type"
done
usage "EV_EVENT_TAG without a tag is malformed" rtmr3 --data hello \
	--event-type EV_EVENT_TAG
usage "--tag is for EV_EVENT_TAG" rtmr3 --data x --tag 1 --event-type EV_IPL
usage "--tag is a number" rtmr3 --data x --tag 1g
usage "--aael has a type of its own" rtmr3 --aael 'a b c' --event-type EV_IPL
usage "and a tag" rtmr3 --aael 'a b c' --tag 1
for text in '' a 'a b' 'a b ' ' a b c' 'a  b c' 'a b  c' "a b c$(printf '\nd')" \
	    "a b $(printf '\377')" "a b $(printf '\300\200')" \
	    "a b $(printf '\355\240\200')"; do
	usage "--aael refuses '$(echo "$text" | tr '\n' '/' | tr -cd ' -~')'" \
		rtmr3 --aael "$text"
done
usage "wrong usage comes before a file is looked for" rtmr3 --file "$dir/none" \
	--event-type none

# --- what is measured
run extend rtmr3 --data hello
check "--data extends" exits 0
check "with SHA-384 of just that, recorded as EV_IPL" \
	log_is "configfs 3 0xd $hello 68656c6c6f"
check "it says by which way" says via configfs
check "the digest" says digest $hello
check "that the data are recorded" says 'event recorded' yes
check "as what" says 'event type' '13 \(EV_IPL\)'
check "how many bytes" says 'event bytes' 5
check "the value before" says 'old value' '0{96}'
new=$(hex "$dir/machine/value.3")
check "the value now" says 'new value' "$new"
check "and that one comes from the other" says 'as expected' 'yes: .*'

new_machine
printf 'a\000\377\n' >"$dir/binary"
run extend rtmr2:sha384 --file "$dir/binary" --event-type 0x80000008
check "--file takes any bytes, --event-type any number" \
	log_is "configfs 2 0x80000008 $(sha384 "$dir/binary") $(hex "$dir/binary")"
new_machine
(faked "$ctl" extend rtmr3 -f - --event-type EV_EFI_ACTION) <"$dir/binary" \
	>"$dir/out" 2>"$dir/err"
status=$?
check "-f - takes standard input, --event-type a name" \
	log_is "configfs 3 0x80000007 $(sha384 "$dir/binary") $(hex "$dir/binary")"
check "which it prints" says 'event type' '2147483655 \(EV_EFI_ACTION\)'
new_machine
run extend rtmr3 --data x --event-type 0x80001234
check "a type without a name is as good" says 'event type' '.* \(unknown\)'

new_machine
run extend rtmr3 --data hello --tag 0x01020304
printf '\004\003\002\001\005\000\000\000hello' >"$dir/tagged"
check "--tag puts tag and length before it, and hashes all of that" \
	log_is "configfs 3 0x6 $(sha384 "$dir/tagged") $(hex "$dir/tagged")"
new_machine
run extend rtmr3 --file "$dir/tagged" --event-type EV_EVENT_TAG
check "EV_EVENT_TAG takes what has them" \
	log_is "configfs 3 0x6 $(sha384 "$dir/tagged") $(hex "$dir/tagged")"
new_machine
printf x >>"$dir/tagged"
run extend rtmr3 --file "$dir/tagged" --event-type 6
check "not with another length" refused 2 'begin with a tag'

# The record of the attestation agent: its tag, the length, the text, all of
# it hashed. The digest is the one in the agent's own tests.
new_machine
run extend rtmr3 --aael 'domain operation content'
check "--aael makes the agent's record" log_is "configfs 3 0x6 \
dad5f0e226318ffa9839b75a472c6aa7fdb5834949d0a0a22990cf04d5692440fb00f3aa0609db7e49cd8d793f670d02 \
4c45414118000000646f6d61696e206f7065726174696f6e20636f6e74656e74"
new_machine
printf 'LEAA\017\000\000\000a b c  \342\202\254\360\237\230\200 ' >"$dir/tagged"
run extend rtmr3 --aael "$(tail -c +9 "$dir/tagged")"
check "its content may have spaces and any character" \
	log_is "configfs 3 0x6 $(sha384 "$dir/tagged") $(hex "$dir/tagged")"
new_machine
tr '\000' x </dev/zero | head -c 65536 >"$dir/most"
run extend rtmr3 --file "$dir/most"
check "65536 bytes are recorded" says 'event bytes' 65536
new_machine
printf x >>"$dir/most"
run extend rtmr3 --file "$dir/most"
check "one more is refused, and it says what to do" \
	refused 1 'sha384sum <FILE'
run extend rtmr3 --file "$dir/most" --via sysfs
check "whatever the way" refused 1 'more than 65536 bytes'
run extend rtmr3 --file /dev/zero
check "an endless file is not read for ever" refused 1 'more than 65536'
head -c 65528 "$dir/most" >"$dir/most2"
run extend rtmr3 --file "$dir/most2" --tag 1
check "a tag takes 8 of them" says 'event bytes' 65536
new_machine
printf x >>"$dir/most2"
run extend rtmr3 --file "$dir/most2" --tag 1
check "no more" refused 1 'more than 65528'
run extend rtmr3 --data "$(cat "$dir/most")"
check "--data has the same limit" refused 2 '65537 bytes are more'
: >"$dir/empty"
run extend rtmr3 --file "$dir/empty"
check "an empty file is nothing to measure" refused 1 'is empty'
run extend rtmr3 --file -
check "nor is empty standard input" refused 1 'is empty'
run extend rtmr3 --file "$dir/none"
check "a file must be there" refused 1 'none: No such file'

# --- ways
run extend rtmr3 --digest "$(echo $hello | tr a-f A-F)"
check "a digest alone goes through sysfs" log_is "sysfs 3 0xc $hello "
check "of event data nothing is said" \
	[ "$(grep -c '^event' "$dir/out")" -eq 0 ]
for n in 0 1; do
	new_machine
	run extend rtmr$n --data hello
	check "rtmr$n goes through sysfs" log_is "sysfs $n 0xc $hello "
	check "it says that the data are not recorded" says 'event recorded' \
		'NO: only rtmr2 and rtmr3 take event data'
done
new_machine
run FAKE_HAS=$mainline FAKE_DRIVER=tdx_guest extend rtmr3 --data hello
check "the kernel's own driver is served through sysfs" \
	log_is "sysfs 3 0xc $hello "
check "it says that the data are not recorded there" says 'event recorded' \
	'NO: only configfs tsm/rtmrs of tsm_guest takes event data'
new_machine
run FAKE_HAS=tee,ioctl extend rtmr3 --data hello
check "without either, the ioctl is taken" log_is "ioctl 3 0xc $hello "
check "it says so" says via ioctl
new_machine
run FAKE_HAS=tee,v3 extend rtmr3 --data hello
check "in the encoding that the driver knows" log_is "v3 3 0xc $hello "
new_machine
run FAKE_HAS=$proposal extend rtmr3 --data hello
check "entries of the kernel proposal take the digest" \
	log_is "digest 3 0xc $hello "
for way in sysfs ioctl; do
	new_machine
	run extend rtmr3 --data hello --via $way
	check "--via $way is obeyed" log_is "$way 3 0xc $hello "
done
new_machine
run extend rtmr3 --digest $hello --via configfs
check "--via configfs is, for a digest" log_is "digest 3 0xc $hello "
new_machine
run extend rtmr2 --data hello --via configfs
check "and for event data" log_is "configfs 2 0xd $hello 68656c6c6f"
new_machine
entry theirs 3
run extend rtmr3 --data hello
check "an entry of somebody else is used" \
	log_is "configfs 3 0xd $hello 68656c6c6f"
check "and stays" [ "$(ls "$dir/machine/rtmrs")" = theirs ]

# --- JSON
if command -v jq >/dev/null; then
	new_machine
	run extend rtmr3 --data hello --json
	check "JSON has all of it" [ "$(jq -r '.register, .via, .digest,
		.event_recorded, .event_type, .event_type_name, .event_bytes,
		.new_value, .as_expected' "$dir/out" | tr '\n' ' ')" = \
		"rtmr3:sha384 configfs $hello true 13 EV_IPL 5 $new true " ]
else
	tap_skip "JSON has all of it" "no jq"
fi

# --- errors, and what is said to help
while read -r number way word; do
	new_machine
	run FAKE_ERRNO="$number" extend rtmr3 --data x --via "$way"
	check "errno $number of $way is explained" refused 1 "$word"
	check "errno $number of $way is not followed by another try" tried 1
done <<END
28 configfs log_max_kb
28 sysfs log_max_kb
28 ioctl log_max_kb
1 configfs rtmr_mask
1 sysfs rtmr_mask
16 configfs busy.*try again
16 ioctl busy.*try again
5 sysfs failed.*nothing was extended
6 sysfs refused.*nothing was extended
12 configfs no memory
22 sysfs refused
30 sysfs read-only
END
run FAKE_ERRNO=28 extend rtmr3 --digest $hello --via configfs
check "the error of a digest through configfs is found out" \
	refused 1 log_max_kb
run FAKE_ERRNO=28 FAKE_HAS=$proposal extend rtmr3 --data x
check "even where the kernel does not tell it" refused 1 'nothing was extended'
new_machine
run FAKE_ERRNO=28 extend rtmr3 --data x
check "a way that failed is not followed by another" tried 1
run FAKE_SHORT=1 extend rtmr3 --digest $hello
check "what nobody can tell is said to be so" \
	refused 1 'do not repeat it blindly'
for how in 1 moved; do
	for has in $ours $proposal; do
		[ "$how-$has" != "1-$proposal" ] || continue
		new_machine
		run "FAKE_LOSE=$how" FAKE_HAS="$has" extend rtmr3 \
			--digest $hello --via configfs
		check "what configfs loses is not tried again ($how, $has)" \
			tried 1
	done
done
for way in configfs ioctl; do
	run extend rtmr1 --data x --via $way
	check "rtmr1 by $way is refused, and it says what extends it" \
		refused 1 'only --via sysfs'
done
run FAKE_EUID=1000 FAKE_MKDIR=13 extend rtmr3 --data x
check "who is not root is told to be (configfs)" refused 1 'try with sudo'
run FAKE_EUID=1000 extend rtmr3 --digest $hello
check "who is not root is told to be (sysfs)" refused 1 'try with sudo'
run FAKE_MKDIR=6 extend rtmr3 --data x
check "a driver that is still being loaded is not passed by" \
	refused 1 'still being loaded'
run FAKE_TAKEN=100000 extend rtmr3 --data x
check "entries that come and go are given up" refused 1 'come and go'
run FAKE_MEDDLE=100000 extend rtmr3 --data x
check "so is who uses one without the lock" refused 1 'without its lock'
run FAKE_HAS=tee,report FAKE_DRIVER=tdx_guest extend rtmr3 --data x
check "the kernel's own driver before 6.16 cannot, and ours can" \
	refused 1 'since Linux 6.16.*load tsm_guest'
run FAKE_HAS=tee FAKE_DRIVER=none extend rtmr3 --data x
check "without a driver, it says to load ours" refused 1 'load tsm_guest'
run FAKE_HAS=$mainline FAKE_DRIVER=tdx_guest extend rtmr3 --data x --via ioctl
check "a way that is not there is not replaced by another" \
	refused 1 'there is no such way here'
run FAKE_HAS=none FAKE_DRIVER=none extend rtmr3 --data x
check "without a TEE it exits with 4" refused 4 'no TEE here'
run FAKE_HAS=snp FAKE_DRIVER=none extend rtmr3 --data x
check "so it does in an SNP guest" refused 4 'no RTMRs'

for args in "" --json; do
	new_machine
	# shellcheck disable=SC2086
	(faked "$ctl" extend rtmr3 --data hello $args) >/dev/full 2>"$dir/err" \
		</dev/null
	status=$?
	check "output that cannot be written is an error ${args:+($args)}" \
		exits 1
	check "which says that the register was extended ${args:+($args)}" \
		grep -q 'rtmr3 was extended, but .* No space' "$dir/err"
done
esc=$(printf '\033')
run extend "$esc" --data x
check "an argument does not steer the terminal" grep -q 'x1b' "$dir/err"
tap_done
