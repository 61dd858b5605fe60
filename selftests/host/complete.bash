#!/bin/bash
# SPDX-License-Identifier: MIT
# What bash offers for lines of commands: calls the function as readline would.
#
#   complete.bash SCRIPT <LINES
#
# Prints what is offered for each line, one a line, and an empty line after each.

set -u
# shellcheck source=/dev/null
. "$1"

# split LINE: sets COMP_WORDS as bash does: at blanks, and around each row of
# characters at which readline breaks words
split()
{
	local rest=$1 word=

	COMP_WORDS=()
	while [[ $rest ]]; do
		if [[ $rest =~ ^([^\\\ =:@]|\\.)+ ]]; then
			word=${BASH_REMATCH[0]}
			COMP_WORDS+=("$word")
		elif [[ $rest =~ ^[=:@]+ ]]; then
			word=${BASH_REMATCH[0]}
			COMP_WORDS+=("$word")
		else
			word=' '
			[[ $rest != ' ' ]] || COMP_WORDS+=('')
		fi
		rest=${rest#"$word"}
	done
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
}

while IFS= read -r line; do
	split "$line"
	COMPREPLY=()
	_tsmctl
	[[ ${#COMPREPLY[@]} -eq 0 ]] ||
		printf '%s\n' "${COMPREPLY[@]}" | LC_ALL=C sort -u
	echo
done
