#!/bin/sh
# SPDX-License-Identifier: MIT
# tsmctl status where the kernel takes signed modules only: whether tsm_guest is
# signed, by whom, and whether that key is known; the signatures are OpenSSL's.
set -u

cd "$(dirname "$0")" || exit 2
# shellcheck source=tap.sh
. ./tap.sh
# shellcheck source=status_machine.sh
. ./status_machine.sh

vars=$machine/sys/firmware/efi/efivars
shim=605dab50-e046-4300-abb6-3dd810dd8b23
file=$modules/updates/dkms/tsm_guest.ko
mok=$machine/var/lib/dkms/mok.pub

# new_key NAME CN: $dir/NAME.key and .der, as DKMS makes its own
new_key() {
	openssl req -new -x509 -nodes -days 36500 -subj "/CN=$2" \
		-newkey rsa:2048 -keyout "$dir/$1.key" -outform DER \
		-out "$dir/$1.der" 2>"$dir/openssl" || exit 2
	openssl x509 -inform DER -in "$dir/$1.der" -out "$dir/$1.pem"
}

# sign FILE KEY: as the kernel's sign-file does
sign() {
	openssl cms -sign -binary -nocerts -noattr -outform DER -md sha256 \
		-signer "$dir/$2.pem" -inkey "$dir/$2.key" -in "$1" \
		-out "$dir/signature" 2>"$dir/openssl" || exit 2
	append "$1" 2 "$(wc -c <"$dir/signature")"
}

# append FILE TYPE SIZE: the signature, and what says of it
append() {
	{
		cat "$dir/signature"
		from_hex "0000$(printf %02x "$2")0000000000$(printf %08x "$3")"
		echo "~Module signature appended~"
	} >>"$1"
}

# An EFI variable: attributes, the head of a list, and a CERTIFICATE.
variable() {
	{ head -c 48 /dev/zero; cat "$2"; } >"$vars/$1"
}

# A TD without a driver, with ours installed; Secure Boot is on, and with it
# Debian's lockdown.
secure() {
	plain_machine tdx_guest
	has_ours tsm_guest.ko
	mkdir -p "$vars" "$machine/sys/kernel/security" "${mok%/*}" \
		"$machine/usr/src/tsm-guest-0.1.0"
	from_hex 0600000001 \
		>"$vars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
	echo 'none [integrity] confidentiality' \
		>"$machine/sys/kernel/security/lockdown"
	variable MokListRT-$shim "$dir/vendor.der"
	cp "$dir/dkms.der" "$mok"
}

echo "TAP version 13"
new_key dkms "DKMS module signing key"
new_key other "somebody's key"
new_key vendor "Debian Secure Boot CA"

# --- no signature
secure
status_is 1 "an unsigned module is a problem"
says "what the kernel takes is said" \
	'^  takes modules +signed with a key it knows$'
says "and why" '^  secure boot +yes$'
says "and what keeps root from changing that" '^  lockdown +integrity$'
says "what is wrong" \
	"^problem: /lib/modules/$kernel/updates/dkms/tsm_guest\.ko is not signed, and this kernel takes signed modules only \(Secure Boot\)"
says "what helps" '^  mend +build it anew: DKMS signs what it builds'
says "with the command" "^  command +dkms build --force tsm-guest/0\.1\.0 -k $kernel && dkms install --force tsm-guest/0\.1\.0 -k $kernel$"
says "loading is not what helps" '^  mend +what keeps tsm_guest away is told below$'
json_is "its key" '.problems[].key' "no_driver unsigned"
rm -r "$machine/usr/src"
status_is 1 "so it is without DKMS"
says "which leaves the tools of the kernel" '^  mend +sign it with a key that is enrolled'
loaded_for tdx_guest tdx_guest tsm
mkdir -p "$report"
status_is 0 "where the kernel's own driver serves"
json_is "it is a remark" '.notes[].key' "intree_driver no_extend unsigned"
rm -r "$machine/sys/firmware"
status_is 0 "without Secure Boot lockdown asks for signatures all the same"
says "which is told" '\(lockdown, or module\.sig_enforce\)'
mkdir -p "$module/module/parameters"
echo Y >"$module/module/parameters/sig_enforce"
rm "$machine/sys/kernel/security/lockdown"
json_is "so does a parameter" '.notes[2].key' unsigned
echo N >"$module/module/parameters/sig_enforce"
json_is "otherwise nobody minds" '.kernel.takes_modules, (.notes | length)' \
	"signed or not 2"
secure
rm "$machine/sys/kernel/security/lockdown"
json_is "Secure Boot, and no securityfs to tell of lockdown: unknown" \
	.kernel.takes_modules "unknown: securityfs is not mounted"
