#!/bin/bash
# SPDX-License-Identifier: MIT
# Shows a signed TD quote come out of our driver, in a VM with an emulated TDX.

set -eu
. "$(dirname "$0")/common.sh"

say "booting Linux $(cat "$BUILD/kernels/6.12/release") in QEMU, without KVM ..."
"$VM/run.sh" -k 6.12 -t tdx -p "$VM/demo-guest.sh" -- sh demo-guest.sh
say "done: quote made by tsm_guest.ko, signed by the EMULATED quoting enclave"
