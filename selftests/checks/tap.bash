# SPDX-License-Identifier: MIT
# TAP for the shell checks, to be sourced.
# shellcheck shell=bash
#
# A check prints what it has to complain of, a line each, and nothing else.

tap_number=0
tap_failed=0

tap_start()
{
	echo "TAP version 13"
	echo "1..$1"
}

tap_ok()
{
	tap_number=$((tap_number + 1))
	echo "ok $tap_number $1"
}

tap_skip()
{
	tap_number=$((tap_number + 1))
	echo "ok $tap_number $1 # SKIP $2"
}

# tap_not_ok NAME LINES
tap_not_ok()
{
	tap_number=$((tap_number + 1))
	tap_failed=1
	echo "not ok $tap_number $1"
	echo "# ${2//$'\n'/$'\n'# }"
}

# tap_quiet NAME COMMAND...: ok if the command prints nothing and succeeds.
tap_quiet()
{
	local name=$1 said status=0

	shift
	said=$("$@" 2>&1) || status=$?
	if [ -z "$said" ] && [ $status = 0 ]; then
		tap_ok "$name"
	else
		tap_not_ok "$name" "${said:-$1: exit status $status}"
	fi
}

# Every file that is, or could be, in git; names have no spaces here.
project_files()
{
	git ls-files -co --exclude-standard -- "$@" | sort -u |
	while read -r file; do
		[ ! -f "$file" ] || echo "$file"
	done
}
