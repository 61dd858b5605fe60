# SPDX-License-Identifier: MIT
# Types lines into a real bash, tab keys and all, and prints the commands that
# come of it, as bash would quote them.
#
#   zsh -f type.zsh SCRIPT <LINES
#
# SCRIPT has the completion function; <TAB> in a line is the tab key.

setopt no_unset
tab=$'\t'
zmodload zsh/zpty
zmodload zsh/zselect
work=$(mktemp -d) || exit 2
trap 'zpty -d shell 2>/dev/null; rm -rf $work' EXIT

# The command tells what it was given instead of doing it.
cat >$work/setup <<'SETUP'
tsmctl() { printf '%q ' "$@" >"$work/given"; mv "$work/given" "$work/answered"; }
bind 'set bell-style none' 'set completion-query-items 0' 'set page-completions off'
SETUP

answer() {
	local echoed
	integer rounds=1500

	while [[ ! -s $work/answered ]]; do
		((rounds-- > 0)) || {
			print -u2 "bash does not answer"
			exit 1
		}
		zpty -r -t shell echoed || zselect -t 2
	done
	print -r -- "$(<$work/answered)"
	rm $work/answered
}

zpty shell "TERM=dumb work=$work bash --norc --noprofile -i"
zpty -w shell ". $work/setup; . ${(q)1}; tsmctl ready"
answer >/dev/null
while IFS= read -r line; do
	zpty -n -w shell ${line//<TAB>/$tab}$'\n'
	answer
done
