/* SPDX-License-Identifier: MIT */
/* The AMD half of tsm-emud: what its files share. */
#ifndef EMUD_SNP_H
#define EMUD_SNP_H

#include "emud.h"

#define SNP_REPORT_SIZE		1184
#define SNP_SIGNED_SIZE		0x2a0
#define SNP_CHIP_ID_SIZE	64
#define SNP_TCB_SIZE		8
#define SNP_TABLE_MAX		(16 * 1024)

/* snp_platform.c: the machines that are emulated */

/**
 * struct snp_product - a generation of AMD's processors, and one chip of it
 * @name: as in the names of its CAs
 * @chip_product: productName in certificates of a chip
 * @version: of the reports that it makes
 * @has_fmc: the TCB has a boot loader before the boot loader (Turin)
 * @fmc: SVNs of the TCB, which is up to date
 * @bl: same
 * @tee: same
 * @snp: same
 * @ucode: same
 * @chip_id: zero-padded
 * @hwid_len: bytes of @chip_id in certificates
 * @family: CPUID, in reports of version 3 and later
 * @model: same
 * @stepping: same
 * @firmware: major, minor, build
 * @platform_info: as in reports
 */
struct snp_product {
	const char *name;
	const char *chip_product;
	unsigned int version;
	bool has_fmc;
	uint8_t fmc, bl, tee, snp, ucode;
	uint8_t chip_id[SNP_CHIP_ID_SIZE];
	size_t hwid_len;
	uint8_t family, model, stepping;
	uint8_t firmware[3];
	uint64_t platform_info;
};

enum { NR_SNP_PRODUCTS = 3 };

extern const struct snp_product snp_products[NR_SNP_PRODUCTS];

const struct snp_product *snp_product_of(unsigned int version);
void snp_tcb(const struct snp_product *product, uint8_t tcb[SNP_TCB_SIZE]);

/* snp_cert.c */

/* In the order in which they are made; an issuer comes before its subjects. */
enum snp_cert { SNP_ARK, SNP_ASK, SNP_ASVK, SNP_VCEK, SNP_VLEK, NR_SNP_CERTS };

enum snp_cert snp_issuer_of(enum snp_cert cert);
X509 *snp_cert_make(const struct snp_product *product, enum snp_cert which,
		    EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key);

/* snp_ext.c */

int snp_ext_add(X509 *cert, const struct snp_product *product, bool vlek);

/* snp_pki.c */

int snp_pki_init(const char *dir);
EVP_PKEY *snp_pki_key(const char *dir, const struct snp_product *product,
		      enum snp_cert which);
int snp_pki_cert(const char *dir, const struct snp_product *product,
		 enum snp_cert which, uint8_t *der, size_t size, size_t *len);

/* asp.c */

/**
 * struct asp_signer - one of the keys that sign reports
 * @key: ECDSA P-384
 * @table: GUID table of its certificate and those above it
 * @table_len: bytes in it
 */
struct asp_signer {
	EVP_PKEY *key;
	uint8_t table[SNP_TABLE_MAX];
	size_t table_len;
};

/**
 * struct asp - the secure processors of all products, as far as they sign
 * @signers: by product, then 0 for the VCEK, 1 for the VLEK
 */
struct asp {
	struct asp_signer signers[NR_SNP_PRODUCTS][2];
};

int asp_start(struct asp *asp, const char *pki_dir);
void asp_stop(struct asp *asp);
const struct asp_signer *asp_signer_of(const struct asp *asp,
				       unsigned int version,
				       unsigned int signing_key);

/* snp_report.c */

/**
 * struct snp_request - a report to be made without a guest
 * @version: 2, 3 or 5
 * @vmpl: of the requester
 * @signing_key: 0 VCEK, 1 VLEK
 * @report_data: 64 bytes
 */
struct snp_request {
	unsigned int version;
	unsigned int vmpl;
	unsigned int signing_key;
	const uint8_t *report_data;
};

int snp_report_make(const struct snp_request *req,
		    uint8_t report[SNP_REPORT_SIZE]);
int snp_report_sign(const struct asp *asp, uint8_t report[SNP_REPORT_SIZE]);

/* snp_table.c */

int snp_table_make(const char *pki_dir, const struct snp_product *product,
		   bool vlek, struct out *out);

#endif
