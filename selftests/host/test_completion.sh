#!/bin/sh
# SPDX-License-Identifier: MIT
# Completion in bash and zsh offers what the table of commands has, no less and
# no more. What must be offered is told from the table here, in another way.
set -u

cd "$(dirname "$0")" || exit 2
# shellcheck source=tap.sh
. ./tap.sh
# shellcheck source=command_table.sh
. ./command_table.sh

here=$PWD
ctl=${BUILD:?}/bin/tsmctl
bash=$BUILD/completion/tsmctl
zsh=$BUILD/completion/_tsmctl
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT

# What files and folders there are to be offered, in the current folder.
mkdir -p "$dir/files/a dir" "$dir/planted"
touch "$dir/files/a quote.bin" "$dir/files/quote.bin"
cd "$dir/files" || exit 2

# line TYPED [OFFERED...]: what must come
line() {
	printf '%s\n' "$1" >>"$dir/lines"
	shift
	[ $# -eq 0 ] || printf '%s\n' "$@" | LC_ALL=C sort -u >>"$dir/wanted"
	echo >>"$dir/wanted"
}

# options COMMAND [LEAVE-OUT [ACTION]]: as they are typed; all that can be given,
# or all but one, or those that go with an action
options() {
	rows "$ctl" option "$1" | awk -F '\t' -v not="${2-}" -v with="${3-}" '
		$3 == not || (with != "" && $8 != "-" && $8 != with) { next }
		{ print "--" $3 }
		$4 != "-" { print "-" $4 }'
}

# value TYPED KIND WORDS: what must come for a value behind what was typed
# shellcheck disable=SC2046,SC2086 # lists of words
value() {
	case $2 in
	file) line "$1" "a dir" "a quote.bin" quote.bin ;;
	dir) line "$1" "a dir" ;;
	data)
		line "$1" @
		line "$1@a" "@a dir" "@a quote.bin"
		;;
	word | words) line "$1" $3 ;;
	command) line "$1" $(names) ;;
	other) line "$1" ;;
	esac
}

names() {
	rows "$ctl" command | awk -F '\t' '$3 != "tsmctl" {
		print $3; if ($4 != "-") print $4 }'
}

# lines_of_options COMMAND: what its options take, and what is left after each
lines_of_options() {
	rows "$ctl" option "$1" | while IFS=$TAB read -r _ _ long short _ kind many \
			_ words; do
		typed="tsmctl $1 --$long"
		[ "$kind" = none ] || {
			value "$typed " "$kind" "$words"
			value "$typed=" "$kind" "$words"
			[ "$short" = - ] ||
				value "tsmctl $1 -$short " "$kind" "$words"
			typed="$typed x"
		}
		left=$(options "$1" "$long")
		[ "$many" = - ] || left=$(options "$1")
		[ "$long" != help ] || left=
		# shellcheck disable=SC2086 # a list of words
		line "$typed -" $left
	done
}

# shellcheck disable=SC2046 # lists of words
make_lines() {
	line "tsmctl " $(names)
	line "tsmctl --json " $(names)
	line "tsmctl -" $(options tsmctl)
	line "tsmctl bogus "
	line "tsmctl bogus -"
	for name in $(names); do
		of=$name
		[ "$name" != quote ] || of=report
		line "tsmctl $name -" $(options "$of")
	done
	for name in $(commands "$ctl" | grep -vx tsmctl); do
		lines_of_options "$name"
	done
	rows "$ctl" argument | while IFS=$TAB read -r name _ _ _ _ kind many _ \
			words; do
		value "tsmctl $name " "$kind" "$words"
		first=${words%% *}
		if [ "$many" = many ]; then
			value "tsmctl $name $first " "$kind" "$words"
		elif [ "$name" != help ]; then
			line "tsmctl $name $first " \
				$(options "$name" "" "$first")
		fi
	done
	line "tsmctl status " $(options status)
	for action in show replay export; do
		line "tsmctl log $action -" $(options log "" $action)
	done
	line "tsmctl derive-key --fields policy,m" policy,measurement policy,mit
	line "tsmctl derive-key --fields=mit,svn,m" mit,svn,measurement
	line "tsmctl verify a\\ q" "a quote.bin"
	line "tsmctl verify --certs x --c" --certs --collateral --crl
}

# offered SHELL SCRIPT: what comes; zsh tells with the option in front, and
# quotes blanks, bash puts a slash behind folders itself where readline does not
offered() {
	case $1 in
	bash) "$here/complete.bash" "$2" ;;
	zsh)
		cp "$2" "$dir/planted/_tsmctl"
		zsh -f "$here/complete.zsh" "$dir/planted"
		;;
	esac <"$dir/lines" 2>&1 | sed -e 's/^--[a-z-]*=//' -e 's/\\ / /g' -e 's|/$||'
}

