// SPDX-License-Identifier: MIT
/* X.509 certificates and CRLs of the emulated PKI. */

#include "emud.h"

#include <openssl/bn.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdio.h>

#define VALID_DAYS	(20 * 365)
/* Not that of Intel: what is emulated asks nobody about anything. */
#define ROOT_CRL	"URI:https://emulated.invalid/root.crl"
#define PCK_CRL		"URI:https://emulated.invalid/pck.crl"
#define DAY		(24L * 60 * 60)

/*
 * Verifiers look for "SGX Root CA" and the like in the subject. EMULATED stands
 * in each, so that nobody takes one for Intel's.
 */
static int set_name(X509_NAME *name, const char *cn)
{
	const char *const rdn[][2] = {
		{ "CN", cn },
		{ "O", "EMULATED by tsm-guest, worth nothing" },
	};

	for (size_t i = 0; i < sizeof(rdn) / sizeof(*rdn); i++)
		if (X509_NAME_add_entry_by_txt(name, rdn[i][0], MBSTRING_UTF8,
					       (const uint8_t *)rdn[i][1], -1,
					       -1, 0) != 1)
			return -1;
	return 0;
}

int cert_set_serial(ASN1_INTEGER *serial)
{
	BIGNUM *bn = BN_new();
	int ret = -1;

	/* RFC 5280, 4.1.2.2: positive, at most 20 octets */
	if (bn && BN_rand(bn, 159, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
	    BN_to_ASN1_INTEGER(bn, serial))
		ret = 0;
	BN_free(bn);
	return ret;
}

int cert_add_ext(X509 *cert, X509V3_CTX *ctx, int nid, const char *value)
{
	X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, ctx, nid, value);
	int ret = ext && X509_add_ext(cert, ext, -1) == 1 ? 0 : -1;

	X509_EXTENSION_free(ext);
	return ret;
}

static int add_sgx(X509 *cert)
{
	X509_EXTENSION *ext = sgx_ext_make();
	int ret = ext && X509_add_ext(cert, ext, -1) == 1 ? 0 : -1;

	X509_EXTENSION_free(ext);
	return ret;
}

static int add_extensions(X509 *cert, X509 *issuer, const struct cert_spec *spec)
{
	char basic[64];
	X509V3_CTX ctx;

	X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
	if (spec->is_ca)
		snprintf(basic, sizeof(basic), "critical,CA:TRUE,pathlen:%d",
			 spec->pathlen);
	else
		snprintf(basic, sizeof(basic), "critical,CA:FALSE");

	if (cert_add_ext(cert, &ctx, NID_subject_key_identifier, "hash") ||
	    cert_add_ext(cert, &ctx, NID_authority_key_identifier,
			 "keyid:always") ||
	    cert_add_ext(cert, &ctx, NID_crl_distribution_points,
			 spec->sgx ? PCK_CRL : ROOT_CRL) ||
	    cert_add_ext(cert, &ctx, NID_key_usage, spec->is_ca ?
			 "critical,keyCertSign,cRLSign" :
			 "critical,digitalSignature,nonRepudiation") ||
	    cert_add_ext(cert, &ctx, NID_basic_constraints, basic))
		return -1;
	return spec->sgx ? add_sgx(cert) : 0;
}

static int fill(X509 *cert, const struct cert_spec *spec, EVP_PKEY *key,
		X509 *issuer)
{
	if (X509_set_version(cert, X509_VERSION_3) != 1 ||
	    cert_set_serial(X509_get_serialNumber(cert)) ||
	    set_name(X509_get_subject_name(cert), spec->cn) ||
	    X509_set_issuer_name(cert, X509_get_subject_name(issuer)) != 1 ||
	    !X509_gmtime_adj(X509_getm_notBefore(cert), -DAY) ||
	    !X509_time_adj_ex(X509_getm_notAfter(cert), VALID_DAYS, 0, NULL) ||
	    X509_set_pubkey(cert, key) != 1)
		return -1;
	return add_extensions(cert, issuer, spec);
}

