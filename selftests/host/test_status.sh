#!/bin/sh
# SPDX-License-Identifier: MIT
# tsmctl status of machines that are described by files: what is found, what
# is said to be wrong, and which commands are said to mend it.
set -u

cd "$(dirname "$0")" || exit 2
# shellcheck source=tap.sh
. ./tap.sh
# shellcheck source=status_machine.sh
. ./status_machine.sh

# A TD, with configfs and without a driver.
new_machine() {
	plain_machine tdx_guest
}

# loaded MODULE...: one of them a driver of TDX
loaded() {
	loaded_for tdx_guest "$@"
}

echo "TAP version 13"

# --- our driver
new_machine
loaded tsm_guest
mkdir -p "$report" "$module/tsm_guest/parameters"
echo 1.2.3 >"$module/tsm_guest/version"
echo 30000 >"$module/tsm_guest/parameters/quote_timeout_ms"
echo 0 >"$module/tsm_guest/parameters/quote_abandoned"
status_is 0 "a TD with our driver is ready"
says "it names the driver" '^  module +tsm_guest$'
says "it names the driver's version" '^  version +1\.2\.3$'
says "it names the timeout" '^  quote_timeout_ms +30000$'
silent "it finds nothing to mend" '^ *mend'
rm "$module/tsm_guest/version"
status_is 0 "a driver without a version is as ready"
silent "it invents no version" '^  version'

mkdir "$report/left"
status_is 0 "with a report item, it is ready all the same"
says "a report item is a remark" '^note: report items exist, as they do while'
says "it says when the item is in the way, and what helps then" \
	'^  advice +only to unload the driver: rmdir /sys/kernel/config/tsm/report/NAME'
silent "it does not call that mending" '^ *mend'
[ -d "$report/left" ] && [ "$(ls "$report")" = left ]
tap_result $? "nothing changes below another root"
rm -r "$machine/sys/kernel/config/tsm"
status_is 1 "our driver without tsm/report is not ready"
says "it says to reload ours" '^  mend +load it anew; dmesg tells'
says "with the command" '^  command +tsmctl unload && tsmctl load$'

# --- registers and logs
log=$machine/sys/kernel/security/tsm_guest/binary_runtime_measurements

# record SIZE: one of SHA-384, with so many bytes of event data
record() {
	printf '\004\000\000\000\006\000\000\000\001\000\000\000\014\000'
	head -c 48 /dev/zero
	# shellcheck disable=SC2059
	printf "\\$(printf %03o $(($1 % 256)))\\$(printf %03o $(($1 / 256)))"
	printf '\000\000'
	head -c "$1" /dev/zero
}

# Ours with all that it has; the log has its header of 65 bytes and 2 records.
new_ours() {
	new_machine
	loaded tsm_guest
	mkdir -p "$report" "$report/../rtmrs" "$module/tsm_guest/parameters" \
		"$misc/tdx_guest/measurements" "${log%/*}" \
		"$machine/sys/firmware/acpi/tables/data"
	: >"$misc/tdx_guest/measurements/rtmr0:sha384"
	echo 'none /sys/kernel/security securityfs rw 0 0' \
		>>"$machine/proc/mounts"
	echo 15 >"$module/tsm_guest/parameters/rtmr_mask"
	echo 4 >"$module/tsm_guest/parameters/log_max_kb"
	{ head -c 65 /dev/zero; record 0; record 300; } >"$log"
	: >"$machine/sys/firmware/acpi/tables/CCEL"
	: >"$machine/sys/firmware/acpi/tables/data/CCEL"
}

new_ours
status_is 0 "a TD with all of ours is ready"
says "it says where entries are made" \
	'^  rtmrs +/sys/kernel/config/tsm/rtmrs$'
says "by which ways registers are extended" \
	'^  extend by +configfs, sysfs, ioctl$'
says "it says which registers may be extended" '^  rtmr_mask +0xf$'
says "it says where the runtime log is" \
	'^  runtime log +/sys/kernel/security/tsm_guest/binary_runtime_measurements$'
