#!/bin/sh
# SPDX-License-Identifier: MIT
# tsmctl unload gives a running system back to the kernel's own driver.

. ./lib.sh

check "tsmctl unload puts the kernel's own driver in place" tsmctl unload -v
check "it serves" status_says '.driver.served_by == "in-tree"'
check "tsm_guest is gone" none_loaded tsm_guest
