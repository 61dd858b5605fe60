#!/bin/sh
# SPDX-License-Identifier: MIT
# tsmctl status of SEV-SNP guests that are described by files: privilege level,
# keys, drivers, and which commands are said to mend what is wrong.
set -u

cd "$(dirname "$0")" || exit 2
# shellcheck source=tap.sh
. ./tap.sh
# shellcheck source=status_machine.sh
. ./status_machine.sh

cpu=$machine/sys/devices/system/cpu
keys=$misc/sev-guest/vmpck

# An SNP guest, with configfs and without a driver.
new_machine() {
	plain_machine ""
	mkdir -p "$machine/sys/devices/platform/sev-guest"
}

# loaded MODULE...: one of them a driver
loaded() {
	loaded_for sev-guest "$@"
}

# Ours at VMPL 0, with all that it has.
new_ours() {
	new_machine
	loaded tsm_guest
	mkdir -p "$report" "$module/tsm_guest/parameters" "$keys" \
		"$misc/sev-guest/measurements" "$cpu/sev"
	echo -1 >"$module/tsm_guest/parameters/vmpck_id"
	echo 60000 >"$module/tsm_guest/parameters/snp_timeout_ms"
	echo 30000 >"$module/tsm_guest/parameters/quote_timeout_ms"
	echo 15 >"$module/tsm_guest/parameters/rtmr_mask"
	echo 1024 >"$module/tsm_guest/parameters/log_max_kb"
	echo 0 >"$cpu/sev/vmpl"
	echo 0 >"$keys/active"
	echo ready >"$keys/state0"
	for n in 1 2 3; do
		echo unused >"$keys/state$n"
	done
	: >"$misc/sev-guest/measurements/measurement"
}

echo "TAP version 13"

# --- our driver
new_ours
status_is 0 "an SNP guest with our driver is ready"
says "it says which TEE" '^tee +AMD SEV-SNP$'
says "found by its platform device first" \
	'^found by +platform device sev-guest, misc device sev-guest, /sys/devices/system/cpu/sev/vmpl$'
says "it names the driver" '^  module +tsm_guest$'
says "and which key it was told to use" '^  vmpck_id +-1$'
says "and how long a request may take" '^  snp_timeout_ms +60000$'
says "it says the guest's level" '^  VMPL +0$'
says "and that there is no SVSM" '^  SVSM +none$'
says "and the key in use" '^  active VMPCK +0$'
says "and its state" '^  VMPCK 0 +ready$'
says "and that of the others" '^  VMPCK 3 +unused$'
says "it says where measurements are" \
	'^  measurements +/sys/class/misc/sev-guest/measurements$'
silent "nothing is to be mended, and nothing remarked" '^ *mend|^problem|^note'
silent "parameters of TDX are not shown" 'quote_timeout|rtmr_mask|log_max_kb'

echo 2 >"$cpu/sev/vmpl"
echo 2 >"$keys/active"
echo empty >"$keys/state0"
echo empty >"$keys/state1"
echo ready >"$keys/state2"
status_is 0 "under an SVSM it is ready, too"
says "it says that there is one" '^  SVSM +serves this guest$'
says "keys that the SVSM kept are empty" '^  VMPCK 0 +empty$'
rm -r "$cpu"
status_is 0 "a kernel that does not tell the level is no problem"
says "that it does not is said" '^  SVSM +unknown: this kernel does not tell'

while read -r state exit_code regex; do
	new_ours
	echo "$state" >"$keys/state0"
	status_is "$exit_code" "an active key that is $state exits with $exit_code"
	says "which is explained" "$regex"
done <<'END'
pending 0 ^note: a message of a request that was given up awaits its answer
stuck 1 ^problem: the firmware refuses whatever is sent with the active VMPCK
exhausted 1 ^problem: the sequence numbers of the active VMPCK are used up
empty 1 ^problem: the active VMPCK is empty
END
says "another key is offered" '^  mend +take another key; .* for VMPL 1 and less'
says "with the command" \
	'^  command +echo 1 >/sys/module/tsm_guest/parameters/vmpck_id$'
echo empty >"$keys/state1"
echo stuck >"$keys/state2"
status_is 1 "of the others some may be no better"
says "the first that can be used is offered" '^  command +echo 3 >'
echo exhausted >"$keys/state3"
status_is 1 "if none is left it is a problem still"
says "for which there is one way out" '^  mend +no other key is left: restart'
echo nonsense >"$keys/state0"
status_is 0 "a state that nobody knows is none"
says "but shown" '^  VMPCK 0 +nonsense$'
for active in 4 -1 x; do
	echo $active >"$keys/active"
	status_is 0 "an active key that is '$active' is survived"
done
new_ours
echo empty >"$keys/state0"
json_is "JSON keys are where scripts expect them" \
	'.snp.vmpl, .snp.active_vmpck, .snp.vmpck_0, .problems[0].key' \
	"0 0 empty vmpck_empty"

# --- the kernel's own driver
new_machine
loaded sev_guest tsm
mkdir -p "$report" "$module/sev_guest/parameters"
echo 1 >"$module/sev_guest/parameters/vmpck_id"
status_is 0 "an SNP guest with the in-tree driver is ready"
says "it names it" '^  module +sev_guest$'
says "and which key it was told to use" '^  vmpck_id +1$'
silent "states that it does not tell are not made up" '^  VMPCK'
says "it says what ours would add" '^note: the kernel.s own driver serves, and'
says "and how to get it" '^  advice +install the package tsm-guest-dkms; '
has_ours tsm_guest.ko
status_is 0 "so it is where ours is installed"
says "it says how to swap them" '^  advice +tsmctl load$'
silent "nothing is said of registers and logs" 'registers cannot|securityfs is'
rm -r "$machine/sys/kernel/config/tsm" "$module/tsm"
status_is 1 "one older than tsm/report is not ready"
says "it says how to get to ours" '^  mend +tsmctl load$'
rmdir "$module/sev_guest/parameters" 2>/dev/null || rm -r "$module/sev_guest"
mkdir -p "$report" "$module/tsm"
status_is 0 "so it is where the driver is built in"
says "it does not say to unload it" \
	'^  advice +it is built into this kernel and cannot be unloaded'

# --- none
new_machine
status_is 1 "an SNP guest without a driver is not ready"
says "it says what to install" '^  mend +install the package tsm-guest-dkms; '
silent "it does not say that ours does not serve SEV-SNP" 'does not serve'
rmdir "$machine/sys/devices/platform/sev-guest"
status_is 4 "without the platform device it is none"
mkdir -p "$misc/sev-guest"
status_is 1 "the driver's device tells, too"
rm -r "$misc"
mkdir -p "$cpu/sev"
echo 0 >"$cpu/sev/vmpl"
status_is 1 "so does the level that the kernel tells"
tap_done
