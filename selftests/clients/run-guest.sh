#!/bin/sh
# SPDX-License-Identifier: MIT
# In a VM: runs all clients, one after the other, and marks whose lines are whose.
# README.md shows a machine that nobody has used before, so that comes first.
#
# usage: run-guest.sh TEE

limit=150	# seconds for one client

# run NAME TEE
run()
{
	cd "/put/put/$1" || exit 1
	{
		status=0
		# shellcheck disable=SC2016 # expanded by the inner shell
		setsid sh -c 'echo $$ >/tmp/group; exec timeout "$@"' sh \
			"$limit" ./guest.sh "$2" 2>&1 </dev/null || status=$?
		# what it left running would hold the pipe
		kill -KILL "-$(cat /tmp/group)" 2>/dev/null
		printf '\nEXIT\t%s\n' "$status"
	} | sed "s/^/$1	/"
}

[ ! -d /put/put/readme ] || run readme "$1"
for folder in /put/put/*/; do
	name=$(basename "$folder")
	[ "$name" = readme ] || run "$name" "$1"
done
