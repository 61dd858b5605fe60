#!/bin/sh
# SPDX-License-Identifier: MIT
# tsm-emud as quoting enclave and as Intel's services: its certificates, quotes
# and collateral, judged with openssl and by the bytes that Intel's documents say.
set -u

cd "$(dirname "$0")" || exit 2
# shellcheck source=tap.sh
. ./tap.sh
# shellcheck source=emud.sh
. ./emud.sh

# verify SENTENCE CERT-OR-KEY SIGNATURE SIGNED: R and S in hex, a file's bytes
verify() {
	cat >"$dir/conf" <<-END
	asn1=SEQUENCE:sig
	[sig]
	r=INTEGER:0x$(echo "$3" | head -c 64)
	s=INTEGER:0x$(echo "$3" | tail -c +65)
	END
	openssl asn1parse -genconf "$dir/conf" -noout -out "$dir/sig" &&
		openssl dgst -sha256 -verify "$2" -signature "$dir/sig" "$4" \
			>"$dir/said" 2>&1
	tap_result $? "$1"
}

# from FILE OFFSET COUNT
from() {
	tail -c +$(($2 + 1)) "$1" | head -c "$3"
}

# p256 HEX: X and Y as a public key in PEM
p256() {
	printf '3059301306072a8648ce3d020106082a8648ce3d03010703420004%s' "$1" |
		sed 's/../\\x&/g' >"$dir/escaped"
	# shellcheck disable=SC2059
	env printf "$(cat "$dir/escaped")" | openssl pkey -pubin -inform der
}

# chain SENTENCE CERT CAS
chain() {
	openssl verify -x509_strict -purpose any \
		-CAfile "$pki/trustedRootCaCert.pem" -untrusted "$3" "$2" \
		>"$dir/said" 2>&1 || sed 's/^/# /' "$dir/said"
	openssl verify -x509_strict -purpose any \
		-CAfile "$pki/trustedRootCaCert.pem" -untrusted "$3" "$2" \
		>/dev/null 2>&1
	tap_result $? "$1"
}

# signed_json FILE NAME: the text of the object is what is signed
signed_json() {
	signature=$(jq -r .signature "$pki/$1")
	sed "s/^{\"$2\"://; s/,\"signature\":\"[0-9a-f]*\"}\$//" "$pki/$1" |
		tr -d '\n' >"$dir/object"
	verify "$2 is signed as it stands" "$dir/tcb.pub" "$signature" \
		"$dir/object"
}

# in_order SENTENCE FILE KEYS: of the inner object, as Intel's has them
in_order() {
	same "$1" "$3" "$(jq -r '.[keys_unsorted[0]] | keys_unsorted |
		join(" ")' "$pki/$2")"
}

# quote NAME VERSION REPORT BODY-TYPE BODY-SIZE TAIL-OF-BODY
quote() {
	file=$dir/quote
	head=48 type=''
	run "$1 is made" 0 --pki "$pki" --quote "$dir/$3" --version "$2" \
		-o "$file"
	if [ "$2" = 5 ]; then
		head=54
		type=0${4}00$(printf '%02x%02x0000' $(($5 % 256)) $(($5 / 256)))
	fi
	same "$1: header" \
		"0${2}00020081000000$(word '' 4)939a7233f79c4ca9940a0db3957f0607$(word 'EMULATED QE ID' 20)$type" \
		"$(bytes "$file" 0 $head)"
	same "$1: body as of TDX 1.0 is the TDREPORT's" \
		"$(bytes "$dir/$3" 264 120)$(bytes "$dir/$3" 512 400)$(bytes "$dir/$3" 128 64)" \
		"$(bytes "$file" $head 584)"
	same "$1: rest of the body" "$6" \
		"$(bytes "$file" $((head + 584)) $(($5 - 584)))"
	signature_data $((head + $5))
}

# signature_data OFFSET, of what follows the body
signature_data() {
	at=$(($1 + 4))
	same "  it ends with its signature data" \
		$(($(stat -c %s "$file") - at)) "$(le32 "$file" "$1")"
	p256 "$(bytes "$file" $((at + 64)) 64)" >"$dir/att.pub"
	from "$file" 0 "$1" >"$dir/signed"
	verify "  the attestation key signed it" "$dir/att.pub" \
		"$(bytes "$file" $at 64)" "$dir/signed"
	from "$file" $((at + 134)) 384 >"$dir/qe"
	verify "  the PCK signed the QE report" "$dir/pck.pub" \
		"$(bytes "$file" $((at + 518)) 64)" "$dir/qe"
	{ from "$file" $((at + 64)) 64; from "$file" $((at + 584)) 32; } |
		sha256sum | head -c 64 >"$dir/bound"
	same "  and with it the attestation key" \
		"$(cat "$dir/bound")$(word '' 32)" "$(bytes "$dir/qe" 320 64)"
	tail -c +$((at + 623)) "$file" | tr -d '\0' |
		cmp - "$dir/chain.pem"
	tap_result $? "  the chain of the PCK follows, leaf first"
}

