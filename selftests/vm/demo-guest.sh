#!/bin/sh
# SPDX-License-Identifier: MIT
# The part of `make demo` that runs in the VM: evidence, by hand and by tool. In
# a TD also registers with the logs that explain them.

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

# by_hand ATTRIBUTE...: makes an entry, writes a nonce, reads those blobs
by_hand()
{
	run mkdir $entry
	echo "\$ head -c 64 /dev/urandom > /tmp/nonce; cat /tmp/nonce > $entry/inblob"
	head -c 64 /dev/urandom >/tmp/nonce
	cat /tmp/nonce >$entry/inblob
	for blob in "$@"; do
		echo "\$ cat $entry/$blob > /tmp/$blob"
		cat "$entry/$blob" >"/tmp/$blob"
	done
	run cat $entry/provider $entry/generation
	run ls -l /tmp/*blob
	run rmdir $entry
}

# Of what the emulator's signers have, that which they publish.
publish()
{
	cp -r /etc/tsm-emu/pki /tmp/pki
	find /tmp/pki -name '*.key' -exec rm {} +
}

# judge FILE OPTION...: as any machine could, under the roots of the emulator,
# and as every other machine must, under those of Intel and AMD alone
judge()
{
	cd /tmp
	publish
	run tsmctl verify "$@" --roots pki --allow-emulated
	step "Without the emulator's roots it is worth nothing"
	echo "\$ tsmctl verify $* | tail -n 1"
	tsmctl verify "$@" | tail -n 1
}

show_tdx()
{
	step "The machine: any kernel, with a TDX that is emulated"
	run uname -srv
	run tsmctl status

	step "A quote by hand: make an entry, write a nonce of 64 bytes, read the quote"
	by_hand outblob

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

	step "What a verifier gets: a quote for its nonce, and both logs"
	run tsmctl report -d @/tmp/nonce -o /tmp/quote
	run cp /sys/firmware/acpi/tables/data/CCEL /tmp/boot.log
	run cp /sys/kernel/security/tsm_guest/binary_runtime_measurements \
		/tmp/runtime.log

	step "Its verdict, by what Intel, or here the emulator, publishes"
	judge quote -d @nonce --log boot.log --log runtime.log \
		--collateral pki --crl pki
}

show_snp()
{
	step "The machine: the same kernel, with an SEV-SNP that is emulated"
	run uname -srv
	run tsmctl status

	step "A report by hand, and the certificates that the host has for it"
	by_hand outblob auxblob

	step "The same by tsmctl, and what is in it"
	run tsmctl report -d @/tmp/nonce -o /tmp/report --certs /tmp/certs
	run tsmctl show /tmp/report

	step "Who signed it"
	run tsmctl show /tmp/certs

	step "The guest's identity, as it was launched"
	run tsmctl measurements

	step "A verifier's verdict, who has the nonce and a policy"
	cat >/tmp/policy <<-END
	{"snp": {"measurement": "$(od -A n -t x1 -v -j 144 -N 48 /tmp/report |
		tr -d ' \n')",
	         "vmpl": [0], "minimum_tcb": {"snp": 23, "microcode": 84}}}
	END
	run cat /tmp/policy
	judge report -d @nonce --certs certs --crl pki --policy policy
}

"show_$TSM_TEE"
