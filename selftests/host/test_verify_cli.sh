#!/bin/sh
# SPDX-License-Identifier: MIT
# tsmctl verify as a command: arguments, files, directories, output, exit codes.
# What it says of evidence is tested with the library.
#
# Functions are called through check:
# shellcheck disable=SC2317
set -u

cd "$(dirname "$0")" || exit 2
# shellcheck source=tap.sh
. ./tap.sh
# shellcheck source=evidence.sh
. ./evidence.sh

ctl=${BUILD:?}/bin/tsmctl
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
esc=$(printf '\033')

# run ARGUMENT...: tsmctl verify; sets status; out and err are files
run() {
	ASAN_OPTIONS=exitcode=99 UBSAN_OPTIONS=exitcode=99 \
		"$ctl" verify "$@" >"$dir/out" 2>"$dir/err" </dev/null
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

# usage SENTENCE PATTERN ARGUMENT...: wrong usage, with a hint
usage() {
	sentence=$1
	pattern=$2
	shift 2
	check "$sentence" refuses 2 "$pattern" "$@"
	check "and has a hint" err "^Try 'tsmctl verify --help'\.$"
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

echo "TAP version 13"
make_quote >"$dir/quote"
make_snp "$dir/snp" 3
hex64=$(printf '%0128d' 0)

# --- usage
usage "no file is wrong usage" 'no file given'
usage "an unknown option is" 'bad option --frobnicate' --frobnicate
usage "-j 0 is" "from 1 to 256, not '0'" -j 0 "$dir/quote"
usage "-j 257 is" "not '257'" -j 257 "$dir/quote"
usage "-j with a word is" "not '2x'" -j 2x "$dir/quote"
usage "-j with nothing is" "not ''" -j '' "$dir/quote"
usage "a nonce that is not there is" "empty" --pad -d '' "$dir/quote"
usage "-j far out of range is" 'from 1 to 256' -j 4294967297 "$dir/quote"
usage "--certs needs a value" 'needs a value' "$dir/quote" --certs
for time in 2025-02-29 2025-13-01 2025-00-10 1969-12-31 2025-06-20T24:00:00Z \
	    2025-06-20T10:60:00Z 2025-06-20T10:00:60Z 2025-06-20T10:00:00 \
	    2025-06-20T10:00Z 2025-06-20Z '2025-06-20 ' 20250620 @ @-1 @1x \
	    @253402300800 @99999999999999999999 now '' 2025-6-20; do
	check "--at refuses '$time'" refuses 2 '--at takes a time in UTC' \
		--at "$time" "$dir/quote"
done
usage "-d refuses what is not 64 bytes" '1 bytes, not 64' -d 00 "$dir/quote"
usage "-d refuses what is not hex" 'hex digits, or @FILE' \
	-d "x${hex64#0}" "$dir/quote"
usage "--pad goes with -d" '--pad goes with -d' --pad "$dir/quote"
usage "-d is given once" '-d is given twice' -d "$hex64" -d "$hex64" \
	"$dir/quote"
usage "so is --policy" '--policy is given twice' --policy a --policy b \
	"$dir/quote"
usage "so is --at" '--at is given twice' --at @1 --at @1 "$dir/quote"
usage "--log is given four times at most" '5 times, more than 4' --log a \
	--log b --log c --log d --log e "$dir/quote"
for other in "-" "--certs -" "--policy -" "--log -" "-d @- --pad"; do
	# shellcheck disable=SC2086
	check "standard input is one file only: - and $other" refuses 2 \
		'one of the files only' - $other
done

run --help
check "its help is help" exits 0
check "with examples" out '^Examples:'
check "exit codes" out '^Exit status: 0 all accepted'
check "and a policy" out '"minimum_tcb": '
if command -v jq >/dev/null; then
	# the example is what stands between the braces of two blanks
	sed -n '/^  {$/,/^  }$/p' "$dir/out" | sed 's/"HEX"/"'"$(
		printf '%096d' 0)"'"/g' >"$dir/example"
	run --policy "$dir/example" "$dir/quote"
	check "the policy in the help is one" exits 3
	check "that is applied" out '^policy\.mrtd +pass '
else
	tap_skip "the policy in the help is one" "no jq"
fi
"$ctl" --help >"$dir/out" 2>&1
check "verify is in the list of commands" out '^  verify  '

# --- what is not accepted, and what cannot be judged
run "$dir/quote"
check "a quote that nobody signed is rejected: 3" exits 3
check "with a verdict" out "^$dir/quote: REJECTED: [a-z_]+: "
check "and all checks" out '^quote_signature +FAIL '
check "those not done, too" out '^event_log +skipped '
check "nothing is said elsewhere" [ ! -s "$dir/err" ]
run "$dir/snp"
check "so is a report: 3" exits 3
check "with its checks" out '^signature +(FAIL|skipped) '
for file in quote snp; do
	"$ctl" verify - <"$dir/$file" >"$dir/out" 2>"$dir/err"
	status=$?
	check "- is standard input" exits 3
	check "which is judged like a file" out '^-: REJECTED: '
done
"$ctl" verify - <&- >"$dir/out" 2>"$dir/err"
status=$?
check "if there is one" exits 1
run --strict "$dir/quote"
check "--strict is an option" exits 3
run --allow-debug --allow-emulated "$dir/quote"
check "no allowance makes it accepted" exits 3

: >"$dir/empty"
for file in "$dir/empty" /dev/null README.nothing ../../tools/VERSION; do
	[ -e "$file" ] || continue
	run "$file"
	check "${file#"$dir/"} is no evidence: 3" exits 3
	check "which is said" out 'REJECTED: format: .*neither a TD quote nor'
done
mkfifo "$dir/endless"
timeout -s TERM 2 "$ctl" verify -j 1 "$dir/quote" "$dir/endless" >"$dir/out" \
	2>"$dir/err"
check "what is known is told before a file that never ends" out 'quote: REJECTED'
rm "$dir/endless"
{ head -c 32 /dev/zero; cat "$dir/snp"; } >"$dir/headed"
run "$dir/headed"
check "what is before a report is told" out \
	'REJECTED: format: an SNP report begins at byte 32 only: .*tail -c \+33'
base64 "$dir/quote" >"$dir/text"
run "$dir/text"
check "text is told from bytes" out 'REJECTED: format: .* but text: decode it'
check "a file that is not there cannot be judged: 1" \
	refuses 1 'none: No such file or directory' "$dir/none"
check "nor can a directory" refuses 1 'Is a directory' "$dir"
check "nor a file without an end" refuses 1 'more than 16777216 bytes' /dev/zero

# as_nobody ARGUMENT...: the same without any privilege
as_nobody() {
	setpriv --reuid 65534 --regid 65534 --clear-groups "$ctl" verify "$@" \
		>"$dir/out" 2>"$dir/err" </dev/null
	status=$?
}
cp "$dir/quote" "$dir/closed"
chmod 0 "$dir/closed"
if [ "$(id -u)" -ne 0 ]; then
	check "nor one that is closed to us" refuses 1 'Permission denied' \
		"$dir/closed"
elif setpriv --reuid 65534 --regid 65534 --clear-groups \
	"$ctl" --version >"$dir/out" 2>&1; then
	chmod 755 "$dir"
	as_nobody "$dir/closed"
	check "nor one that is closed to us" exits 1
	check "which is said" err 'closed: Permission denied'
	as_nobody "$dir/quote"
	check "whoever can read a file can have it judged" exits 3
	as_nobody --certs "$dir/closed" "$dir/quote"
	check "what it is judged by must be readable" exits 1
	mkdir -p "$dir/keys/locked"
	touch "$dir/keys/locked/cert"
	cp "$dir/closed" "$dir/keys/root.key"
	chmod 0 "$dir/keys/root.key" "$dir/keys/locked"
	for option in --certs --collateral --roots; do
		as_nobody "$option" "$dir/keys" "$dir/quote"
		check "$option of a directory passes over root's keys" \
			err "$dir/keys: no "
		as_nobody "$option" "$dir/keys/locked" "$dir/quote"
		check "not over the directory itself" \
			err 'locked: Permission denied'
	done
	as_nobody --crl "$dir/keys" "$dir/quote"
	check "--crl passes over no directory" err 'locked: Permission denied'
	rm -rf "$dir/keys/locked"
	as_nobody --crl "$dir/keys" "$dir/quote"
	check "and no file" err 'root.key: Permission denied'
else
	tap_skip "nor one that is closed to us" "nobody may not run this"
fi
if command -v strace >/dev/null; then
	strace -f -e trace=file -o "$dir/trace" "$ctl" verify "$dir/quote" \
		>"$dir/out" 2>"$dir/err"
	status=$?
	grep -E '"/(sys|dev)/|openssl\.cnf|/etc/(ssl|pki)' "$dir/trace" \
		>"$dir/looked"
	check "nothing of this machine is looked at, nor OpenSSL's settings" \
		[ ! -s "$dir/looked" ]
else
	tap_skip "nothing of this machine is looked at" "no strace"
fi
run "$dir/$(printf 'a\nb')" "$dir/quote"
check "an error is one line, whatever the name" \
	[ "$(wc -l <"$dir/err")" -eq 1 ]

# --- files beside the evidence
mkdir -p "$dir/void/below" "$dir/loop/a"
echo nothing >"$dir/void/below/README"
for option in --certs --collateral --crl --roots; do
	check "$option of nothing that it is for is an error" refuses 1 \
		"$dir/void: no .* there, which $option is for" \
		"$option" "$dir/void" "$dir/quote"
	check "$option of a file that is not there is" refuses 1 \
		'No such file' "$option" "$dir/none" "$dir/quote"
	ln -sfn ../a "$dir/loop/a/self"
	ln -sfn .. "$dir/loop/a/up"
	check "$option does not follow links for ever" refuses 1 \
		"$dir/loop: no " "$option" "$dir/loop" "$dir/quote"
	check "$option does not read a device for ever" refuses 1 \
		'more than 16777216 bytes' "$option" /dev/zero "$dir/quote"
done
ln -sf /nowhere "$dir/void/dangling"
ln -sf circular "$dir/void/circular"
truncate -s 16777217 "$dir/void/big"
for option in --certs --collateral --roots; do
	check "$option of a directory passes over what cannot be read" \
		refuses 1 "$dir/void: no " "$option" "$dir/void" "$dir/quote"
	check "$option does not, if it was named" refuses 1 \
		'dangling: No such file' "$option" "$dir/void/dangling" \
		"$dir/quote"
	check "nor if it is too large" refuses 1 \
		'big: more than 16777216 bytes' "$option" "$dir/void/big" \
		"$dir/quote"
done
check "--crl must hear of every list: one too large" refuses 1 \
	'void/big: more than 16777216' --crl "$dir/void" "$dir/quote"
rm "$dir/void/big"
check "a circular link" refuses 1 'void/circular: Too many' \
	--crl "$dir/void" "$dir/quote"
rm "$dir/void/circular"
check "and a link to nothing" refuses 1 'void/dangling: No such file' \
	--crl "$dir/void" "$dir/quote"
rm "$dir/void/dangling"
mkfifo "$dir/void/pipe"
check "a pipe in a directory is passed over" refuses 1 \
	"$dir/void: no " --certs "$dir/void" "$dir/quote"
deep=$dir/deep
i=0
while [ $i -lt 20 ]; do
	deep=$deep/d
	i=$((i + 1))
done
mkdir -p "$deep"
check "directories have levels enough" refuses 1 'more than 16 levels' \
	--certs "$dir/deep" "$dir/quote"
mkdir "$dir/many"
(cd "$dir/many" && seq 1 4097 | xargs touch)
check "and files" refuses 1 'more than 4096 files' --certs "$dir/many" \
	"$dir/quote"
mkdir "$dir/large"
for i in 1 2 3 4 5; do
	head -c 16000000 /dev/zero >"$dir/large/$i"
done
check "and bytes" refuses 1 'more than 67108864 bytes in all files' \
	--certs "$dir/large" "$dir/quote"
rm -rf "$dir/large" "$dir/many"

# --- policy
echo '{"tdx": {"mrtdx": 1}}' >"$dir/policy"
check "a policy that is none is an error: 1" refuses 1 \
	'policy: JSON: tdx.mrtdx: is unknown' --policy "$dir/policy" "$dir/quote"
check "one that is not there is, too" refuses 1 'No such file' \
	--policy "$dir/none" "$dir/quote"
echo '{"tdx": {}}' >"$dir/policy"
run --policy "$dir/policy" "$dir/snp"
check "a policy is one of the checks" out '^policy +(FAIL|skipped) '
"$ctl" verify --policy - "$dir/quote" <"$dir/policy" >"$dir/out" 2>"$dir/err"
status=$?
check "a policy may come from standard input" exits 3
check "--log of what is not there is an error" refuses 1 'No such file' \
	--log "$dir/none" "$dir/quote"
check "so is a directory, for logs have an order" refuses 1 'Is a directory' \
	--log "$dir/void" "$dir/quote"

# --- output
run --json "$dir/quote"
check "--json has the same exit code" exits 3
check "and ends its last line" [ -z "$(tail -c 1 "$dir/out")" ]
with_jq "it is one form" json 'keys' \
	'["accepted","emulated","errors","files","rejected"]'
with_jq "with a list, also of one file" json '[.files[0].verdict,.rejected]' \
	'["rejected",1]'
with_jq "and of checks" json \
	'.files[0].checks[0]|[.name,.verdict]' '["format","pass"]'
with_jq "whose verdicts are three" json \
	'[.files[].checks[].verdict]|unique' '["fail","pass","skipped"]'
with_jq "each with a reason, or an empty one" json \
	'[.files[].checks[].reason|type]|unique' '["string"]'
run --json "$dir/quote" "$dir/none" "$dir/snp" "$dir/empty"
check "a file that cannot be read makes it 1" exits 1
with_jq "and is in its place" json '[.files[]|[.evidence,.verdict]]' \
	'[["TD quote","rejected"],[null,"error"],["SNP report","rejected"],["unknown","rejected"]]'
with_jq "with what is wrong" json '.files[1].reason' \
	"\"$dir/none: No such file or directory\""
with_jq "and counted" json '[.accepted,.emulated,.rejected,.errors]' \
	'[0,0,3,1]'
odd="$dir/$(printf 'a"b\\\203\ttab')"
cp "$dir/quote" "$odd"
run --json "$odd"
with_jq "any name of a file is JSON" json '.files[0].file|endswith("\ttab") or endswith("\\x09tab")' true
run "$odd"
check "and steers no terminal" out '\\x83\\x09tab: REJECTED'
run "$dir/quote" "$dir/none" "$dir/snp"
check "of several files there is a line each" \
	[ "$(grep -c 'REJECTED: ' "$dir/out")" -eq 2 ]
check "and what became of all" \
	out '^3 files: 0 accepted, 2 rejected, 1 could not be read$'
check "with an unreadable one: 1" exits 1
run "$dir/quote" "$dir/snp"
check "and without: 3" exits 3

for args in "$dir/quote" "--json $dir/quote" "$dir/quote $dir/snp"; do
	# shellcheck disable=SC2086
	"$ctl" verify $args >/dev/full 2>"$dir/err"
	status=$?
	check "a full disk is an error: 1" exits 1
	check "and is said" err 'standard output: No space left on device'
	# shellcheck disable=SC2086
	"$ctl" verify $args >&- 2>"$dir/err"
	status=$?
	check "so is a closed standard output" exits 1
done
"$ctl" verify --json "$dir/quote" "$dir/snp" 2>/dev/null | :
tap_result $? "a reader that goes away is no crash"

# --- many files
i=0
while [ $i -lt 60 ]; do
	cp "$dir/quote" "$dir/q$i"
	[ $((i % 3)) -ne 0 ] || cp "$dir/snp" "$dir/q$i"
	[ $((i % 7)) -ne 0 ] || rm "$dir/q$i"
	echo "$dir/q$i"
	i=$((i + 1))
done >"$dir/names"
for jobs in 1 2 3 16 200; do
	# shellcheck disable=SC2046
	run -j $jobs $(cat "$dir/names")
	cp "$dir/out" "$dir/out.$jobs"
	check "-j $jobs: unreadable ones among them" exits 1
	check "-j $jobs prints the same" cmp "$dir/out.1" "$dir/out.$jobs"
done
grep -v -x -F "$(sed 's/:.*//' "$dir/out.1")" "$dir/names" |
	sed 's/$/: No such file or directory/; s/^/tsmctl: /' >"$dir/missing"
check "what could not be read is said in order" cmp "$dir/err" "$dir/missing"
sed 's/: REJECTED.*//; /^60 files/d' "$dir/out.200" >"$dir/order"
grep -x -F -f "$dir/order" "$dir/names" >"$dir/wanted"
check "verdicts are in the order of the arguments" \
	cmp "$dir/order" "$dir/wanted"
# shellcheck disable=SC2046
run --json -j 7 $(cat "$dir/names")
with_jq "so they are in JSON" json '[.files[].file]' \
	"$(jq -R -s -c 'split("\n")[:-1]' "$dir/names" 2>/dev/null)"
# shellcheck disable=SC2046
run $(cat "$dir/names")
check "without -j as well" cmp "$dir/out" "$dir/out.1"

if command -v script >/dev/null; then
	TERM=xterm script -qec "$ctl verify $dir/quote" /dev/null >"$dir/out" \
		2>&1 </dev/null
	check "a terminal sees failures in red" out "$esc.1;31mFAIL"
	NO_COLOR=1 TERM=xterm script -qec "$ctl verify $dir/quote" /dev/null \
		>"$dir/out" 2>&1 </dev/null
	check "but for NO_COLOR" out '^format +pass '
else
	tap_skip "a terminal sees failures in red" "no script(1)"
fi
run "$dir/quote"
check "a pipe gets no colour" [ -z "$(grep "$esc" "$dir/out")" ]
tap_done
