/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of /dev/tdx_guest share. */
#ifndef _TSMG_LEGACY_TDX_GUEST_H
#define _TSMG_LEGACY_TDX_GUEST_H

#include <linux/compiler_types.h>

struct tdx_quote_req;

/**
 * tsmg_tdx_get_quote - TDX_CMD_GET_QUOTE
 * @req: the argument of the ioctl
 *
 * Context: process context, no lock held; waits for the host, killably.
 * Return: 0 or -errno, see uapi/linux/tdx-guest.h.
 */
long tsmg_tdx_get_quote(struct tdx_quote_req __user *req);

#endif /* _TSMG_LEGACY_TDX_GUEST_H */
