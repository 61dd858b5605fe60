#!/bin/sh
# SPDX-License-Identifier: MIT
# tsmctl verify of what tsm-emud makes without a VM: every kind of quote and
# report that it knows is EMULATED under its roots and rejected without them.
set -u

cd "$(dirname "$0")" || exit 2
# shellcheck source=tap.sh
. ./tap.sh
# shellcheck source=emud.sh
. ./emud.sh

ctl=$BUILD/bin/tsmctl
public=$dir/public
nonce=0badc0de

# verify SENTENCE STATUS ARGUMENT...: what it says is kept
verify() {
	sentence=$1 want=$2
	shift 2
	"$ctl" verify "$@" >"$dir/said" 2>&1
	status=$?
	[ $status -eq "$want" ] || sed "s/^/# status $status: /" "$dir/said"
	[ $status -eq "$want" ]
	tap_result $? "$sentence"
}

# says SENTENCE REGEX
says() {
	grep -Eq -- "$2" "$dir/said" || sed 's/^/# /' "$dir/said"
	grep -Eq -- "$2" "$dir/said"
	tap_result $? "$1"
}

# found VERDICT: the checks that came to that; they come before an empty line
found() {
	sed '/^$/q' "$dir/said" | awk -v word="$1" '$2 == word { print $1 }' |
		tr '\n' ' ' | sed 's/ $//'
}

# judge NAME SKIPPED FILE OPTION...: with all that its roots have to say of it
judge() {
	name=$1 skipped=$2 file=$3
	shift 3
	verify "$name: accepted where the emulator is" 0 --roots "$public" \
		--crl "$public" -d $nonce --pad --allow-emulated "$@" "$file"
	says "  and called EMULATED" ': accepted, EMULATED'
	same "  after all checks that there are for it" "$skipped" \
		"$(found skipped)"
	verify "$name: not accepted where it is not" 3 --roots "$public" \
		--crl "$public" -d $nonce --pad "$@" "$file"
	says "  though nothing is wrong" ': EMULATED: nothing is wrong'
	verify "$name: rejected under the roots of Intel and AMD" 3 -d $nonce \
		--pad --allow-emulated "$@" "$file"
	says "  for its root" '^root +FAIL'
	verify "$name: rejected with another nonce" 3 --roots "$public" \
		-d 0badc0d1 --pad --allow-emulated "$@" "$file"
	says "  for its report data" '^report_data +FAIL'
}

# fails SENTENCE NAMES ARGUMENT...: these checks do, under the emulator's roots
fails() {
	sentence=$1 names=$2
	shift 2
	verify "$sentence" 3 --roots "$public" --allow-emulated "$@"
	same "  that is, $names" "$names" "$(found FAIL)"
}

# policy NAME JSON
policy() {
	printf '%s\n' "$2" >"$dir/$1.json"
}

# quote NAME VERSION BODY
quote() {
	"$emud" --tdreport -d $nonce --version "$2" --body "$3" \
		-o "$dir/tdreport" &&
		"$emud" --pki "$pki" --quote "$dir/tdreport" --version "$2" \
			-o "$dir/$1"
}

# revoke CERT ISSUER MD TO OPTION...: a list by ISSUER that has CERT
revoke() {
	cert=$1 issuer=$2 md=$3 to=$4
	shift 4
	serial=$(openssl x509 -in "$cert" -noout -serial | sed 's/.*=//')
	printf 'R\t360101000000Z\t250101000000Z\t%s\tunknown\t/CN=any\n' \
		"$serial" >"$dir/index"
	echo 02 >"$dir/number"
	cat >"$dir/ca.conf" <<-END
	[ca]
	default_ca=this
	[this]
	database=$dir/index
	crlnumber=$dir/number
	default_md=$md
	crl_extensions=ext
	[ext]
	authorityKeyIdentifier=keyid:always
	END
	openssl ca -gencrl -config "$dir/ca.conf" -cert "$issuer.pem" \
		-keyfile "$issuer.key" -crldays 30 -out "$to" "$@" 2>"$dir/said" || cat "$dir/said"
}

echo "TAP version 13"
build_emud
run "--init makes a PKI" 0 --pki "$pki" --init
# What is not secret is what a verifier has.
cp -r "$pki" "$public"
find "$public" -name '*.key' -delete

