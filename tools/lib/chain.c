// SPDX-License-Identifier: MIT
/* Judges who issued what, RFC 5280 6.1.3 and 6.1.4, and what was revoked, 6.3. */
#include "chain.h"
#include "x509_private.h"

#include <errno.h>

/* Copies of a certificate that are looked at: each may cost some signatures. */
#define COPIES_MAX	16

/* No text of names is prepared, as in RFC 5280 7.1: Intel's and AMD's issuers
 * write theirs the same way each time. */
static bool is_name_of(const struct tsm_blob *name, const struct x509 *issuer)
{
	return x509_equal(name, &issuer->subject);
}

/* RFC 5280 4.2.1.9: how many CAs may follow; the leaf and who issued itself do
 * not count. */
static bool path_fits(const struct x509 *cert, const struct x509 *issuer,
		      unsigned int below)
{
	const bool counts = cert->is_ca && !is_name_of(&cert->issuer, cert);

	return issuer->path_len < 0 ||
	       below + counts <= (unsigned int)issuer->path_len;
}

static bool algorithm_fits(enum x509_signature algorithm,
			   const struct x509 *issuer)
{
	switch (algorithm) {
	case X509_ECDSA_SHA256:
		return issuer->key == X509_KEY_P256;
	case X509_ECDSA_SHA384:
		return issuer->key == X509_KEY_P384;
	case X509_RSA_PSS_SHA384:
		return issuer->key == X509_KEY_RSA &&
		       issuer->modulus.len >= X509_RSA_MIN;
	default:
		return false;
	}
}

static enum chain_fault formal_fault(const struct x509 *cert,
				     const struct x509 *issuer,
				     unsigned int below)
{
	if (!is_name_of(&cert->issuer, issuer))
		return CHAIN_NAME;
	if (!issuer->is_ca || !issuer->can_sign_certs)
		return CHAIN_NOT_CA;
	if (!path_fits(cert, issuer, below))
		return CHAIN_PATH_LEN;
	if ((cert->has | issuer->has) & X509_HAS_UNKNOWN_CRITICAL)
		return CHAIN_CRITICAL;
	if (!algorithm_fits(cert->algorithm, issuer))
		return CHAIN_ALGORITHM;
	return CHAIN_FINE;
}

/*
 * SHA-256 of the roots of Intel and AMD as they are: that each is signed by its own
 * key, test_chain shows. To compute it again with each evidence would show nothing,
 * and is a fifth of what a quote takes. Any other root, under the same key or not, is
 * checked.
 */
static const uint8_t known_roots[][32] = {
	{ /* Intel SGX Root CA */
		0x44, 0xa0, 0x19, 0x6b, 0x2b, 0x99, 0xf8, 0x89,
		0xb8, 0xe1, 0x49, 0xe9, 0x5b, 0x80, 0x7a, 0x35,
		0x0e, 0x74, 0x24, 0x96, 0x43, 0x99, 0xe8, 0x85,
		0xa7, 0xcb, 0xb8, 0xcc, 0xfa, 0xb6, 0x74, 0xd3,
	},
	{ /* ARK-Milan */
		0x69, 0xd0, 0x63, 0xb4, 0x53, 0x44, 0xd2, 0x6a,
		0x2e, 0x94, 0xe1, 0xf4, 0x21, 0x0d, 0xe4, 0x9e,
		0xf5, 0x55, 0x30, 0x82, 0x87, 0xd4, 0xc1, 0x74,
		0x44, 0x5c, 0x95, 0x63, 0x9a, 0x54, 0x0b, 0xcd,
	},
	{ /* ARK-Genoa */
		0x4c, 0x65, 0x98, 0xd1, 0x9c, 0x18, 0x71, 0x9c,
		0x5d, 0xfd, 0x4a, 0x7d, 0x33, 0x5f, 0x67, 0x4e,
		0x5b, 0xfe, 0x1d, 0x8f, 0x80, 0x0c, 0xea, 0x2c,
		0xf2, 0x70, 0xc1, 0x0d, 0x10, 0x3d, 0xb2, 0xf1,
	},
	{ /* ARK-Turin */
		0x1f, 0x08, 0x41, 0x61, 0xa4, 0x4b, 0xb6, 0xd9,
		0x37, 0x78, 0xa9, 0x04, 0x87, 0x7d, 0x48, 0x19,
		0xca, 0xfa, 0x5d, 0x05, 0xef, 0x41, 0x93, 0xb2,
		0xde, 0xd9, 0xdd, 0x9c, 0x73, 0xdd, 0x3f, 0x6a,
	},
};

static bool is_known_root(const struct x509 *cert)
{
	uint8_t sha256[32];
	size_t i;

	tsm_sha256(&cert->der, 1, sha256);
	for (i = 0; i < sizeof(known_roots) / sizeof(known_roots[0]); i++) {
		if (!memcmp(known_roots[i], sha256, sizeof(sha256)))
			return true;
	}
	return false;
}

static int signed_by(const struct tsm_crypto *crypto, const struct x509 *cert,
		     const struct x509 *issuer)
{
	if (x509_equal(&cert->der, &issuer->der) && is_known_root(cert))
		return 1;
	return tsm_crypto_signed_by(crypto, issuer, &cert->tbs, cert->algorithm,
				    cert->signature, &cert->raw_signature);
}

