#!/bin/sh
# SPDX-License-Identifier: MIT
# tsmctl load and unload on machines that are described by files: what would be
# done, who is in the way, what is refused and why; nothing is ever changed.
set -u

cd "$(dirname "$0")" || exit 2
# shellcheck source=tap.sh
. ./tap.sh

ctl=${BUILD:?}/bin/tsmctl
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
machine=$dir/machine
module=$machine/sys/module
misc=$machine/sys/class/misc
report=$machine/sys/kernel/config/tsm/report
kernel=6.12.3-test
PATH=$PATH:/usr/sbin:/sbin

# run ARGUMENT...: sets status; out and err are files
run() {
	ASAN_OPTIONS=exitcode=99 UBSAN_OPTIONS=exitcode=99 \
		"$ctl" "$@" >"$dir/out" 2>"$dir/err" </dev/null
	status=$?
}

# expect STATUS SENTENCE: what the last run must have given
expect() {
	[ "$status" -eq "$1" ] ||
		sed 's/^/# /' "$dir/out" "$dir/err"
	[ "$status" -eq "$1" ]
	tap_result $? "$2 (exit status $1)"
}

# says SENTENCE REGEX: on standard error; prints: on standard output
says() {
	grep -Eq -- "$2" "$dir/err" || sed 's/^/# /' "$dir/err"
	grep -Eq -- "$2" "$dir/err"
	tap_result $? "$1"
}

prints() {
	grep -Eq -- "$2" "$dir/out" || sed 's/^/# /' "$dir/out"
	grep -Eq -- "$2" "$dir/out"
	tap_result $? "$1"
}

silent() {
	! grep -E -- "$2" "$dir/out" "$dir/err"
	tap_result $? "$1"
}

# usage SENTENCE ARGUMENT...
usage() {
	sentence=$1
	shift
	run "$@"
	[ "$status" -eq 2 ] && [ ! -s "$dir/out" ] &&
		[ "$(wc -l <"$dir/err")" -eq 2 ] &&
		grep -q "^Try 'tsmctl .*--help'" "$dir/err"
	result=$?
	[ $result -eq 0 ] || sed "s/^/# $status: /" "$dir/err"
	tap_result $result "$sentence"
}

# ko FILE NAME KERNEL [LINE]...: a module as far as its description goes
ko() {
	file=$1
	text="name=$2\\0vermagic=$3 SMP preempt mod_unload\\0depends=\\0"
	shift 3
	for line in "$@"; do
		text="$text$line\\0"
	done
	mkdir -p "${file%/*}"
	printf '%s\n' "const char info[]" \
		'__attribute__((section(".modinfo"))) =' "\"$text\";" |
		"${CC:-cc}" -x c -c -o "$file" -
}

# A TD with the kernel's own modules and ours installed, and nothing loaded.
new_machine() {
	rm -rf "$machine"
	mkdir -p "$machine/proc/sys/kernel" "$module" "$misc" "$machine/dev" \
		"$machine/sys/kernel/config" "$machine/lib/modules/$kernel"
	echo $kernel >"$machine/proc/sys/kernel/osrelease"
	printf 'processor\t: 0\nflags\t\t: fpu tdx_guest sse\n\n' \
		>"$machine/proc/cpuinfo"
	echo 'configfs /sys/kernel/config configfs rw,relatime 0 0' \
		>"$machine/proc/mounts"
	install_modules
}

