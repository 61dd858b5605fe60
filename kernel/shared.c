// SPDX-License-Identifier: GPL-2.0-only
/* Memory that the host can see. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "shared.h"

#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/set_memory.h>

static void tell_leak(size_t size, const char *what, int err)
{
	pr_err_ratelimited("leaked %zu KiB: cannot %s: %d\n", size / 1024, what,
			   err);
}

void *tsmg_shared_alloc(size_t size)
{
	void *data;
	int ret;

	/* Zeroed: what was here before is not for the host to see. */
	data = alloc_pages_exact(size, GFP_KERNEL | __GFP_ZERO |
				       __GFP_RETRY_MAYFAIL | __GFP_NOWARN);
	if (!data)
		return ERR_PTR(-ENOMEM);

	ret = set_memory_decrypted((unsigned long)data, size / PAGE_SIZE);
	if (!ret)
		return data;
	tell_leak(size, "share them with the host", ret);
	/* It must not pass for a lack of memory, which loses nothing. */
	return ERR_PTR(ret == -ENOMEM ? -EIO : ret);
}

int tsmg_shared_free(void *data, size_t size)
{
	int ret;

	if (!data)
		return 0;
	ret = set_memory_encrypted((unsigned long)data, size / PAGE_SIZE);
	if (ret)
		tell_leak(size, "make them private again", ret);
	else
		free_pages_exact(data, size);
	return ret;
}
