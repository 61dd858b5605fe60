# SPDX-License-Identifier: MIT
# What zsh offers for lines of commands, asked as a user does: with the tab key.
#
#   zsh -f complete.zsh FOLDER <LINES
#
# FOLDER has the completion function. Prints what is offered for each line, one a
# line, and an empty line after each.

setopt no_unset
zmodload zsh/zpty
zmodload zsh/zselect
work=$(mktemp -d) || exit 2
trap 'zpty -d shell 2>/dev/null; rm -rf $work' EXIT

# A match is offered by calling compadd, here one that writes down, too; what asks
# for matches into arrays is let through.
cat >$work/setup <<'SETUP'
PS1= PS2=
unsetopt auto_list auto_menu
autoload -U compinit && compinit -D -u
bindkey -e
zstyle ':completion:*' list-separator --
compadd() {
	local -a hits prefix
	if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
		builtin compadd "$@"
		return
	fi
	builtin compadd -A hits "$@"
	zparseopts -E P:=prefix
	((!$#hits)) || print -rl -- $IPREFIX${prefix[2]-}${^hits} >>$work/offered
	builtin compadd "$@"
}
complete-and-tell() {
	zle complete-word
	print >>$work/answered
}
zle -N complete-and-tell
bindkey '^I' complete-and-tell
SETUP

# answer_within SECONDS: waits for the shell, whose echo must not fill its tty
answer_within() {
	local echoed
	integer rounds=$(($1 * 50))

	while [[ ! -s $work/answered ]]; do
		((rounds-- > 0)) || {
			print -u2 "zsh does not answer"
			exit 1
		}
		zpty -r -t shell echoed || zselect -t 2
	done
	rm $work/answered
}

zpty shell "TERM=dumb work=$work zsh -f -i"
zpty -w shell "fpath=(${(q)1} \$fpath); . $work/setup; print >>$work/answered"
answer_within 60
while IFS= read -r line; do
	: >$work/offered
	# what is there before is taken away
	zpty -n -w shell $'\C-u'$line$'\t'
	answer_within 30
	sort -u $work/offered
	print
done