int chain_link(const struct tsm_crypto *crypto, const struct x509 *cert,
	       const struct x509 *issuer, unsigned int below,
	       enum chain_fault *fault)
{
	int ret;

	*fault = formal_fault(cert, issuer, below);
	if (*fault != CHAIN_FINE)
		return 0;
	ret = signed_by(crypto, cert, issuer);
	if (ret <= 0)
		*fault = CHAIN_SIGNATURE;
	return ret < 0 ? ret : 0;
}

const char *chain_fault_text(enum chain_fault fault)
{
	switch (fault) {
	case CHAIN_FINE:
		return "was issued as it should be";
	case CHAIN_NAME:
		return "names another issuer";
	case CHAIN_NOT_CA:
		return "was issued by one who may not issue certificates";
	case CHAIN_PATH_LEN:
		return "was issued below more CAs than its issuer allows";
	case CHAIN_CRITICAL:
		return "or its issuer has a critical extension that is not understood";
	case CHAIN_ALGORITHM:
		return "is signed by an algorithm that is weak, unknown or not that of its issuer's key";
	case CHAIN_SIGNATURE:
		return "was not signed by its issuer's key";
	}
	return "is wrong";
}

enum chain_time chain_time(const struct x509 *cert, int64_t at)
{
	if (at < cert->not_before)
		return CHAIN_NOT_YET;
	return at > cert->not_after ? CHAIN_EXPIRED : CHAIN_VALID;
}

int chain_issuer(const struct tsm_crypto *crypto, const struct cert_pool *pool,
		 const struct x509 *cert, const struct x509 **issuer)
{
	size_t i;
	int ret;

	*issuer = NULL;
	for (i = 0; i < pool->certs; i++) {
		if (!is_name_of(&cert->issuer, pool->cert[i]))
			continue;
		ret = signed_by(crypto, cert, pool->cert[i]);
		if (ret < 0)
			return ret;
		if (ret) {
			*issuer = pool->cert[i];
			return 0;
		}
	}
	return 0;
}

/* Return: 1 if somebody there signed it, 0, -ENOMEM. */
static int is_issued(const struct tsm_crypto *crypto,
		     const struct cert_pools *pools, const struct x509 *cert)
{
	const struct x509 *issuer = NULL;
	size_t i;
	int ret;

	for (i = 0; !issuer && i < pools->count; i++) {
		ret = chain_issuer(crypto, pools->pool[i], cert, &issuer);
		if (ret)
			return ret;
	}
	return !!issuer;
}

/* @best becomes @other if that was issued, and @best not. */
static int prefer(const struct tsm_crypto *crypto,
		  const struct cert_pools *pools, const struct x509 **best,
		  const struct x509 *other)
{
	int ret;

	ret = is_issued(crypto, pools, *best);
	if (ret)
		return ret < 0 ? ret : 0;
	ret = is_issued(crypto, pools, other);
	if (ret > 0)
		*best = other;
	return ret < 0 ? ret : 0;
}

int chain_best(const struct tsm_crypto *crypto, const struct cert_pools *pools,
	       const struct x509 **cert)
{
	const struct x509 *const first = *cert, *other;
	unsigned int copies = 0;
	size_t i, n;
	int ret;

	for (n = 0; n < pools->count; n++) {
		for (i = 0; i < pools->pool[n]->certs; i++) {
			other = pools->pool[n]->cert[i];
			if (!x509_equal(&first->spki, &other->spki) ||
			    !x509_equal(&first->subject, &other->subject) ||
			    x509_equal(&(*cert)->der, &other->der))
				continue;
			if (copies++ == COPIES_MAX)
				return 0;
			ret = prefer(crypto, pools, cert, other);
			if (ret)
				return ret;
		}
	}
	return 0;
}

/* What one list of the issuer's name says; or -ENOMEM. */
static int look_in(const struct tsm_crypto *crypto, const struct crl *crl,
		   const struct x509 *cert, const struct x509 *issuer,
		   int64_t at)
{
	int ret;

	if (crl->has_unknown_critical || !issuer->can_sign_crls)
		return CRL_BAD;
	ret = tsm_crypto_signed_by(crypto, issuer, &crl->tbs, crl->algorithm,
				   crl->signature, &crl->raw_signature);
	if (ret <= 0)
		return ret ? ret : CRL_BAD;
	if (crl_has(crl, &cert->serial))
		return CRL_REVOKED;
	if (at < crl->this_update || at > crl->next_update)
		return CRL_STALE;
	return CRL_CLEAR;
}

int crl_look(const struct tsm_crypto *crypto, const struct cert_pool *pool,
	     const struct x509 *cert, const struct x509 *issuer, int64_t at,
	     enum crl_state *state)
{
	size_t i;
	int ret;

	*state = CRL_NONE;
	for (i = 0; i < pool->crls; i++) {
		if (!is_name_of(&pool->crl[i]->issuer, issuer))
			continue;
		ret = look_in(crypto, pool->crl[i], cert, issuer, at);
		if (ret < 0) {
			*state = CRL_NONE;
			return ret;
		}
		/* in the order of the enum the last one counts most */
		if (ret > (int)*state)
			*state = (enum crl_state)ret;
	}
	return 0;
}
