#!/bin/bash
# SPDX-License-Identifier: MIT
# Tests the Debian packages: how they are built, and what they do to a system.

set -u
. "$(dirname "$0")/../vm/common.sh"
. "$VM/apt.bash"

DEB=$TOP/selftests/deb
OUT=$BUILD/deb-test
VERSION=$(cat "$TOP/tools/VERSION")
NEXT=$VERSION.1

usage()
{
	cat <<-END
	usage: run.sh [bookworm|trixie]...

	Builds the packages twice and compares them, has lintian judge them, and
	installs them in chroots of Debian 12 and 13, for the kernels that those
	have, for kernels out of range, and for the next version of itself.
	Prints TAP; logs are in build/deb-test. Without a release, both.
	END
}

number=0

# number_points: numbers what it reads, and passes it on
number_points()
{
	local line

	while IFS= read -r line; do
		case $line in
		"ok - "*)
			number=$((number + 1))
			echo "ok $number - ${line#ok - }" ;;
		"not ok - "*)
			number=$((number + 1))
			echo "not ok $number - ${line#not ok - }" ;;
		"#"*)	echo "$line" ;;
		esac
	done
}

# point NAME COMMAND...: what it says is shown if it fails.
point()
{
	local name=$1 log=$OUT/point.log

	shift
	if "$@" >"$log" 2>&1; then
		number_points <<<"ok - $name"
	else
		number_points <<<"not ok - $name"
		tail -n 40 "$log" | sed 's/^/# /'
	fi
}

# The one place for each of those who look there; none may be forgotten.
versions_agree()
{
	echo "tools/VERSION: $VERSION"
	dpkg-parsechangelog -l "$TOP/packaging/debian/changelog" -S Version |
		diff - "$TOP/tools/VERSION" &&
		sed -n 's/^MODULE_VERSION("\(.*\)");$/\1/p' \
			"$TOP/kernel/main.c" | diff - "$TOP/tools/VERSION" &&
		sed -n 's/^MODULE_VERSION("\(.*\)");$/\1/p' \
			"$TOP/selftests/emu/emu_main.c" |
			diff - "$TOP/tools/VERSION"
}

build_here()
{
	"$TOP/packaging/deb.sh" -o "$OUT/one"
}

# Other place, other user's habits, no git, one thing at a time.
build_elsewhere()
{
	local tree=$OUT/other/a-longer-path/tsm

	mkdir -p "$tree"
	cp -a "$OUT/one/tsm-guest-$VERSION/." "$tree"
	make -s -C "$tree" -f debian/rules clean
	mv "$tree/debian" "$tree/packaging/debian"
	(umask 077 && env TZ=Pacific/Chatham LC_ALL=C LANG=de_DE.UTF-8 HOME=/ \
		DEB_BUILD_OPTIONS=parallel=1 USER=other \
		"$tree/packaging/deb.sh" -o "$OUT/two")
}

# As whoever makes the next release would: a new version in four places.
build_next()
{
	local tree=$OUT/next-source

	mkdir -p "$tree"
	cp -a "$OUT/one/tsm-guest-$VERSION/." "$tree"
	mv "$tree/debian" "$tree/packaging/debian"
	sed -i "1s/($VERSION)/($NEXT)/" "$tree/packaging/debian/changelog"
	sed -i "s/^MODULE_VERSION.*/MODULE_VERSION(\"$NEXT\");/" \
		"$tree/kernel/main.c" "$tree/selftests/emu/emu_main.c"
	echo "$NEXT" >"$tree/tools/VERSION"
	mkdir -p "$OUT/next"
	touch "$OUT/next/other_1_all.deb" "$OUT/next/tsm-guest-dkms_0_all.deb"
	"$tree/packaging/deb.sh" -o "$OUT/next" -- -A
}

# Of what was in the folder before, only what was ours is gone.
others_stay()
{
	[ -e "$OUT/next/other_1_all.deb" ] &&
		[ ! -e "$OUT/next/tsm-guest-dkms_0_all.deb" ]
}

no_warnings()
{
	! "$VM/build-clean.sh" --warnings <"$OUT/one/build.log"
}

all_packages()
{
	local package

	for package in tsm-guest-dkms tsmctl libtsmguest1 libtsmguest-dev \
		tsm-emu-dkms tsm-emud; do
		ls "$OUT/one/${package}_$VERSION"_*.deb || return
	done
}

