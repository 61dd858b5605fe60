# SPDX-License-Identifier: MIT
# Debian's packages through an apt state of our own, under build/: nothing of the
# host's apt is touched, and all is checked against Debian's archive keys.
# shellcheck shell=bash disable=SC2016 # formats of apt, not of the shell

KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg
APT=$BUILD/apt

# known_mirror CODENAME-PATTERN: the first Debian mirror apt has such a suite from.
known_mirror()
{
	apt-get indextargets --format '$(ORIGIN) $(CODENAME) $(SITE)' |
		awk -v want="$1" '$1 == "Debian" && $2 ~ want { print $3; exit }'
}

sources()
{
	local main=${DEBIAN_MIRROR-} security suite

	[ -n "$main" ] || main=$(known_mirror '^[a-z]+(-updates|-backports)?$')
	[ -n "$main" ] || die 4 "the test kernels are Debian's, but apt on" \
		"this machine knows no Debian mirror: pass one to make, as in" \
		"'sudo make deps DEBIAN_MIRROR=http://HOST/debian', with a HOST of" \
		"https://www.debian.org/mirror/list that has /debian-security, too"
	security=$(known_mirror -security)
	[ -n "${DEBIAN_MIRROR-}" ] || [ -z "$security" ] ||
		set -- "$security"
	for suite in bookworm trixie trixie-backports; do
		echo "deb [arch=amd64 signed-by=$KEYRING] $main $suite main"
	done
	echo "deb [arch=amd64 signed-by=$KEYRING] ${1-$main-security}" \
		"bookworm-security main"
}

apt()
{
	local tool=$1

	shift
	"apt-$tool" -q -q -o Dir::Etc::sourcelist="$APT/sources.list" \
		-o Dir::Etc::sourceparts=/dev/null -o Dir::State="$APT/state" \
		-o Dir::State::status="$APT/status" \
		-o Dir::State::lists="$APT/lists" -o Dir::Cache="$APT/cache" \
		-o APT::Architecture=amd64 -o APT::Sandbox::User=root "$@"
}

# Once in a run: the lists must be as new as the packages they name.
apt_update()
{
	[ -z "${apt_ready-}" ] || return 0
	[ -r $KEYRING ] || die 4 "$KEYRING is missing: run 'sudo make deps'"
	say "package lists"
	mkdir -p "$APT/state" "$APT/lists" "$APT/cache"
	: >"$APT/status"
	sources >"$APT/sources.list"
	apt get update
	apt_ready=y
}

abi_pattern()
{
	case $1 in
	6.1)	echo '6\.1\.[0-9]+-[0-9]+' ;;
	6.12)	echo '6\.12\.[0-9.]+\+deb12[^-]*' ;;
	7.*)	echo "${1/./\\.}"'\.[0-9.]+\+deb13[^-]*' ;;
	esac
}

# newest_abi SERIES: the newest one that has an image, too; nothing if none.
newest_abi()
{
	local abi

	for abi in $(apt cache pkgnames linux-headers- | sed -nE \
		"s/^linux-headers-($(abi_pattern "$1"))-common\$/\1/p" |
		sort -rV); do
		apt cache show "linux-image-$abi-cloud-amd64" \
			>/dev/null 2>&1 || continue
		echo "$abi"
		return
	done
}

# abi_for K: backports keep one series of 7.x at a time, so it may be a later one.
abi_for()
{
	local abi

	abi=$(newest_abi "$1")
	if [ -z "$abi" ] && [ "$1" = 7.3 ]; then
		abi=$(newest_abi '7.[0-9]+')
		[ -z "$abi" ] || say "the mirror has no Linux 7.3 any more:" \
			"taking $abi for ${BUILD#"$TOP/"}/kernels/7.3"
	fi
	[ -n "$abi" ] || die 1 "no Linux $1 in the mirror's lists" \
		"(kept in ${APT#"$TOP/"})"
	echo "$abi"
}
