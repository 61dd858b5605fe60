/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory that the host can see. */
#ifndef _TSMG_SHARED_H
#define _TSMG_SHARED_H

#include <linux/types.h>

/**
 * tsmg_shared_alloc - allocate memory and share it with the host
 * @size: bytes, a multiple of PAGE_SIZE
 *
 * It is physically contiguous, and was zeroed before: what it holds once it is
 * shared, nobody knows. If its pages cannot be shared they are leaked, with a
 * message: some of them may be, and nobody may get those.
 *
 * Context: process context; may sleep.
 * Return: the memory, to be given back by tsmg_shared_free(); or an ERR_PTR:
 * -ENOMEM, and nothing is lost; any other error means a leak.
 */
void *tsmg_shared_alloc(size_t size);

/**
 * tsmg_shared_free - make memory private again and free it
 * @data: from tsmg_shared_alloc(); NULL: nothing is done
 * @size: as given there
 *
 * Return: 0; or -errno, and the memory is leaked, with a message.
 */
int tsmg_shared_free(void *data, size_t size);

#endif /* _TSMG_SHARED_H */
