# SPDX-License-Identifier: MIT
# What goes into a test VM: packs its initramfs; part of run.sh.
# shellcheck shell=bash disable=SC2154 # K, DRIVER and so on are run.sh's

pack()
{
	(cd "$1" && find . -print0 | LC_ALL=C sort -z |
		cpio --quiet -0 -o -H newc -R 0:0)
}

# The in-tree modules that a VM may want, with what they depend on.
copy_modules()
{
	local root=$1 release name path packed

	release=$(cat "$BUILD/kernels/$K/release")
	mkdir -p "$root/lib/modules/$release"
	cp "$BUILD/kernels/$K/modules"/modules.{order,builtin*} \
		"$root/lib/modules/$release"
	for name in virtio_pci virtio_console configfs tsm tsm_report \
		tdx-guest sev-guest gcm ctr ghash-generic aesni-intel cryptd \
		sha512_generic; do
		modprobe -d "$BUILD/kernels/$K/modules/../../.." -S "$release" \
			--show-depends "$name" 2>/dev/null || true
	done | awk '$1 == "insmod" { print $2 }' | sort -u |
	while read -r path; do
		cp "$path" "$root/lib/modules/$release"
	done
	packed=$(find "$root/lib/modules" -name '*.ko.xz')
	# shellcheck disable=SC2086 # a list of words
	[ -z "$packed" ] || unxz -f $packed
	depmod -b "$root" "$release"
	need_modules "$root" "$release"
}

# Without these no VM gets far enough to say what it lacks.
need_modules()
{
	local name

	for name in virtio_pci virtio_console configfs; do
		modprobe -d "$1" -S "$2" --show-depends "$name" >/dev/null ||
			die 4 "Linux $K comes without $name: remove" \
				"build/kernels/$K and run 'sudo make deps'"
	done
}

# What stays the same from run to run is packed once: busybox and modules.
make_base()
{
	local root=$WORK/base

	[ "$BASE" -ot "$BUILD/kernels/$K/release" ] ||
		[ "$BASE" -ot "$VM/image.bash" ] || return 0
	mkdir -p "$root"/{bin,sbin,usr,dev,proc,sys,run,tmp,put,root,etc,tsm}
	ln -s ../bin ../sbin "$root/usr"
	cp "$(command -v busybox)" "$root/bin/busybox"
	busybox --list | while read -r applet; do
		ln -s busybox "$root/bin/$applet" 2>/dev/null || true
	done
	ln -s ../bin/busybox "$root/sbin/modprobe"
	copy_modules "$root"
	pack "$root" >"$root.cpio"
	mv "$root.cpio" "$BASE"
	rm -rf "$root"
}

# What tsmctl opens only when it needs it.
late_libraries()
{
	ldconfig -p | sed -n 's/.*libkmod\.so\.2 .*x86-64.* => //p' | head -n 1
}

# The shared libraries of the programs given, at the paths they are looked for.
copy_libraries()
{
	local root=$1 late

	shift
	late=$(PATH=$PATH:/sbin late_libraries)
	{ [ -z "$late" ] || echo "	$late"
	  ldd "$@" $late 2>/dev/null | grep '^[[:space:]]'; } |
		grep -o '/[^ ]*\.so[^ ]*' | sort -u |
	while read -r lib; do
		mkdir -p "$root${lib%/*}"
		cp -L "$lib" "$root$lib"
	done
}

write_command()
{
	if [ ${#COMMAND[@]} = 1 ]; then
		printf '%s\n' "${COMMAND[0]}"
	else
		printf 'exec'
		printf " '%s'" "${COMMAND[@]//\'/\'\\\'\'}"
		echo
	fi
}

write_environment()
{
	cat <<-END
	PATH=/usr/bin:/bin:/usr/sbin:/sbin
	HOME=/root
	TSM_KERNEL=$K
	TSM_TEE=$TEE
	TSM_DRIVER=$DRIVER
	TSM_INTREE=$INTREE
	TSM_MODULE=/tsm/tsm_guest.ko
	TSM_EMU_PARAMS=tee=$TEE$EMU_PARAMS
	END
}

make_initramfs()
{
	local root=$WORK/root file programs=()

	mkdir -p "$root"/{tsm,put,usr/bin,etc/tsm-emu}
	cp "$BUILD/bin/init" "$root/init"
	for file in "$MODULE" "$BUILD/emu/$K/tsm_emu.ko"; do
		[ ! -e "$file" ] || cp "$file" "$root/tsm"
	done
	for file in "$BUILD"/bin/{tsmctl,tsm-emud}; do
		[ ! -e "$file" ] || cp "$file" "$root/usr/bin"
	done
	[ ! -d "$BUILD/pki" ] || cp -r "$BUILD/pki" "$root/etc/tsm-emu/pki"
	for file in "${PUT[@]}"; do
		cp -rL "$file" "$root/put"
	done
	write_command >"$root/tsm/command"
	write_environment >"$root/tsm/env"

	mapfile -t programs < <(find "$root" -type f -perm /111)
	copy_libraries "$root" "${programs[@]}"
	{ cat "$BASE"; pack "$root"; } >"$WORK/initrd"
	rm -rf "$root"
}