install_modules() {
	cp "$dir"/ko/*.ko "$machine/lib/modules/$kernel"
	for list in order builtin builtin.modinfo; do
		: >"$machine/lib/modules/$kernel/modules.$list"
	done
	depmod -b "$machine" $kernel
}

# loaded NAME REFERENCES [HOLDER]...
loaded() {
	mkdir -p "$module/$1/holders"
	echo live >"$module/$1/initstate"
	echo "$2" >"$module/$1/refcnt"
	loaded=$1
	shift 2
	for holder in "$@"; do
		: >"$module/$loaded/holders/$holder"
	done
}

# The kernel's own driver serves, under the names of Linux $1.
new_intree() {
	new_machine
	loaded tdx_guest 0
	loaded "$1" 1 tdx_guest
	mkdir -p "$misc/tdx_guest" "$report"
	: >"$machine/dev/tdx_guest"
}

new_ours() {
	new_machine
	loaded tsm_guest 0
	mkdir -p "$misc/tdx_guest" "$report" "$report/../rtmrs" \
		"$module/tsm_guest/parameters"
	echo 15 >"$module/tsm_guest/parameters/rtmr_mask"
}

# opened PID COMMAND FD FILE
opened() {
	mkdir -p "$machine/proc/$1/fd"
	echo "$2" >"$machine/proc/$1/comm"
	ln -s "$4" "$machine/proc/$1/fd/$3"
}

dry() {
	command=$1
	shift
	run "$command" --dry-run --sysroot "$machine" "$@"
}

echo "TAP version 13"
if ! command -v depmod >/dev/null; then
	echo "1..0 # SKIP no depmod: run make deps"
	exit 4
fi
ko "$dir/ko/tsm_guest.ko" tsm_guest $kernel parmtype=quote_slots:uint \
	parm=rtmr_mask:which parmtype=rtmr_mask:uint parm=vmpck_id:key
ko "$dir/ko/tdx-guest.ko" tdx_guest $kernel
ko "$dir/ko/tsm.ko" tsm $kernel

# --- arguments
for c in load unload; do
	run $c --help
	grep -q "^Usage: tsmctl $c" "$dir/out" && [ $status -eq 0 ]
	tap_result $? "$c --help helps"
	usage "$c refuses an unknown long option" $c --frobnicate
	usage "$c refuses an unknown short option" $c -Z
	usage "$c: --sysroot alone would change another machine" $c \
		--sysroot "$machine"
done
usage "load refuses a word that is no parameter" load now
usage "load refuses a parameter without a name" load =4
usage "load refuses two parameters in a word" load 'quote_slots=4 rtmr_mask=1'
usage "load refuses a quote" load 'quote_slots="4"'
usage "load -f needs a value" load -f
usage "load refuses more parameters than fit" load \
	"quote_slots=$(printf '%0600d' 4)"
usage "unload takes no arguments" unload quote_slots=4

# --- who may
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
	as="setpriv --reuid 65534 --clear-groups"
elif [ "$(id -u)" -ne 0 ]; then
	as=
else
	as=none
fi
for c in load unload; do
	sentence="$c without root says so"
	if [ "$as" = none ]; then
		tap_skip "$sentence" "no setpriv"
		continue
	fi
	chmod 755 "$dir"
	cp "$ctl" "$dir/tsmctl"
	# shellcheck disable=SC2086
	ASAN_OPTIONS=detect_leaks=0 $as "$dir/tsmctl" $c >"$dir/out" \
		2>"$dir/err"
	status=$?
	[ $status -eq 1 ] && grep -q '^tsmctl: this takes root' "$dir/err"
	tap_result $? "$sentence"
done

# --- no TEE
new_machine
sed -i 's/tdx_guest//' "$machine/proc/cpuinfo"
for c in load unload; do
	dry $c
	expect 4 "$c: where there is no TEE there is nothing to do"
	says "it says so" '^tsmctl: no TEE'
done

dry load --json
grep -q '"done": false' "$dir/out" && grep -q '"error": "no TEE' "$dir/out"
tap_result $? "in JSON, too"

# --- load
new_intree tsm
dry load
expect 0 "load: the kernel's own driver can be replaced"
prints "its driver would go first" '^unload tdx_guest +would'
prints "then what that needs" '^unload tsm +would'
prints "then ours would come" '^load tsm_guest +would'
[ "$(grep -n 'would' "$dir/out" | grep -c -e '^1:load what' -e '^2:.*tdx_' \
	-e '^3:.*tsm ' -e '^4:load tsm_guest' -e '^5:check')" -eq 5 ]
tap_result $? "in this order, with all that is needed before, and a check after"
silent "configfs is mounted, so it would not be" mount
new_intree tsm_report
dry load
expect 0 "load: so can it where tsm is called tsm_report"
prints "that would be unloaded" '^unload tsm_report +would'
: >"$machine/proc/mounts"
dry load
prints "configfs would be mounted where it is not" '^mount configfs +would'
new_machine
dry load
expect 0 "load: where nothing serves, ours can be loaded"
silent "there is nothing to unload" '^unload'
silent "no driver serves that was not loaded" '^driver'
dry load quote_slots=4 rtmr-mask=0xc
expect 0 "load: parameters that it has are fine, dashes included"
dry load quote_slot=4
expect 1 "load: one that it has not is not"
says "it is named" '^tsmctl: tsm_guest has no parameter quote_slot: '

# --- which file
rm "$machine/lib/modules/$kernel/tsm_guest.ko"
depmod -b "$machine" $kernel
dry load
expect 1 "load: ours is not installed"
says "for which kernel" "^tsmctl: tsm_guest: no such module for Linux $kernel"
says "and by what it would be" 'install it: the package is tsm-guest-dkms'
mkdir -p "$machine/usr/src/tsm-guest-0.1.0"
: >"$machine/usr/src/tsm-guest-0.1.0/dkms.conf"
dry load
expect 1 "load: the package is there, the module is not"
says "for want of headers" "build it: apt install linux-headers-$kernel"
mkdir -p "$machine/usr/src/linux-headers-$kernel"
: >"$machine/usr/src/linux-headers-$kernel/Makefile"
ln -s /usr/src/linux-headers-$kernel "$machine/lib/modules/$kernel/build"
dry load
says "or because nobody built it" "build it: dkms autoinstall -k $kernel"
mkdir -p "$machine/lib/modules/$kernel/updates/dkms"
cp "$dir/ko/tsm_guest.ko" "$machine/lib/modules/$kernel/updates/dkms"
dry load
says "or depmod was not told" "not in modules.dep: depmod $kernel"
rm -r "$machine/lib/modules/$kernel/updates"
dry load --module "$dir/ko/tsm_guest.ko"
expect 0 "load: a file given by name will do"
dry load --module "$dir/ko/tsm_guest.ko" quote_slots=4
expect 0 "load: with a parameter, too"
dry load --module "$dir/ko/tsm_guest.ko" nothing=4
expect 1 "load: unless it has none such"
dry load --module "$dir/none.ko"
expect 1 "load: a file that is not there"
says "is named" '/none\.ko: No such file or directory'
head -c 1000 /dev/zero >"$dir/zeroes.ko"
dry load --module "$dir/zeroes.ko"
expect 1 "load: a file that is no module"
says "is named, too" '/zeroes\.ko: '
dry load --module "$dir/ko/tdx-guest.ko"
expect 1 "load: another module is refused"
says "it says which" '/tdx-guest\.ko: this is tdx_guest, not tsm_guest'
cp "$dir/ko/tsm_guest.ko" "$dir/packed.ko"
if xz -f "$dir/packed.ko" 2>/dev/null; then
	dry load --module "$dir/packed.ko.xz" quote_slots=4
	expect 0 "load: a compressed file will do, whatever it is called"
else
	tap_skip "load: a compressed file will do" "no xz"
fi
ko "$dir/other/tsm_guest.ko" tsm_guest 8.8.8-other
dry load --module "$dir/other/tsm_guest.ko"
expect 1 "load: one for another kernel is refused before anything is done"
says "it says for which" "built for Linux 8\.8\.8-other, but this is $kernel"

# --- what the kernel lets nobody do
new_intree tsm
mkdir -p "$module/module/parameters"
echo Y >"$module/module/parameters/sig_enforce"
dry load
expect 1 "load: without a signature, where one is wanted"
says "it says so" 'tsm_guest\.ko: not signed, and this kernel loads nothing that'
new_intree tsm
echo "quiet module_blacklist=tsm_guest" >"$machine/proc/cmdline"
dry load
expect 1 "load: a module that the command line has the kernel refuse"
says "it says so" 'module_blacklist= on the kernel.s command line has tsm_guest'
new_intree tsm
echo 1 >"$machine/proc/sys/kernel/modules_disabled"
dry load
expect 1 "load: where no module goes or comes"
says "it says so" 'kernel\.modules_disabled is set'
new_ours
echo 1 >"$machine/proc/sys/kernel/modules_disabled"
dry unload
expect 1 "unload: likewise"

# --- who is in the way
new_intree tsm
loaded tdx_guest 2
opened 137 sleep 3 /dev/tdx_guest
opened 138 agent 17 /dev/tdx_guest
opened 139 other 3 /dev/null
dry load
expect 1 "load: a driver with open descriptors stays"
says "one process is named" \
	'^tsmctl: tdx_guest is in use: process 137 \(sleep\) has /dev/tdx_guest open'
says "and the other" 'process 138 \(agent\)'
silent "but no third" 'process 139'
says "what to do is said last" '^tsmctl: nothing was changed: end '
silent "and nothing would be done" would
dry load --json
if command -v jq >/dev/null; then
	[ "$(jq -r '.tee, .done, .dry_run, .driver, (.steps | length),
		(.users | sort_by(.pid)[] | .kind, .pid, .command, .object)' "$dir/out" |
		tr '\n' ' ')" = "tdx false true tdx_guest 0 descriptor 137 sleep /dev/tdx_guest descriptor 138 agent /dev/tdx_guest " ] ||
		sed 's/^/# /' "$dir/out"
	jq -e '.error | startswith("tdx_guest is in use")' "$dir/out" >/dev/null
	tap_result $? "JSON has them, too"
else
	tap_skip "JSON has them, too" "no jq"
fi
loaded tdx_guest 0
dry load
expect 0 "load: a descriptor that does not hold the driver is none of its business"
mkdir "$report/mine"
dry load
expect 1 "load: a report item is in the way"
says "it is named" \
	'^tsmctl: tsm is in use: report item /sys/kernel/config/tsm/report/mine exists'
rmdir "$report/mine"
loaded tsm 2 tdx_guest arm_cca_guest
dry load
expect 1 "load: another module is in the way"
says "it is named" 'tsm is in use: the module arm_cca_guest needs it'
new_intree tsm
loaded tsm 3 tdx_guest
dry load
expect 1 "load: so are references of nobody who shows"
says "they are counted" 'tsm is in use: 2 references'
rm "$module/tsm/refcnt"
dry load
expect 1 "load: nor can it be done on a kernel that cannot unload modules"
says "it says so" 'tsm: this kernel cannot unload modules'
new_intree tsm
loaded tdx_guest 40
i=0
while [ $i -lt 40 ]; do
	opened $((200 + i)) many 3 /dev/tdx_guest
	i=$((i + 1))
done
dry load
[ "$(grep -c 'process 2' "$dir/err")" -eq 16 ]
tap_result $? "of many processes some are named"
says "and the others counted" '24 more descriptors'

i=0
while [ $i -lt 40 ]; do
	mkdir "$report/item$i"
	i=$((i + 1))
done
loaded tdx_guest 0
dry load
[ "$(grep -c 'report item .* exists' "$dir/err")" -eq 16 ]
tap_result $? "so are some of many report items"
says "and the others counted, too" \
	'tsm is in use: and 24 more in /sys/kernel/config/tsm/report'

# --- not mounted
new_intree tsm
: >"$machine/proc/mounts"
loaded tdx_guest 1
opened 137 postgres 3 /tsm/data
opened 138 postgres 3 /tsm_guest/data
dry load
expect 1 "load: somebody uses the driver"
silent "but not who has a file open that is called like one of ours" postgres

# --- built in
new_intree tsm
rm -r "$module/tdx_guest/initstate"
dry load
expect 1 "load: a driver that is built in stays"
says "it says so" 'tdx_guest is built into this kernel and cannot be unloaded'
new_intree tsm
rm -r "$module/tsm"
dry load
expect 1 "load: so does tsm"
says "it says so, too" '^tsmctl: tsm is built into this kernel'
new_intree tsm
rm -r "$module/tdx_guest" "$module/tsm"
dry load
expect 1 "load: and a driver that has no entry in sys/module"
says "of which it says so likewise" 'tdx_guest is built into this kernel'

# --- ours serves
new_ours
dry load
expect 0 "load: ours serves already"
prints "it says so" '^tsm_guest serves already: nothing to do'
dry load rtmr_mask=0xf
expect 0 "load: with a parameter that it has, in other digits"
dry load rtmr_mask=0xc
expect 1 "load: with another value it is refused"
says "it says what to do" 'not with rtmr_mask=0xc: tsmctl unload first'
echo coming >"$module/tsm_guest/initstate"
dry load
expect 1 "load: while it is being loaded"
says "it says so" 'just being loaded'

# --- unload
new_ours
dry unload
expect 0 "unload: ours can be replaced by the kernel's own"
[ "$(grep -n 'would' "$dir/out" | grep -c -e '^1:unload tsm_guest' \
	-e '^2:load tdx_guest' -e '^3:check tdx_guest')" -eq 3 ]
tap_result $? "in this order"
dry unload --no-intree
expect 0 "unload: or by none"
silent "then none is loaded" '^load'
rm "$machine/lib/modules/$kernel/tdx-guest.ko"
depmod -b "$machine" $kernel
dry unload
expect 0 "unload: nor where the kernel has none"
prints "it says so" '^this kernel has no tdx_guest: no driver serves'
silent "and loads none" '^load'
new_ours
loaded tsm_guest 4
mkdir "$report/a" "$report/b" "$report/../rtmrs/c"
opened 140 agent 5 /dev/tdx_guest
opened 141 tail 3 /sys/kernel/config/tsm/report/a/outblob
dry unload
expect 1 "unload: ours stays while it is in use"
says "report items are named" \
	'tsm_guest is in use: report item /sys/kernel/config/tsm/report/b exists'
says "so are entries for registers" \
	'entry for a register /sys/kernel/config/tsm/rtmrs/c exists'
says "descriptors of the device" 'process 140 \(agent\) has /dev/tdx_guest open'
says "and of what is in configfs" \
	'process 141 \(tail\) has /sys/kernel/config/tsm/report/a/outblob open'
new_intree tsm
dry unload
expect 0 "unload: where the kernel's own serves there is nothing to do"
prints "it says so" '^tsm_guest is not loaded: nothing to do'
new_machine
dry unload
expect 0 "unload: where nothing serves, the kernel's own would"
prints "be loaded" '^load tdx_guest +would'
dry unload -N
expect 0 "unload: unless it is not wanted"
prints "then there is nothing to do" 'nothing to do'

# --- a machine that nobody trusts, but for lib/modules
new_ours
rm "$module/tsm_guest/initstate"
mkfifo "$module/tsm_guest/initstate"
mkdir "$dir/outside"
echo 7 >"$dir/outside/rtmr_mask"
rm -r "$module/tsm_guest/parameters"
ln -s "$dir/outside" "$module/tsm_guest/parameters"
within="timeout 20 $ctl"
$within unload --dry-run --sysroot "$machine" \
	>"$dir/out" 2>"$dir/err"
[ $? -ne 124 ]
tap_result $? "a pipe in the place of a file is not waited for"
rm "$module/tsm_guest/initstate"
echo live >"$module/tsm_guest/initstate"
dry load rtmr_mask=7
expect 1 "links do not lead out of it"
rm "$machine/proc/sys/kernel/osrelease"
mkfifo "$machine/proc/sys/kernel/osrelease"
$within load --dry-run --sysroot "$machine" >"$dir/out" 2>"$dir/err"
[ $? -ne 124 ]
tap_result $? "nor for the kernel's release"

# --- SEV-SNP
new_machine
sed -i 's/tdx_guest//' "$machine/proc/cpuinfo"
mkdir -p "$machine/sys/devices/platform/sev-guest" "$misc/sev-guest"
loaded sev_guest 1
opened 150 snpguest 3 /dev/sev-guest
dry load
expect 1 "load: in an SNP guest, too, a descriptor is in the way"
says "it is named" 'sev_guest is in use: process 150 \(snpguest\)'
loaded sev_guest 0
dry load
expect 0 "load: without, the kernel's own can be replaced there"
prints "which is another one" '^unload sev_guest +would'
mkdir "$module/sev_guest/parameters"
echo -1 >"$module/sev_guest/parameters/vmpck_id"
dry load
silent "load: a key that it leaves to the driver is not handed on" vmpck_id
echo 0 >"$module/sev_guest/parameters/vmpck_id"
dry load
silent "load: nor is that which old kernels begin with" vmpck_id
echo 2 >"$module/sev_guest/parameters/vmpck_id"
dry load
prints "load: the key that it uses is the one that ours would" \
	'^load tsm_guest +would +vmpck_id=2$'
dry load vmpck-id=1
prints "load: unless ours is given another" \
	'^load tsm_guest +would +vmpck_id=1$'
dry load quote_slots=4
prints "load: it is added to what else is given" \
	'^load tsm_guest +would +quote_slots=4 vmpck_id=2$'

# --- a container, as its root sees it
sentence="unload: root may lack the right to modules"
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
	FAKE_ROOT=$dir FAKE_DRIVER=none LD_PRELOAD=$BUILD/fake_configfs.so \
		ASAN_OPTIONS=verify_asan_link_order=0:exitcode=99 \
		setpriv --bounding-set -sys_module "$ctl" unload --dry-run \
		>"$dir/out" 2>"$dir/err"
	status=$?
	expect 1 "$sentence"
	says "it says so, and where to do it" \
		'may load modules here.* \(CAP_SYS_MODULE\): do it on the host'
else
	tap_skip "$sentence" "takes root, and setpriv"
fi
tap_done
