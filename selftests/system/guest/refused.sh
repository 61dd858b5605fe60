#!/bin/sh
# SPDX-License-Identifier: MIT
# What tsmctl status says where the kernel takes modules with known keys only.

. ./lib.sh

check "the kernel asks for signatures" \
	[ "$(cat /sys/module/module/parameters/sig_enforce)" = Y ]
check "tsm_guest is signed, with a key that the kernel does not know" sh -c \
	'modinfo -F signer tsm_guest | grep DKMS'
check "the kernel's log tells of it" sh -c \
	'journalctl -k -b -o cat | grep -E "tsm_guest.*(rejected|unavailable key)|module with unavailable key"'
# Whose signature it is cannot be seen in a file that DKMS has packed, as in Debian
# 13; then status has only the kernel's word for it.
check "tsmctl status says why, and how to mend it" status_says \
	'(.problems // []) + (.notes // []) |
	 map(select(.key == "key_not_enrolled" or .key == "load_refused") |
	     select(.mend | test("mokutil --import"))) | length == 1'
