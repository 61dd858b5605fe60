// SPDX-License-Identifier: GPL-2.0-only
/* Derived keys: a root key of this load, and what the guest wants in it. */

#include <crypto/hash.h>
#include <linux/kernel.h>
#include <linux/random.h>
#include <linux/string.h>

#include "emu_compat.h"
#include "snp_host.h"

#define MAC_SHA384_SIZE	48

static struct crypto_shash *kdf;

/*
 * All that a key depends on. Fields that were not selected are 0; what was
 * selected is in it, too, so that these differ from fields that are 0.
 */
struct kdf_input {
	char label[16];
	__le32 root;
	__le32 vmpl;
	__le64 fields;
	__le64 policy;
	u8 image_id[16];
	u8 family_id[16];
	u8 measurement[48];
	__le32 guest_svn;
	__le32 reserved;
	__le64 tcb_version;
	__le64 launch_mit_vector;
} __packed;

/* The chip's own root keys never change; these live for one load. */
static int set_root_key(void)
{
	u8 root[MAC_SHA384_SIZE];
	int ret;

	get_random_bytes(root, sizeof(root));
	ret = crypto_shash_setkey(kdf, root, sizeof(root));
	memzero_explicit(root, sizeof(root));
	return ret;
}

/**
 * emu_key_init - gets a root key
 *
 * Return: 0, or the crypto API's error after a line that says what is missing.
 */
int emu_key_init(void)
{
	int ret;

	kdf = crypto_alloc_shash("hmac(sha384)", 0, 0);
	if (IS_ERR(kdf)) {
		pr_err("tsm_emu: hmac(sha384) is not there: %ld; load hmac and sha512\n",
		       PTR_ERR(kdf));
		return PTR_ERR(kdf);
	}
	ret = set_root_key();
	if (ret)
		crypto_free_shash(kdf);
	return ret;
}

void emu_key_exit(void)
{
	crypto_free_shash(kdf);
}

static void mix_in_guest(struct kdf_input *in, u64 fields)
{
	const struct snp_identity *id = &emu_identity;

	guard(spinlock_irqsave)(&emu_identity_lock);
	if (fields & FIELD_GUEST_POLICY)
		in->policy = cpu_to_le64(id->policy);
	if (fields & FIELD_IMAGE_ID)
		memcpy(in->image_id, id->image_id, sizeof(in->image_id));
	if (fields & FIELD_FAMILY_ID)
		memcpy(in->family_id, id->family_id, sizeof(in->family_id));
	if (fields & FIELD_MEASUREMENT)
		memcpy(in->measurement, id->measurement,
		       sizeof(in->measurement));
}

/**
 * emu_key_derive - [FW] MSG_KEY_REQ
 * @req: checked
 * @key: where to
 */
void emu_key_derive(const struct key_request *req, u8 key[DERIVED_KEY_SIZE])
{
	u64 fields = le64_to_cpu(req->guest_field_select);
	struct kdf_input in = {
		.label = "EMULATED KEY",
		.root = req->root_key_select,
		.vmpl = req->vmpl,
		.fields = req->guest_field_select,
	};
	u8 mac[MAC_SHA384_SIZE];

	mix_in_guest(&in, fields);
	if (fields & FIELD_GUEST_SVN)
		in.guest_svn = req->guest_svn;
	if (fields & FIELD_TCB_VERSION)
		in.tcb_version = req->tcb_version;
	/* Synchronous, in memory, with a key set: cannot fail. */
	WARN_ON_ONCE(crypto_shash_tfm_digest(kdf, (u8 *)&in, sizeof(in), mac));
	memcpy(key, mac, DERIVED_KEY_SIZE);
	memzero_explicit(mac, sizeof(mac));
}
