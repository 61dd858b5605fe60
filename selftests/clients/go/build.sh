#!/bin/bash
# SPDX-License-Identifier: MIT
# Builds Google's attest tools for TDX and SEV-SNP, and a program over their libraries.
#
# usage: build.sh OUT
#
# Sources and compiler are trixie's packages, as fetch.sh unpacked them, and
# none is changed; nothing comes from a network here. What was compiled once is
# kept in build/go-cache.

set -eu
. "$(dirname "$0")/../../vm/common.sh"

HERE=$TOP/selftests/clients/go
ROOT=$BUILD/chroot/go
CACHE=$BUILD/go-cache

# Roots of trust that the verifying libraries embed, and Debian leaves out. Here
# they only have to be there: nothing is verified against them.
ROOTS="
go-tdx-guest/verify/trusted_root.pem
go-sev-guest/verify/trust/ask_ark_milan.pem
go-sev-guest/verify/trust/ask_ark_milan_vlek.pem
go-sev-guest/verify/trust/ask_ark_genoa.pem
go-sev-guest/verify/trust/ask_ark_genoa_vlek.pem
go-sev-guest/verify/trust/ask_ark_turin_vcek.pem
go-sev-guest/verify/trust/ask_ark_turin_vlek.pem
"

set_up_go()
{
	GOROOT=$(echo "$ROOT"/usr/lib/go-1.*)
	GOPATH=$ROOT/usr/share/gocode
	PATH=$GOROOT/bin:$PATH
	export GOROOT GOPATH GOCACHE=$CACHE GOENV=off GOTOOLCHAIN=local
	export GO111MODULE=off GOPROXY=off GOFLAGS="" CGO_ENABLED=0
	export GOOS=linux GOARCH=amd64
}

# The file by which go takes a root that is none for each that is not there.
write_overlay()
{
	local file separator=""

	mkdir -p "$CACHE"
	printf '%s\n' '-----BEGIN CERTIFICATE-----' 'AA==' \
		'-----END CERTIFICATE-----' >"$CACHE/no-root.pem"
	{
		echo '{"Replace": {'
		for file in $ROOTS; do
			printf '%s"%s": "%s"' "$separator" \
				"$GOPATH/src/github.com/google/$file" \
				"$CACHE/no-root.pem"
			separator=$',\n'
		done
		printf '\n}}\n'
	} >"$CACHE/overlay.json"
}

# go_build PROGRAM PACKAGE-OR-FILE...
go_build()
{
	local program=$1

	shift
	go build -trimpath -ldflags '-s -w' -overlay "$CACHE/overlay.json" \
		-o "$OUT/$program" "$@"
}

[ $# = 1 ] || die 2 "usage: build.sh OUT"
mkdir -p "$1"
OUT=$(cd "$1" && pwd)
"$HERE/fetch.sh" ||
	die 4 "Go and its libraries for attestation cannot be fetched"
set_up_go
[ -z "$(gofmt -l "$HERE")" ] || die 1 "not as gofmt has it: $(gofmt -l "$HERE")"
write_overlay
go_build tdx-attest github.com/google/go-tdx-guest/tools/attest
go_build sev-attest github.com/google/go-sev-guest/tools/attest
go_build sev-show github.com/google/go-sev-guest/tools/show
go_build go-clients "$HERE"/*.go
