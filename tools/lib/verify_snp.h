/* SPDX-License-Identifier: MIT */
/* What the files that judge SNP reports share. */
#ifndef TSM_VERIFY_SNP_H
#define TSM_VERIFY_SNP_H

#include "verify.h"

/* From the one whose key signs reports, VCEK or VLEK, up. */
enum snp_chain {
	SNP_LEAF,
	SNP_CA,			/* ASK, or ASVK above a VLEK */
	SNP_ROOT,		/* ARK */
	SNP_CHAIN,
};

/* What a certificate is for, by its common name. */
enum snp_kind {
	SNP_KIND_OTHER,
	SNP_KIND_VCEK,
	SNP_KIND_VLEK,
	SNP_KIND_ASK,
	SNP_KIND_ASVK,
	SNP_KIND_ARK,
};

#define SNP_PRODUCT_SIZE	16

/**
 * struct snp_judge - a report being judged
 * @judge: what the checks are added to
 * @snp: the report
 * @signing_key: SIGNING_KEY of it
 * @own: certificates and lists that came with it
 * @cert: the chain, as far as it was found
 * @fault: between each and the next, or the last and itself
 * @candidates: certificates that could be the leaf
 * @is_signed: the key of the leaf made the signature
 * @owner: whose root it is
 * @product: line, by the common name of the root; or ""
 * @bad_certs: why what came with it is no certificates; or ""
 * @notes: what of it was passed over
 * @has_table_behind: a certificate table follows the report, and came with it
 */
struct snp_judge {
	struct judge *judge;
	struct tsm_snp snp;
	unsigned int signing_key;
	struct cert_pool own;
	const struct x509 *cert[SNP_CHAIN];
	enum chain_fault fault[SNP_CHAIN];
	size_t candidates;
	bool is_signed;
	enum root_owner owner;
	char product[SNP_PRODUCT_SIZE];
	struct tsm_error bad_certs;
	struct reason notes;
	bool has_table_behind;
};

/* Where certificates are looked for: those that the verifier was given go first,
 * as what comes with the evidence may be meant to mislead. */
struct cert_pools snp_pools(const struct snp_judge *s);

/* verify_snp.c */

/* Whether the key of @cert made the report's signature. Return: 0 or -ENOMEM. */
int snp_signed_by(const struct snp_judge *s, const struct x509 *cert,
		  bool *is_signed);

/* verify_snp_certs.c */

/* Fills @s->own with what came with the report, @s->bad_certs and @s->notes.
 * Return: 0 or -ENOMEM. */
int snp_own_certs(struct snp_judge *s);

/* Picks the leaf out of all certificates. Return: 0 or -ENOMEM. */
int snp_find_leaf(struct snp_judge *s);

void snp_check_certificates(struct snp_judge *s);

/* By its common name, without the word EMULATED in front of it.
 * @product: what stands behind, or ""; may be NULL */
enum snp_kind snp_kind(const struct x509 *cert, char product[SNP_PRODUCT_SIZE]);

/* verify_snp_chain.c: above the leaf. Return: 0 or -ENOMEM. */
int snp_check_chain(struct snp_judge *s);
void snp_check_root(struct snp_judge *s);
void snp_check_validity(struct snp_judge *s);
int snp_check_revocation(struct snp_judge *s);

/* verify_snp_tcb.c */

/* Whether the leaf speaks of the same TCB, or chip, as the report. */
bool snp_same_tcb(const struct snp_judge *s, const struct x509 *cert);
bool snp_same_chip(const struct snp_judge *s, const struct x509 *cert);

/* "blSPL=3&teeSPL=0&...", as the KDS wants it. */
void snp_tcb_query(const struct snp_judge *s, struct reason *text);

void snp_check_product(struct snp_judge *s);
void snp_check_tcb(struct snp_judge *s);
void snp_check_chip_id(struct snp_judge *s);

#endif /* TSM_VERIFY_SNP_H */
