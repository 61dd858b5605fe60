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

# list_project: reads the names of all files that are, or could be, in git into
# PROJECT; names have no spaces here. A tree without .git, or a machine without
# git, has no rules of what to ignore, so they are repeated here.
list_project()
{
	local listed

	if [ -e .git ] && command -v git >/dev/null; then
		# the tree may be another user's, as under sudo
		listed=$(git -c safe.directory="$(pwd -P)" ls-files -co \
			--exclude-standard) || return
	else
		listed=$(find . -path ./build -prune -o -path ./.git -prune -o \
			-type f ! -name '*.o' ! -name '*.ko' ! -name '*.mod' \
			! -name '*.mod.c' ! -name '*.cmd' \
			! -name Module.symvers ! -name modules.order \
			! -name compile_commands.json -printf '%P\n') || return
	fi
	mapfile -t PROJECT < <(sort -u <<<"$listed")
	[ -n "$listed" ] || { echo "no files in $PWD" >&2; return 1; }
}

# project_files [PATTERN]...: those that match, or all; '*' matches '/', too.
project_files()
{
	local file pattern

	[ $# -gt 0 ] || set -- '*'
	for file in "${PROJECT[@]}"; do
		[ -f "$file" ] || continue
		for pattern; do
			# shellcheck disable=SC2053 # a pattern is meant
			[[ $file != $pattern ]] || { echo "$file"; break; }
		done
	done
}
