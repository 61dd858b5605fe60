#!/bin/sh
# SPDX-License-Identifier: MIT
# Which TEE tsmctl status finds, and by whose word: files stand for the kernel,
# and for the devices in which a CPU's answers are read. A record is at its
# number times its size there.
set -u

cd "$(dirname "$0")" || exit 2
# shellcheck source=tap.sh
. ./tap.sh
# shellcheck source=status_machine.sh
. ./status_machine.sh

cpu=$machine/dev/cpu/0
intel_tdx=496e7465202020206c544458
hyperv=4d6963726f736f6674204876

# leaf NUMBER EAX HEX: EBX, ECX and EDX as bytes
leaf() {
	record "$cpu/cpuid" 16 "$1" "$(le32 "$2")$3"
}

# word NUMBER...: as bytes
word() {
	for number in "$@"; do
		le32 "$number"
	done
}

# An ordinary CPU in a virtual machine.
vm_cpu() {
	plain_machine "$@"
	leaf 0 0x20 "$(word 0 0 0)"
	leaf 1 0 "$(word 0 0x80000000 0)"
	leaf 0x80000000 0x80000008 "$(word 0 0 0)"
}

tdx_cpu() {
	vm_cpu "$@"
	leaf 0 0x21 "$(word 0 0 0)"
	leaf 0x21 0 $intel_tdx
}

# sev_cpu STATUS: with this in its MSR
sev_cpu() {
	vm_cpu
	leaf 0x80000000 0x80000021 "$(word 0 0 0)"
	leaf 0x8000001f 0x1a "$(word 0 0 0)"
	record "$cpu/msr" 8 0xc0010131 "$(word "$1" 0)"
}

# hyperv_cpu PARAVISOR TYPE
hyperv_cpu() {
	vm_cpu
	leaf 0x40000000 0x4000000c $hyperv
	leaf 0x40000003 0 "$(word 0x400000 0 0)"
	leaf 0x4000000c "$1" "$(word "$2" 0 0)"
}

echo "TAP version 13"

# --- the kernel's word
plain_machine tdx_guest
status_is 1 "the kernel's flag makes a TD"
says "it is named" '^found by +tdx_guest in /proc/cpuinfo$'
json_is "where no CPU can be asked, it says nothing" \
	'.sources[] | select(.name | test("CPUID|MSR|Hyper")) | .answer' \
	"unknown unknown unknown unknown"
silent "no quarrel is made up" '^denied by|does not know'
plain_machine
printf 'processor\t: 0\nflags\t\t: fpu sse\n\nflags\t: tdx_guest\n' \
	>"$machine/proc/cpuinfo"
status_is 4 "it is looked for in the flags of the first CPU"
mkdir "$misc/tdx_guest"
status_is 1 "a driver's device is as good"
says "and named" '^found by +misc device tdx_guest$'

# --- the CPU's word
tdx_cpu tdx_guest
status_is 1 "a CPU says what the kernel says"
says "both are named, the kernel first" \
	'^found by +tdx_guest in /proc/cpuinfo, CPUID leaf 0x21$'
silent "they do not quarrel" '^denied by|^note|does not know'
json_is "JSON has each of them" '.sources[] | select(.answer == "yes") |
	.name, .tee' \
	"tdx_guest in /proc/cpuinfo Intel TDX CPUID leaf 0x21 Intel TDX"

tdx_cpu
status_is 1 "a CPU says TDX, and the kernel does not know: that is a problem"
says "the TEE is told by the CPU" '^tee +Intel TDX$'
says "which is named" '^found by +CPUID leaf 0x21$'
says "what is wrong" \
	'^problem: CPUID leaf 0x21 tells of Intel TDX, of which this kernel does not know'
says "what helps" '^  mend +another kernel, built with CONFIG_INTEL_TDX_GUEST'
silent "no driver is called for" 'no driver serves the TEE'
json_is "its key" '.problems[0].key' kernel_unaware
leaf 0 0x20 "$(word 0 0 0)"
status_is 4 "a leaf beyond a CPU's last one is none"
tdx_cpu
leaf 0x21 0 496e7465202020206c544459
status_is 4 "another name is another TEE"

# --- emulators
vm_cpu tdx_guest
status_is 1 "the kernel says TDX, and the CPU says it is not"
says "it is named" \
	'^denied by +CPUID leaf 0x21: an emulated TEE, which proves nothing$'
silent "which is no remark, for tests" '^note'
json_is "JSON has it" '.denied_by' \
	"CPUID leaf 0x21: an emulated TEE, which proves nothing"

sev_cpu 7
status_is 1 "an MSR tells of SEV-SNP"
says "it is named" '^found by +MSR SEV_STATUS$'
says "what helps if the kernel does not know" \
	'^  mend +another kernel, built with CONFIG_AMD_MEM_ENCRYPT'
mkdir -p "$machine/sys/devices/platform/sev-guest"
status_is 1 "and if it does"
says "both are named" '^found by +platform device sev-guest, MSR SEV_STATUS$'
sev_cpu 3
mkdir -p "$machine/sys/devices/platform/sev-guest"
status_is 1 "an MSR that tells of no SEV-SNP"
says "denies it" '^denied by +MSR SEV_STATUS: '
sev_cpu 3
status_is 4 "SEV-ES is no SEV-SNP"
sev_cpu 7
rm "$cpu/msr"
status_is 4 "without the MSR nobody knows"
json_is "which is told from no" '.sources[] |
	select(.name == "MSR SEV_STATUS") | .answer' unknown
