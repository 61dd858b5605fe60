# SPDX-License-Identifier: MIT
# What the scripts of selftests/system share: releases of Debian, and paths.
# shellcheck shell=bash disable=SC2034 # used where this is sourced


. "$(dirname "${BASH_SOURCE[0]}")/../vm/common.sh"

SYSTEM=$TOP/selftests/system
RELEASES=(bookworm trixie)

# Where systems find the packages that were not there when they were made.
PACKAGES=/srv/packages

# use_release NAME: sets R, DIR, NAME, the TEE that it begins with, and UPGRADE:
# which kernel a later one is, which its disk holds as well.
use_release()
{
	R=$1
	DIR=$BUILD/system/$R
	case $R in
	bookworm) NAME="Debian 12" TEE=snp UPGRADE=6.12 ;;
	trixie) NAME="Debian 13" TEE=tdx UPGRADE=7.3 ;;
	*) die 2 "-r $R: not one of ${RELEASES[*]}" ;;
	esac
}