# --- quotes
for form in v4:4:2 v5-td10:5:2 v5-td15:5:3 v5-td15ex:5:4; do
	version=${form#*:}
	quote "${form%%:*}" "${version%:*}" "${version#*:}"
	# who the quoting enclave is, its identity alone says of an emulated one
	judge "quote ${form%%:*}" "qe policy event_log" "$dir/${form%%:*}" --collateral "$public"
done
verify "its TCB is up to date" 0 --roots "$public" --collateral "$public" \
	--allow-emulated "$dir/v5-td15ex"
says "  it says" '^tcb_status +pass +UpToDate'
verify "without collateral nobody knows, and that is said" 0 \
	--roots "$public" --allow-emulated -d $nonce --pad "$dir/v4"
says "  it says" 'not checked: TCB status \(no --collateral\)'
cp "$dir/v4" "$dir/longer" && head -c 70 /dev/zero >>"$dir/longer"
verify "bytes may follow" 0 --roots "$public" --allow-emulated "$dir/longer"
fails "unless --strict is given" trailing_bytes --strict "$dir/longer"

# --- reports
for version in 2 3 5; do
	for key in vcek vlek; do
		option='' skipped="policy event_log"
		[ $key = vcek ] || option=--vlek skipped="chip_id $skipped"
		# shellcheck disable=SC2086 # no option is no word
		"$emud" --pki "$pki" --snp --version $version -d $nonce \
			--vmpl 1 $option -o "$dir/$version-$key"
		# shellcheck disable=SC2086
		"$emud" --pki "$pki" --snp-certs --version $version $option \
			-o "$dir/$version-$key.certs"
		judge "report v$version by a $key" "$skipped" "$dir/$version-$key" \
			--certs "$dir/$version-$key.certs"
	done
done
fails "a VLEK does not stand in for a VCEK" "signing_key signature" \
	--certs "$dir/3-vlek.certs" "$dir/3-vcek"
fails "nor the VCEK of another chip" "signature product tcb chip_id" \
	--certs "$dir/5-vcek.certs" "$dir/3-vcek"

# --- time and lists
fails "a quote from before the PKI" validity --at 2020-01-01 "$dir/v4"
fails "one from after the end of its collateral" "tcb_info qe_identity" \
	--collateral "$public" --at 2040-01-01 "$dir/v4"
fails "a report whose VLEK expired" validity --at 2040-01-01 \
	--certs "$dir/3-vlek.certs" "$dir/3-vlek"
mkdir "$dir/lists"
openssl x509 -in "$pki/pckSignChain.pem" -out "$dir/platform.pem"
cp "$pki/platform.key" "$dir"
revoke "$pki/pckCert.pem" "$dir/platform" sha256 "$dir/revoked.pem"
cp "$dir/revoked.pem" "$pki/rootCaCrl.der" "$dir/lists"
fails "a PCK that was revoked" revocation --crl "$dir/lists" "$dir/v5-td15"
says "  as it says" '^revocation .*revoked'
revoke "$pki/snp/Genoa/ask.pem" "$pki/snp/Genoa/ark" sha384 "$dir/revoked.pem" \
	-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest
fails "an ASK that was revoked" revocation --crl "$dir/revoked.pem" \
	--certs "$dir/3-vcek.certs" "$dir/3-vcek"
says "  as it says" '^revocation .*revoked'
fails "one of which there is the list of another issuer" revocation \
	--crl "$pki/snp/Milan/crl.der" --certs "$dir/3-vcek.certs" "$dir/3-vcek"

# --- policies
mrtd=$(word 'EMULATED MRTD' 48)
policy tdx '{"tdx": {"mrtd": "'"$mrtd"'", "rtmr3": "'"$(word '' 48)"'",
	"td_attributes": {"required": ["SEPT_VE_DISABLE"]},
	"minimum_tee_tcb_svn": [5, 1, 2], "fmspc": "e0806f000000"}}'
policy tdx-newer '{"tdx": {"mrtd": "'"$mrtd"'",
	"minimum_tee_tcb_svn": [5, 1, 3]}}'
policy snp '{"snp": {"vmpl": [1], "products": ["Genoa"], "signers": ["VCEK"],
	"measurement": "'"$(word 'EMULATED SNP MEASUREMENT' 48)"'",
	"minimum_tcb": {"boot_loader": 10, "snp": 23, "microcode": 84}}}'
policy snp-newer '{"snp": {"minimum_tcb": {"snp": 24}}}'
verify "a TD as the policy wants it" 0 --roots "$public" --allow-emulated \
	--policy "$dir/tdx.json" "$dir/v4"
says "  each item is told" '^policy\.mrtd +pass'
verify "one whose module is older" 3 --roots "$public" --allow-emulated \
	--policy "$dir/tdx-newer.json" "$dir/v4"
says "  it is told" '^policy\.minimum_tee_tcb_svn +FAIL'
says "  and what is right" '^policy\.mrtd +pass'
verify "a guest as the policy wants it" 0 --roots "$public" --allow-emulated \
	--policy "$dir/snp.json" --certs "$dir/3-vcek.certs" "$dir/3-vcek"
verify "one whose firmware is older" 3 --roots "$public" --allow-emulated \
	--policy "$dir/snp-newer.json" --certs "$dir/3-vcek.certs" "$dir/3-vcek"
says "  it is told" '^policy\.minimum_tcb.* +FAIL'
fails "one that the policy does not speak of" policy \
	--policy "$dir/tdx.json" --certs "$dir/3-vcek.certs" "$dir/3-vcek"
verify "another product than the policy wants" 3 --roots "$public" \
	--allow-emulated --policy "$dir/snp.json" \
	--certs "$dir/5-vlek.certs" "$dir/5-vlek"
says "  it is told" '^policy\.products +FAIL'
says "  and who signed it" '^policy\.signers +FAIL'

# --- a debug guest: no bit of its policy is the host's
cp "$dir/3-vcek" "$dir/body"
printf '\013' | dd of="$dir/body" bs=1 seek=10 conv=notrunc status=none
"$emud" --pki "$pki" --snp-report "$dir/body" -o "$dir/debug"
fails "a guest in debug mode" debug --certs "$dir/3-vcek.certs" \
	"$dir/debug"
verify "passes if it may" 0 --roots "$public" --allow-emulated --allow-debug \
	--certs "$dir/3-vcek.certs" "$dir/debug"

# --- many at a time
verify "all quotes at a time" 3 --roots "$public" --collateral "$public" \
	--allow-emulated -j 2 "$dir/v4" "$dir/v5-td10" "$dir/debug" \
	"$dir/v5-td15" "$dir/v5-td15ex"
same "  each has its verdict" 4 "$(grep -c ': accepted, EMULATED' "$dir/said")"
tap_done
