#!/bin/sh
# SPDX-License-Identifier: MIT
# In a VM: tests, as TAP, that evidence got there is judged there as it should.
#
# tsmctl asks the driver for every kind of quote or report that the emulator can
# make, and verifies it with what is public of the emulator's PKI: accepted under
# its roots, if it may be EMULATED, and rejected under those of Intel and AMD.

knobs=/sys/module/tsm_emu/parameters
public=/tmp/public
number=0
failed=0

# check SENTENCE COMMAND...: tells of it, and of what tsmctl said if it fails
check()
{
	sentence=$1
	shift
	number=$((number + 1))
	if "$@"; then
		echo "ok $number $sentence"
	else
		failed=1
		echo "not ok $number $sentence"
		echo "# status $status"
		sed 's/^/# /' said
	fi
}

skip()
{
	number=$((number + 1))
	echo "ok $number $1 # SKIP $2"
}

skip_all()
{
	echo "TAP version 13"
	echo "1..0 # SKIP $1"
	exit 4
}

knob()
{
	echo "$2" >"$knobs/$1"
}

# New evidence, with its certificates, for a new nonce
get()
{
	head -c 64 /dev/urandom >nonce
	tsmctl report -d @nonce -o evidence --certs certs >said 2>&1
	status=$?
	[ "$status" = 0 ]
}

# verify STATUS ARGUMENT...
verify()
{
	want=$1
	shift
	tsmctl verify "$@" evidence >said 2>&1
	status=$?
	[ "$status" = "$want" ]
}

# ours STATUS ARGUMENT...: by what the emulator's PKI has
ours()
{
	want=$1
	shift
	# shellcheck disable=SC2086 # no option is no word
	verify "$want" --roots $public --crl $public --certs certs $collateral \
		"$@"
}

says()
{
	grep -Eq -- "$1" said
}

# found VERDICT: the checks that came to that; they come before an empty line
found()
{
	sed '/^$/q' said | awk -v word="$1" '$2 == word { printf "%s ", $1 }'
}

is_accepted()
{
	ours 0 --allow-emulated -d @nonce && says ': accepted, EMULATED' &&
		[ "$(found skipped)" = "$1policy event_log " ]
}

is_called_emulated()
{
	ours 3 -d @nonce && says ': EMULATED: nothing is wrong'
}

is_rejected_elsewhere()
{
	verify 3 --allow-emulated -d @nonce --certs certs &&
		[ "$(found FAIL)" = "root " ]
}

# fails NAME ARGUMENT...: of all checks that one alone
fails()
{
	name=$1
	shift
	ours 3 --allow-emulated "$@" && [ "$(found FAIL)" = "$name " ]
}

is_fresh()
{
	fails report_data -d "$(printf '%0128d' 1)"
}

# Root, modules and TEE are for who makes evidence, not for who judges it.
nobody_can()
{
	chmod 644 evidence certs nonce
	su -s /bin/sh nobody -c "id -u && tsmctl verify --roots $public \
		--crl $public --certs certs $collateral --allow-emulated \
		-d @nonce evidence" >said 2>&1
	status=$?
	[ "$status" = 0 ] && says '^65534$' && says ': accepted, EMULATED'
}

# judge WHAT FORMAT SKIPPED: the evidence that comes next
KIND_POINTS=6
judge()
{
	check "$1: the driver gets it" get
	check "$1: accepted under the emulator's roots" is_accepted "$3"
	check "$1: it is that" says "^format +pass +version $2"
	check "$1: EMULATED unless that is allowed" is_called_emulated
	check "$1: rejected under the roots of Intel and AMD" \
		is_rejected_elsewhere
	check "$1: rejected for another nonce" is_fresh
}

# policy JSON
policy()
{
	printf '%s\n' "$1" >policy
}