/* RSA keys are AMD's, whose signatures are all RSASSA-PSS with SHA-384. */
static EVP_MD_CTX *sign_start(EVP_PKEY *key)
{
	bool pss = EVP_PKEY_is_a(key, "RSA");
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *pctx;

	if (ctx &&
	    EVP_DigestSignInit(ctx, &pctx, pss ? EVP_sha384() : EVP_sha256(),
			       NULL, key) == 1 &&
	    (!pss ||
	     (EVP_PKEY_CTX_set_rsa_padding(pctx, RSA_PKCS1_PSS_PADDING) == 1 &&
	      EVP_PKEY_CTX_set_rsa_pss_saltlen(pctx,
					       RSA_PSS_SALTLEN_DIGEST) == 1)))
		return ctx;
	EVP_MD_CTX_free(ctx);
	return NULL;
}

int cert_sign(X509 *cert, EVP_PKEY *issuer_key)
{
	EVP_MD_CTX *ctx = sign_start(issuer_key);
	int ret = ctx && X509_sign_ctx(cert, ctx) > 0 ? 0 : -1;

	EVP_MD_CTX_free(ctx);
	return ret;
}

/**
 * cert_make - makes a certificate
 * @spec: what for
 * @key: of the subject
 * @issuer: of the new certificate, NULL: itself
 * @issuer_key: signs
 *
 * Return: a certificate that the caller owns, or NULL.
 */
X509 *cert_make(const struct cert_spec *spec, EVP_PKEY *key, X509 *issuer,
		EVP_PKEY *issuer_key)
{
	X509 *cert = X509_new();

	if (cert && !fill(cert, spec, key, issuer ? issuer : cert) &&
	    !cert_sign(cert, issuer_key))
		return cert;
	ossl_fail(spec->cn);
	X509_free(cert);
	return NULL;
}

static int crl_extensions(X509_CRL *crl, X509 *issuer)
{
	ASN1_INTEGER *number = ASN1_INTEGER_new();
	X509_EXTENSION *aki;
	X509V3_CTX ctx;
	int ret = -1;

	X509V3_set_ctx(&ctx, issuer, NULL, NULL, crl, 0);
	aki = X509V3_EXT_conf_nid(NULL, &ctx, NID_authority_key_identifier,
				  "keyid:always");
	if (number && aki && ASN1_INTEGER_set(number, 1) == 1 &&
	    X509_CRL_add1_ext_i2d(crl, NID_crl_number, number, 0, 0) == 1 &&
	    X509_CRL_add_ext(crl, aki, -1) == 1)
		ret = 0;
	X509_EXTENSION_free(aki);
	ASN1_INTEGER_free(number);
	return ret;
}

static int crl_times(X509_CRL *crl)
{
	ASN1_TIME *from = X509_gmtime_adj(NULL, -DAY);
	ASN1_TIME *until = X509_time_adj_ex(NULL, VALID_DAYS, 0, NULL);
	int ret = -1;

	if (from && until && X509_CRL_set1_lastUpdate(crl, from) == 1 &&
	    X509_CRL_set1_nextUpdate(crl, until) == 1)
		ret = 0;
	ASN1_TIME_free(until);
	ASN1_TIME_free(from);
	return ret;
}

/**
 * crl_make - makes a CRL that revokes nothing
 * @issuer: CA
 * @issuer_key: its key
 *
 * Return: a CRL that the caller owns, or NULL.
 */
X509_CRL *crl_make(X509 *issuer, EVP_PKEY *issuer_key)
{
	EVP_MD_CTX *ctx = sign_start(issuer_key);
	X509_CRL *crl = X509_CRL_new();

	if (!ctx || !crl ||
	    X509_CRL_set_version(crl, X509_CRL_VERSION_2) != 1 ||
	    X509_CRL_set_issuer_name(crl, X509_get_subject_name(issuer)) != 1 ||
	    crl_times(crl) || crl_extensions(crl, issuer) ||
	    X509_CRL_sort(crl) != 1 || X509_CRL_sign_ctx(crl, ctx) <= 0) {
		ossl_fail("cannot make a CRL");
		X509_CRL_free(crl);
		crl = NULL;
	}
	EVP_MD_CTX_free(ctx);
	return crl;
}
