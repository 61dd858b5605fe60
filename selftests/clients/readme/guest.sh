#!/bin/sh
# SPDX-License-Identifier: MIT
# In a VM: runs the blocks of README.md as they stand. In a session each command
# must do what it is shown to do; in a script each must succeed, and print VALUE
# where its line ends in "# VALUE: ...".

work=/tmp/readme
folder=$PWD

# step N: one command of a session, in a shell that keeps its folder
step()
{
	# shellcheck disable=SC1090 # it is README.md's
	. "$work/$1.command" >"$work/$1.got" 2>&1
	status=$?
	command=$(cat "$work/$1.command")
	sed 's/^/  /' "$work/$1.command" "$work/$1.got"
	[ $status = 0 ] || { echo "$command: exit status $status" >"$work/why"; return 1; }
	missing=$(awk -f "$folder/shown.awk" "$work/$1.got" "$work/$1.shown")
	[ -z "$missing" ] ||
		{ echo "$command: does not say: $missing" >"$work/why"; return 1; }
}

session()
{
	awk -v work="$work" '
		/^\$ / {
			name = work "/" ++n
			print substr($0, 3) >(name ".command")
			printf "" >(name ".shown")
			next
		}
		{ print >(name ".shown") }' "$1"
	n=1
	while [ -e "$work/$n.command" ]; do
		step $n || return 1
		n=$((n + 1))
	done
}

script()
{
	sh -ex "$1" >"$work/got" 2>&1
	status=$?
	sed 's/^/  /' "$work/got"
	[ $status = 0 ] || { tail -n 1 "$work/got" >"$work/why"; return 1; }
	wrong=$(awk -f "$folder/remarks.awk" "$work/got" "$1")
	[ -z "$wrong" ] || { echo "not so: $wrong" >"$work/why"; return 1; }
}

# As if nothing had been done.
clean_up()
{
	for left in /sys/kernel/config/tsm/*/mine; do
		[ ! -d "$left" ] || rmdir "$left"
	done
	parameter=/sys/module/tsm_guest/parameters/vmpck_id
	[ ! -e $parameter ] || echo -1 >$parameter
	cd "$folder" || exit 1
	rm -rf "$work"
}

for block in *."$1"; do
	row="$(cat "${block%.*}.name")"
	if [ "$TSM_DRIVER" != tsm_guest ]; then
		printf '%s\t-: README.md is about tsm_guest\n' "$row"
		continue
	fi
	mkdir -p "$work/home"
	if (
		cd "$work/home" || exit 1
		if grep -q '^\$ ' "$folder/$block"; then
			session "$folder/$block"
		else
			script "$folder/$block"
		fi
	); then
		printf '%s\tok\n' "$row"
	else
		printf '%s\tno: %s\n' "$row" "$(tail -n 1 "$work/why")"
	fi
	clean_up
done
