#!/bin/sh
# SPDX-License-Identifier: MIT
# In a VM: Google's attest tools, and what their libraries can do, a row for each.
#
# usage: guest.sh tdx|snp
#
# What the tools wrote is judged twice: by the library that is theirs, and by
# tsmctl, which trusts the emulator's roots here.

tee=$1
pki=/etc/tsm-emu/pki
config=/sys/kernel/config
knobs=/sys/module/tsm_emu/parameters
number=1

# new_nonce: 64 bytes, in hexadecimal, that no other row has
new_nonce()
{
	nonce=$(printf '%0126x%02x' 3141592653 $number)
	number=$((number + 1))
}

# verify FILE [ARGUMENT]...: is it good evidence for the nonce?
verify()
{
	file=$1
	shift
	./go-clients check "$tee" "$file" "$nonce" || return
	tsmctl verify --allow-emulated --roots "$pki" -d "$nonce" "$@" "$file" \
		>said 2>&1
	status=$?
	[ "$status" = 0 ] || { cat said; echo "tsmctl verify: status $status"; }
	return "$status"
}

# reason FILE: its last line, without the time and place that Go's logger adds;
# a driver without Intel's ioctl does what it should. A row without any reason
# would be no row, and so not be missed.
reason()
{
	{ echo "it failed without a word"; grep . "$1"; } | tail -n 1 | tr '\t' ' ' | sed 's/^FATAL: .*\.go:[0-9]*: /no: /
		s/^no: invalid ioctl! .*/-: no such ioctl: ENOTTY/
		/^no: /b
		/^-: /b
		s/^/no: /'
}

# row NAME COMMAND...: ok if that succeeds
row()
{
	name=$1
	shift
	new_nonce
	rm -f evidence
	if "$@" >log 2>&1; then
		printf '%s\tok\n' "$name"
	else
		cat log
		printf '%s\t%s\n' "$name" "$(reason log)"
	fi
	forget_entries
}

# The libraries leave report entries behind, and those for RTMRs.
forget_entries()
{
	rmdir "$config"/tsm/report/entry* "$config"/tsm/rtmrs/rtmr*-* 2>/dev/null
}

without_configfs()
{
	umount "$config" || return
	"$@"
	status=$?
	mount -t configfs none "$config"
	return "$status"
}

tdx_attest()
{
	./tdx-attest -inform hex -in "$nonce" -out evidence && verify evidence
}

tdx_text()
{
	./tdx-attest -inform hex -in "$nonce" -outform textproto -out evidence &&
		grep -q 'tee_type: *129' evidence
}

# SERVICE_UNAVAILABLE, as of a host whose quoting service does not run
tdx_without_service()
{
	echo 8000000000000001 >"$knobs/quote_status"
	./tdx-attest -inform hex -in "$nonce" -out evidence
	status=$?
	echo 0 >"$knobs/quote_status"
	[ "$status" != 0 ] ||
		{ echo "no error, and $(wc -c <evidence) bytes"; return 1; }
}

# sev_attest OPTION...
sev_attest()
{
	./sev-attest -self_throttle_duration 0s -inform hex -in "$nonce" \
		-out evidence "$@"
}

# The report alone: tsmctl is given the certificates of another one.
sev_report()
{
	sev_attest "$@" && ./go-clients check snp evidence "$nonce"
}

sev_extended()
{
	sev_attest -extended "$@" && [ "$(wc -c <evidence)" -gt 1184 ] &&
		dd if=evidence of=certs bs=1184 skip=1 2>/dev/null &&
		./go-clients check snp evidence "$nonce" &&
		head -c 1184 evidence >report && verify report --certs certs
}

sev_text()
{
	sev_attest -extended -outform textproto &&
		grep -q 'certificate_chain:' evidence
}

sev_show()
{
	sev_attest && ./sev-show -in evidence >shown && grep -q '^ *policy:' shown
}

# A host that has no certificates is a usual one.
sev_without_certs()
{
	echo 0 >"$knobs/snp_certs"
	sev_attest -extended && head -c 1184 evidence >report &&
		./go-clients check snp report "$nonce"
	status=$?
	echo 1 >"$knobs/snp_certs"
	return "$status"
}

tdx_rows()
{
	row "go-tdx-guest attest" tdx_attest
	row "go-tdx-guest attest -outform textproto" tdx_text
	row "go-tdx-guest attest without configfs" without_configfs tdx_attest
	row "go-tdx-guest attest fails without quoting service" \
		tdx_without_service
}

snp_rows()
{
	row "go-sev-guest attest" sev_report
	row "go-sev-guest attest -extended" sev_extended
	row "go-sev-guest attest -extended -vmpl 1" sev_extended -vmpl 1
	row "go-sev-guest attest -outform textproto" sev_text
	row "go-sev-guest attest without configfs" without_configfs sev_report
	row "go-sev-guest attest -extended without configfs" \
		without_configfs sev_extended
	row "go-sev-guest attest -extended, host without certificates" \
		sev_without_certs
	row "go-sev-guest attest -extended without either" \
		without_configfs sev_without_certs
	row "go-sev-guest show" sev_show
}

case $tee in
tdx) tdx_rows ;;
snp) snp_rows ;;
esac
./go-clients "$tee"
status=$?
forget_entries
exit $status
