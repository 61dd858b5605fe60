#!/bin/sh
# SPDX-License-Identifier: MIT
# From the next boot on the kernel takes signed modules only, but for the emulator's.

. ./lib.sh

# Between the loading of tsm_emu and the word to udev that there is a TEE.
enforce()
{
	dir=/etc/systemd/system/tsm-emud.service.d
	mkdir -p $dir
	cat >$dir/enforce.conf <<-END
	[Service]
	ExecStartPre=+/bin/sh -c 'echo Y >/sys/module/module/parameters/sig_enforce'
	END
}

check "the next boot enforces signatures once the emulator is loaded" enforce
