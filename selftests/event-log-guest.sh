#!/bin/sh
# SPDX-License-Identifier: MIT
# In a VM: extends registers in every way there is, and has the logs replayed.
#
# All results go to standard output, as a packed folder in base64. The boot log
# that the VM was given lies beside this script, too, for kernels that do not
# hand it out.

ccel=/sys/firmware/acpi/tables/data/CCEL
runtime=/sys/kernel/security/tsm_guest/binary_runtime_measurements
rtmrs=/sys/kernel/config/tsm/rtmrs
digest=$(printf '%096d' 7)
logs=

if [ ! -e "$ccel" ]; then
	ccel=$PWD/boot-log
	logs="--ccel $ccel --runtime $runtime"
fi
verify="--roots /etc/tsm-emu/pki --allow-emulated --log $ccel --log $runtime"
mkdir /tmp/out
cd /tmp/out || exit

# attempt NAME COMMAND...: keeps what it says and its status
attempt()
{
	name=$1
	shift
	"$@" >"$name.txt" 2>&1
	echo "$?" >"$name.status"
}

# As uapi/linux/tsm-guest.h shows it.
by_hand()
{
	mkdir "$rtmrs/mine" && echo 3 >"$rtmrs/mine/index" &&
		printf 'by hand' >"$rtmrs/mine/event" &&
		echo 1 >"$rtmrs/mine/measure" && rmdir "$rtmrs/mine"
}

by_sysfs()
{
	printf '%048d' 3 >/sys/class/misc/tdx_guest/measurements/rtmr3:sha384
}

head -c 65536 /dev/urandom >big
attempt extend-data tsmctl extend rtmr3 --data 'app started'
attempt extend-file tsmctl extend rtmr2 --file big --event-type EV_IPL
attempt extend-tag tsmctl extend rtmr3 --data tagged --tag 0x4d
attempt extend-aael tsmctl extend rtmr3 --aael 'example.org load sha256:01'
attempt extend-digest tsmctl extend rtmr3 --digest "$digest"
attempt extend-configfs tsmctl extend rtmr2 --digest "$digest" --via configfs
attempt extend-sysfs tsmctl extend rtmr0 --digest "$digest"
attempt extend-sysfs-data tsmctl extend rtmr1 --data 'digest alone'
attempt extend-ioctl tsmctl extend rtmr2 --digest "$digest" --via ioctl
attempt extend-by-hand by_hand
attempt extend-by-sysfs by_sysfs
ls "$rtmrs" >entries

# shellcheck disable=SC2086 # options are words
{
	attempt replay tsmctl log replay $logs
	attempt replay-json tsmctl log replay --json $logs
	attempt registers tsmctl measurements rtmr0 rtmr1 rtmr2 rtmr3
	attempt report tsmctl report --random -o quote
	attempt replay-quote tsmctl log replay $logs --quote quote
	attempt verify tsmctl verify $verify quote
	for format in tcg cel-tlv cel-json; do
		attempt export-$format tsmctl log export $logs \
			--format $format -o $format
	done
	cp "$ccel" boot
	cp "$runtime" runtime

	echo "2 $digest" >/sys/module/tsm_emu/parameters/rtmr_foreign
	# a log that is given as a file may be read before the gap is found
	tsmctl report --random -o quote.foreign >/dev/null
	attempt foreign-verify tsmctl verify $verify quote.foreign
	attempt foreign tsmctl log replay $logs
	attempt foreign-export tsmctl log export $logs -o foreign
	attempt foreign-registers tsmctl measurements rtmr0 rtmr1 rtmr2 rtmr3
}
tar -c . | gzip | base64
