// SPDX-License-Identifier: GPL-2.0-only
/* SHA-384 and the MAC key of the emulated TDX module, usable in any context. */

#include <crypto/hash.h>
#include <linux/module.h>
#include <linux/random.h>
#include <linux/string.h>

#include "emu.h"

static struct crypto_shash *sha384, *mac_tfm;

/*
 * TDCALLs are answered inside an exception with interrupts off, where not every
 * kernel can begin to use the FPU: the generic C code is asked for first. Those
 * that no longer offer it by name check by themselves.
 */
static struct crypto_shash *alloc(const char *generic, const char *name)
{
	struct crypto_shash *tfm = crypto_alloc_shash(generic, 0, 0);

	return IS_ERR(tfm) ? crypto_alloc_shash(name, 0, 0) : tfm;
}

/*
 * A real MAC key is known to the CPU alone; ours to this load of this module,
 * which is all that it takes to tell our TDREPORTs from others.
 */
static int set_random_key(struct crypto_shash *tfm)
{
	u8 key[MAC_SIZE];
	int ret;

	get_random_bytes(key, sizeof(key));
	ret = crypto_shash_setkey(tfm, key, sizeof(key));
	memzero_explicit(key, sizeof(key));
	return ret;
}

/**
 * emu_hash_init - gets the algorithms and a new MAC key
 *
 * Return: 0, or the crypto API's error after a line that says what is missing.
 */
int emu_hash_init(void)
{
	int ret;

	sha384 = alloc("sha384-generic", "sha384");
	if (IS_ERR(sha384)) {
		pr_err("tsm_emu: sha384 is not there: %ld; load sha512\n",
		       PTR_ERR(sha384));
		return PTR_ERR(sha384);
	}
	mac_tfm = alloc("hmac(sha256-generic)", "hmac(sha256)");
	if (IS_ERR(mac_tfm)) {
		ret = PTR_ERR(mac_tfm);
		pr_err("tsm_emu: hmac(sha256) is not there: %d; load hmac and sha256\n",
		       ret);
		goto free_sha384;
	}
	ret = set_random_key(mac_tfm);
	if (ret)
		goto free_mac;
	return 0;

free_mac:
	crypto_free_shash(mac_tfm);
free_sha384:
	crypto_free_shash(sha384);
	return ret;
}

void emu_hash_exit(void)
{
	crypto_free_shash(mac_tfm);
	crypto_free_shash(sha384);
}

static void digest(struct crypto_shash *tfm, const void *data, unsigned int len,
		   u8 *out)
{
	SHASH_DESC_ON_STACK(desc, tfm);

	desc->tfm = tfm;
	/* Synchronous, in memory, with a key set: cannot fail. */
	WARN_ON_ONCE(crypto_shash_digest(desc, data, len, out));
	shash_desc_zero(desc);
}

/**
 * emu_sha384 - SHA-384 of a buffer
 * @data: @len bytes
 * @len: bytes
 * @digest_out: 48 bytes
 *
 * Any context but NMI.
 */
void emu_sha384(const void *data, unsigned int len, u8 digest_out[MR_SIZE])
{
	digest(sha384, data, len, digest_out);
}

/**
 * emu_mac - HMAC-SHA256 under the key of this load
 * @data: @len bytes
 * @len: bytes
 * @mac: 32 bytes
 *
 * Any context but NMI.
 */
void emu_mac(const void *data, unsigned int len, u8 mac[MAC_SIZE])
{
	digest(mac_tfm, data, len, mac);
}
