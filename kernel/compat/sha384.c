// SPDX-License-Identifier: GPL-2.0-only
/* sha384() for kernels that offer it through the crypto API alone. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bug.h>
#include <linux/err.h>
#include <linux/module.h>
#include <crypto/hash.h>

static struct crypto_shash *tfm;

void sha384(const u8 *data, size_t len, u8 *out)
{
	SHASH_DESC_ON_STACK(desc, tfm);

	desc->tfm = tfm;
	/* Synchronous, without a key, in memory: cannot fail. */
	WARN_ON_ONCE(crypto_shash_digest(desc, data, len, out));
	shash_desc_zero(desc);
}

int tsmg_compat_init(void)
{
	tfm = crypto_alloc_shash("sha384", 0, 0);
	if (IS_ERR(tfm)) {
		pr_err("sha384 is not there: %ld; load sha512_generic\n",
		       PTR_ERR(tfm));
		return PTR_ERR(tfm);
	}
	return 0;
}

void tsmg_compat_exit(void)
{
	crypto_free_shash(tfm);
}

MODULE_SOFTDEP("pre: crypto-sha384");
