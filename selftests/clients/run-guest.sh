#!/bin/sh
# SPDX-License-Identifier: MIT
# In a VM: runs all clients, one after the other, and marks whose lines are whose.
#
# usage: run-guest.sh TEE

limit=150	# seconds for one client

for folder in /put/put/*/; do
	name=${folder#/put/put/}
	name=${name%/}
	cd "$folder" || exit 1
	{
		status=0
		timeout "$limit" ./guest.sh "$1" 2>&1 </dev/null || status=$?
		printf '\nEXIT\t%s\n' "$status"
	} | sed "s/^/$name	/"
done
