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

#ifdef COMPAT_LACKS_SHA384
/**
 * sha384 - hash with SHA-384, as <crypto/sha2.h> of newer kernels does
 * @data: @len bytes
 * @len: bytes
 * @out: gets 48 bytes
 *
 * Context: process context, after tsmg_compat_init().
 */
void sha384(const u8 *data, size_t len, u8 *out);

/**
 * tsmg_compat_init - prepare what is made up for here
 *
 * Return: 0 or -errno, after a message.
 */
int tsmg_compat_init(void);

/* tsmg_compat_exit - undo tsmg_compat_init() */
void tsmg_compat_exit(void);
#else
static inline int tsmg_compat_init(void)
{
	return 0;
}

static inline void tsmg_compat_exit(void)
{
}
#endif

#endif /* _TSMG_COMPAT_H */
