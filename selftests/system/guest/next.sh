#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: next.sh tdx|snp: which TEE the next boot has.

. ./lib.sh

check "the next boot is with an emulated $1" \
	sed -i "s/^#* *TEE=.*/TEE=$1/" /etc/default/tsm-emud
