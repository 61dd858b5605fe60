// SPDX-License-Identifier: GPL-2.0-only
/* kvmemdup() for kernels that do not have it. */
#include <linux/mm.h>
#include <linux/string.h>

void *kvmemdup(const void *src, size_t len, gfp_t gfp)
{
	void *copy = kvmalloc(len, gfp);

	return copy ? memcpy(copy, src, len) : NULL;
}
