#!/bin/sh
# SPDX-License-Identifier: MIT
# tsmctl status of machines that keep a driver away, or kept it away: lists of
# modules that are not wanted, the kernel's log, and containers.
set -u

cd "$(dirname "$0")" || exit 2
# shellcheck source=tap.sh
. ./tap.sh
# shellcheck source=status_machine.sh
. ./status_machine.sh

# A TD without a driver, with ours installed.
with_ours() {
	plain_machine tdx_guest
	has_ours tsm_guest.ko
	mkdir -p "$machine/etc/modprobe.d" "$machine/usr/lib/modprobe.d"
}

# The same, where it serves and nothing is wrong.
clean() {
	with_ours
	loaded_for tdx_guest tsm_guest
	mkdir -p "$report" "$machine/sys/kernel/security/tsm_guest"
	echo 'none /sys/kernel/security securityfs rw 0 0' \
		>>"$machine/proc/mounts"
	head -c 65 /dev/zero \
		>"$machine/sys/kernel/security/tsm_guest/binary_runtime_measurements"
}

keys='(.problems, .notes)[] | .key'

echo "TAP version 13"
clean
json_is "a machine with nothing wrong has no finding" \
	'.ready, (.problems, .notes | length)' "true 0 0"

# --- the kernel's command line
with_ours
echo 'root=/dev/vda ro module_blacklist=floppy,tsm_guest quiet' \
	>"$machine/proc/cmdline"
status_is 1 "a module that the kernel was told to refuse is a problem"
says "it says so" \
	"^problem: module_blacklist= on the kernel's command line has tsm_guest"
says "and where to take it away" '^  mend +take it away where the boot loader'
json_is "its key" "$keys" "no_driver module_blacklist"
for line in 'module_blacklist=tsm-guest' 'module_blacklist=tsm_guest,floppy' \
	    'quiet module_blacklist=tsm_guest'; do
	echo "$line" >"$machine/proc/cmdline"
	json_is "as does '$line'" "$keys" "no_driver module_blacklist"
done
for line in 'module_blacklist=tsm_guest2' 'module_blacklist=tsm' '' \
	    'xmodule_blacklist=tsm_guest' 'module_blacklist= tsm_guest'; do
	echo "$line" >"$machine/proc/cmdline"
	json_is "'$line' does not" "$keys" no_driver
done
clean
echo 'modprobe.blacklist=tsm_guest' >"$machine/proc/cmdline"
status_is 0 "modprobe may have been told not to load it by itself"
says "that is a remark" '^note: tsm_guest is not loaded at boot, for modprobe\.blacklist= on'
json_is "its key" "$keys" blacklisted

# --- modprobe.d
clean
printf '# no more\nblacklist floppy\n blacklist\ttsm-guest\n' \
	>"$machine/etc/modprobe.d/mine.conf"
status_is 0 "a line in modprobe.d keeps it from being loaded at boot"
says "that is a remark, with the file" \
	'^note: tsm_guest is not loaded at boot, for /etc/modprobe\.d/mine\.conf is against it$'
says "with the command" \
	"^  advice +sed -i -E '/.*' /etc/modprobe\.d/mine\.conf$"
sed -n "s/^  advice  *sed/sed/p" "$dir/out" | sed "s| /etc| $machine/etc|" \
	>"$dir/command"
