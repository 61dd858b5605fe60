#!/bin/sh
# SPDX-License-Identifier: MIT
# tsmctl derive-key, with /dev/sev-guest played by a preloaded library: what is
# asked for, where the key goes, where it does not, and that no copy stays.
#
# Functions are called through check:
# shellcheck disable=SC2317,SC2119,SC2120
set -u

cd "$(dirname "$0")" || exit 2
# shellcheck source=tap.sh
. ./tap.sh
# shellcheck source=faked.sh
. ./faked.sh
file=$dir/file
sys=$dir/sys
cpu=$sys/sys/devices/system/cpu/sev
keys=$sys/sys/class/misc/sev-guest/vmpck
module=$sys/sys/module/tsm_guest/parameters

# The key of fake_sev.c, and its HKDF as openssl(1) has it.
i=0
key=
while [ $i -lt 32 ]; do
	key=$key$(printf %02x $((0xa5 ^ (i * 37 + 11) % 256)))
	i=$((i + 1))
done

# derive [VARIABLE=VALUE...] ARGUMENT...: in an SNP guest, sets status
derive() {
	variables=
	while [ $# -gt 0 ]; do
		case $1 in
		FAKE_*) variables="$variables $1"; shift ;;
		*) break ;;
		esac
	done
	rm -f "$dir/request" "$dir/leaks"
	# shellcheck disable=SC2086
	(faked FAKE_TEE=snp FAKE_SEV=0 FAKE_SYS="$sys" \
		FAKE_SEV_REQUEST="$dir/request" FAKE_LEAKS="$dir/leaks" \
		$variables "$ctl" derive-key "$@") >"$dir/out" 2>"$dir/err" \
		</dev/null
	status=$?
}

hex() {
	od -An -v -tx1 "$1" | tr -d ' \n'
}

# asked TEXT: version, root, fields, VMPL, SVN, TCB
asked() {
	[ "$(cat "$dir/request" 2>&-)" = "$1" ]
}

