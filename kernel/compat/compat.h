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

/* Workqueues were bound to a CPU unless they said that they are not. */
#ifdef COMPAT_LACKS_WQ_PERCPU
#define WQ_PERCPU	0
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

struct platform_device;
struct snp_guest_req;
struct snp_msg_desc;
struct snp_req_data;

/**
 * tsmg_compat_snp_issue - snp_issue_guest_request(), where modules may call it
 * @exit_code: which hypercall
 * @input: addresses, and pages of certificates
 * @exitinfo2: set to what the host answered
 *
 * Return: 0, -EAGAIN if the host is busy, -ENOSPC if it wants @input to have
 * more pages, -EIO for every other error.
 */
int tsmg_compat_snp_issue(u64 exit_code, struct snp_req_data *input,
			  u64 *exitinfo2);

/**
 * tsmg_compat_snp_send - snp_send_guest_request(), where there is one
 * @desc: of the key
 * @req: the request
 * @exitinfo2: set to what the host answered, if it was asked
 *
 * Return: 0, -errno, or an error that is a positive number.
 */
int tsmg_compat_snp_send(struct snp_msg_desc *desc, struct snp_guest_req *req,
			 u64 *exitinfo2);

/**
 * tsmg_compat_snp_secrets - where the secrets page is
 * @pdev: the device "sev-guest"
 * @secrets_gpa: set to its address; to 0 where the kernel keeps it for itself
 *
 * Return: 0, or -ENODEV if the device does not tell.
 */
int tsmg_compat_snp_secrets(const struct platform_device *pdev,
			    phys_addr_t *secrets_gpa);

/* Linux 6.1 runs at VMPL 0 alone. */
#ifdef COMPAT_LACKS_SNP_VMPL
#define snp_vmpl	0
#endif

#endif /* _TSMG_COMPAT_H */
