#!/bin/bash
# SPDX-License-Identifier: MIT
# Shows signed evidence come out of our driver, and verified: in a VM with an
# emulated TDX a quote, and event logs that explain its registers; in one with an
# emulated SEV-SNP a report, and the certificates of who signed it.

set -eu
. "$(dirname "$0")/common.sh"

# show TEE RUN-OPTION...
show()
{
	"$VM/run.sh" -k 6.12 -t "$@" -p "$VM/demo-guest.sh" -- sh demo-guest.sh
}

log=$(mktemp)
trap 'rm -f "$log"' EXIT
"$VM/eventlog.py" boot -o "$log"
release=$(cat "$BUILD/kernels/6.12/release")

say "booting Linux $release in QEMU, without KVM, as a TD ..."
show tdx -c "$log"
say "done: quote made by tsm_guest.ko, signed by the EMULATED quoting enclave, accepted by tsmctl"
say "booting the same as an SEV-SNP guest ..."
show snp
say "done: report fetched by tsm_guest.ko, signed by the EMULATED secure processor, accepted by tsmctl"
