# SPDX-License-Identifier: MIT
# Checks the signature that a kernel module ends with, as a kernel would; sourced.
# shellcheck shell=bash

# plain MODULE FILE: the module without its compression
plain()
{
	case $1 in
	*.xz)	xz -dc "$1" >"$2" ;;
	*.zst)	zstd -q -dc "$1" >"$2" ;;
	*)	cat "$1" >"$2" ;;
	esac
}

# split_signature FILE: leaves FILE.content and FILE.signature. At the end are 28
# bytes of text, and before them 12, the last 4 of which tell the signature's size.
split_signature()
{
	local file=$1 size length

	[ "$(tail -c 28 "$file")" = "~Module signature appended~" ] || {
		echo "$file is not signed"
		return 1
	}
	size=$(stat -c %s "$file")
	length=$((16#$(tail -c 32 "$file" | head -c 4 | od -An -tx1 | tr -d ' ')))
	tail -c $((length + 40)) "$file" | head -c "$length" >"$file.signature"
	head -c $((size - length - 40)) "$file" >"$file.content"
}

# signed_by CERTIFICATE FILE: a plain module; the certificate is DER.
signed_by()
{
	local pem=/tmp/certificate.pem

	openssl x509 -inform DER -in "$1" -out "$pem" && split_signature "$2" &&
		openssl cms -verify -binary -inform DER -in "$2.signature" \
			-content "$2.content" -certfile "$pem" -nointern \
			-noverify -out /dev/null
}

# refused COMMAND...: it fails, and because of what was signed.
refused()
{
	local said

	if said=$("$@" 2>&1); then
		echo "taken for genuine"
		return 1
	fi
	echo "$said"
	grep -qE 'signer certificate not found|digest.*(mismatch|failure)|verification failure' \
		<<<"$said"
}

# with_a_flipped_bit FILE COPY
with_a_flipped_bit()
{
	local byte

	byte=$(head -c 4097 "$1" | tail -c 1 | od -An -tu1)
	cp "$1" "$2"
	# shellcheck disable=SC2059 # the format is the byte
	printf "\\$(printf %o $((byte ^ 1)))" |
		dd of="$2" bs=1 seek=4096 conv=notrunc status=none
	! cmp -s "$1" "$2"
}
