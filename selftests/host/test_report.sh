#!/bin/sh
# SPDX-License-Identifier: MIT
# tsmctl report from nonce to evidence, on a configfs played by a preloaded
# library: where bytes go, what errors say, what signals leave behind.
#
set -u

cd "$(dirname "$0")" || exit 2
# shellcheck source=tap.sh
. ./tap.sh

# shellcheck source=faked.sh
. ./faked.sh
echo certificates >"$dir/aux"

echo "TAP version 13"

run -d "@$dir/nonce"
check "evidence goes to a pipe" exits 0
check "it is what the kernel gave, for this nonce" \
	cmp "$dir/out" "$dir/expected"
check "nothing else is said" [ ! -s "$dir/err" ]
run -d "$nonce" -o -
check "-o - is the same" cmp "$dir/out" "$dir/expected"

run -d "$nonce" -o "$dir/file"
check "-o keeps it in a file" exits 0
check "bytes are the same there" cmp "$dir/file" "$dir/expected"
check "the summary has nonce and size" \
	grep -Eq "^nonce +$nonce\$" "$dir/out"
(umask 027; run -d "$nonce" -o "$dir/file2")
check "a new file has the mode that umask gives" \
	[ "$(stat -c %a "$dir/file2")" = 640 ]
chmod 600 "$dir/file"
run -d "$nonce" -o "$dir/file"
check "a replaced file keeps its mode" [ "$(stat -c %a "$dir/file")" = 600 ]
run -d "$nonce" -o "$dir/none/file"
check "a file that cannot be written is an error" exits 1
esc=$(printf '\033')
run -d "$nonce" -o "$dir/$esc"
check "its name does not steer the terminal" grep -q 'x1b$' "$dir/out"
run --json -d "$nonce" -o "$dir/$(printf '\303\251')"
check "its name is itself in JSON" grep -q '"output": ".*/\\u00[eE]9"' "$dir/out"
run -d "$nonce" -o /dev/full
check "a full disk is an error" exits 1

# same SENTENCE OUTPUT CERTS: wrong usage, and neither is touched
same() {
	run FAKE_AUXBLOB="$dir/aux" -d "$nonce" -o "$2" --certs "$3"
	[ "$status" -eq 2 ] && grep -q 'both name' "$dir/err" && no_items
	tap_result $? "$1"
}
mkdir "$dir/same"
same "-o and --certs may not be one new file" "$dir/same/x" "$dir/same/x"
same "-o and --certs may not be one new file spelled in two ways" \
	"$dir/same/x" "$dir/same/../same//x"
check "neither was made" [ -z "$(ls "$dir/same")" ]
echo old >"$dir/same/x"
ln "$dir/same/x" "$dir/same/hard"
ln -s x "$dir/same/soft"
same "-o and --certs may not be one file" "$dir/same/x" "$dir/same/./x"
same "-o and --certs may not be two links to one file" \
	"$dir/same/hard" "$dir/same/x"
same "-o and --certs may not be a file and a symbolic link to it" \
	"$dir/same/x" "$dir/same/soft"
check "the file is as it was" [ "$(cat "$dir/same/x")" = old ]
mkdir "$dir/same/other"
run FAKE_AUXBLOB="$dir/aux" -d "$nonce" -o "$dir/same/y" \
	--certs "$dir/same/other/y"
check "files of one name in two folders are two" exits 0

run
check "without -d the nonce is random and printed" \
	grep -Eq '^nonce [0-9a-f]{128}$' "$dir/err"
printed=$(sed -n 's/^nonce //p' "$dir/err")
check "it is the one in the evidence" \
	[ "$(carried "$dir/out")" = "$printed" ]
run --random
check "another time it is another one" \
	[ "$(sed -n 's/^nonce //p' "$dir/err")" != "$printed" ]
run -d c0ffee --pad
check "--pad fills up with zero bytes" \
	[ "$(carried "$dir/out")" = \
	  "c0ffee$(printf '%0122d' 0)" ]

