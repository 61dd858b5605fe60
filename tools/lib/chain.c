// SPDX-License-Identifier: MIT
/* Judges who issued what, RFC 5280 6.1.3 and 6.1.4, and what was revoked, 6.3. */
#include "chain.h"
#include "x509_private.h"

#include <errno.h>

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

static int signed_by(const struct tsm_crypto *crypto, const struct x509 *cert,
		     const struct x509 *issuer)
{
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
