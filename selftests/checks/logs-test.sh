#!/bin/bash
# SPDX-License-Identifier: MIT
# Tests what searches logs: klog.awk for kernel bugs, build-clean.sh for warnings.

set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tap.bash
. selftests/checks/tap.bash

kernel_log()
{
	awk -v allow="${allow-}" -f selftests/vm/klog.awk
}

build_log()
{
	selftests/vm/build-clean.sh --warnings
}

# each WHAT SEARCH <LINES: every line is found by itself.
each()
{
	local line missed=""

	while IFS= read -r line; do
		[ "$($2 <<<"$line")" = "$line" ] || missed+=$'\n'$line
	done
	tap_quiet "finds $1" echo -n "${missed#$'\n'}"
}

# none WHAT SEARCH <LINES
none()
{
	tap_quiet "passes over $1" echo -n "$($2)"
}

tap_start 8
each "every kind of kernel bug" kernel_log <<'END'
[    1.0] BUG: kernel NULL pointer dereference, address: 0000000000000008
[    1.0] Oops: 0000 [#1] PREEMPT SMP NOPTI
[    1.0] BUG: KASAN: slab-out-of-bounds in tdx_read+0x10/0x20 [tsm_guest]
[    1.0] BUG kmalloc-1k (Tainted: G           O      ): Right Redzone overwritten
[    1.0] BUG kmalloc-1k (Not tainted): Poison overwritten
[    1.0] general protection fault, probably for non-canonical address 0xdead
[    1.0] kernel BUG at mm/slub.c:448!
[    1.0] WARNING: CPU: 0 PID: 1 at kernel/kthread.c:400 kthread_bind+0x1/0x2
[    1.0] WARNING: possible circular locking dependency detected
[    1.0] INFO: trying to register non-static key.
[    1.0] INFO: task tsmctl:77 blocked for more than 30 seconds.
[    1.0] INFO: suspicious RCU usage
[    1.0] watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [cat:80]
[    1.0] rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:
[    1.0] rcu: INFO: rcu_preempt self-detected stall on CPU
[    1.0] traps: PANIC: double fault, error_code: 0x0
[    1.0] Kernel panic - not syncing: Fatal exception
[    1.0] refcount_t: underflow; use-after-free.
[    1.0] list_del corruption. next->prev should be ffff, but was 0000
[    1.0] UBSAN: shift-out-of-bounds in kernel/tdx/quote.c:10:3
[    1.0] DMA-API: exceeded 7 overlapping mappings of cacheline 0x0
[    1.0] kmemleak: 3 new suspected memory leaks (see /sys/kernel/debug/kmemleak)
[    1.0] unreferenced object 0xffff888103 (size 64):
[    1.0] Call Trace:
END

each "what the emulator has against the driver" kernel_log <<'END'
[    1.0] tsm_emu: violation: GetQuote: gpa 0x1000 size 0x1000 is private
[    1.0] tsm_emu: 32 pages left shared
END

none "what is no bug" kernel_log <<'END'
[    0.0] Linux version 6.12.0 (debian-kernel) #1 SMP PREEMPT_DYNAMIC DEBUG
[    0.0] kmemleak: Kernel memory leak detector initialized (mem pool available: 15684)
[    0.0] Spectre V2 : WARN: unprivileged eBPF is enabled
[    1.0] tsm_guest: loading out-of-tree module taints kernel.
[    1.0] tsm_guest: tdx: leaked 2 quote buffers of 128 KiB that the host still holds
[    1.0] tsm_guest: leaked 128 KiB: cannot share them with the host: -5
[    1.0] tsm_emu: emulating Intel TDX
[    1.0] Freeing unused kernel image (initmem) memory: 2660K
END

allow="tdx_guest_probe|violation: GetQuote"
none "a report that is allowed" kernel_log <<'END'
[    1.0] ------------[ cut here ]------------
[    1.0] WARNING: CPU: 0 PID: 1 at drivers/virt/coco/tdx.c:1 tdx_guest_probe+0x1
[    1.0] Call Trace:
[    1.0] ---[ end trace 0000000000000000 ]---
[    1.0] tsm_emu: violation: GetQuote: gpa 0x1000 size 0x1000 is private
END

each "what is next to what is allowed" kernel_log <<'END'
[    1.0] tsm_emu: violation: MR.REPORT: gpa 0x1000 is shared with the host
[    1.0] WARNING: CPU: 0 PID: 1 at kernel/main.c:1 other+0x1
END
allow=""

each "a warning of every tool" build_log <<'END'
kernel/main.c:12:3: warning: unused variable 'x' [-Wunused-variable]
kernel/main.c:12:3: error: expected ';'
kernel/tdx/quote.c:30:9: warning: incorrect type in argument 1 (different address spaces)
tsm_guest.o: warning: objtool: main() falls through to next function
/b/tsm_guest.o: warning: objtool: .text+0x1: unreachable instruction
ld: warning: entry.o: missing .note.GNU-stack section implies executable stack
/usr/bin/ld: warning: tsm_guest.o has a LOAD segment with RWX permissions
WARNING: modpost: missing MODULE_DESCRIPTION() in tsm_guest.o
ERROR: modpost: "tdx_hcall" [tsm_guest.ko] undefined!
cc1: warning: command-line option is valid for C++ but not for C
kernel/compat/compat.h:9:2: warning: #warning "see linux-headers-6.12"
END

none "warnings about the kernel's own headers" build_log <<'END'
/b/usr/src/linux-headers-6.1.0-56-common/include/linux/cpumask.h:9:3: warning: x
./include/linux/fortify-string.h:9:3: warning: call to '__read_overflow'
./arch/x86/include/asm/page.h:9: warning: "X" redefined
END

none "a build without a warning" build_log <<'END'
  CC [M]  /b/kernel/warning.o
/b/kernel/tdx/error.h
In file included from /b/kernel/main.c:9:
END
exit "$tap_failed"
