#!/bin/sh
# SPDX-License-Identifier: MIT
# The command line: exit codes, help, wrong arguments, JSON, hostile files.
set -u

cd "$(dirname "$0")" || exit 2
# shellcheck source=tap.sh
. ./tap.sh
# shellcheck source=evidence.sh
. ./evidence.sh

ctl=${BUILD:?}/bin/tsmctl
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT

# run ARGUMENT...: sets status; out and err are files. A sanitizer's complaint
# ends with 99, which no test expects.
run() {
	ASAN_OPTIONS=exitcode=99 UBSAN_OPTIONS=exitcode=99 \
		"$ctl" "$@" >"$dir/out" 2>"$dir/err" </dev/null
	status=$?
}

# expect STATUS SENTENCE: what the last run must have given
expect() {
	[ "$status" -eq "$1" ] || {
		echo "# status $status, expected $1"
		sed 's/^/# /' "$dir/err"
	}
	[ "$status" -eq "$1" ]
	tap_result $? "$2"
}

# usage SENTENCE ARGUMENT...: wrong usage: 2, nothing on stdout, one line and a
# hint on stderr
usage() {
	sentence=$1
	shift
	run "$@"
	[ "$status" -eq 2 ] && [ ! -s "$dir/out" ] &&
		[ "$(wc -l <"$dir/err")" -eq 2 ] &&
		grep -q "^Try 'tsmctl .*--help'" "$dir/err"
	result=$?
	[ $result -eq 0 ] || sed "s/^/# $status: /" "$dir/err"
	tap_result $result "$sentence"
}

# helps SENTENCE ARGUMENT...: help: 0, on stdout, with an example
helps() {
	sentence=$1
	shift
	run "$@"
	[ "$status" -eq 0 ] && [ ! -s "$dir/err" ] &&
		grep -q '^Usage: tsmctl' "$dir/out" &&
		grep -q '^Examples:' "$dir/out" &&
		grep -q '^Exit status:' "$dir/out"
	tap_result $? "$sentence"
}

# A TDREPORT whose hashes do not match: 1024 bytes 0 with type 0x81, version 1.
make_tdreport() {
	printf '\201\000\001\000' >"$dir/tdreport"
	head -c 1020 /dev/zero >>"$dir/tdreport"
}

# json_ok FILE
json_ok() {
	if command -v jq >/dev/null; then
		jq -e . "$1" >/dev/null
	else
		python3 -m json.tool "$1" >/dev/null
	fi
}

have_json() {
	command -v jq >/dev/null || command -v python3 >/dev/null
}

echo "TAP version 13"
make_tdreport
make_quote >"$dir/quote4"

# --- help, version, usage
helps "--help helps" --help
helps "-h helps" -h
helps "help helps" help
for c in status load unload report quote show measurements log extend derive-key; do
	helps "$c --help helps" "$c" --help
	helps "help $c helps" help "$c"
done
run --version
grep -Eq '^tsmctl [0-9]+\.[0-9]+' "$dir/out"
tap_result $? "--version prints name and version"
usage "no command is wrong usage"
usage "an unknown command is wrong usage" frobnicate
usage "an unknown global option is wrong usage" --frobnicate status
usage "help on an unknown command is wrong usage" help frobnicate
for c in status load unload report show measurements log extend derive-key; do
	usage "$c refuses an unknown long option" "$c" --frobnicate
	usage "$c refuses an unknown short option" "$c" -Z
done
usage "status takes no arguments" status now
usage "report takes no arguments" report now
usage "show needs a file" show
usage "show takes one file" show a b
usage "measurements refuses an unknown register" measurements rtmr4
usage "measurements refuses an empty register" measurements ''
usage "measurements -f needs a value" measurements -f

"$ctl" --help >/dev/full 2>"$dir/err"
status=$?
expect 1 "help that cannot be written is an error"

# --- report data
hex64=$(printf '%0128d' 0)
usage "-d refuses 63 bytes" report -d "${hex64#00}"
usage "-d refuses 65 bytes, even with --pad" report -d "00$hex64" --pad
usage "-d refuses an odd number of digits" report -d "0$hex64"
usage "-d refuses what is not hex" report -d "x${hex64#0}"
usage "-d refuses no digits" report -d ''
usage "-d and --random exclude each other" report -d "$hex64" --random
usage "--pad goes with -d" report --pad
usage "-o - and --json exclude each other" report -o - --json
usage "--certs does not write to standard output" report --certs -
head -c 63 /dev/zero >"$dir/63"
head -c 64 /dev/zero >"$dir/64"
head -c 65 /dev/zero >"$dir/65"
usage "-d @FILE refuses 63 bytes" report -d "@$dir/63"
usage "-d @FILE refuses 65 bytes, even with --pad" report -d "@$dir/65" --pad
run report -d "@$dir/none"
expect 1 "-d @FILE says when there is no such file"
run report -d @/dev/zero
expect 1 "-d @FILE does not read for ever"

# --- no TEE
if grep -qw tdx_guest /proc/cpuinfo || [ -e /sys/devices/platform/sev-guest ] ||
   [ -e /sys/class/misc/tdx_guest ] || [ -e /sys/kernel/config/tsm/report ]; then
	tap_skip "without a TEE, commands exit with 4" "there is a TEE here"
