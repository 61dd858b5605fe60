#!/bin/bash
# SPDX-License-Identifier: MIT
# Builds the Debian packages from a clean copy of the tree.
#
# They are the same, byte by byte, wherever and whenever the same sources are
# built with the same compiler: times come from debian/changelog.

set -eu

TOP=$(cd "$(dirname "$0")/.." && pwd)
OUT=$TOP/build/deb
NEEDS="debhelper dh-dkms dpkg-dev libkmod-dev libssl-dev pkg-config"

usage()
{
	cat <<-END
	usage: deb.sh [-o DIR] [-- DPKG-BUILDPACKAGE-ARGUMENT...]

	Leaves source and binary packages in DIR [build/deb]. The sources are the
	files that git tracks, as they are in the work tree; without .git, all
	but build/. DEB_BUILD_OPTIONS (parallel=N, noopt, ...) is Debian's.
	END
}

say()
{
	echo "${0##*/}: $*" >&2
}

need_tools()
{
	local p missing=

	for p in $NEEDS; do
		dpkg-query -W -f '${Status}\n' "$p" 2>/dev/null |
			grep -q ' installed$' || missing+=" $p"
	done
	[ -z "$missing" ] || {
		say "to build packages, run as root: apt-get install$missing"
		exit 4
	}
}

# list_sources: the names of the files to pack, with NULs. Who runs this under
# sudo need not own the tree.
list_sources()
{
	if [ -e .git ] && command -v git >/dev/null; then
		git -c safe.directory="$TOP" ls-files -z --deduplicate |
			while IFS= read -r -d '' file; do
				[ ! -e "$file" ] || printf '%s\0' "$file"
			done
	else
		find . \( -path ./build -o -path ./.git \) -prune -o \
			\( -type f -o -type l \) ! -name '*.o' ! -name '*.ko' \
			! -name '*.mod' ! -name '*.mod.c' ! -name '*.cmd' \
			! -name Module.symvers ! -name modules.order \
			-printf '%P\0'
	fi
}

# export_sources DIR: modes do not depend on umask, nor on who checked it out.
export_sources()
{
	local dir=$1

	rm -rf "$dir"
	mkdir -p "$dir"
	(cd "$TOP" && list_sources |
		tar -c --null --verbatim-files-from -T - --mode=u+w,go-w,a+rX) |
		tar -xp -C "$dir"
	mv "$dir/packaging/debian" "$dir/debian"
	chmod 755 "$dir" "$dir/debian"
}

# remove_old: what an earlier run left; what else is in that folder is not ours
remove_old()
{
	local package

	rm -f "$OUT"/tsm-guest_*
	sed -n 's/^Package: //p' "$TOP/packaging/debian/control" |
		while read -r package; do
			rm -f "$OUT/$package"_*.deb "$OUT/$package"-dbgsym_*.deb
		done
}

while getopts o:h opt; do
	case $opt in
	o)	OUT=$OPTARG ;;
	h)	usage; exit 0 ;;
	*)	usage >&2; exit 2 ;;
	esac
done
shift $((OPTIND - 1))

need_tools
umask 022
export LC_ALL=C.UTF-8 TZ=UTC
mkdir -p "$OUT"
OUT=$(realpath "$OUT")
version=$(dpkg-parsechangelog -l "$TOP/packaging/debian/changelog" -S Version)
tree=$OUT/tsm-guest-$version
remove_old
export_sources "$tree"
cd "$tree"
log=$OUT/build.log
dpkg-buildpackage -us -uc "$@" >"$log" 2>&1 || {
	tail -n 40 "$log" >&2
	say "failed; log: $log"
	exit 1
}
find "$OUT" -maxdepth 1 -name "*_${version}_*.deb" | sort
