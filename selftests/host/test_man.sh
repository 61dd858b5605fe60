#!/bin/sh
# SPDX-License-Identifier: MIT
# tsmctl(1), help and the table of commands say the same, and the page is well
# formed. Each check is also shown what it must find.
set -u

cd "$(dirname "$0")" || exit 2
# shellcheck source=tap.sh
. ./tap.sh
# shellcheck source=man_page.sh
. ./man_page.sh
# shellcheck source=command_table.sh
. ./command_table.sh

ctl=${BUILD:?}/bin/tsmctl
page=$BUILD/man/tsmctl.1
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT

# doctored WHAT SED: a program that says WHAT (table or a command) differently
doctored() {
	arguments="$1 --help"
	[ "$1" != table ] || arguments="help --table"
	printf '%s\n' "$2" >"$dir/script"
	cat >"$dir/program" <<-SCRIPT
		#!/bin/sh
		[ "\$*" = "$arguments" ] || exec "$ctl" "\$@"
		"$ctl" \$* | sed -f "$dir/script"
	SCRIPT
	chmod +x "$dir/program"
}

# answers STATUS TEXT ARGUMENT...: says so if the status is another, or TEXT is
# not on stderr
answers() {
	wanted=$1 text=$2
	shift 2
	"$ctl" "$@" >/dev/null 2>"$dir/err" </dev/null
	status=$?
	if [ "$status" -ne "$wanted" ] || { [ "$text" ] &&
		! grep -qF -e "$text" "$dir/err"; }; then
		echo "tsmctl $*: $status: $(cat "$dir/err")"
	fi
}

# words_of COMMAND [OPTION]: what the table says that can be there; arguments,
# if no option is named
words_of() {
	if [ $# -eq 2 ]; then
		rows "$ctl" option "$1" | awk -F '\t' -v o="$2" '$3 == o { print $9 }'
	else
		rows "$ctl" argument "$1" | cut -f 9
	fi
}

# What the table offers is what the program takes. Whatever is in front of
# --help is looked at; where it is not, another complaint follows.
check_taken() {
	rows "$ctl" option | awk -F '\t' '$9 != "-" && $3 !~ /format|service|event/ {
		print $1, $3, $9 }' | while read -r name option words; do
		for word in $words; do
			answers 0 "" "$name" "--$option" "$word" --help
		done
		answers 2 "'bogus'" "$name" "--$option" bogus --help
	done
	for word in $(words_of log format); do
		answers 1 bogus log export --format "$word" --ccel /bogus -o /bogus
	done
	for word in $(words_of extend event-type); do
		answers 2 "--event-type goes with" extend rtmr3 \
			--event-type "$word" --digest 00
	done
	answers 2 "--vmpl and --service" report --vmpl 0 --service \
		"$(words_of report service)"
}

check_arguments_taken() {
	for word in $(words_of measurements); do
		answers 1 bogus measurements -f /bogus "$word"
	done
	answers 2 "unknown register" measurements -f /bogus bogus
	for word in $(words_of extend); do
		answers 2 "extend with what" extend "$word"
	done
	answers 2 "rtmr0 to rtmr3" extend rtmr4
	for word in $(words_of log); do
		answers 1 bogus log "$word" --ccel /bogus
	done
	answers 2 "'bogus'" log bogus
}

# An option of one action is refused with the others, and with no other option.
check_actions() {
	rows "$ctl" option log | while IFS=$TAB read -r _ _ long _ _ kind _ with _; do
		case $long,$kind in
		help,* | json,* | ccel,*) continue ;;
		format,*) long=format=tcg ;;
		*,none) ;;
		*) long=$long=bogus ;;
		esac
		for action in $(words_of log); do
			if [ "$with" = - ] || [ "$with" = "$action" ]; then
				answers 1 bogus log "$action" --ccel /bogus \
					"--$long"
			else
				answers 2 "goes with $with" log "$action" \
					--ccel /bogus "--$long"
			fi
		done
	done
}

echo "TAP version 13"
silent "the table agrees with itself" check_table "$ctl"
silent "help explains just the options there are" check_help "$ctl"
silent "help tells of exit codes" check_codes "$ctl"
silent "tsmctl(1) says word for word what help says" check_page "$ctl" "$page"
silent "it has the exit codes of tsmctl --help" check_codes_of_page "$ctl" "$page"
silent "examples have commands and options that there are" \
	check_examples "$ctl" "$page"
silent "words that the table offers are taken, others are not" check_taken
silent "so are arguments" check_arguments_taken
silent "options of one action go with it alone" check_actions

planted="option${TAB}planted${TAB}-${TAB}FILE${TAB}file${TAB}-${TAB}-${TAB}-"
doctored table "/^command${TAB}show/a $planted"
caught "show: only in the table: --planted FILE" \
	"an option that help does not explain" check_help "$dir/program"
doctored show '/  -h, --help/i \      --planted FILE  what nobody takes'
caught "show: only in help: --planted FILE" \
	"help for an option that is not there" check_help "$dir/program"
caught "show: < --planted" "help that is not in tsmctl(1)" \
	check_page "$dir/program" "$page"
doctored show 's/At$/With --planted, at/'
caught "show: help mentions --planted" "a mention of an option that is none" \
	check_help "$dir/program"
doctored verify 's/--policy FILE/--policy NAME/'
caught "verify: only in help: --policy NAME" "a value under another name" \
	check_help "$dir/program"
doctored verify 's/; 2 wrong$/; 5 wrong/'
caught "verify: exit codes '0153'" "an exit code that is none" \
	check_codes "$dir/program"
doctored table "s/:hd:j:/:hdj:/"
caught "verify: short options ':hdj:'" "short options that are not the long ones" \
	check_table "$dir/program"
doctored table "/${TAB}policy${TAB}/s/${TAB}file${TAB}/${TAB}-${TAB}/"
caught "verify: --policy: what it takes is not told" \
	"an option that nobody told the value of" check_table "$dir/program"
sed 's/ emulated/ genuine/' "$page" >"$dir/page"
caught "verify: > genuine" "a word of tsmctl(1) that help does not have" \
	check_page "$ctl" "$dir/page"
sed 's/^tsmctl verify report.bin/& \\-\\-planted/; s/^tsmctl status$/tsmctl state/' \
	"$page" >"$dir/page"
caught "verify --planted: not known" "an example with an option that is none" \
	check_examples "$ctl" "$dir/page"
caught "state -: not known" "an example of a command that is none" \
	check_examples "$ctl" "$dir/page"

lints "tsmctl(1)" "$page"
tap_done
