# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Evidence made by hand for the tests of the command line: to be sourced.

# A TD quote of version 4, all 0 but what makes it one: without authentication
# data and certificates, 1226 bytes.
make_quote() {
	printf '\004\000\002\000\201\000\000\000'
	head -c $((40 + 584)) /dev/zero
	printf '\116\002\000\000'	# 590 bytes of signature data
	head -c 128 /dev/zero
	printf '\006\000\310\001\000\000'	# QE report and so on, 456
	head -c $((384 + 64 + 2)) /dev/zero
	printf '\001\000\000\000\000\000'
}
