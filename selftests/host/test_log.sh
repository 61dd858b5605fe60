#!/bin/sh
# SPDX-License-Identifier: MIT
# tsmctl log on logs made here: show, replay, export, and what goes wrong.
#
# Functions are called through check:
# shellcheck disable=SC2317
set -u

cd "$(dirname "$0")" || exit 2
# shellcheck source=tap.sh
. ./tap.sh

ctl=${BUILD:?}/bin/tsmctl
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
# shellcheck source=log_files.sh
. ./log_files.sh

# run ARGUMENT...: sets status; out and err are files
run() {
	ASAN_OPTIONS=exitcode=99 UBSAN_OPTIONS=exitcode=99 \
		"$ctl" "$@" >"$dir/out" 2>"$dir/err" </dev/null
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

exits() {
	[ "$status" -eq "$1" ]
}

out() {
	grep -Eq -e "$1" "$dir/out"
}

err() {
	grep -Eq -e "$1" "$dir/err"
}

# refuses STATUS PATTERN ARGUMENT...: with one line, and nothing on stdout
refuses() {
	want=$1
	pattern=$2
	shift 2
	run "$@"
	exits "$want" && err "$pattern" && [ ! -s "$dir/out" ]
}

# usage SENTENCE ARGUMENT...
usage() {
	sentence=$1
	shift
	check "$sentence" refuses 2 "^Try 'tsmctl log --help'" log "$@"
}

# json FILTER EXPECTED
json() {
	[ "$(jq -c "$1" "$dir/out")" = "$2" ]
}

with_jq() {
	if command -v jq >/dev/null; then
		check "$@"
	else
		tap_skip "$1" "no jq"
	fi
}

# A boot log and a runtime log that explain all four registers:
#	0 header, 1 to RTMR0, 2 to RTMR1, 3 values, 4 to RTMR3, 5 to RTMR2
esc=$(printf '\033')
fresh_registers
{
	log_header
	measured 1 2147483655 'Calling EFI Application'
	measured 2 13 "gr$(printf '\303\274')n ${esc}[31m"
	cp "$dir/reg2" "$dir/reg2.at_load"
} >"$dir/boot"
{
	log_header
	told 0 0 1 2 3 4
	aael 4 'kata Start {"image": "a b"}'
	cp "$dir/reg4" "$dir/reg4.old"
	measured 3 2147483655 'Exit Boot Services'
} >"$dir/runtime"
make_registers >"$dir/td"
{ cat "$dir/boot"; head -c 500 /dev/zero | tr '\000' '\377'; } >"$dir/filled"
logs="--ccel $dir/boot --runtime $dir/runtime"

echo "TAP version 13"

# --- usage
usage "an unknown action is wrong usage" replace
usage "two actions are" show replay
usage "--ccel needs a value" --ccel
usage "--quote goes with replay" show --quote x
usage "--no-compare goes with replay" export --no-compare
usage "--quote and --no-compare exclude each other" \
	replay --quote x --no-compare
usage "-o goes with export" show -o x
usage "--format goes with export" replay --format tcg
usage "an unknown format is wrong usage" export -o x --format cbor
usage "standard input is one file only" replay --ccel - --quote -
usage "--json does not go with a log on standard output" export --json
run log --help
check "its help names files, options and exit codes" \
	out 'data/CCEL' && out '^Exit status' && out '^Examples'
run --help
check "log is in the list of commands" out '^  log  '

if [ -e /sys/class/misc/tdx_guest ] || grep -qw tdx_guest /proc/cpuinfo; then
	tap_skip "without a TD, there are no logs: 4" "this is a TD"
else
	for args in log "log show" "log replay" "log export" "log --json"; do
		# shellcheck disable=SC2086
		check "without a TD, $args exits with 4" \
			refuses 4 'no TDX here; --ccel FILE' $args
	done
	check "without a TD, there is nothing to compare a log with" \
		refuses 4 'no TDX here to compare with: --quote FILE' \
		log replay --ccel "$dir/boot"
fi

# --- show
# shellcheck disable=SC2086
run log $logs
check "log shows records" exits 0
check "numbered over both logs" out '^ +5  rtmr2  EV_EFI_ACTION .* Exit Boot'
check "the header extends nothing" out '^ +0  - +EV_NO_ACTION +- '
check "with both logs by name" out "^boot log, .*/boot:$"
check "and where they end" out '^runtime log: 4 records, '
check "nothing in them steers a terminal" \
	sh -c "! grep -q '$esc' '$dir/out'"
check "what could is shown in hex" out 'EV_IPL .* 11 bytes 6772c3bc6e201b5b33316d$'
check "values at load are shown" \
	out 'tsm_guest: values at load: rtmr0 [0-9a-f]{16}\.\.\., rtmr1 '
run log show --ccel "$dir/filled"
check "fill is told of" out '^boot log: 3 records, [0-9]+ of [0-9]+ bytes, filled with 0xff$'
{ cat "$dir/filled"; printf secret; } >"$dir/hidden"
run log --ccel "$dir/hidden"
check "and bytes behind it are" \
	out 'behind its end mark at offset [0-9]+ are 6 bytes that are no fill'
run show "$dir/boot"
check "show knows a log" out '^ +1  rtmr0  EV_EFI_ACTION'
check "and shows it" exits 0
"$ctl" show - <"$dir/boot" >"$dir/out2" 2>/dev/null
check "from standard input, too" cmp "$dir/out" "$dir/out2"
"$ctl" log --ccel - <"$dir/boot" >"$dir/out" 2>"$dir/err"
status=$?
check "as does log" out '^ +1  rtmr0'
sed 's/Calling/calling/' "$dir/boot" >"$dir/altered"
run log --ccel "$dir/altered"
check "data that are not the digest's are marked" \
	out 'EV_EFI_ACTION +[0-9a-f]{12}! calling EFI'
check "and remarked upon" out '^record 1: its digest is not that of its event data'
check "which is no error" exits 0

# shellcheck disable=SC2086
run log $logs --json
with_jq "JSON has every record" json '[.records[].number]' '[0,1,2,3,4,5]'
with_jq "with its log, register and name" json \
	'.records[1]|[.log,.register,.event_type_name,.event_type,.offset]' \
	'["boot","rtmr0","EV_EFI_ACTION",2147483655,65]'
with_jq "its digests" json '.records[1].digests|map([.alg,(.digest|length)])' \
	'[["sha384",96]]'
with_jq "what it says" json '.records[1].description' \
	'"Calling EFI Application"'
with_jq "its data" json '.records[2].event' '"6772c3bc6e201b5b33316d"'
with_jq "whether the digest is theirs" json \
	'[.records[].digest_matches_event]' '[null,true,null,null,true,true]'
with_jq "what tsm_guest told" json \
	'.records[3].details|[.reason,(.values|length)]' '["opening",4]'
with_jq "what CoCo's agent measured" json \
	'.records[4].details|[.tag_name,.domain,.operation,.content]' \
	'["CoCo","kata","Start","{\"image\": \"a b\"}"]'
with_jq "both logs" json '[.logs[]|.log,.records,.hidden_bytes]' \
	'["boot",3,0,"runtime",4,0]'
with_jq "and no remarks" json .remarks '[]'

# --- logs that are none
head -c 200 "$dir/boot" >"$dir/short"
run log --ccel "$dir/short"
check "a log cut short is shown as far as it goes" out '^ +1  rtmr0'
check "then it is refused, by record and offset" \
	err 'short: record 2 at offset [0-9]+: cut short'
check "with 1" exits 1
check "in JSON, there is nothing instead of half" \
	refuses 1 'record 2 at offset' log --json --ccel "$dir/short"
check "a replay of it is refused" refuses 1 'record 2 at offset' \
	log replay --ccel "$dir/short" --quote "$dir/td"
check "an export, too" refuses 1 'record 2 at offset' \
	log export --ccel "$dir/short" -o "$dir/exported"
check "which leaves no file" [ ! -e "$dir/exported" ]
: >"$dir/empty"
check "an empty log is refused" refuses 1 'empty: 0 bytes' \
	log replay --ccel "$dir/empty" --no-compare
head -c 300 /dev/zero >"$dir/zero"
check "nothing but fill is" refuses 1 'all 300 bytes are fill' \
	log replay --ccel "$dir/zero" --no-compare
head -c 300 /dev/urandom | sed 's/^./Z/' >"$dir/noise"
check "noise is" refuses 1 'do not begin with a Spec ID header' \
	log replay --ccel "$dir/noise" --no-compare
check "show says what it knows" \
	refuses 1 'neither a TDREPORT nor a TD quote nor an SNP report .* nor an event log' \
	show "$dir/noise"
check "a file that is not there is told" refuses 1 'No such file' \
	log --ccel "$dir/none"
check "an endless one is not read for ever" refuses 1 'more than 16777216' \
	log --ccel /dev/zero
{ printf CCEL; zeros 52; } >"$dir/table"
check "the ACPI table is not the log" refuses 1 'data/CCEL beside it' \
	log --ccel "$dir/table"

# --- replay
# replay ARGUMENT...: with the registers of a TDREPORT
replay() {
	run log replay --quote "$dir/td" "$@"
}

# shellcheck disable=SC2086
replay $logs
check "both logs explain all registers" exits 0
check "each of them" [ "$(grep -Ec '^rtmr[0-3] +equal, 1 record$' "$dir/out")" = 4 ]
check "of which nobody knows whether they are real" out 'authenticity +not verified'
"$ctl" log replay --quote - --ccel "$dir/boot" --runtime "$dir/runtime" \
	<"$dir/td" >"$dir/out" 2>"$dir/err"
status=$?
check "registers come from standard input, too" exits 0
# shellcheck disable=SC2086
replay $logs --json
with_jq "JSON says so" json '[.explained,[.registers[].verdict]]' \
	'[true,["equal","equal","equal","equal"]]'
with_jq "and names registers as Linux does" json '.registers[3].name' \
	'"rtmr3:sha384"'
# shellcheck disable=SC2086
run log replay $logs --no-compare
check "--no-compare prints what they lead to" [ "$(cat "$dir/out")" = \
	"$(for i in 1 2 3 4; do
		echo "rtmr$((i - 1)):sha384 $(hex_of "$dir/reg$i")"
	done)" ]

replay --ccel "$dir/boot"
check "a boot log alone does not explain the rest" exits 3
check "it does what is its own" out '^rtmr1 +equal, 1 record$'
check "the rest is a mismatch" out '^rtmr3 +MISMATCH$'
check "and why that may be" out 'no runtime log: what was extended after boot'
check "both values are there" out "^  register +$(hex_of "$dir/reg4")$"

replay --runtime "$dir/runtime"
check "a runtime log from a file does not vouch for its beginning" exits 3
check "which is told" out '^rtmr0 +PARTIAL'
check "with the way out" out -- '--ccel FILE gives the boot log'
check "what began at zero is equal" out '^rtmr3 +equal, 1 record$'
replay --runtime "$dir/runtime" --json
with_jq "JSON tells where it begins" json \
	'.registers[0]|[.verdict,.explained,.begins_at]' '["partial",false,1]'

cp "$dir/td" "$dir/td.now"
cp "$dir/reg4" "$dir/reg4.now"
{ log_header; told 0 0 1 2 3 4; measured 4 12 ''; } >"$dir/later"
make_registers >"$dir/td"
cp "$dir/reg4.now" "$dir/reg4"
# shellcheck disable=SC2086
replay --ccel "$dir/boot" --runtime "$dir/runtime"
check "a register that was extended again is a mismatch" exits 3
check "of which no part of the log tells" \
	out 'No part of the log, from its beginning on'
mv "$dir/td.now" "$dir/td"

{ cat "$dir/runtime"; measured 4 12 'one'; measured 4 12 'two'; } >"$dir/long"
replay --ccel "$dir/boot" --runtime "$dir/long"
check "later records are told of" \
	out 'leads to its value up to record 4 \(runtime log, EV_EVENT_TAG: CoCo: kata Start ."image": "a b".\); 2 later records are for it'
check "and what that means" out 'read before those extends, or they are in the log and never happened'
replay --ccel "$dir/boot" --runtime "$dir/long" --json
with_jq "JSON has the last match" json \
	'.registers[3]|[.verdict,.last_match,.later_records]' '["mismatch",4,2]'
cp "$dir/reg4.now" "$dir/reg4"

{ cat "$dir/boot"; measured 2 13 'never'; } >"$dir/more"
cp "$dir/reg2.at_load" "$dir/reg2"
tail -c +66 "$dir/runtime" >"$dir/rest"
cat "$dir/more" "$dir/rest" >"$dir/joined"
replay --ccel "$dir/joined"
check "a record too many before load is a gap" out '^rtmr1 +GAP'
check "told by tsm_guest's record" \
	out 'Before record 4 \(boot log: values at load of tsm_guest\) something'
check "for which there may be reasons" out 'between boot and load of tsm_guest'
replay --ccel "$dir/more"
check "and without that, older values match" \
	out 'leads to its value up to record 2 .* 1 later record is for it'

{
	log_header
	measured 2 13 'never'
	cp "$dir/reg2.at_load" "$dir/reg2"
	tail -c +66 "$dir/boot"
} >"$dir/before"
replay --ccel "$dir/before"
check "one record too many is found" \
	out 'would lead to its value without record 1 \(boot log, EV_IPL: never\)'
replay --ccel "$dir/before" --json
with_jq "in JSON, too" json '.registers[1].equal_without' 1

replay --ccel "$dir/altered"
check "altered data change no register" out '^rtmr0 +equal'
cp "$dir/boot" "$dir/flipped"
printf '\000' | dd of="$dir/flipped" bs=1 seek=100 conv=notrunc status=none
replay --ccel "$dir/flipped"
check "an altered digest does" out '^rtmr0 +MISMATCH'
check "and is found where data tell it" \
	out 'The digest of record 1 \(boot log, EV_EFI_ACTION: .* is not that of its data'

{ cat "$dir/runtime"; told 4 1 4; } >"$dir/nogap"
replay --ccel "$dir/boot" --runtime "$dir/nogap"
check "a gap that is none is none" exits 0
zeros 48 >"$dir/reg4"
{ cat "$dir/runtime"; told 4 1 4; } >"$dir/gap"
make_registers >"$dir/td"
replay --ccel "$dir/boot" --runtime "$dir/gap"
check "a gap is not explained" exits 3
check "even if the log leads to the value from there" out '^rtmr3 +GAP'
check "and says where" \
	out 'Before record 6 \(runtime log: a gap that tsm_guest found\)'
cp "$dir/reg4.now" "$dir/reg4"
make_registers >"$dir/td"

cat "$dir/boot" "$dir/runtime" >"$dir/catted"
replay --ccel "$dir/catted"
check "logs that were joined by cat are read" exits 0
check "with a remark" out 'There are 1 more headers further down'
{ cat "$dir/boot"; cp "$dir/reg1" "$dir/reg9"; measured 9 13 x; } >"$dir/stray"
replay --ccel "$dir/stray" --runtime "$dir/runtime"
check "records of unknown registers are remarked upon" \
	out '1 record, the first of them record 3, would extend a register'
check "registers in noise are refused" \
	refuses 1 'neither a TDREPORT nor a TD quote' \
	log replay --ccel "$dir/boot" --quote "$dir/noise"

# --- export
cat "$dir/boot" "$dir/rest" >"$dir/expected"
run log export --ccel "$dir/filled" --runtime "$dir/runtime" -o "$dir/all"
check "export writes one log" cmp "$dir/all" "$dir/expected"
check "and says what" out '^format +tcg$'
run log replay --ccel "$dir/all" --quote "$dir/td"
check "which explains the registers as both did" exits 0
for format in tcg cel-tlv cel-json; do
	# shellcheck disable=SC2086
	run log export $logs --format $format -o "$dir/$format"
	check "export as $format is done" exits 0
	# shellcheck disable=SC2086
	"$ctl" log export $logs --format $format >"$dir/piped" 2>"$dir/err"
	check "a pipe gets the same bytes" cmp "$dir/piped" "$dir/$format"
	# shellcheck disable=SC2086
	"$ctl" log export $logs --format $format -o - >"$dir/piped" 2>"$dir/err"
	check "and with -o -" cmp "$dir/piped" "$dir/$format"
done
check "the default is tcg" cmp "$dir/tcg" "$dir/all"
cp "$dir/cel-json" "$dir/out"
with_jq "cel-json is JSON" json '[.[].recnum]' '[0,1,2,3,4]'
with_jq "with a register in each record" json '[.[].ccmr]' '[1,2,0,4,3]'
# shellcheck disable=SC2086
run log export $logs -o "$dir/all" --json
with_jq "the summary is JSON, too" json '[.format,.size,.remarks]' \
	"[\"tcg\",$(wc -c <"$dir/expected"),[]]"

reader=../vm/eventlog.py
if command -v python3 >/dev/null && [ -e $reader ]; then
	for i in 1 2 3 4; do
		echo "rtmr$((i - 1)) $(hex_of "$dir/reg$i")"
	done >"$dir/registers"
	for args in "$dir/tcg" "--cel-tlv $dir/cel-tlv" \
		    "--cel-json $dir/cel-json"; do
		# shellcheck disable=SC2086
		python3 $reader replay $args >"$dir/out" 2>"$dir/err"
		status=$?
		check "another reader replays ${args##*/} to the same values" \
			cmp "$dir/out" "$dir/registers"
	done
else
	tap_skip "another reader replays exports to the same values" \
		"no python3, or no $reader"
fi

echo old >"$dir/kept"
check "a log that cannot be exported leaves the old file" \
	refuses 1 'record 2' log export --ccel "$dir/short" -o "$dir/kept"
check "as it was" [ "$(cat "$dir/kept")" = old ]
# shellcheck disable=SC2086
run log export $logs -o /dev/full
check "a full disk is an error" exits 1
check "that is told" err 'No space left'
# shellcheck disable=SC2086
"$ctl" log export $logs >/dev/full 2>"$dir/err"
status=$?
check "as is a full standard output" exits 1
if command -v script >/dev/null; then
	script -qec "$ctl log export $logs" /dev/null >"$dir/out" 2>&1 \
		</dev/null
	status=$?
	check "a log does not go to a terminal" exits 2
	TERM=xterm script -qec "$ctl log replay --ccel $dir/flipped \
		--quote $dir/td" /dev/null >"$dir/out" 2>&1 </dev/null
	check "a terminal sees a mismatch in red" \
		out "$esc.1;31mMISMATCH"
else
	tap_skip "a log does not go to a terminal" "no script(1)"
fi
tap_done