# told FILE: each line with what came for it
told() {
	awk 'FNR == NR { typed[NR] = $0; next }
	     FNR == 1 { at = 1 }
	     $0 == "" { print "[" typed[at++] "]" all; all = ""; next }
	     { all = all " " $0 }' "$dir/lines" "$1"
}

# check_offers SHELL SCRIPT: where what comes is not what must
check_offers() {
	offered "$1" "$2" >"$dir/came"
	told "$dir/wanted" >"$dir/wanted.told"
	told "$dir/came" | diff "$dir/wanted.told" - | grep '^[<>]'
}

# finds SHELL WHAT REGEX: it is in what was said
finds() {
	grep -q -e "$3" "$dir/said"
	tap_result $? "caught in $1: $2"
}

# offers SHELL SCRIPT
offers() {
	check_offers "$1" "$2" >"$dir/said"
	head -n 20 "$dir/said" | sed 's/^/# /'
	[ ! -s "$dir/said" ]
	tap_result $? "$1 offers what the table has, for $(wc -l <"$dir/lines") lines"
	sed -e "/^option${TAB}policy${TAB}/d" \
		-e "/^command${TAB}verify/a option${TAB}planted${TAB}-${TAB}-${TAB}none${TAB}-${TAB}-${TAB}-${TAB}-" \
		-e "s/${TAB}word${TAB}-${TAB}export${TAB}/${TAB}word${TAB}-${TAB}-${TAB}/" \
		-e 's/vcek vmrk/vcek/' "$2" >"$dir/doctored"
	check_offers "$1" "$dir/doctored" >"$dir/said"
	finds "$1" "an option that is not offered" '^< .tsmctl verify -. .*--policy'
	finds "$1" "an option that is not there" '^> .tsmctl verify -. .*--planted'
	finds "$1" "an option of another action" '^> .tsmctl log show -. .*--format'
	finds "$1" "a word that is not offered" '^< .*--root ] vcek vmrk$'
}

# types TYPED GIVEN: what bash makes of tab keys in a line, and gives to tsmctl
types() {
	printf '%s\n' "$1" >>"$dir/typed"
	printf '%s\n' "$2" >>"$dir/given"
}

check_typing() {
	types 'tsmctl rep<TAB>-o a\ q<TAB>' 'report -o a\ quote.bin '
	types 'tsmctl show "a q<TAB>' 'show a\ quote.bin '
	types 'tsmctl show quo<TAB>' 'show quote.bin '
	types 'tsmctl report --output=a\ q<TAB>' 'report --output=a\ quote.bin '
	types 'tsmctl quote --da<TAB>@q<TAB>--cer<TAB>q<TAB>' \
		'quote --data @quote.bin --certs quote.bin '
	types 'tsmctl quote --data=@a\ d<TAB>' 'quote --data=@a\ dir/ '
	types 'tsmctl status --sys<TAB>a<TAB>' 'status --sysroot a\ dir/ '
	types 'tsmctl der<TAB>--fi<TAB>pol<TAB>,me<TAB>' \
		'derive-key --fields policy\,measurement '
	types 'tsmctl log rep<TAB>--no<TAB>' 'log replay --no-compare '
	types 'tsmctl mea<TAB>rtmr2:sha384 mrt<TAB>' \
		'measurements rtmr2:sha384 mrtd '
	zsh -f "$here/type.zsh" "$bash" <"$dir/typed" 2>&1 | diff "$dir/given" - |
		sed 's/^/# /' | tee "$dir/said"
	[ ! -s "$dir/said" ]
}

echo "TAP version 13"
make_lines
bash -n "$bash"
tap_result $? "bash can read its script"
if command -v shellcheck >/dev/null; then
	shellcheck -s bash "$bash" | sed 's/^/# /' | tee "$dir/said"
	[ ! -s "$dir/said" ]
	tap_result $? "shellcheck has nothing to say about it"
else
	tap_skip "shellcheck has nothing to say about it" "no shellcheck"
fi
offers bash "$bash"
if command -v zsh >/dev/null; then
	zsh -n "$zsh"
	tap_result $? "zsh can read its script"
	offers zsh "$zsh"
	check_typing
	tap_result $? "tab keys in a real bash give whole commands"
else
	for sentence in "zsh can read its script" \
			"zsh offers what the table has" \
			"tab keys in a real bash give whole commands"; do
		tap_skip "$sentence" "no zsh"
	done
fi
tap_done
