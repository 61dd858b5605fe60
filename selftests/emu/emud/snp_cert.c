// SPDX-License-Identifier: MIT
/* Certificates in the form that AMD's have: ARK, ASK, ASVK, VCEK, VLEK. */

#include "snp.h"

#include <openssl/asn1.h>
#include <openssl/x509v3.h>
#include <stdio.h>

#define CA_DAYS		(25 * 365 + 6)
#define VCEK_DAYS	(7 * 365 + 2)
#define VLEK_DAYS	365
#define DAY		(24L * 60 * 60)

/**
 * struct form - what one kind of certificate is like
 * @cn: common name; %s is the product, where there is one
 * @issuer: who signs it
 * @days: for so long it is valid
 * @basic: basic constraints, NULL: no CA
 * @usage: key usage, of a CA
 */
struct form {
	const char *cn;
	enum snp_cert issuer;
	int days;
	const char *basic;
	const char *usage;
};

static const struct form forms[NR_SNP_CERTS] = {
	[SNP_ARK] = { "EMULATED ARK-%s", SNP_ARK, CA_DAYS,
		      "critical,CA:TRUE", "critical,keyCertSign,cRLSign" },
	[SNP_ASK] = { "EMULATED SEV-%s", SNP_ARK, CA_DAYS,
		      "critical,CA:TRUE,pathlen:0", "critical,keyCertSign" },
	[SNP_ASVK] = { "EMULATED SEV-VLEK-%s", SNP_ARK, CA_DAYS,
		       "critical,CA:TRUE,pathlen:0", "critical,keyCertSign" },
	[SNP_VCEK] = { "EMULATED SEV-VCEK", SNP_ASK, VCEK_DAYS },
	[SNP_VLEK] = { "EMULATED SEV-VLEK", SNP_ASVK, VLEK_DAYS },
};

enum snp_cert snp_issuer_of(enum snp_cert cert)
{
	return forms[cert].issuer;
}

/* The same parts in the same order as in AMD's; none claims to be AMD. */
static int set_name(X509_NAME *name, const char *cn)
{
	const char *const rdn[][2] = {
		{ "OU", "EMULATED" },
		{ "C", "ZZ" },
		{ "L", "Nowhere" },
		{ "ST", "None" },
		{ "O", "EMULATED by tsm-guest, worth nothing" },
		{ "CN", cn },
	};

	for (size_t i = 0; i < sizeof(rdn) / sizeof(*rdn); i++)
		if (X509_NAME_add_entry_by_txt(name, rdn[i][0], MBSTRING_UTF8,
					       (const uint8_t *)rdn[i][1], -1,
					       -1, 0) != 1)
			return -1;
	return 0;
}

static int add_ca_extensions(X509 *cert, X509 *issuer,
			     const struct snp_product *product,
			     enum snp_cert which)
{
	char crl[80];
	X509V3_CTX ctx;

	/* Not that of AMD: what is emulated asks nobody about anything. */
	snprintf(crl, sizeof(crl), "URI:https://emulated.invalid/%s/v1/%s/crl",
		 which == SNP_ASVK ? "vlek" : "vcek", product->name);
	X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
	if (cert_add_ext(cert, &ctx, NID_subject_key_identifier, "hash") ||
	    (issuer != cert &&
	     cert_add_ext(cert, &ctx, NID_authority_key_identifier,
			  "keyid:always")) ||
	    cert_add_ext(cert, &ctx, NID_basic_constraints,
			 forms[which].basic) ||
	    cert_add_ext(cert, &ctx, NID_key_usage, forms[which].usage))
		return -1;
	return cert_add_ext(cert, &ctx, NID_crl_distribution_points, crl);
}

/* A chip's certificate has the serial number 0 and no key identifiers. */
static int add_rest(X509 *cert, X509 *issuer, const struct snp_product *product,
		    enum snp_cert which)
{
	ASN1_INTEGER *serial = X509_get_serialNumber(cert);

	if (forms[which].basic)
		return cert_set_serial(serial) ||
		       add_ca_extensions(cert, issuer, product, which) ? -1 : 0;
	return ASN1_INTEGER_set(serial, 0) != 1 ||
	       snp_ext_add(cert, product, which == SNP_VLEK) ? -1 : 0;
}

static int fill(X509 *cert, const char *cn, EVP_PKEY *key, X509 *issuer,
		int days)
{
	return X509_set_version(cert, X509_VERSION_3) == 1 &&
	       !set_name(X509_get_subject_name(cert), cn) &&
	       X509_set_issuer_name(cert, X509_get_subject_name(issuer)) == 1 &&
	       X509_gmtime_adj(X509_getm_notBefore(cert), -DAY) &&
	       X509_time_adj_ex(X509_getm_notAfter(cert), days - 1, 0, NULL) &&
	       X509_set_pubkey(cert, key) == 1 ? 0 : -1;
}

/**
 * snp_cert_make - makes a certificate
 * @product: whose
 * @which: of its certificates
 * @key: of the subject
 * @issuer: certificate of snp_issuer_of(@which), NULL: itself
 * @issuer_key: signs, RSASSA-PSS with SHA-384
 *
 * Return: a certificate that the caller owns, or NULL.
 */
X509 *snp_cert_make(const struct snp_product *product, enum snp_cert which,
		    EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key)
{
	X509 *cert = X509_new();
	char cn[64];

	snprintf(cn, sizeof(cn), forms[which].cn, product->name);
	if (!issuer)
		issuer = cert;
	if (cert && !fill(cert, cn, key, issuer, forms[which].days) &&
	    !add_rest(cert, issuer, product, which) &&
	    !cert_sign(cert, issuer_key))
		return cert;
	ossl_fail(cn);
	X509_free(cert);
	return NULL;
}
