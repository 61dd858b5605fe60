// SPDX-License-Identifier: GPL-2.0-only
/* What makes a plain VM pass for an AMD SEV-SNP guest, in order. */

#include "emu.h"
#include "snp_host.h"

/* Some need nothing before they are used. */
static const struct {
	int (*init)(void);
	void (*exit)(void);
} parts[] = {
	{ emu_gcm_init, emu_gcm_exit },
	{ emu_key_init, emu_key_exit },
	{ NULL, emu_certs_exit },
	{ emu_mutate_init, emu_mutate_exit },
	{ emu_svsm_init, emu_svsm_exit },
	{ emu_psp_init, emu_psp_exit },
	{ emu_hook_init, emu_hook_exit },
	{ emu_kernel_init, emu_kernel_exit },
};

static void exit_parts(unsigned int count)
{
	while (count--)
		parts[count].exit();
}

/**
 * emu_snp_init - from now on guest requests are answered
 *
 * Return: 0, or the error of the part that failed, which said why.
 */
int emu_snp_init(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(parts); i++) {
		int ret = parts[i].init ? parts[i].init() : 0;

		if (ret) {
			exit_parts(i);
			return ret;
		}
	}
	return 0;
}

void emu_snp_exit(void)
{
	exit_parts(ARRAY_SIZE(parts));
}