sev_cpu 7
leaf 0x8000001f 0 "$(word 0 0 0)"
status_is 4 "a CPU without SEV is not asked for the MSR"
vm_cpu
mkdir -p "$machine/sys/devices/platform/sev-guest"
status_is 1 "the kernel says SEV-SNP, and the CPU has no SEV"
says "it is named, too" '^denied by +CPUID leaf 0x8000001f: an emulated TEE'

# --- paravisors
hyperv_cpu 1 0x2
: >"$machine/dev/tpm0"
status_is 4 "a TEE that a paravisor hides is none for drivers"
says "which TEE it is" '^hidden tee +AMD SEV-SNP$'
says "who says so" '^found by +Hyper-V isolation$'
says "why no driver can serve it" \
	'^note: AMD SEV-SNP is below this guest, but a paravisor .* keeps it to itself: no driver can serve it'
says "where evidence is" \
	'^  advice +evidence is in the vTPM: NV index 0x01400001 holds the HCL report'
says "how to get it" \
	'^  command +tpm2_nvread -C o 0x01400001 -o hcl\.bin$'
json_is "JSON says so, too" '.tee, .hidden_tee, (.problems | length),
	.notes[0].key, .notes[0].command' \
	"none AMD SEV-SNP 0 paravisor tpm2_nvread -C o 0x01400001 -o hcl.bin"
hyperv_cpu 1 0xf43
mkdir -p "$machine/sys/class/tpm/tpm0"
status_is 4 "so it is with TDX"
says "which is named" '^hidden tee +Intel TDX$'
says "what is there is a TDREPORT" "with the hardware's TDREPORT from byte 32"
rm -r "$machine/sys/class/tpm"
status_is 4 "without a vTPM"
says "it says that there is none" '^  advice +evidence would be in a vTPM, but'
silent "and no command" '^  command'
hyperv_cpu 0 0x2
status_is 1 "without a paravisor, the kernel should know"
json_is "and does not" '.problems[0].key' kernel_unaware
mkdir -p "$machine/sys/devices/platform/sev-guest"
status_is 1 "if it does, what Hyper-V says adds to it"
says "as the last word" '^found by +platform device sev-guest, Hyper-V isolation$'
hyperv_cpu 1 0x2
mkdir -p "$machine/sys/devices/platform/sev-guest"
status_is 1 "a kernel that knows is believed, paravisor or not"
silent "nothing is hidden then" 'hidden'
hyperv_cpu 1 0x1
status_is 4 "isolation without a TEE (VBS) is none"
silent "no TEE is below" 'below this guest'
hyperv_cpu 1 0x2
leaf 1 0 "$(word 0 0 0)"
status_is 4 "no hypervisor, no leaves of one"
silent "so none is read" 'hidden'
hyperv_cpu 1 0x2
leaf 0x40000000 0x4000000b $hyperv
status_is 4 "leaves beyond Hyper-V's last one are none"
silent "so none is read" 'hidden'
hyperv_cpu 1 0x2
leaf 0x40000003 0 "$(word 0 0 0)"
status_is 4 "without the bit for isolation there is none"
silent "so none is read" 'hidden'
hyperv_cpu 1 0x2
leaf 0x40000000 0x4000000c 4b564d4b564d4b564d000000
status_is 4 "KVM's leaves are not Hyper-V's"
silent "so none is read" 'hidden'

# --- this machine
if [ "$(uname -m)" = x86_64 ] && command -v jq >/dev/null; then
	answers=$("$ctl" status --json | jq -r '.sources[] |
		select(.name | test("0x21|Hyper-V")) | .answer')
	case $answers in
	*unknown* | '') false ;;
	esac
	tap_result $? "on a machine, its CPU is asked"
fi

# --- files that are not what they seem
tdx_cpu
head -c 24 "$cpu/cpuid" >"$dir/short"
cp "$dir/short" "$cpu/cpuid"
status_is 4 "a record that is cut off is none"
plain_machine
mkdir -p "$cpu"
mkfifo "$cpu/cpuid" "$cpu/msr"
rm "$machine/proc/cpuinfo"
mkfifo "$machine/proc/cpuinfo" "$machine/proc/none"
status_is 4 "nobody waits for a FIFO"
rm "$cpu/cpuid"
ln -s /dev/zero "$cpu/cpuid"
status_is 4 "a link is not followed out of the root"
rm "$machine/proc/cpuinfo"
printf 'processor\t: 0\nflags\t\t: tdx_guest\n' >"$dir/cpuinfo"
ln -s "$dir/cpuinfo" "$machine/proc/cpuinfo"
status_is 4 "however far it leads"
ln -sf ../../../../../../../../../../etc/cpuinfo "$machine/proc/cpuinfo"
mkdir "$machine/etc"
cp "$dir/cpuinfo" "$machine/etc"
status_is 1 "but to where it leads inside"
tap_done
