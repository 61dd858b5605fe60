# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Compares what tsmctl's table of commands, its help, and its man page tell of
# options. Source it, for the page behind man_page.sh; each check prints what is wrong, and nothing if all is well.
#
# A program is tsmctl, or a script that behaves like it.

TAB=$(printf '\t')

# rows PROGRAM KIND [COMMAND]: those lines of the table, the command in front
rows() {
	"$1" help --table | awk -F '\t' -v kind="$2" -v wanted="${3-}" '
		$1 == "command" { name = $2 }
		$1 == kind && (wanted == "" || wanted == name) {
			print name "\t" $0 }'
}

# commands PROGRAM: all that have help of their own, and tsmctl itself
commands() {
	rows "$1" command | cut -f 1 | grep -vx help
}

# help_of PROGRAM COMMAND
help_of() {
	if [ "$2" = tsmctl ]; then
		"$1" --help
	else
		"$1" "$2" --help
	fi
}

# spelled: from options as getopt has them, each as it is typed with its value,
# "-d HEX" and "--data HEX"; one line for each value that it may take
spelled() {
	awk -F '\t' '{
		n = split($5, value, "|")
		for (i = 1; i <= n; i++) {
			tail = value[i] == "-" ? "" : " " value[i]
			print "--" $3 tail
			if ($4 != "-")
				print "-" $4 tail
		}
	}' | sort -u
}

# terms: from lists in help, the same of the options that they explain; "-o -"
# is about a value, not an option
terms() {
	sed -n 's/^  *\(-[^ ].*\)/\1/p' | grep -v '^-o -' |
		sed 's/  .*//' | awk '{
			value = $NF ~ /^-/ ? "-" : $NF
			n = split(value, v, "|")
			for (i = 1; i <= NF && $i ~ /^-/; i++) {
				sub(/,$/, "", $i)
				for (j = 1; j <= n; j++)
					print $i (v[j] == "-" ? "" : " " v[j])
			}
		}' | sort -u
}

# prose_options: long options that are named anywhere else, but in examples
prose_options() {
	sed '/^Examples:/,$d' | grep -oE '(^|[^a-z-])--[a-z][a-z-]*' |
		sed 's/^[^-]//' | sort -u
}

# differences COMMAND PLACE: says of lines from comm on which side they are
differences() {
	sed "s/^[^$TAB]/$1: only in the table: &/; s/^$TAB/$1: only in $2: /"
}

# check_table PROGRAM: the table agrees with itself
check_table() {
	rows "$1" stray | sed 's/$/: not an option/'
	rows "$1" option | awk -F '\t' '
		$6 == "-" { print $1 ": --" $3 ": what it takes is not told" }
		$6 == "none" && $5 != "-" || $6 !~ /none|-/ && $5 == "-" {
			print $1 ": --" $3 ": kind and value disagree" }
		$6 ~ /word/ && $9 == "-" { print $1 ": --" $3 ": no words" }'
	rows "$1" command | while IFS=$TAB read -r name _ _ _ shorts _; do
		wanted=$(rows "$1" option "$name" | awk -F '\t' '$4 != "-" {
			print $4 ($5 == "-" ? "" : ":") }' | sort)
		given=$(printf '%s' "$shorts" | sed 's/^://' |
			grep -oE '[A-Za-z]:?' | sort)
		[ "$wanted" = "$given" ] ||
			echo "$name: short options '$shorts'"
	done
}

# check_help PROGRAM: help explains just the options there are
check_help() {
	spell=$(mktemp)
	known=$(rows "$1" option | cut -f 3 | sed 's/^/--/' | sort -u)
	for name in $(commands "$1"); do
		rows "$1" option "$name" | spelled >"$spell"
		help_of "$1" "$name" | terms | comm -3 "$spell" - |
			differences "$name" help
		help_of "$1" "$name" | prose_options | while read -r option; do
			printf '%s\n' "$known" | grep -qx -e "$option" ||
				echo "$name: help mentions $option"
		done
	done
	rm "$spell"
}

# check_codes PROGRAM: help tells of exit codes, and of none that is not
check_codes() {
	for name in $(commands "$1" | grep -vx tsmctl); do
		codes=$(help_of "$1" "$name" | sed -n '/^Exit status:/,/^$/p' |
			tr '\n' ' ' | grep -oE '(: |; )[0-9] ' | tr -dc '0-9')
		case $codes in
		012 | 0123 | 0124 | 01234) ;;
		*) echo "$name: exit codes '$codes'" ;;
		esac
	done
}

# page_of PAGE COMMAND: the section about it
page_of() {
	awk -v title=".SS tsmctl $2" '
		/^\.S[SH]/ { gsub(/\\/, ""); on = $0 == title; next }
		on' "$1"
}

# words: one a line
words() {
	tr -s '[:space:]' '\n' | grep .
}

# check_page PROGRAM PAGE: it says just what help says, word for word
check_page() {
	told=$(mktemp)
	for name in $(commands "$1" | grep -vx tsmctl); do
		help_of "$1" "$name" | sed '1s/^Usage: //' | words >"$told"
		page_of "$2" "$name" | plain | words | diff "$told" - |
			sed -n "s/^[<>]/$name: &/p"
	done
	rm "$told"
}

# check_codes_of_page PROGRAM PAGE: the codes of tsmctl --help, nothing else
check_codes_of_page() {
	said=$(mktemp)
	"$1" --help | sed -n '/^Exit status:/,/^$/p' | sed '1d' | words >"$said"
	awk '/^\.SH/ { on = $0 ~ /EXIT STATUS/ } on && !/^\.PP/ { print }
	     on && /^\.PP/ { exit }' "$2" | plain | words | diff "$said" - |
		sed -n 's/^[<>]/exit status: &/p'
	rm "$said"
}

# examples_of PAGE: each command of tsmctl in them, its options one a line as
# "COMMAND OPTION", "COMMAND -" if it has none
examples_of() {
	awk '/^\.EE/ { on = 0 } on { print } /^\.EX/ { on = 1 }' "$1" | plain |
		sed -E -e 's/\$\([^)]*\)/x/g' -e "s/'[^']*'|\"[^\"]*\"/x/g" |
		tr '|&' '\n\n' | sed 's/^ *sudo //' | awk '$1 == "tsmctl" {
			print $2 " -"
			for (i = 3; i <= NF; i++) {
				sub(/=.*/, "", $i)
				if ($i ~ /^-./)
					print $2 " " $i
			}
		}' | sort -u
}

# check_examples PROGRAM PAGE: they name commands and options that there are
check_examples() {
	known=$(mktemp)
	rows "$1" command | while IFS=$TAB read -r name _ _ alias _; do
		for called in "$name" "$alias"; do
			echo "$called -"
			rows "$1" option "$name" | awk -F '\t' -v name="$called" '{
				print name " --" $3 "\n" name " -" $4 }'
		done
	done | sort -u >"$known"
	examples_of "$2" | comm -13 "$known" - | sed 's/$/: not known/'
	rm "$known"
}