# clean [COUNTS]: how often the key was in memory, each time it was looked for;
# never at the end
clean() {
	[ "$(tail -n 1 "$dir/leaks")" = 0 ] || return 1
	[ $# -eq 0 ] || [ "$(tr '\n' ' ' <"$dir/leaks")" = "$1 " ]
}

# usage SENTENCE ARGUMENT...: wrong usage, and the firmware was not asked
usage() {
	sentence=$1
	shift
	derive "$@"
	check "$sentence" [ "$status$(ls "$dir/request" "$file" 2>&-)" = 2 ]
}

# explained STATUS WORDS: and no key anywhere
explained() {
	[ "$status" -eq "$1" ] && grep -q -e "$2" "$dir/err" &&
		[ ! -s "$dir/out" ] && [ ! -e "$file" ] && clean
}

echo "TAP version 13"
mkdir -p "$cpu" "$keys" "$module"
echo 0 >"$cpu/vmpl"

# --- where it goes
derive
check "a key goes to a pipe" exits 0
check "it is the firmware's, 32 bytes" [ "$(hex "$dir/out")" = "$key" ]
check "nothing else is said" [ ! -s "$dir/err" ]
check "policy and measurement are mixed in" asked "1 0 0x9 0 0 0x0"
check "there is one copy of it until it is written, and none later" \
	clean "1 0 0"
(umask 0; derive -o "$file")
check "-o keeps it in a file" [ "$(hex "$file")" = "$key" ]
check "which is for its owner alone" [ "$(stat -c %a "$file")" = 600 ]
check "the summary does not have it" [ -z "$(grep "$key" "$dir/out")" ]
check "but says what was mixed in" \
	grep -Eq '^fields +0x0+9 \(policy, measurement\)$' "$dir/out"
derive -o "$file"
check "no copy is there any more when the summary is printed" clean "0 0 0"
chmod 644 "$file"
derive -o "$file"
check "a file that others could read is no longer" \
	[ "$(stat -c %a "$file")" = 600 ]
derive -o "$dir/none/file"
check "a file that cannot be made is an error" exits 1
check "no copy stays then, either" clean
derive -o /dev/full
check "a full disk is an error" exits 1
check "no copy stays after that" clean
rm -f "$file"
derive FAKE_NO_TMPFILE=1 -o "$file"
check "without files without a name it has mode 0600, too" \
	[ "$(stat -c %a "$file")" = 600 ]
rm -f "$file"
derive -o -
check "-o - is standard output" [ "$(hex "$dir/out")" = "$key" ]
usage "--json does not print a key" --json
if command -v jq >/dev/null; then
	derive --json -o "$file" --fields svn,tcb --svn 4 --tcb 0x1
	check "--json prints the summary" [ "$(jq -r '.root, .fields.bits[1],
		.vmpl, .svn, .tcb, .size' "$dir/out" | tr '\n' ' ')" = \
		"vcek tcb 0 4 0x0000000000000001 32 " ]
	rm -f "$file"
fi
if command -v script >/dev/null; then
	(faked FAKE_TEE=snp FAKE_SEV=0 FAKE_SYS="$sys" \
		script -qec "$ctl derive-key" /dev/null) >"$dir/out" 2>&1 \
		</dev/null
	check "it does not go to a terminal" \
		grep -q 'a key does not go to a terminal' "$dir/out"
	# shellcheck disable=SC2016
	(faked FAKE_TEE=snp FAKE_SEV=0 FAKE_SYS="$sys" \
		script -qec "$ctl derive-key -o \$(tty)" /dev/null) \
		>"$dir/out" 2>&1 </dev/null
	check "not even by the terminal's name" \
		grep -q 'a key does not go to a terminal' "$dir/out"
	(faked FAKE_TEE=snp FAKE_SEV=0 FAKE_SYS="$sys" \
		script -qec "$ctl derive-key --force" /dev/null) \
		>"$dir/out" 2>&1 </dev/null
	check "with --force it does, in hex" grep -q "^$key" "$dir/out"
else
	tap_skip "it does not go to a terminal" "no script(1)"
fi

# --- 64 bytes
derive --size 64
check "--size 64 gives 64 bytes" [ "$(wc -c <"$dir/out")" -eq 64 ]
check "there is no copy of the 32 any more when they are written" clean "0 0 0"
if command -v openssl >/dev/null; then
	want=$(openssl kdf -keylen 64 -kdfopt digest:SHA512 \
		-kdfopt "hexkey:$key" -kdfopt 'info:tsmctl derive-key 64' \
		HKDF | tr -d ': \n' | tr A-F a-f)
	check "they are HKDF of the 32, as openssl(1) has it" \
		[ "$(hex "$dir/out")" = "$want" ]
else
	tap_skip "they are HKDF of the 32" "no openssl(1)"
fi
derive --size 32
check "--size 32 is the key itself" [ "$(hex "$dir/out")" = "$key" ]
for bad in 0 16 31 33 63 65 -32 x ''; do
	usage "--size refuses '$bad'" --size "$bad"
done

# --- which key
while read -r request arguments; do
	# shellcheck disable=SC2086
	derive $arguments
	check "$arguments asks for it" asked "$(echo "$request" | tr , ' ')"
done <<'END'
1,0,0x9,0,0,0x0 --root vcek
1,1,0x9,0,0,0x0 --root vmrk
1,0,0x0,0,0,0x0 --fields none
1,0,0x1,0,0,0x0 --fields policy
1,0,0x2,0,0,0x0 --fields image
1,0,0x4,0,0,0x0 --fields family
1,0,0x8,0,0,0x0 --fields measurement
1,0,0x10,0,0,0x0 --fields svn
1,0,0x20,0,0,0x0 --fields tcb
2,0,0x40,0,0,0x0 --fields mit
1,0,0x3f,0,7,0x1 --fields policy,image,family,measurement,svn,tcb --svn 7 --tcb 1
2,0,0x7f,3,0,0x0 --fields policy,image,family,measurement,svn,tcb,mit --vmpl 3
1,0,0x9,1,0,0x0 --vmpl 1
1,0,0x10,0,4294967295,0x0 --fields svn --svn 4294967295
1,0,0x20,0,0,0xdb18000000000004 --fields tcb --tcb 0xdb18000000000004
1,0,0x20,0,0,0xffffffffffffffff --fields tcb --tcb FFFFFFFFFFFFFFFF
END
for bad in '' 'policy,' ',policy' policy,,svn polic policyx POLICY 'policy svn' \
	   none,policy all; do
	usage "--fields refuses '$bad'" --fields "$bad"
done
for bad in '' 4 -1 0x1 ' 1' 1x 99999999999999999999999; do
	usage "--vmpl refuses '$bad'" --vmpl "$bad"
done
for bad in '' -1 4294967296 0x1 x; do
	usage "--svn refuses '$bad'" --fields svn --svn "$bad"
done
for bad in '' 0x g 0x10000000000000000 -1 '1 '; do
	usage "--tcb refuses '$bad'" --fields tcb --tcb "$bad"
done
for bad in '' VCEK vlek 0; do
	usage "--root refuses '$bad'" --root "$bad"
done
usage "--svn goes with its field" --svn 1
usage "--tcb goes with its field" --fields svn --tcb 1
usage "there are no arguments" now

# --- the guest's level
echo 2 >"$cpu/vmpl"
derive
check "the guest's own level is mixed in" asked "1 0 0x9 2 0 0x0"
rm "$cpu/vmpl"
echo 1 >"$keys/active"
echo -1 >"$module/vmpck_id"
derive
check "where the kernel does not tell it, that of the key in use" \
	asked "1 0 0x9 1 0 0x0"
echo 1 >"$module/vmpck_id"
derive
check "unless somebody chose that key" explained 1 'say --vmpl'
derive --vmpl 1
check "then --vmpl helps" asked "1 0 0x9 1 0 0x0"
rm "$keys/active" "$module/vmpck_id"
derive
check "where nothing is known it is 0" asked "1 0 0x9 0 0 0x0"
mkdir -p "$sys/sys/module/sev_guest/parameters"
echo 3 >"$sys/sys/module/sev_guest/parameters/vmpck_id"
derive FAKE_DRIVER=sev_guest
check "the kernel's own driver has its key in the parameter" \
	asked "1 0 0x9 3 0 0x0"

# --- what goes wrong
rm -f "$file"
derive FAKE_SEV_STATUS=16 -o "$file"
check "a status that the driver did not look at is an error" \
	explained 1 'refused the request: 0x16, invalid parameter'
check "which says which value may be too large" \
	grep -q 'not above GUEST_SVN' "$dir/err"
derive FAKE_SEV_STATUS=27 -o "$file"
check "a root key that is not there is an error" explained 1 'no such root key'
derive FAKE_SEV_STATUS=1234 -o "$file"
check "so is any other status" explained 1 'refused the request: 0x1234'
derive FAKE_SEV_ZERO=1 -o "$file"
check "so is a key of zeros" explained 1 'all zero'
while read -r errno info words; do
	derive FAKE_SEV_ERRNO="$errno" FAKE_SEV_INFO="$info" -o "$file"
	check "errno $errno with exitinfo2 $info is explained" \
		explained 1 "$words"
done <<'END'
5 16 0x16, invalid parameter
5 100000000 the host refused the request: 0x1
5 200000000 the host refused the request: 0x2
5 ff SNP_GET_DERIVED_KEY: Input/output error
5 ffffffffffffffff SNP_GET_DERIVED_KEY: Input/output error
5 0 SNP_GET_DERIVED_KEY: Input/output error
25 ff vmpck_id takes another
74 0 not the firmware's answer
110 ff snp_timeout_ms
12 ff Cannot allocate memory
END
derive FAKE_SEV=2 -o "$file"
check "without the device it is an error" explained 1 'no driver serves this'
derive FAKE_SEV=13 -o "$file"
check "who may not is told to be root" explained 1 'try with sudo'
derive FAKE_TEE=tdx -o "$file"
check "in a TD there is no such firmware" [ "$status" -eq 4 ]
tap_done
