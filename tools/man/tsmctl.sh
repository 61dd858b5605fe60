#!/bin/sh
# SPDX-License-Identifier: MIT
# Prints tsmctl(1): its frame, filled with what the program says of itself.
#
#   tsmctl.sh PROGRAM FRAME VERSION DATE
set -eu

usage() {
	echo "usage: $0 PROGRAM FRAME VERSION DATE" >&2
	exit 2
}

[ $# -eq 4 ] || usage
program=$1 frame=$2 version=$3 date=$4
awk=$(dirname "$0")/help.awk
tab=$(printf '\t')
table=$("$program" help --table)

# rows KIND: those lines of the table
rows() {
	printf '%s\n' "$table" | grep "^$1$tab"
}

# commands: their names, but for help, which is told elsewhere
commands() {
	rows command | cut -f 2 | grep -vx -e tsmctl -e help
}

# values: what stands for values in help
values() {
	printf '%s\n' "$table" | awk -F '\t' '/^(option|argument)/ && $4 != "-" {
		gsub(/[|@]/, " ", $4)
		print $4 }' | tr ' ' '\n' | grep '^[A-Z]*$' | sort -u
}

# part USAGE-OR-ALL HELP...: help as a part of a page
part() {
	want=$1
	shift
	"$program" "$@" | awk -v want="$want" -v values="$(values | xargs)" \
		-f "$awk"
}

synopsis() {
	part usage --help
	echo ".br"
	printf '\\fBtsmctl\\fR \\fBhelp\\fR [\\fICOMMAND\\fR]\n'
	echo ".br"
	printf '\\fBtsmctl\\fR \\fB\\-\\-version\\fR\n'
}

list() {
	rows command | grep -v "^command${tab}tsmctl" |
		while IFS=$tab read -r _ name alias _ summary; do
			printf '.TP\n'
			printf '\\fB%s\\fR' "$name" | sed 's/-/\\-/g'
			[ "$alias" = - ] || printf ', \\fB%s\\fR' "$alias"
			printf '\n%s\n' "$summary"
		done
}

# section TITLE: what is below that line of tsmctl --help
section() {
	"$program" --help | awk -v title="$1" '
		$0 == title { on = 1; print "Usage:\n"; next }
		on && $0 == "" { exit }
		on' | awk -v want=rest -f "$awk"
}

each_command() {
	commands | while read -r name; do
		printf '.SS tsmctl %s\n' "$name" | sed 's/-/\\-/g'
		part all help "$name"
	done
}

while IFS= read -r line; do
	case $line in
	@SYNOPSIS@) synopsis ;;
	@LIST@) list ;;
	@OPTIONS@) section Options: ;;
	@COMMANDS@) each_command ;;
	@EXIT@) section "Exit status:" ;;
	*@*@*) printf '%s\n' "$line" |
		sed "s|@VERSION@|$version|; s|@DATE@|$date|" ;;
	*) printf '%s\n' "$line" ;;
	esac
done <"$frame"