run FAKE_AUXBLOB="$dir/aux" -d "$nonce" -o "$dir/file" --certs "$dir/certs"
check "--certs keeps the certificates" cmp "$dir/aux" "$dir/certs"
rm -f "$dir/file"
run FAKE_DRIVER=tdx_guest -d "$nonce" -o "$dir/file" --certs "$dir/certs2"
check "--certs on a driver without auxblob is an error" exits 1
check "and leaves no file" [ ! -e "$dir/certs2" ] && [ ! -e "$dir/file" ]
check "and says so" grep -q 'auxblob' "$dir/err"

if command -v jq >/dev/null; then
	run --json -d "$nonce"
	jq -r .outblob "$dir/out" | base64 -d >"$dir/decoded"
	check "--json has the evidence in base64" \
		cmp "$dir/decoded" "$dir/expected"
	check "and the nonce and the provider" \
		[ "$(jq -r '.nonce + .provider' "$dir/out")" = \
		  "${nonce}tdx_guest" ]
else
	tap_skip "--json has the evidence in base64" "no jq"
fi

# errno, and a word of what is said to mend it
while read -r number name word; do
	run FAKE_ERRNO="$number" -d "$nonce" -o "$dir/file3"
	check "$name is explained" grep -q "$word" "$dir/err"
	check "$name exits with 1 and leaves no file" \
		[ "$status$(ls "$dir/items")$(ls "$dir/file3" 2>&-)" = 1 ]
done <<END
5 EIO QGS
113 EHOSTUNREACH QGS
61 ENODATA DCAP
71 EPROTO GHCI
27 EFBIG buffer
110 ETIMEDOUT quote_timeout_ms
16 EBUSY quote_abandoned.*from time to time.*reload
22 EINVAL refused
END
: >"$dir/empty"
run FAKE_OUTBLOB="$dir/empty" FAKE_DRIVER=tdx_guest -d "$nonce" -o "$dir/file4"
check "an empty quote with success is an error" exits 1
check "it is explained" grep -q 'empty' "$dir/err"
check "it leaves no file" [ ! -e "$dir/file4" ]

run FAKE_MEDDLE=2 -d "$nonce"
check "a generation that moved is retried" cmp "$dir/out" "$dir/expected"
check "and that is said" grep -q 'generation moved 2 times' "$dir/err"
run FAKE_MEDDLE=1000 -d "$nonce"
check "a generation that keeps moving is given up" exits 1

for signal in INT TERM HUP KILL; do
	# a shell without job control starts them with SIGINT ignored; 60 s
	# only so that nothing is left for ever where this fails
	faked FAKE_WAIT_MS=60000 env --default-signal=INT "$ctl" report \
		>"$dir/out" 2>"$dir/err" </dev/null &
	pid=$!
	wait_for some_items || echo "# no item appeared"
	kill -s $signal $pid
	wait $pid 2>/dev/null
	status=$?
	check "SIG$signal ends a waiting report at once" \
		[ $status -gt 128 ]
	check "SIG$signal leaves no report item" wait_for no_items
done

if command -v script >/dev/null; then
	(faked FAKE_WAIT_MS=2500 script -qec "$ctl report -o $dir/file5" \
		/dev/null) >"$dir/out" 2>&1 </dev/null
	check "a terminal is told when it takes longer than a second" \
		grep -q 'waiting for the host' "$dir/out"
	(faked script -qec "$ctl report" /dev/null) >"$dir/out" 2>&1 </dev/null
	check "evidence is decoded for a terminal, not dumped" \
		grep -q '^Not kept: -o FILE' "$dir/out"
else
	tap_skip "a terminal is told when it takes longer than a second" \
		"no script(1)"
fi
run FAKE_WAIT_MS=1500 -d "$nonce"
check "what is no terminal is not" [ ! -s "$dir/err" ]
tap_done