else
	for args in status "status --json" quote report "report --random" \
		    "report -d $hex64" "report -d 00 --pad" \
		    "report -d @$dir/64" "report -d @$dir/63 --pad" \
		    measurements "measurements rtmr0" derive-key \
		    "derive-key -o $dir/64 --size 64"; do
		# shellcheck disable=SC2086
		run $args
		expect 4 "without a TEE, $(echo "$args" |
			sed "s|$dir/||; s/000000*/ZERO/") exits with 4"
	done
	run report -o "$dir/quote"
	[ ! -e "$dir/quote" ]
	tap_result $? "without a TEE, report leaves no file"
fi

# --- names from elsewhere
# steers SENTENCE ARGUMENT...: the argument has \033 in it, the output \\x1b
steers() {
	sentence=$1
	shift
	run "$@"
	! grep -q "$esc" "$dir/out" "$dir/err" &&
		grep -q '\\x1b' "$dir/out" "$dir/err"
	tap_result $? "$sentence"
}
esc=$(printf '\033')
steers "the name of a file does not steer the terminal" \
	show "$dir/${esc}[31m"
steers "nor does a command" "${esc}c"
steers "nor an option" --"${esc}c" status
steers "nor an option of a command" show --"${esc}c"
steers "nor a short one" show "-$esc"
steers "nor a file for report data" report -d "@$dir/$esc"
steers "nor a register" measurements "$esc"
run show "$dir/$(printf 'a\nb\233c')"
[ "$(cat "$dir/err")" = \
	"tsmctl: $dir/a\\x0ab\\x9bc: No such file or directory" ]
tap_result $? "an error stays one line, whatever the name"

# --- files
run show "$dir/tdreport"
expect 3 "show exits with 3 where hashes do not match"
grep -q 'not verified' "$dir/out" && grep -q 'MISMATCH' "$dir/out"
tap_result $? "it says not verified, and MISMATCH"
"$ctl" show - <"$dir/tdreport" >"$dir/out2" 2>/dev/null
cmp -s "$dir/out" "$dir/out2"
tap_result $? "show - reads standard input"
run show -- "$dir/tdreport"
expect 3 "-- ends the options"
run show "$dir/none"
expect 1 "show says when there is no such file"
run show "$dir"
expect 1 "show refuses a directory"
: >"$dir/empty"
run show "$dir/empty"
expect 1 "show refuses an empty file"
run show -
expect 1 "show refuses empty standard input"
run show /dev/zero
expect 1 "show does not read an endless file for ever"
grep -q 'more than 16777216 bytes' "$dir/err" && [ ! -s "$dir/out" ]
tap_result $? "it says that 16 MiB are the limit"
head -c 4096 /dev/urandom | sed 's/^./Z/' >"$dir/noise"
run show "$dir/noise"
expect 1 "show refuses noise"
head -c 1023 "$dir/tdreport" >"$dir/short"
run show "$dir/short"
expect 1 "show refuses a TDREPORT cut short"
[ ! -s "$dir/out" ] && [ "$(wc -l <"$dir/err")" -eq 1 ]
tap_result $? "an error is one line, and nothing else is printed"
cat "$dir/tdreport" "$dir/63" >"$dir/long"
run show "$dir/long"
grep -Eq '^trailing bytes +63$' "$dir/out"
tap_result $? "show remarks on trailing bytes"
grep -Eq '^trailing zero +yes, padding$' "$dir/out"
tap_result $? "and that they are padding behind a TDREPORT"

run show "$dir/quote4"
grep -Eq '^trailing bytes +0$' "$dir/out" && ! grep -q 'trailing zero' "$dir/out"
tap_result $? "a quote may end where it ends"
cat "$dir/quote4" "$dir/63" >"$dir/padded"
run show "$dir/padded"
grep -Eq '^trailing bytes +63$' "$dir/out" &&
	grep -Eq '^trailing zero +yes, padding$' "$dir/out"
tap_result $? "show counts the padding of a quote"
{ cat "$dir/padded"; echo secret; } >"$dir/appended"
run show "$dir/appended"
grep -Eq '^trailing bytes +70$' "$dir/out" && grep -Eq \
	'^trailing zero +NO: 7 bytes that are not zero: not part of the quote$' \
	"$dir/out"
tap_result $? "show says how many bytes behind a quote are not zero"
{ cat "$dir/long"; echo secret; } >"$dir/appended"
run show "$dir/appended"
grep -q 'NO: 7 bytes that are not zero: not part of the TDREPORT$' "$dir/out"
tap_result $? "and behind a TDREPORT"

while read -r head name; do
	# shellcheck disable=SC2059
	{ printf "$head"; head -c 1000 /dev/zero; } >"$dir/other"
	run show "$dir/other"
	[ "$status" -eq 1 ] &&
		grep -q 'neither a TDREPORT nor a TD quote' "$dir/err"
	tap_result $? "$name is no quote of an unknown version"