# hex TEXT SIZE: zero-padded
hex()
{
	{ printf '%s' "$1"; head -c $(($2 - ${#1})) /dev/zero; } |
		od -A n -t x1 -v | tr -d ' \n'
}

meets_policy()
{
	ours 0 --allow-emulated --policy policy && says "^policy\.$1 +pass"
}

misses_policy()
{
	ours 3 --allow-emulated --policy policy && says "^policy\.$1 +FAIL"
}

# old_module KNOB: from now on that is a version behind
old_module()
{
	knob "$1" 04010100000000000000000000000000
}

# has_status STATUS
has_status()
{
	get && fails tcb_status && says "^tcb_status +FAIL +$1" &&
		policy '{"tdx": {"tcb_statuses": ["UpToDate", "'"$1"'"]}}' &&
		ours 0 --allow-emulated --policy policy
}

# debug_guest KNOB VALUE
debug_guest()
{
	old=$(cat "$knobs/$1")
	knob "$1" "$2" && get && knob "$1" "$old" && fails debug
}

# quote VERSION BODY NAME
quote()
{
	knob quote_v "$1"
	judge "quote v$1, $3" "$1, body of type $2" "qe "
}

# An SVSM's report is about its manifest, too: both are behind its report data.
svsm_vouches()
{
	head -c 64 /dev/urandom >nonce
	tsmctl report --service svsm -d @nonce --manifest manifest \
		-o evidence --certs certs >said 2>&1
	status=$?
	[ "$status" = 0 ] && ours 0 --allow-emulated \
		-d "$(cat nonce manifest | sha512sum | head -c 128)" &&
		fails report_data -d @nonce
}

TDX_POINTS=$((3 * KIND_POINTS + 8))
judge_tdx()
{
	collateral="--collateral $public"
	old_v=$(cat $knobs/quote_v)
	svn=$(cat $knobs/tee_tcb_svn) svn2=$(cat $knobs/tee_tcb_svn2)
	td_id=$(cat $knobs/td_id)
	quote 4 2 "TDX 1.0"
	knob td_id "$(hex 'EMULATED TD ID' 32)"
	quote 5 4 "TDX 1.5 with TD_ID"
	knob td_id "$td_id"
	quote 5 3 "TDX 1.5"
	check "its TCB is up to date" says '^tcb_status +pass +UpToDate'
	check "nobody can verify it, too" nobody_can
	policy '{"tdx": {"mrtd": "'"$(hex 'EMULATED MRTD' 48)"'"}}'
	check "a policy with its MRTD accepts it" meets_policy mrtd
	policy '{"tdx": {"mrtd": "'"$(hex 'ANOTHER MRTD' 48)"'"}}'
	check "one with another MRTD does not" misses_policy mrtd
	old_module tee_tcb_svn
	check "a TD that is older than the module shows, and can be accepted" \
		has_status TDRelaunchAdvised
	old_module tee_tcb_svn2
	check "so does a module that is out of date" has_status OutOfDate
	knob tee_tcb_svn "$svn"
	knob tee_tcb_svn2 "$svn2"
	check "a TD in debug mode is rejected" debug_guest attributes 10000001
	check "unless it may be" ours 0 --allow-emulated --allow-debug
	knob quote_v "$old_v"
}

SNP_POINTS=$((6 * KIND_POINTS + 7))
judge_snp()
{
	collateral=""
	old_v=$(cat $knobs/snp_report_v) old_sign=$(cat $knobs/snp_sign)
	vmpl=$(cat $knobs/snp_vmpl)
	for v in 2 3 5; do
		knob snp_report_v $v
		knob snp_sign 1
		judge "report v$v by a VLEK" "$v; VMPL $vmpl" "chip_id "
		knob snp_sign 0
		judge "report v$v by a VCEK" "$v; VMPL $vmpl" ""
	done
	check "nobody can verify it, too" nobody_can
	: >certs
	check "without its certificates it is rejected" verify 3 \
		--roots $public --allow-emulated -d @nonce
	get
	policy '{"snp": {"vmpl": ['"$vmpl"'], "products": ["Turin"]}}'
	check "a policy with VMPL and product accepts it" meets_policy vmpl
	policy '{"snp": {"vmpl": [3], "products": ["Turin"]}}'
	check "one with another VMPL does not" misses_policy vmpl
	check "a guest in debug mode is rejected" debug_guest snp_policy b0000
	check "unless it may be" ours 0 --allow-emulated --allow-debug
	if [ "$vmpl" = 0 ]; then
		skip "an SVSM's report, by nonce and manifest" \
			"no SVSM: the guest runs at VMPL 0"
	else
		check "an SVSM's report, by nonce and manifest" svsm_vouches
	fi
	knob snp_report_v "$old_v"
	knob snp_sign "$old_sign"
}

[ -d /etc/tsm-emu/pki ] || skip_all "no emulator, whose PKI this is about"
command -v tsmctl >/dev/null || skip_all "no tsmctl: run make tools"
rm -rf $public
cp -r /etc/tsm-emu/pki $public
find $public -name '*.key' -exec rm {} +
[ -e /etc/passwd ] || echo 'nobody:x:65534:65534::/:/bin/sh' >/etc/passwd
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
cd "$work" || exit 1

echo "TAP version 13"
case ${TSM_TEE:?} in
tdx)
	echo "1..$TDX_POINTS"
	judge_tdx ;;
snp)
	echo "1..$SNP_POINTS"
	judge_snp ;;
esac
exit $failed
