#!/bin/sh
# SPDX-License-Identifier: MIT
# The headers that this kernel lacked are installed, and ours takes over.

. ./lib.sh

release=$(uname -r)

check "tsmctl status says that headers are missing, and how to mend that" status_says \
	'(.problems // []) + (.notes // []) | map(select(.key == "no_headers" and
	 (.mend | contains("linux-headers-'"$release"'")))) | length == 1'
check "apt installs the headers" \
	quietly apt-get -q -y install "linux-headers-$release"
check "DKMS has built tsm_guest for this kernel" modinfo -k "$release" tsm_guest
check "DKMS has built tsm_emu for this kernel" modinfo -k "$release" tsm_emu
