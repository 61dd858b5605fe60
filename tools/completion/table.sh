#!/bin/sh
# SPDX-License-Identifier: MIT
# Puts the table of commands and options, as tsmctl has it, into a completion
# script in the place of the line @TABLE@, each option with what help says of it.
#
#   table.sh PROGRAM SCRIPT
set -eu

[ $# -eq 2 ] || {
	echo "usage: $0 PROGRAM SCRIPT" >&2
	exit 2
}
program=$1
awk=$(dirname "$0")/../man/help.awk
tab=$(printf '\t')
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$program" help --table >"$work/table"
sed -n "s/^command$tab\([^$tab]*\).*/\1/p" "$work/table" |
	while read -r name; do
		if [ "$name" = tsmctl ]; then
			"$program" --help
		elif [ "$name" != help ]; then
			"$program" "$name" --help
		fi >"$work/help"
		awk -v want=options -f "$awk" "$work/help" |
			sed "s/^/$name$tab/"
	done >"$work/abouts"
awk -F '\t' -v OFS='\t' '
	FILENAME != ARGV[2] { about[$1, $2] = $3; next }
	$1 == "command" { name = $2 }
	$1 == "option" { $9 = about[name, $2] == "" ? "-" : about[name, $2] }
	{ print }' "$work/abouts" "$work/table" >"$work/full"
sed -e "/^@TABLE@\$/{r $work/full" -e 'd}' "$2"