sh "$dir/command"
[ "$(cat "$machine/etc/modprobe.d/mine.conf")" = "# no more
blacklist floppy" ]
tap_result $? "which takes away that line, and no other"
json_is "and so mends it" '.notes | length' 0
clean
echo 'install tsm_guest /bin/false' >"$machine/usr/lib/modprobe.d/x.conf"
json_is "so does a line that has it not installed" "$keys" blacklisted
for line in 'install tsm_guest /sbin/modprobe configfs' '#blacklist tsm_guest' \
	    'blacklist tsm_guest2' 'options tsm_guest rtmr_mask=1' blacklist \
	    'install tdx_guest /sbin/modprobe -q tsm_guest || /sbin/modprobe --ignore-install tdx_guest' \
	    'blacklist tdx_guest'; do
	echo "$line" >"$machine/usr/lib/modprobe.d/x.conf"
	json_is "'$line' is none" '.notes | length' 0
done
clean
printf 'blacklist \\\ntsm_guest\n' >"$machine/usr/lib/modprobe.d/x.conf"
json_is "a line may go on in the next one" "$keys" blacklisted
echo 'blacklist tsm_guest' >"$machine/usr/lib/modprobe.d/x.conf"
mkdir -p "$machine/dev"
: >"$machine/dev/null"
ln -s /dev/null "$machine/etc/modprobe.d/x.conf"
json_is "a file of the same name in /etc is read instead" '.notes | length' 0
clean
cp ../../packaging/modprobe.d/tsm-guest.conf "$machine/etc/modprobe.d"
json_is "nor is anything in what the package brings" '.notes | length' 0
echo 'blacklist tsm_guest' >"$machine/etc/modprobe.d/mine.conf"
json_is "which asks for it by name, so that 'blacklist' does not count" \
	'.notes | length' 0
echo 'modprobe.blacklist=tsm_guest' >"$machine/proc/cmdline"
json_is "wherever that is" '.notes | length' 0
echo 'install tsm_guest /bin/false' >"$machine/etc/modprobe.d/mine.conf"
json_is "'install' does" "$keys" blacklisted
clean
echo 'install sev_guest /sbin/modprobe tsm_guest' \
	>"$machine/usr/lib/modprobe.d/other.conf"
echo 'blacklist tsm_guest' >"$machine/etc/modprobe.d/mine.conf"
json_is "a wish for the driver of another TEE is none" "$keys" blacklisted
clean
echo 'blacklist tsm_guest' >"$machine/etc/modprobe.d/not-read"
json_is "nor is what modprobe does not read" '.notes | length' 0
echo 'blacklist tsm_guest' >"$machine/etc/modprobe.d/x';reboot;'.conf"
status_is 0 "a file may be called what it likes"
says "it is named as it is" "^note: .* for /etc/modprobe\.d/x';reboot;'\.conf"
says "but gets into no command" '^  advice +take its line out of there$'
with_ours
rm -r "$modules/updates"
echo kernel/drivers/virt/coco/tdx-guest/tdx-guest.ko: >"$modules/modules.dep"
echo 'install tdx_guest /bin/true' >"$machine/etc/modprobe.d/x.conf"
json_is "the kernel's own counts where there is none of ours" \
	'(.problems, .notes)[] | .key, .command' \
	"no_driver modprobe --ignore-install tdx_guest blacklisted $(
	printf %s "sed -i -E '/^\\s*(blacklist|install)\\s+tdx[-_]guest\\b/d' ")/etc/modprobe.d/x.conf"
echo 'module_blacklist=tdx_guest' >"$machine/proc/cmdline"
json_is "if the kernel refuses that, ours is the way" \
	'.problems[] | .command' null

# --- the kernel's log
# log SAID...
log() {
	for said in "$@"; do
		printf '6,339,5140900,-;%s\n SUBSYSTEM=x\n' "$said"
	done >"$machine/dev/kmsg"
}

while IFS='|' read -r line command; do
	with_ours
	log "Linux version 6.12" "$line" "EXT4-fs mounted"
	status_is 1 "the kernel says '$line'"
	says "which is told" "^problem: a module was refused, says the kernel's log: $(
		echo "$line" | sed 's/(.*//; s/[.]/\\./g')"
	json_is "with what mends it" \
		'.problems[] | select(.key == "load_refused") | .command' \
		"$command"
done <<END
Loading of unsigned module is rejected|null
Loading of module with unavailable key is rejected|null
Lockdown: modprobe: unsigned module loading is restricted; see man kernel_lockdown.7|null
Module tsm_guest is blacklisted|null
tsm_guest: version magic '6.11 SMP' should be '6.12 SMP'|dkms autoinstall -k $kernel
tsm_guest: Unknown symbol tsm_report_register (err -2)|dkms autoinstall -k $kernel
tsm_guest: tsm/report is taken: unload the in-tree drivers (rmmod tdx_guest)|tsmctl load
END
with_ours
log "nvidia: version magic 'x' should be 'y'" "tsm_guest: 4 registers" \
	"not_ours: Unknown symbol x"
