/* SPDX-License-Identifier: GPL-2.0-only */
/* The secrets page: keys and counters of the channel to the firmware. */
#ifndef _TSMG_SNP_SECRETS_H
#define _TSMG_SNP_SECRETS_H

#include <linux/build_bug.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/types.h>

/* AES-256, SEV-SNP firmware ABI, "Guest Messages". */
#define VMPCK_LEN	32

/* A key for each VMPL, 0 to 3. */
#define VMPCKS		4

/**
 * struct snp_secrets - what firmware leaves for the guest at launch
 * @vmpck: keys; one that is all 0 is not ours to have, or was wiped
 * @seqno: for each key the last number that was used with it, by us or by the
 *	firmware. The guest's to write; survives kexec
 *
 * SEV-SNP firmware ABI, "Secrets Page Format"; @seqno: GHCB specification,
 * "Secrets Page Layout".
 */
struct snp_secrets {
	u8 reserved1[0x20];
	u8 vmpck[VMPCKS][VMPCK_LEN];
	u32 seqno[VMPCKS];
	u8 reserved2[0xf50];
};

static_assert(offsetof(struct snp_secrets, vmpck) == 0x20);
static_assert(offsetof(struct snp_secrets, seqno) == 0xa0);
static_assert(sizeof(struct snp_secrets) == 0x1000);

static inline bool snp_secrets_has_key(const struct snp_secrets *secrets,
				       unsigned int id)
{
	return memchr_inv(secrets->vmpck[id], 0, VMPCK_LEN);
}

#endif /* _TSMG_SNP_SECRETS_H */