echo 'none /sys/kernel/security securityfs rw 0 0' >>"$machine/proc/mounts"
json_is "with it, a kernel that knows no lockdown minds nothing" \
	.kernel.takes_modules "signed or not"

# --- signed, and by whom
secure
sign "$file" dkms
status_is 1 "a signature by a key that is not enrolled"
says "is a problem" \
	'^problem: tsm_guest is signed by a key that this machine does not know \(DKMS module signing key\): loading it would be refused$'
says "who signed is said" '^  signed by +DKMS module signing key$'
says "what helps" '^  mend +enrol it: this asks for a password'
says "with the command" \
	'^  command +mokutil --import /var/lib/dkms/mok\.pub$'
json_is "its key" '.problems[].key' "no_driver key_not_enrolled"
: >"$vars/MokNew-$shim"
status_is 1 "so it is while the key awaits a restart"
says "which is what helps then" '^  command +systemctl reboot$'
rm "$vars/MokNew-$shim"
{ cat "$dir/vendor.der"; cat "$dir/dkms.der"; } >"$dir/both"
variable MokListRT-$shim "$dir/both"
json_is "once it is enrolled, it need only be loaded" \
	'.problems[] | .key, .command' "no_driver tsmctl load"
secure
sign "$file" dkms
variable db-d719b2cb-3d3a-4596-a3bc-dad00e67656f "$dir/dkms.der"
json_is "firmware may have the key, too" '.problems[] | .key' no_driver
secure
sign "$file" other
variable MokListRT-$shim "$dir/dkms.der"
status_is 1 "a key of the same owner is not this one"
says "who signed is said" 'does not know \(somebody.s key\)'
says "and there is no command for a key that is not here" \
	'^  mend +enrol it: mokutil --import its certificate$'
printf '1 I---- 1 perm 1f0b0000 0 0 asymmetri %s: 5c7d: X509.rsa 5c7d []\n' \
	"somebody's key" >"$machine/proc/keys"
json_is "the kernel may have it built in" '.problems[].key' no_driver
printf '1 I---- 1 perm 1f0b0000 0 0 asymmetri %s: 5c7d: X509.rsa 5c7d []\n' \
	"not somebody's key" >"$machine/proc/keys"
json_is "but not one whose name ends like that" '.problems[].key' \
	"no_driver key_not_enrolled"
rm "$vars/MokListRT-$shim"
json_is "without a list of shim's, the kernel's counts" '.problems[].key' \
	"no_driver key_not_enrolled"
rm "$machine/proc/keys"
json_is "without any, nobody knows" '.problems[] | .key, .command' \
	"no_driver tsmctl load"

# --- compressed
secure
mv "$file" "$file.xz"
has_ours tsm_guest.ko.xz
sed -i '/tsm_guest.ko:/d' "$modules/modules.dep"
status_is 1 "a compressed module is DKMS's"
says "if its key is not enrolled, that is a problem" \
	"^problem: tsm_guest is signed by a key that this machine does not know \(DKMS's\)"
says "with the command" '^  command +mokutil --import /var/lib/dkms/mok\.pub$'
variable MokListRT-$shim "$mok"
json_is "if it is, it is not" '.problems[] | .key, .command' \
	"no_driver tsmctl load"
rm "$mok"
json_is "without a key nobody knows" '.problems[] | .key, .command' \
	"no_driver tsmctl load"

# --- what is no signature
for size in 0 1 4294967295; do
	secure
	: >"$dir/signature"
	append "$file" 2 $size
	status_is 1 "a signature of $size bytes that are not there"
	silent "tells of no signer" '^  signed by'
done
secure
printf '\060\202\377\377\006' >"$dir/signature"
append "$file" 2 5
status_is 1 "a signature that is none tells nothing"
silent "of no signer either" '^  signed by|does not know'
secure
openssl cms -sign -binary -nocerts -noattr -outform DER -md sha256 -keyid \
	-signer "$dir/dkms.pem" -inkey "$dir/dkms.key" -in "$file" \
	-out "$dir/signature" 2>/dev/null
append "$file" 2 "$(wc -c <"$dir/signature")"
status_is 1 "one that names its key by a number alone tells no name"
silent "so that nobody knows" '^  signed by|does not know|not signed'
for size in 10 100 200; do
	secure
	sign "$file" dkms
	cp "$dir/signature" "$dir/whole"
	head -c $size "$dir/whole" >"$dir/signature"
	printf MODULE >"$file"
	append "$file" 2 $size
	status_is 1 "$size bytes of a signature are survived"
done
tap_done
