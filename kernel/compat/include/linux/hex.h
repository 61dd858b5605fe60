/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernels without <linux/hex.h> have what is in it elsewhere. */
#ifndef _TSMG_COMPAT_HEX_H
#define _TSMG_COMPAT_HEX_H

#include <linux/kernel.h>

#endif /* _TSMG_COMPAT_HEX_H */
