#!/bin/sh
# SPDX-License-Identifier: MIT
# tsmctl load takes over a running system from the kernel's own driver.

. ./lib.sh

check "tsmctl load puts tsm_guest in place" tsmctl load -v
check "tsm_guest is loaded" loaded tsm_guest
# shellcheck disable=SC2086 # a list of words
check "the kernel's own drivers are not" none_loaded $INTREE
check "tsmctl status is content" status_says '.ready == true and
	((.problems // []) + (.notes // []) | length == 0)'