identical()
{
	local file other

	for file in "$OUT"/one/*.{deb,dsc,tar.xz}; do
		other=$OUT/two/${file##*/}
		cmp "$file" "$other" && continue
		diff <(dpkg-deb -c "$file") <(dpkg-deb -c "$other")
		return 1
	done
	diff <(cd "$OUT/one" && ls ./*.deb) <(cd "$OUT/two" && ls ./*.deb)
}

lintian_is_content()
{
	lintian --allow-root --fail-on error,warning --tag-display-limit 0 \
		"$OUT/one/tsm-guest_${VERSION}_amd64.changes"
}

# Whoever links the library gets OpenSSL's libcrypto, and no more.
library_needs_little()
{
	local depends

	depends=$(dpkg-deb -f "$OUT/one/libtsmguest1_$VERSION"_*.deb Depends)
	echo "$depends"
	tr ',' '\n' <<<"$depends" | sed 's/^ *//; s/ .*//' | sort |
		diff - <(printf '%s\n' libc6 libssl3)
}

# fetch_compiler RELEASE: what a program needs to be linked with the library, and
# the chroot has not; kept from run to run.
fetch_compiler()
{
	local base=$BUILD/system/$1/base dir=$BUILD/deb-compiler/$1
	local tmp=$dir.tmp

	[ ! -d "$dir" ] || return 0
	with_lock fetch apt_update
	rm -rf "$tmp"
	mkdir -p "$tmp/partial"
	grep -E " $1(-security)? main\$" "$APT/sources.list" >"$tmp/sources"
	apt get -o Dir::State::status="$base/var/lib/dpkg/status" \
		-o Dir::Etc::sourcelist="$tmp/sources" \
		-o Dir::Cache::archives="$tmp" --download-only -y \
		--no-install-recommends install \
		gcc libc6-dev libssl-dev pkgconf >/dev/null || return
	rm -rf "$tmp/partial" "$tmp/lock" "$tmp/sources"
	mv "$tmp" "$dir"
}

# scenario RELEASE SCRIPT [ARGUMENT]...: one in a chroot; TAP to a file
scenario()
{
	local release=$1 script=$2
	local log=$OUT/$release-$script

	shift 2
	"$DEB/chroot.sh" "$release" "$OUT/one=/srv/deb" "$OUT/next=/srv/next" \
		"$BUILD/system/$release/later=/srv/later" \
		"$BUILD/deb-compiler/$release=/srv/compiler" \
		"$DEB/guest=/srv/test" \
		"$OUT/one/tsm-guest-$VERSION=/srv/source" -- \
		"/srv/test/$script" "$release" "$@" >"$log.tap" 2>"$log.err"
	grep -qx end "$log.tap" || {
		echo "not ok - $release: $script ran to its end"
		sed 's/^/# /' "$log.err" | tail -n 20
	} >>"$log.tap"
}

# Each release on a core of its own.
release()
{
	local steps=upgrade

	[ "$1" != trixie ] || steps=emu
	scenario "$1" dkms.sh $steps
	scenario "$1" range.sh
	scenario "$1" tools.sh
}

build_points()
{
	point "one version is told everywhere" versions_agree
	point "the packages build" build_here
	point "all of them" all_packages
	point "without a warning" no_warnings
	point "built elsewhere and without git, they are identical" eval \
		'build_elsewhere && identical'
	point "lintian finds no error and no warning" lintian_is_content
	point "the library depends on libc and libcrypto alone" \
		library_needs_little
}

[ "${1-}" != --help ] || { usage; exit 0; }
[ $# -gt 0 ] || set -- bookworm trixie
[ "$(id -u)" = 0 ] || { echo "1..0 # SKIP needs root, for chroots"; exit 4; }
for release; do
	case $release in
	bookworm | trixie) ;;
	*) usage >&2; exit 2 ;;
	esac
done
rm -rf "$OUT"
mkdir -p "$OUT"
echo "TAP version 13"
build_points
build_next >"$OUT/next.log" 2>&1 || { tail "$OUT/next.log"; exit 1; }
point "packages of others stay where ours are put" others_stay
for release; do
	"$TOP/selftests/system/root.sh" -r "$release" -b >&2 ||
		die 1 "cannot make a chroot of $release"
	fetch_compiler "$release" || die 1 "cannot fetch a compiler for it"
	release "$release" &
done
wait
number_points < <(cat "$OUT"/*.tap)
echo "1..$number"
