#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: evidence.sh tdx|snp: evidence is had and verified, registers are extended.

. ./lib.sh

TEE=$1
cd /run/steps || exit

make_evidence()
{
	rm -f evidence certs
	head -c 64 /dev/urandom >$NONCE
	case $TEE in
	tdx) tsmctl report -d @$NONCE -o evidence ;;
	snp) tsmctl report -d @$NONCE -o evidence --certs certs ;;
	esac
}

# verify OPTION...
verify()
{
	[ ! -e certs ] || set -- --certs certs "$@"
	tsmctl verify evidence -d @$NONCE "$@"
}

extend_and_replay()
{
	tsmctl extend rtmr3 --data "a whole system" &&
		tsmctl log show | grep "rtmr3 .*a whole system" &&
		tsmctl log replay &&
		tsmctl log replay --json | jq -e '.explained'
}

check "evidence is had" make_evidence
check "it verifies, with the emulator's roots and consent" verify \
	--roots "$PKI" --allow-emulated
check "without them it is rejected" refuses 3 verify
[ "$TEE" != tdx ] ||
	check "a register is extended, and the log explains it" extend_and_replay
