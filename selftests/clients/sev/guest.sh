#!/bin/sh
# SPDX-License-Identifier: MIT
# In a VM: what the programs of virtee and AMD ask an SNP guest's device for.

[ "$1" = snp ] || exit 0
exec ./sev
