#!/bin/sh
# SPDX-License-Identifier: MIT
# tsm-emud as AMD's signer: its certificates, reports and tables, judged with
# openssl and by the bytes that AMD's documents say.
set -u

cd "$(dirname "$0")" || exit 2
# shellcheck source=tap.sh
. ./tap.sh
# shellcheck source=emud.sh
. ./emud.sh

oid=1.3.6.1.4.1.3704.1
vcek_guid=63da758de6644564adc5f4b93be8accd
vlek_guid=a8074bc2a25a483eaae639c045a0b8a1
ask_guid=4ab7b379bbac4fe4a02f05aef327c782
ark_guid=c0b406a4a803495297433fb6014cd0ae

# extension CERT OID: its bytes in hex
extension() {
	openssl x509 -in "$1" -outform der -out "$dir/der"
	at=$(openssl asn1parse -inform der -in "$dir/der" |
		grep -A 1 ":$2\$" |
		sed -n 's/^ *\([0-9]*\):d=.* hl=2 l= *\([0-9]*\) .*OCTET.*/\1 \2/p')
	[ -z "$at" ] || bytes "$dir/der" $((${at% *} + 2)) "${at#* }"
}

# entry TABLE GUID TO: the certificate of that GUID
entry() {
	at=0
	while [ "$(bytes "$1" $at 16)" != "$2" ]; do
		at=$((at + 24))
		[ $at -lt 96 ] || return
	done
	tail -c +$(($(le32 "$1" $((at + 16))) + 1)) "$1" |
		head -c "$(le32 "$1" $((at + 20)))" >"$3"
}

# verify REPORT CERT: openssl takes the signature as DER, in PEM's byte order
verify() {
	cat >"$dir/conf" <<-END
	asn1=SEQUENCE:sig
	[sig]
	r=INTEGER:0x$(reversed "$(bytes "$1" 672 72)")
	s=INTEGER:0x$(reversed "$(bytes "$1" 744 72)")
	END
	openssl asn1parse -genconf "$dir/conf" -noout -out "$dir/sig" &&
		openssl x509 -inform der -in "$2" -noout -pubkey >"$dir/key" &&
		head -c 672 "$1" >"$dir/signed" &&
		openssl dgst -sha384 -verify "$dir/key" -signature "$dir/sig" \
			"$dir/signed" >/dev/null
}

sums() {
	find "$1" -type f -exec cksum {} + | sort
}

# product NAME VERSION TCB CPUID CHIPID FIRMWARE PLATFORM: all it signs
product() {
	for key in vcek vlek; do
		signer "$@"
	done
	openssl crl -inform der -in "$pki/snp/$1/crl.der" -noout \
		-CAfile "$pki/snp/$1/ark.pem" >"$dir/said" 2>&1
	tap_result $? "$1: the ARK has signed the CRL"
	[ "$(openssl x509 -in "$pki/snp/$1/ark.pem" -noout -subject)" = \
		"subject=OU = EMULATED, C = ZZ, L = Nowhere, ST = None, O = \"EMULATED by tsm-guest, worth nothing\", CN = EMULATED ARK-$1" ]
	tap_result $? "$1: the ARK does not claim to be AMD's"
}

signer() {
	name="$1 $key"
	report=$dir/$2-$key.report
	table=$dir/$2-$key.table
	option='' flags=00000000 chip=$5 ca=ask guid=$vcek_guid
	if [ $key = vlek ]; then
		option=--vlek flags=04000000 ca=asvk guid=$vlek_guid
		chip=$(word '' 64)
	fi
	# shellcheck disable=SC2086 # no option is no word
	run "$name: makes a report" 0 --pki "$pki" --snp --version "$2" \
		-d 0badc0de --vmpl 1 $option -o "$report"
	# shellcheck disable=SC2086
	run "$name: makes a table" 0 --pki "$pki" --snp-certs --version "$2" \
		$option -o "$table"
	same "$name: report, up to the report data" \
		"0${2}000000000000000000030000000000$(word '' 32)0100000001000000$3$7$flags$(word '' 4)0badc0de$(word '' 60)" \
		"$(bytes "$report" 0 144)"
	same "$name: report, identities" \
		"$(word 'EMULATED SNP MEASUREMENT' 48)$(word 'EMULATED HOST DATA' 32)$(word '' 96)$(word 'EMULATED REPORT ID' 32)$(word '' 32 | tr 0 f)" \
		"$(bytes "$report" 144 240)"
	same "$name: report, platform" \
		"$3$4$(word '' 21)$chip$3${6}00${6}00$3" \
		"$(bytes "$report" 384 120)"
	same "$name: report, reserved to its end" "$(word '' 168)" \
		"$(bytes "$report" 504 168)"
	same "$name: table has three GUIDs and ends" \
		"$guid $ask_guid $ark_guid $(word '' 24)" \
		"$(bytes "$table" 0 16) $(bytes "$table" 24 16) $(bytes "$table" 48 16) $(bytes "$table" 72 24)"
	entry "$table" $guid "$dir/leaf" && entry "$table" $ask_guid "$dir/ca" &&
		entry "$table" $ark_guid "$dir/ark"
	for file in leaf ca ark; do
		openssl x509 -inform der -in "$dir/$file" -out "$dir/$file.pem"
	done
	cmp "$dir/leaf.pem" "$pki/snp/$1/$key.pem" &&
		cmp "$dir/ca.pem" "$pki/snp/$1/$ca.pem" &&
		cmp "$dir/ark.pem" "$pki/snp/$1/ark.pem"
	tap_result $? "$name: the table has the certificates of the PKI"
	openssl verify -CAfile "$dir/ark.pem" -untrusted "$dir/ca.pem" \
		"$dir/leaf.pem" >"$dir/said" 2>&1 || sed 's/^/# /' "$dir/said"
	openssl verify -CAfile "$dir/ark.pem" -untrusted "$dir/ca.pem" \
		"$dir/leaf.pem" >/dev/null 2>&1
	tap_result $? "$name: the chain holds"
	verify "$report" "$dir/leaf"
	tap_result $? "$name: the report is signed"
	same "$name: nothing follows the signature" "$(word '' 368)" \
		"$(bytes "$report" 816 368)"
	certificate "$1" $key
}

