#!/bin/bash
# SPDX-License-Identifier: MIT
# Shows a signed TD quote come out of our driver, and event logs that explain its
# registers, in a VM with an emulated TDX.

set -eu
. "$(dirname "$0")/common.sh"

say "booting Linux $(cat "$BUILD/kernels/6.12/release") in QEMU, without KVM ..."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
"$VM/eventlog.py" boot -o "$log"
"$VM/run.sh" -k 6.12 -t tdx -c "$log" -p "$VM/demo-guest.sh" -- sh demo-guest.sh
say "done: quote made by tsm_guest.ko, signed by the EMULATED quoting enclave"
