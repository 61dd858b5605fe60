#!/bin/bash
# SPDX-License-Identifier: MIT
# Fetches trixie's Go, and its packages of Google's libraries for attestation.
#
# They are unpacked to build/chroot/go, and used from there. It is no chroot for
# anybody to enter: Go's tools are static, and find what they need beside them.

set -eu
. "$(dirname "$0")/../../vm/common.sh"
. "$VM/apt.bash"

DIR=$BUILD/chroot/go
WANTED=(golang-go
	golang-github-google-go-{configfs-tsm,sev-guest,tdx-guest}-dev)

# resolve: what is wanted and what that depends on, as PACKAGE=VERSION
resolve()
{
	apt get -s --no-install-recommends -t trixie install "${WANTED[@]}" |
		sed -nE 's/^Inst ([^ ]+) \(([^ ]+) .*/\1=\2/p'
}

fetch_go()
{
	local tmp=$BUILD/chroot/.go.tmp packages deb

	[ ! -d "$DIR" ] || return 0
	apt_update
	say "Go and Google's libraries for attestation (half a minute)"
	packages=$(resolve)
	[ -n "$packages" ] ||
		die 1 "not all of these are in the mirror's lists of trixie" \
			"(kept in ${APT#"$TOP/"}): ${WANTED[*]}"
	rm -rf "$tmp"
	mkdir -p "$tmp/debs"
	# shellcheck disable=SC2086 # a list of words
	(cd "$tmp/debs" && apt get download $packages)
	for deb in "$tmp"/debs/*.deb; do
		dpkg-deb -x "$deb" "$tmp"
	done
	rm -r "$tmp/debs"
	printf '%s\n' "$packages" >"$tmp/packages"
	mv "$tmp" "$DIR"
}

with_lock fetch fetch_go
