// SPDX-License-Identifier: MIT
/* GUID tables of certificates, as a host hands them to a guest. */

#include "snp.h"

#include <err.h>

/* [GHCB] 4.1.8.1: entries of a GUID, offset and length, the last one zero */
#define GUID_SIZE	16
#define ENTRY_SIZE	(GUID_SIZE + 4 + 4)
#define NR_ENTRIES	3
#define CERT_MAX	4096

/*
 * In the byte order in which they are written, RFC 4122: so do AMD's tools, and
 * so does each table of a real host that was seen.
 */
static const uint8_t guids[NR_SNP_CERTS][GUID_SIZE] = {
	[SNP_ARK] = { 0xc0, 0xb4, 0x06, 0xa4, 0xa8, 0x03, 0x49, 0x52,
		      0x97, 0x43, 0x3f, 0xb6, 0x01, 0x4c, 0xd0, 0xae },
	[SNP_ASK] = { 0x4a, 0xb7, 0xb3, 0x79, 0xbb, 0xac, 0x4f, 0xe4,
		      0xa0, 0x2f, 0x05, 0xae, 0xf3, 0x27, 0xc7, 0x82 },
	[SNP_ASVK] = { 0x4a, 0xb7, 0xb3, 0x79, 0xbb, 0xac, 0x4f, 0xe4,
		       0xa0, 0x2f, 0x05, 0xae, 0xf3, 0x27, 0xc7, 0x82 },
	[SNP_VCEK] = { 0x63, 0xda, 0x75, 0x8d, 0xe6, 0x64, 0x45, 0x64,
		       0xad, 0xc5, 0xf4, 0xb9, 0x3b, 0xe8, 0xac, 0xcd },
	[SNP_VLEK] = { 0xa8, 0x07, 0x4b, 0xc2, 0xa2, 0x5a, 0x48, 0x3e,
		       0xaa, 0xe6, 0x39, 0xc0, 0x45, 0xa0, 0xb8, 0xa1 },
};

/**
 * snp_table_make - the table of a product
 * @pki_dir: made by snp_pki_init()
 * @product: whose
 * @vlek: with VLEK and ASVK instead of VCEK and ASK
 * @out: where to
 */
int snp_table_make(const char *pki_dir, const struct snp_product *product,
		   bool vlek, struct out *out)
{
	const enum snp_cert chain[NR_ENTRIES] = {
		vlek ? SNP_VLEK : SNP_VCEK, vlek ? SNP_ASVK : SNP_ASK, SNP_ARK,
	};
	uint8_t certs[NR_ENTRIES][CERT_MAX];
	size_t offset = (NR_ENTRIES + 1) * ENTRY_SIZE, len[NR_ENTRIES];

	for (size_t i = 0; i < NR_ENTRIES; i++) {
		if (snp_pki_cert(pki_dir, product, chain[i], certs[i],
				 CERT_MAX, &len[i]))
			return -1;
		out_bytes(out, guids[chain[i]], GUID_SIZE);
		out_le(out, offset, 4);
		out_le(out, len[i], 4);
		offset += len[i];
	}
	out_zero(out, ENTRY_SIZE);
	for (size_t i = 0; i < NR_ENTRIES; i++)
		out_bytes(out, certs[i], len[i]);
	if (out_fits(out))
		return 0;
	warnx("certificates of %s: longer than %zu bytes", product->name,
	      out->size);
	return -1;
}