done <<'END'
\004\000 a 4 and zero bytes
\003\000\002\000\001 another TEE type
\001\000\000\001 a small number
\012\000hello text behind a small number
END
cp "$dir/quote4" "$dir/other"
poke "$dir/other" 0 006
run show "$dir/other"
grep -q 'version 6 is not supported' "$dir/err"
tap_result $? "a quote of an unknown version is one"
"$ctl" show "$dir/tdreport" >/dev/full 2>"$dir/err"
status=$?
expect 1 "a full disk is an error"
[ -s "$dir/err" ]
tap_result $? "and it is said"
for args in "$dir/quote4" "--json $dir/quote4"; do
	# shellcheck disable=SC2086
	"$ctl" show $args >/dev/full 2>"$dir/err"
	grep -q 'No space left on device' "$dir/err"
	tap_result $? "by its name, for show ${args%"$dir/quote4"}QUOTE"
done

run measurements -f "$dir/tdreport"
expect 0 "measurements reads a TDREPORT"
[ "$(cut -d' ' -f1 "$dir/out" | tr '\n' ' ')" = \
"rtmr0:sha384 rtmr1:sha384 rtmr2:sha384 rtmr3:sha384 mrtd:sha384 mrconfigid mrowner mrownerconfig " ]
tap_result $? "names are those of Linux"
! grep -Evq '^[a-z0-9:]+ [0-9a-f]{96}$' "$dir/out"
tap_result $? "values are 96 hex digits"
run measurements -f "$dir/tdreport" mrtd rtmr3:sha384
[ "$(cut -d' ' -f1 "$dir/out" | tr '\n' ' ')" = "mrtd:sha384 rtmr3:sha384 " ]
tap_result $? "registers come in the order asked for"

# Offsets: TDX Module ABI, TDINFO_STRUCT; DCAP Quoting Library API A.3.2.
cp "$dir/tdreport" "$dir/marked"
cp "$dir/quote4" "$dir/marked4"
mark=1
for at in 720:376 768:424 816:472 864:520 528:184 576:232 624:280 672:328; do
	poke "$dir/marked" "${at%:*}" 00$mark
	poke "$dir/marked4" "${at#*:}" 00$mark
	poke "$dir/marked" $((${at%:*} + 47)) 01$mark
	poke "$dir/marked4" $((${at#*:} + 47)) 01$mark
	mark=$((mark + 1))
	[ $mark -lt 8 ] || mark=0
done
for file in marked marked4; do
	run measurements -f "$dir/$file"
	[ "$(sed 's/^\([^ ]*\) \(..\)0*\(..\)$/\1 \2 \3/' "$dir/out" |
		tr '\n' ,)" = "rtmr0:sha384 01 09,rtmr1:sha384 02 0a,\
rtmr2:sha384 03 0b,rtmr3:sha384 04 0c,mrtd:sha384 05 0d,mrconfigid 06 0e,\
mrowner 07 0f,mrownerconfig 00 08," ]
	tap_result $? "registers of a $file file are read at their offsets"
done
run measurements -f "$dir/noise"
expect 1 "measurements refuses noise"

# --- JSON
if have_json; then
	for args in "show --json $dir/tdreport" "--json show $dir/tdreport" \
		    "show $dir/tdreport --json" \
		    "measurements --json -f $dir/tdreport"; do
		# shellcheck disable=SC2086
		run $args
		[ "$status" -ne 99 ] && [ -s "$dir/out" ] && json_ok "$dir/out"
		tap_result $? "$(echo "$args" | sed "s|$dir/||") is JSON"
	done
	run show --json "$dir/short"
	[ ! -s "$dir/out" ]
	tap_result $? "no half JSON comes out where there is an error"
else
	tap_skip "--json prints JSON" "neither jq nor python3"
fi
if command -v jq >/dev/null; then
	run show --json "$dir/tdreport"
	[ "$(jq -r '.authenticity, .reportmacstruct.version,
		.consistency.tee_info_hash, (.tdinfo.rtmr3 | length)' \
		"$dir/out" | tr '\n' ' ')" = "not verified 1 false 96 " ]
	tap_result $? "JSON keys are where scripts expect them"
else
	tap_skip "JSON keys are where scripts expect them" "no jq"
fi

# --- terminals
if command -v script >/dev/null; then
	script -qec "$ctl report -o -" /dev/null >"$dir/out" 2>&1 </dev/null
	status=$?
	expect 2 "evidence does not go to a terminal"
	TERM=xterm script -qec "$ctl show $dir/tdreport" /dev/null \
		>"$dir/out" 2>&1 </dev/null
	grep -q "$esc" "$dir/out"
	tap_result $? "a terminal gets colour"
	NO_COLOR=1 TERM=xterm script -qec "$ctl show $dir/tdreport" /dev/null \
		>"$dir/out" 2>&1 </dev/null
	! grep -q "$esc" "$dir/out"
	tap_result $? "not with NO_COLOR"
else
	tap_skip "evidence does not go to a terminal" "no script(1)"
fi
run show "$dir/tdreport"
! grep -q "$esc" "$dir/out"
tap_result $? "a pipe gets no colour"
tap_done
