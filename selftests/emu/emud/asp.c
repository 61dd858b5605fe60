// SPDX-License-Identifier: MIT
/* The part of AMD's secure processors that signs: keys and certificates. */

#include "snp.h"

#include <err.h>

static int load_signer(struct asp_signer *signer, const char *pki_dir,
		       const struct snp_product *product, bool vlek)
{
	struct out out = { signer->table, sizeof(signer->table), 0 };

	signer->key = snp_pki_key(pki_dir, product,
				  vlek ? SNP_VLEK : SNP_VCEK);
	if (!signer->key || snp_table_make(pki_dir, product, vlek, &out))
		return -1;
	signer->table_len = out.len;
	return 0;
}

/* As with quotes: the first signature must not take longer than the next. */
static int warm_up(const struct asp *asp)
{
	static const uint8_t report_data[REPORTDATA_SIZE];
	const struct snp_request req = {
		.version = 3, .report_data = report_data,
	};
	uint8_t report[SNP_REPORT_SIZE];

	return snp_report_make(&req, report) ||
	       snp_report_sign(asp, report) ? -1 : 0;
}

/**
 * asp_start - loads the keys and certificates of all products
 * @asp: zeroed, to be stopped with asp_stop(), also after a failure
 * @pki_dir: made by snp_pki_init()
 */
int asp_start(struct asp *asp, const char *pki_dir)
{
	for (unsigned int i = 0; i < NR_SNP_PRODUCTS; i++)
		for (unsigned int vlek = 0; vlek < 2; vlek++)
			if (load_signer(&asp->signers[i][vlek], pki_dir,
					&snp_products[i], vlek))
				return -1;
	return warm_up(asp);
}

void asp_stop(struct asp *asp)
{
	for (unsigned int i = 0; i < NR_SNP_PRODUCTS; i++)
		for (unsigned int vlek = 0; vlek < 2; vlek++)
			EVP_PKEY_free(asp->signers[i][vlek].key);
}

/* Whose key signs reports of that version; NULL if there is none */
const struct asp_signer *asp_signer_of(const struct asp *asp,
				       unsigned int version,
				       unsigned int signing_key)
{
	const struct snp_product *product = snp_product_of(version);

	if (!product)
		return NULL;
	if (signing_key > 1) {
		warnx("SNP report: signing key %u: want 0, a VCEK, or 1, a VLEK",
		      signing_key);
		return NULL;
	}
	return &asp->signers[product - snp_products][signing_key];
}