# certificate PRODUCT KEY: what AMD's extensions are like, in AMD's order
certificate() {
	cert=$pki/snp/$1/$2.pem
	case $1 in
	Milan)	svns='020104 020100 020100 020100 020100 020100 020116 020200d5'
		struct=020100 hwid=$(word 'EMULATED MILAN CHIP ' 64)
		chip=16084d696c616e2d4230 plain=16054d696c616e ;;
	Genoa)	svns='02010a 020100 020100 020100 020100 020100 020117 020154'
		struct=020100 hwid=$(word 'EMULATED GENOA CHIP ' 64)
		chip=160547656e6f61 plain=$chip ;;
	Turin)	svns='020101 020102 020101 020104 020100 020100 020100 020148'
		struct=020101 hwid=$(word EMUTURIN 8)
		chip=1605547572696e plain=$chip ;;
	esac
	numbers='1 2 4 5 6 7 3 8'
	[ "$1" != Turin ] || numbers='9 1 2 3 5 6 7 8'
	same "$1 $2: SVNs and their order" \
		"$(for n in $numbers; do echo "$oid.3.$n"; done)" \
		"$(openssl asn1parse -in "$cert" | sed -n "s/.*:\($oid\.3\..*\)/\1/p")"
	same "$1 $2: values of the SVNs" "$svns " \
		"$(for n in $numbers; do extension "$cert" "$oid.3.$n"; echo; done |
			tr '\n' ' ')"
	same "$1 $2: version of the structure" "$struct" \
		"$(extension "$cert" "$oid.1")"
	if [ "$2" = vlek ]; then
		chip=$plain hwid=''
	fi
	same "$1 $2: product" "$chip" "$(extension "$cert" "$oid.2")"
	same "$1 $2: hardware ID" "$hwid" "$(extension "$cert" "$oid.4")"
	openssl x509 -in "$cert" -noout -text >"$dir/text"
	grep -q 'Serial Number: 0 (0x0)' "$dir/text" &&
		grep -q 'ASN1 OID: secp384r1' "$dir/text" &&
		grep -q 'Salt Length: 0x30' "$dir/text" &&
		grep -q "CN = EMULATED SEV-$(echo "$2" | tr '[:lower:]' '[:upper:]')\$" "$dir/text" &&
		! grep -q 'Key Identifier' "$dir/text"
	tap_result $? "$1 $2: serial 0, P-384, PSS with 48 bytes of salt, no key identifier"
}

echo "TAP version 13"
build_emud

# A PKI that was made before there was SNP has no snp.
run "--init makes what a PKI lacks" 0 --pki "$pki" --init
sums "$pki" >"$dir/before"
run "--init runs again" 0 --pki "$pki" --init
sums "$pki" | cmp - "$dir/before"
tap_result $? "and changes nothing"

product Milan 2 04000000000016d5 000000 "$(word 'EMULATED MILAN CHIP ' 64)" \
	153701 0300000000000000
product Genoa 3 0a00000000001754 191101 "$(word 'EMULATED GENOA CHIP ' 64)" \
	283701 2500000000000000
product Turin 5 0102010400000048 1a0201 "$(word EMUTURIN 64)" \
	283701 2500000000000000

# --- what a test changed in a report
cp "$dir/3-vcek.report" "$dir/body"
printf '\377' | dd of="$dir/body" bs=1 seek=200 conv=notrunc status=none
run "a report can be signed again" 0 --pki "$pki" --snp-report "$dir/body" \
	-o "$dir/again"
[ "$(bytes "$dir/again" 0 672)" = "$(bytes "$dir/body" 0 672)" ]
tap_result $? "with its bytes as they were"
entry "$dir/3-vcek.table" $vcek_guid "$dir/leaf"
! verify "$dir/body" "$dir/leaf" 2>/dev/null && verify "$dir/again" "$dir/leaf"
tap_result $? "and a signature that is good now"

# refuse SENTENCE OFFSET BYTE: a report that nobody signs
refuse() {
	cp "$dir/3-vcek.report" "$dir/body"
	# shellcheck disable=SC2059
	printf "$3" | dd of="$dir/body" bs=1 seek="$2" conv=notrunc status=none
	run "$1" 1 --pki "$pki" --snp-report "$dir/body" -o "$dir/none"
}
refuse "version 4 is no product's" 0 '\004'
refuse "another signature algorithm is refused" 52 '\002'
refuse "a report that wants no signature gets none" 72 '\034'
head -c 1183 "$dir/3-vcek.report" >"$dir/body"
run "a report that is cut off is refused" 1 --pki "$pki" \
	--snp-report "$dir/body" -o "$dir/none"
run "version 4 is a usage error" 2 --pki "$pki" --snp --version 4 \
	-o "$dir/none"
run "two things at a time are a usage error" 2 --pki "$pki" --snp --snp-certs \
	-o "$dir/none"
run "a PKI without what signs reports says how to get it" 1 --pki "$dir" \
	--snp -o "$dir/none"
grep -q -- '--init' "$dir/said"
tap_result $? "by --init"
[ ! -e "$dir/none" ]
tap_result $? "what is refused leaves no file"
tap_done