says "how large it is" '^  runtime bytes +497$'
says "how many records it has" '^  runtime records +2$'
says "how large it may be" '^  log_max_kb +4$'
says "and where firmware's is" \
	'^  boot log +/sys/firmware/acpi/tables/data/CCEL$'
silent "it remarks on none of that" '^(problem|note): .*(log|rtmr|extend)'
record 2900 >>"$log"
status_is 0 "a log that has room for an extend is ready"
says "that it is nearly full is a remark" '^note: the runtime log is nearly full'
says "with the command that helps" \
	'^  advice +echo 1024 >/sys/module/tsm_guest/parameters/log_max_kb$'
{ head -c 65 /dev/zero; record 3347; } >"$log"
status_is 0 "a log with room for just one extend is ready"
{ head -c 65 /dev/zero; record 3348; } >"$log"
status_is 1 "a log that has none is not"
says "it says so" '^problem: the runtime log is full: extends fail with ENOSPC'
says "and which command mends it" \
	'^  mend +echo 1024 >/sys/module/tsm_guest/parameters/log_max_kb$'
for cut in 64 66 130 131; do
	{ head -c 65 /dev/zero; record 1; } | head -c $cut >"$log"
	"$ctl" status --sysroot "$machine" >"$dir/out" 2>&1
	silent "a log of $cut bytes is not counted wrongly" \
		"runtime records +[^0]|runtime bytes +$cut"
done
{ head -c 65 /dev/zero; record 0; head -c 66 /dev/zero; } >"$log"
status_is 0 "a log that is none is no reason not to attest"
silent "nor is it counted" 'runtime records'
rm "$log"
status_is 0 "nor is one that is missing"
says "that is a remark" '^note: this tsm_guest keeps no runtime log'
sed -i /securityfs/d "$machine/proc/mounts"
status_is 0 "without securityfs it is ready"
says "that the log cannot be read is a remark" '^note: securityfs is not mounted'
says "with the command that helps" \
	'^  advice +mount -t securityfs none /sys/kernel/security$'
new_ours
echo 12 >"$module/tsm_guest/parameters/rtmr_mask"
rm "$machine/sys/firmware/acpi/tables/data/CCEL"
mkdir "$report/../rtmrs/mine"
status_is 0 "a narrower mask is ready, too"
says "which is a remark" '^note: tsm_guest was loaded to refuse extends of some'
says "so are entries" '^note: entries for registers exist'
says "and a boot log that an old kernel does not show" \
	'^note: firmware left an event log, which this kernel does not show'

# --- the kernel's own driver
new_machine
loaded tdx_guest tsm
mkdir -p "$report"
status_is 0 "a TD with the in-tree driver is ready"
says "it tells the in-tree driver from ours" '^  served by +in-tree$'
says "it says that this works, and what ours would add" \
	"^note: the kernel's own driver serves, and works; tsm_guest would add"
says "it says how to get ours" '^  advice +install the package tsm-guest-dkms; '
has_ours tsm_guest.ko
status_is 0 "so it is where ours is installed"
says "it says how to swap them" '^  advice +tsmctl load$'
rmdir "$module/tsm"
status_is 0 "so it is where tsm is built in"
says "it does not say to unload what is built in" \
	'^  advice +tsm is built into this kernel and cannot be unloaded'
silent "nor how to swap" 'tsmctl load'
says "where registers cannot be extended it says since when they can" \
	'^note: registers cannot be extended: .* since Linux 6\.16'
says "and that there is no way" '^  extend by +none$'
mkdir -p "$misc/tdx_guest/measurements"
: >"$misc/tdx_guest/measurements/rtmr0:sha384"
status_is 0 "with measurements in sysfs it is ready"
silent "where sysfs extends, it does not say so" 'cannot be extended'
says "but names that way" '^  extend by +sysfs$'
rm -r "$misc/tdx_guest/measurements"
rmdir "$module/tdx_guest"
mkdir "$module/tsm"
status_is 0 "so it is where the driver is built in"
says "it does not say to unload a driver that is" \
	'^  advice +it is built into this kernel and cannot be unloaded'
