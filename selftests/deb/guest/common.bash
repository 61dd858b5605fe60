# SPDX-License-Identifier: MIT
# What the tests of packages share that run in a chroot of Debian; sourced.
# shellcheck shell=bash disable=SC2034 # used where this is sourced
#
# They print TAP without numbers, which run.sh puts in, and end with "end".

DEBS=/srv/deb	# our packages
NEXT=/srv/next	# those of the next version

# point NAME COMMAND...: what the command says is shown if it fails.
point()
{
	local name=$1 log=/tmp/point.log

	shift
	if "$@" >"$log" 2>&1; then
		echo "ok - $RELEASE: $name"
	else
		echo "not ok - $RELEASE: $name"
		tail -n 40 "$log" | sed 's/^/# /'
	fi
}

# apt_quietly ARGUMENT...: what apt says is in /tmp/said.log, too.
apt_quietly()
{
	apt-get -q -q -y -o Dpkg::Use-Pty=0 --no-install-recommends "$@" \
		>/tmp/said.log 2>&1
	local status=$?

	cat /tmp/said.log
	return $status
}

# install_kernels: what /srv/later has of another kernel
install_kernels()
{
	[ ! -d /srv/later ] || apt_quietly install /srv/later/*.deb
}

# kernels: those that DKMS is to build for
kernels()
{
	local dir

	for dir in /lib/modules/*/build; do
		dir=${dir%/build}
		[ ! -e "$dir/build" ] || echo "${dir##*/}"
	done
}

# system_state: every file that belongs to nobody's records, with what modules
# and module lists hold.
system_state()
{
	find / -xdev \( -path /proc -o -path /dev -o -path /tmp -o -path /srv \
		-o -path /var/lib/dpkg -o -path /var/cache -o -path /var/log \
		-o -path '/var/lib/dkms/mok.*' -o -path /var/lib/apt \
		-o -path /etc/ld.so.cache -o -path /lib/modules \
		-o -path /usr/lib/modules -o -path '/boot/initrd.img-*' \
		\) -prune -o \
		-type d -printf '%p %y %m %u %g\n' -o \
		-printf '%p %y %m %u %g %s %T@ %l\n' | sort
	modules_state
}

# Lists that depmod makes are compared by what is in them, too.
modules_state()
{
	find /lib/modules/ -printf '%p %y %m %l\n' | sort
	find /lib/modules/ -type f -exec sha256sum {} + | sort -k 2
}

# same_as FILE COMMAND...: the command prints what is in FILE.
same_as()
{
	local file=$1

	shift
	"$@" | diff "$file" - | head -n 40
	return "${PIPESTATUS[1]}"
}
