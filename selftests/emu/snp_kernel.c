// SPDX-License-Identifier: GPL-2.0-only
/*
 * What makes a plain VM's kernel believe that it runs in an SNP guest: variables
 * that were set once, early at boot, and the device that it registers then.
 */

#include <linux/io.h>
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

/* Needs those above. */
#include <asm/coco.h>
#include <asm/sev.h>

#include "emu.h"
#include "snp_host.h"

/**
 * struct variable - one that the kernel takes for constant by now
 * @name: symbol
 * @size: of it
 * @value: to be there while this module is
 * @before: what was there
 */
struct variable {
	const char *name;
	size_t size;
	u64 value;
	u64 before;
};

/* sme_me_mask stays 0: there is no bit in page tables to be set or cleared. */
static struct variable variables[] = {
#ifndef EMU_HAVE_SEV_PLATFORM_DATA
	{ .name = "sev_secrets_pa", .size = 8 },
#endif
#ifdef EMU_HAVE_SVSM
	{ .name = "snp_vmpl", .size = 1 },
#endif
	{ .name = "sev_status", .size = 8, .value = STATUS_SNP_ACTIVE },
	{ .name = "cc_vendor", .size = sizeof(enum cc_vendor),
	  .value = CC_VENDOR_AMD },
};

static struct platform_device *device;

/*
 * kallsyms_lookup_name() is not for modules, but a kprobe can be put on it, and
 * knows where it is.
 */
static unsigned long lookup_function(void)
{
	struct kprobe kp = { .symbol_name = "kallsyms_lookup_name" };
	unsigned long addr;

	if (register_kprobe(&kp))
		return 0;
	addr = (unsigned long)kp.addr;
	unregister_kprobe(&kp);
	return addr;
}

static unsigned long find(const char *name)
{
	unsigned long lookup = lookup_function();
	unsigned long addr = lookup ? emu_call(lookup, name) : 0;

	if (!addr)
		pr_err("tsm_emu: cannot find %s; the kernel needs CONFIG_KPROBES and CONFIG_KALLSYMS_ALL\n",
		       name);
	return addr;
}

/* The kernel's own mapping of it may be read-only; this one is not. */
static int exchange(const struct variable *var, const u64 *value, u64 *before)
{
	unsigned long addr = find(var->name);
	struct page *page;
	void *alias;

	if (!addr)
		return -ENOENT;
	page = pfn_to_page(PHYS_PFN(__pa_symbol(addr)));
	alias = vmap(&page, 1, VM_MAP, PAGE_KERNEL);
	if (!alias)
		return -ENOMEM;
	if (before)
		memcpy(before, alias + offset_in_page(addr), var->size);
	memcpy(alias + offset_in_page(addr), value, var->size);
	vunmap(alias);
	return 0;
}

/* Return: how many were set, from the first on. */
static unsigned int set_variables(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(variables); i++) {
		struct variable *var = &variables[i];

		if (!strcmp(var->name, "sev_secrets_pa"))
			var->value = emu_snp_secrets_pa();
		if (!strcmp(var->name, "snp_vmpl"))
			var->value = emu_snp_vmpl();
		if (exchange(var, &var->value, &var->before))
			break;
	}
	return i;
}

static void restore_variables(unsigned int count)
{
	while (count--)
		if (exchange(&variables[count], &variables[count].before, NULL))
			pr_err("tsm_emu: %s stays changed\n",
			       variables[count].name);
}

static int add_device(void)
{
#ifdef EMU_HAVE_SEV_PLATFORM_DATA
	struct sev_guest_platform_data data = {
		.secrets_gpa = emu_snp_secrets_pa(),
	};

	device = platform_device_register_data(NULL, "sev-guest",
					       PLATFORM_DEVID_NONE, &data,
					       sizeof(data));
#else
	device = platform_device_register_simple("sev-guest",
						 PLATFORM_DEVID_NONE, NULL, 0);
#endif
	return PTR_ERR_OR_ZERO(device);
}

/**
 * emu_kernel_init - from now on the kernel says that it is an SNP guest
 *
 * Return: 0, or an error, after a line about it if the kernel lacks something.
 */
int emu_kernel_init(void)
{
	unsigned int count = set_variables();
	int ret = -ENOENT;

	if (count < ARRAY_SIZE(variables))
		goto restore;
	ret = add_device();
	if (ret)
		goto restore;
	return 0;

restore:
	restore_variables(count);
	return ret;
}

void emu_kernel_exit(void)
{
	platform_device_unregister(device);
	restore_variables(ARRAY_SIZE(variables));
}
