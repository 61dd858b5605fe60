// SPDX-License-Identifier: GPL-2.0-only
/*
 * Looks for the one thing that AES-GCM does not forgive: two messages under one
 * key and IV. Whatever the host has seen counts, answered or not, and so do the
 * firmware's own responses.
 */

#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/xarray.h>

#include "emu.h"
#include "emu_compat.h"
#include "snp_host.h"

/* For each VMPCK the message under each sequence number: part of its digest */
static struct xarray seen[NR_VMPCKS] = {
	XARRAY_INIT(seen[0], 0), XARRAY_INIT(seen[1], 0),
	XARRAY_INIT(seen[2], 0), XARRAY_INIT(seen[3], 0),
};

/* What the cipher makes of it: all that is authenticated, and the tag. */
static void *summary(const struct message *message)
{
	unsigned int size = min_t(unsigned int, MESSAGE_PAYLOAD_MAX,
				  le16_to_cpu(message->header.size));
	u8 digests[3][MR_SIZE], digest[MR_SIZE];

	emu_sha384(message->header.authtag, GCM_TAG_SIZE, digests[0]);
	emu_sha384((u8 *)message + MESSAGE_AAD_OFF, MESSAGE_AAD_SIZE,
		   digests[1]);
	emu_sha384(message->payload, size, digests[2]);
	emu_sha384(digests, sizeof(digests), digest);
	return xa_mk_value(get_unaligned_le64(digest) & LONG_MAX);
}

/**
 * emu_seen_forget - there is a new key, under which nothing has been seen
 * @vmpck: which, less than NR_VMPCKS
 */
void emu_seen_forget(unsigned int vmpck)
{
	xa_destroy(&seen[vmpck]);
}

/**
 * emu_seen_message - remembers a message, and complains of a reused IV
 * @message: as the host sees it
 *
 * The very same message once more is what a guest does that was told BUSY.
 */
void emu_seen_message(const struct message *message)
{
	unsigned int vmpck = message->header.vmpck;
	u64 seqno = le64_to_cpu(message->header.seqno);
	void *now = summary(message), *before;

	if (vmpck >= NR_VMPCKS)
		return;
	before = xa_cmpxchg(&seen[vmpck], seqno, NULL, now,
			    GFP_KERNEL | __GFP_NOFAIL);
	if (!before || before == now)
		return;
	atomic_long_inc(&emu_stat.snp_iv_reuse);
	emu_violation("guest request: two messages under VMPCK%u and sequence number %llu",
		      vmpck, seqno);
}