new_machine
loaded tdx_guest
status_is 1 "an in-tree driver older than tsm/report is not ready"
says "it says that this driver has none" 'has it since Linux 6\.7$'
says "it says how to get to ours" '^  mend +install the package tsm-guest-dkms; '
silent "it does not say that this works" 'and works'

# --- none
new_machine
status_is 1 "a TD without a driver is not ready"
says "it says how to install ours" \
	'^  mend +install the package tsm-guest-dkms; from a build tree: tsmctl load -f tsm_guest\.ko$'
silent "but gives no command, for no archive has it" '^  command'
mkdir "$module/tsm"
status_is 1 "so it is where only tsm is loaded"
says "it says that tsm is no driver" \
	'^problem: no driver serves the TEE: tsm, which is loaded, makes tsm/report, but'
has_ours tsm_guest.ko
status_is 1 "so it is where ours is installed, and not loaded"
says "it says to load it" '^  mend +tsmctl load$'
json_is "JSON has the command in both fields" \
	'.problems[] | .mend, .command' "tsmctl load tsmctl load"
new_machine
: >"$machine/proc/mounts"
status_is 1 "without configfs it is not ready"
says "it says to load configfs, then to mount it" \
	'^  mend +modprobe configfs && mount -t configfs none /sys/kernel/config$'
printf 'nodev\tproc\nnodev\tconfigfs\n' >"$machine/proc/filesystems"
status_is 1 "so it is if the kernel has it, unmounted"
says "it says to mount it" \
	'^  mend +mount -t configfs none /sys/kernel/config$'
mkdir -p "$machine/run/systemd/system"
status_is 1 "so it is with systemd"
says "it says to have that mount it" \
	'^  mend +systemctl start sys-kernel-config\.mount$'
json_is "JSON has key, what and mend of problems" \
	'.problems[] | .key, (.what | length > 0), (.mend | length > 0)' \
	"no_driver true true no_configfs true true"
new_machine
loaded tsm_guest
mkdir -p "$report/left"
json_is "and of notes" '(.problems | length), .notes[0].key,
	(.notes[0].mend | startswith("only to unload"))' "0 entries true"
json_is "a root that is not ours is not told to ask for the provider" \
	'any(.notes[]; .key == "not_root")' false

# --- devices
new_ours
rm "$machine/dev/tdx_guest"
status_is 1 "without its device file a driver is not ready"
says "it says which is missing" \
	"^problem: the driver's device file is missing: /dev/tdx_guest$"
says "and that something should make it" '^  mend +mount -t devtmpfs none /dev'
echo 10:122 >"$misc/tdx_guest/dev"
status_is 1 "so it is if the kernel tells its number"
says "it says how to make it" \
	'^  mend +mknod -m 600 /dev/tdx_guest c 10 122$'
json_is "its key" '.problems[].key' no_device
echo 'udev /dev devtmpfs rw 0 0' >>"$machine/proc/mounts"
status_is 1 "so it is where the kernel makes such files"
says "it says to have the kernel make it" \
	'^  command +tsmctl unload && tsmctl load$'
rmdir "$module/tsm_guest/parameters" 2>/dev/null || rm -r "$module/tsm_guest"
mkdir "$module/tdx_guest"
json_is "so it is with the kernel's own driver" \
	'.problems[] | .key, .command' \
	"no_device modprobe -r tdx_guest && modprobe tdx_guest"
new_ours
rm "$machine/dev/tdx_guest"
for number in 10 '10:;reboot' ';:1' 10:12345678901; do
	echo "$number" >"$misc/tdx_guest/dev"
	status_is 1 "a number that is '$number'"
	silent "gets into no command" 'reboot|c ;|345678901'
done
new_ours
mkdir "$module/tdx_guest"
status_is 0 "with both drivers it is ready"
says "that is a remark" "^note: tsm_guest is loaded, and so is the kernel's own"
says "with the command" '^  advice +rmmod tdx_guest$'
json_is "its key" '.notes[].key' two_drivers

# --- other machines
new_machine
sed -i 's/tdx_guest/tdx_guests/' "$machine/proc/cpuinfo"
status_is 4 "a flag that only starts like tdx_guest is no TEE"
machine=$dir/none
status_is 1 "there is no such root"
tap_done
