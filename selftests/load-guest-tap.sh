# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# TAP of load-guest.sh, which sources this: runs tsmctl, and judges what it said.
#
# Variables are for the script:
# shellcheck disable=SC2034

number=0
failed=0

# result SENTENCE STATUS: tells of it, and what tsmctl said if it fails
result()
{
	number=$((number + 1))
	if [ "$2" = 0 ]; then
		echo "ok $number $1"
		return
	fi
	failed=1
	echo "not ok $number $1"
	echo "# status $status"
	sed 's/^/# /' out err
	lsmod | sed 's/^/# /'
}

skip()
{
	number=$((number + 1))
	echo "ok $number $1 # SKIP $2"
}

run()
{
	tsmctl "$@" >out 2>err
	status=$?
}

# expect STATUS SENTENCE: what the last run must have given
expect()
{
	[ "$status" = "$1" ]
	result "$2" $?
}

says()
{
	grep -Eq -- "$2" err
	result "$1" $?
}

prints()
{
	grep -Eq -- "$2" out
	result "$1" $?
}

# last SENTENCE REGEX: in the last line of standard error
last()
{
	tail -n 1 err | grep -Eq -- "$2"
	result "$1" $?
}
