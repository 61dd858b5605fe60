#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: intree.sh tdx|snp: the kernel's own driver has come by itself and serves.

. ./lib.sh

TEE=$1

make_report()
{
	head -c 64 /dev/urandom >$NONCE
	tsmctl report -d @$NONCE -o /run/steps/evidence
}

check "tsm_guest is not loaded" none_loaded tsm_guest
check "the kernel's own driver is loaded" loaded "$(intree_of "$TEE")"
check "tsmctl status says who serves" status_says '.driver.served_by == "in-tree"'
check "evidence is had from it" make_report