json_is "what others say is not ours to tell" "$keys" no_driver
with_ours
mkdir -p "$machine/var/lib/dkms"
echo key >"$machine/var/lib/dkms/mok.pub"
mv "$modules/updates/dkms/tsm_guest.ko" "$modules/updates/dkms/tsm_guest.ko.xz"
sed -i 's/ko:/ko.xz:/' "$modules/modules.dep"
log "Loading of module with unavailable key is rejected"
json_is "if DKMS has a key, that is the one" '.problems[] | .key, .command' \
	"no_driver tsmctl load load_refused mokutil --import /var/lib/dkms/mok.pub"
clean
log "Loading of unsigned module is rejected"
json_is "once it serves, nobody asks" '.notes | length' 0
with_ours
rm "$machine/dev/kmsg" 2>/dev/null
ln -s /dev/zero "$machine/dev/kmsg"
status_is 1 "a log that never ends is not read"
rm "$machine/dev/kmsg"
{ printf '6,1,1,-;Loading of unsigned module is rejected'; head -c 9000 /dev/zero |
	tr '\0' x; printf '\n6,1,1,-;\033[2J: tsm_guest: no TEE: x\n'; } \
	>"$machine/dev/kmsg"
status_is 1 "nor does it steer a terminal"
silent "whatever is in it" "$(printf '\033')"

# --- containers
while IFS='|' read -r path text kind; do
	plain_machine tdx_guest
	has_ours tsm_guest.ko
	loaded_for tdx_guest tsm_guest
	rm "$machine/dev/tdx_guest"
	mkdir -p "$report" "$machine/$(dirname "$path")"
	echo "$text" >"$machine/$path"
	status_is 1 "in a container ($kind) a device is missing"
	says "it says what that is" "^  container +$kind$"
	says "and that this is the reason" \
		"^problem: the driver's device file is missing in this container: /dev/tdx_guest$"
	says "and who must pass it in" \
		'^  mend +have its host pass it in, as with docker run --device /dev/tdx_guest$'
	json_is "there is no command for that" '.problems[0] | .key, .command' \
		"no_device null"
done <<'END'
run/systemd/container|lxc|lxc
.dockerenv||docker
run/.containerenv||podman
var/run/secrets/kubernetes.io/x||kubernetes
END
plain_machine tdx_guest
loaded_for tdx_guest tsm_guest
echo 'sysfs /sys sysfs ro,nosuid 0 0' >"$machine/proc/mounts"
status_is 1 "a /sys that cannot be changed is a container's"
says "of whatever kind" '^  container +of an unknown kind$'
says "it says that it lacks configfs" \
	'^problem: configfs is not mounted in this container'
says "and who must pass it in" 'docker run -v /sys/kernel/config:/sys/kernel/config$'
rmdir "$module/tsm_guest"
rm -r "$misc/tdx_guest"
status_is 1 "a driver is not loaded in a container"
says "but on its host" \
	'^  mend +not in this container \(of an unknown kind\), but on its host: tsmctl load$'
plain_machine tdx_guest
loaded_for tdx_guest tsm_guest
mkdir -p "$report"
printf '%s\n' 'sysfs /sys sysfs ro 0 0' \
	'configfs /sys/kernel/config configfs ro 0 0' >"$machine/proc/mounts"
status_is 1 "a configfs that cannot be changed gives no evidence"
says "it says so" \
	'^problem: configfs is mounted read-only in this container: nobody can ask'
json_is "its key" '.problems[].key' configfs_read_only
echo 'configfs /sys/kernel/config configfs ro,relatime 0 0' \
	>"$machine/proc/mounts"
json_is "outside, there is a command for that" '.problems[] | .key, .command' \
	"configfs_read_only mount -o remount,rw /sys/kernel/config"
tap_done
