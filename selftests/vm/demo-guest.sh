#!/bin/sh
# SPDX-License-Identifier: MIT
# The part of `make demo` that runs in the VM: a quote, by hand and by tool, and
# registers with the logs that explain them.

set -eu

step()
{
	printf '\n## %s\n' "$*"
}

run()
{
	printf '$ %s\n' "$*"
	"$@"
}

entry=/sys/kernel/config/tsm/report/demo

step "The machine: any kernel, with a TDX that is emulated"
run uname -srv
run tsmctl status

step "A quote by hand: make an entry, write a nonce of 64 bytes, read the quote"
run mkdir $entry
echo "\$ head -c 64 /dev/urandom > /tmp/nonce; cat /tmp/nonce > $entry/inblob"
head -c 64 /dev/urandom >/tmp/nonce
cat /tmp/nonce >$entry/inblob
echo "\$ cat $entry/outblob > /tmp/quote"
cat $entry/outblob >/tmp/quote
run cat $entry/provider $entry/generation
run ls -l /tmp/quote
run rmdir $entry

step "The same by tsmctl, and what is in it"
run tsmctl report -d @/tmp/nonce -o /tmp/quote
run tsmctl show /tmp/quote

step "The measurement registers, as firmware, boot loader and kernel left them"
run tsmctl measurements

step "A program adds to one of them; the kernel keeps the record"
run tsmctl extend rtmr3 --data hello

step "The log of the boot, and after it ours"
run tsmctl log show

step "The registers recomputed from both logs"
run tsmctl log replay
