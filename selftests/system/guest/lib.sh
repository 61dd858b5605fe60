# SPDX-License-Identifier: MIT
# TAP for the steps that run in a system, to be sourced; run.sh gives the numbers.
# shellcheck shell=sh disable=SC2034 # used where this is sourced

NONCE=/run/steps/nonce
PKI=/var/lib/tsm-emu

# The kernel's own, which must keep off while ours serves.
INTREE="tdx_guest sev_guest tsm tsm_report"

# check NAME COMMAND...: what it printed is shown only if it failed. Never fails
# itself: boot.sh takes it as a breakdown if a script does.
check()
{
	name=$1
	shift
	if said=$("$@" 2>&1); then
		echo "ok - $name"
	else
		echo "not ok - $name"
		printf '%s\n' "$*: failed" "$said" | sed 's/^/# /'
	fi
}

loaded()
{
	grep -q "^$1 " /proc/modules
}

# none_loaded MODULE...
none_loaded()
{
	for module; do
		! loaded "$module" || { echo "$module is loaded"; return 1; }
	done
}

# status_says JQ-FILTER: whether it holds for what tsmctl says
status_says()
{
	if ! tsmctl status --json >/run/steps/status.json ||
	   ! jq -e "$1" /run/steps/status.json >/dev/null; then
		cat /run/steps/status.json
		return 1
	fi
}

# refuses STATUS COMMAND...: whether it fails in just this way
refuses()
{
	want=$1 got=0
	shift
	"$@" || got=$?
	[ $got = "$want" ] || { echo "status $got, not $want"; return 1; }
}

# quietly COMMAND...: apt and dpkg, asking nothing; the log is for a failure.
quietly()
{
	DEBIAN_FRONTEND=noninteractive "$@" >/run/steps/log 2>&1 </dev/null ||
		{ tail -n 40 /run/steps/log; return 1; }
}

intree_of()
{
	case $1 in
	tdx) echo tdx_guest ;;
	snp) echo sev_guest ;;
	esac
}

device_of()
{
	case $1 in
	tdx) echo /dev/tdx_guest ;;
	snp) echo /dev/sev-guest ;;
	esac
}