# report FILE VERSION OPTION...
report() {
	file=$dir/$1 version=$2
	shift 2
	run "a TDREPORT is made${*:+ with $*}" 0 --tdreport -d 0badc0de \
		-o "$file" "$@"
	same "  it is of version $version" "81000${version}00" \
		"$(bytes "$file" 0 4)"
}

echo "TAP version 13"
build_emud
rm -f "$pki/qeIdentity.json"
run "--init makes a PKI" 0 --pki "$pki" --init
cat "$pki/pckCert.pem" "$pki/pckSignChain.pem" >"$dir/chain.pem"
chain "PCK certificate, platform CA, root" "$pki/pckCert.pem" \
	"$pki/pckSignChain.pem"
chain "TCB signing certificate, root" "$pki/tcbSignChain.pem" \
	"$pki/tcbSignChain.pem"
same "a PCK certificate has the six extensions of Intel's" 6 \
	"$(openssl x509 -in "$pki/pckCert.pem" -noout -text |
		grep -cE '^ {12}[X1].*: *(critical)?$')"
for name in pckCert tcbSignChain trustedRootCaCert; do
	openssl x509 -in "$pki/$name.pem" -noout -subject
done >"$dir/subjects"
same "each says EMULATED" 3 "$(grep -c 'CN = EMULATED SGX' "$dir/subjects")"
for name in pckCert:pck tcbSignChain:tcb; do
	openssl x509 -in "$pki/${name%:*}.pem" -noout -pubkey \
		>"$dir/${name#*:}.pub"
done
for list in rootCaCrl:trustedRootCaCert intermediateCaCrl:pckSignChain; do
	openssl crl -inform der -in "$pki/${list%:*}.der" -noout \
		-CAfile "$pki/${list#*:}.pem" 2>&1 | grep -q 'verify OK'
	tap_result $? "${list%:*} is signed by its CA"
done

# --- collateral
in_order "TCB info has what Intel's has, in that order" tcbInfo.json \
	"id version issueDate nextUpdate fmspc pceId tcbType tcbEvaluationDataNumber tdxModule tdxModuleIdentities tcbLevels"
in_order "and so has the QE identity" qeIdentity.json \
	"id version issueDate nextUpdate tcbEvaluationDataNumber miscselect miscselectMask attributes attributesMask mrsigner isvprodid tcbLevels"
signed_json tcbInfo.json tcbInfo
signed_json qeIdentity.json enclaveIdentity
same "components say what they are" \
	"Early Microcode Update,SEAMLDR ACM,TDX Module" \
	"$(jq -r '.tcbInfo.tcbLevels[0].tcb | [.sgxtcbcomponents[0].type,
		.sgxtcbcomponents[7].type, .tdxtcbcomponents[0].type] |
		join(",")' "$pki/tcbInfo.json")"

# --- TDREPORTs, and quotes of them
svn2=05010200000000000000000000000000
td_id=$(word 'EMULATED TD ID' 32)
report td10 0
report td15 1 --version 5
report td15ex 3 --body 4
quote "a quote v4" 4 td10 0 584 ""
quote "a quote v5 of a TDREPORT v0" 5 td10 2 584 ""
quote "a quote v5 of a TDREPORT v1" 5 td15 3 648 "$svn2$(word '' 48)"
quote "a quote v5 of a TDREPORT v3" 5 td15ex 4 885 \
	"$svn2$(word '' 48)00$td_id$(word '' 204)"
quote "a quote v4 of a TDREPORT v3" 4 td15ex 0 584 ""
cp "$dir/td15" "$dir/changed"
printf '\001' | dd of="$dir/changed" bs=1 seek=512 conv=notrunc status=none
run "a TDREPORT that was changed is not quoted" 1 --pki "$pki" \
	--quote "$dir/changed" --version 5 -o "$dir/none"
run "v4 has no body of type 3" 2 --tdreport --version 4 --body 3 -o "$dir/none"
run "--body is of TDREPORTs" 2 --pki "$pki" --quote "$dir/td10" --body 2 \
	-o "$dir/none"
[ ! -e "$dir/none" ]
tap_result $? "what is refused leaves no file"
tap_done
