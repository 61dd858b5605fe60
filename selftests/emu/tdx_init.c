// SPDX-License-Identifier: GPL-2.0-only
/* What makes a plain VM pass for an Intel TD. */

#include <asm/cpufeature.h>
#include <asm/processor.h>
#include <linux/cpumask.h>

#include "emu.h"

static void change_feature(struct cpuinfo_x86 *cpu, bool on)
{
	unsigned long *caps = (unsigned long *)cpu->x86_capability;

	if (on)
		set_bit(X86_FEATURE_TDX_GUEST, caps);
	else
		clear_bit(X86_FEATURE_TDX_GUEST, caps);
}

/* What drivers match on, and what /proc/cpuinfo shows */
static void set_feature(bool on)
{
	unsigned int cpu;

	change_feature(&boot_cpu_data, on);
	for_each_possible_cpu(cpu)
		change_feature(&cpu_data(cpu), on);
}

/**
 * emu_tdx_init - from now on TDCALLs are answered
 *
 * Return: 0, or the error of the die notifier.
 */
int emu_tdx_init(void)
{
	int ret = emu_trap_init();

	if (!ret)
		set_feature(true);
	return ret;
}

void emu_tdx_exit(void)
{
	set_feature(false);
	emu_trap_exit();
}
