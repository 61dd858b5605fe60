/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What newer kernels have and the one at hand lacks; see Kbuild.include.
 *
 * Included before every file, so it must not include what reads pr_fmt().
 */
#ifndef _TSMG_COMPAT_H
#define _TSMG_COMPAT_H

#include <linux/types.h>

#ifdef COMPAT_LACKS_KZALLOC_OBJ
#define kzalloc_obj(obj)	((typeof(obj) *)kzalloc(sizeof(obj), GFP_KERNEL))
#endif

#ifdef COMPAT_LACKS_KVMEMDUP
void *kvmemdup(const void *src, size_t len, gfp_t gfp);
#endif

#endif /* _TSMG_COMPAT_H */
