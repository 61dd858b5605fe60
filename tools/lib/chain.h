/* SPDX-License-Identifier: MIT */
/* Certificates in hand, and chains of them from a leaf to a root. */
#ifndef TSM_CHAIN_H
#define TSM_CHAIN_H

#include "crypto.h"

/**
 * struct cert_pool - certificates and revocation lists that somebody gave
 * @cert: decoded, each in memory of its own or of the evidence
 * @certs: how many
 * @crl: likewise
 * @crls: how many
 *
 * Zero is an empty pool. Names nobody trusts: what is in a pool is a candidate.
 */
struct cert_pool {
	struct x509 **cert;
	size_t certs;
	struct crl **crl;
	size_t crls;
};

/**
 * cert_pool_add() - add what is in some bytes
 * @pool: to be emptied with cert_pool_clear()
 * @data: any number of certificates or lists in PEM (URL-encoded as in headers
 *	of Intel's PCS, too), one of them in DER, or a GUID table of AMD with such
 *	bodies, @len bytes; copied
 * @added: set to how many were found; other PEM blocks are passed over
 * @err: what was wrong
 *
 * Return: 0; -EBADMSG if one is malformed; -EFBIG beyond what a pool may hold;
 * -ENOMEM. The pool is as before on failure.
 */
int cert_pool_add(struct cert_pool *pool, const void *data, size_t len,
		  size_t *added, struct tsm_error *err);
void cert_pool_clear(struct cert_pool *pool);
/* Frees what was added after there were @certs certificates and @crls lists. */
void cert_pool_cut(struct cert_pool *pool, size_t certs, size_t crls);

/**
 * pem_chain_parse() - decode the chain in a quote: PEM blocks CERTIFICATE and
 *		       nothing else but newlines, and NULs at the end
 * @text: the chain, @len bytes
 * @der: room of @size bytes for the certificates' DER, to which @cert points
 * @cert: room for @max
 * @count: how many there are
 * @err: what was wrong
 *
 * So strict that no byte of the text could be another: blanks are refused, too.
 * No memory is allocated. Return: 0; -EBADMSG if it is malformed; -EFBIG if there
 * are more than @max or they are larger than @size.
 */
int pem_chain_parse(const void *text, size_t len, uint8_t *der, size_t size,
		    struct x509 *cert, size_t max, size_t *count,
		    struct tsm_error *err);

/* What is wrong between a certificate and its issuer, or with a certificate. */
enum chain_fault {
	CHAIN_FINE,
	CHAIN_NAME,		/* issuer is not the subject above */
	CHAIN_NOT_CA,		/* issuer may not issue */
	CHAIN_PATH_LEN,
	CHAIN_CRITICAL,		/* an extension that must be understood is not */
	CHAIN_ALGORITHM,	/* weak or unknown, or of another kind than the key */
	CHAIN_SIGNATURE,
};

/**
 * chain_link() - check that @issuer issued @cert
 * @crypto: from tsm_crypto_new()
 * @cert: below
 * @issuer: above; the same for a root
 * @below: CA certificates between @cert and the leaf, for pathLenConstraint
 * @fault: what is wrong first, in the order of the enum
 *
 * Says nothing of validity in time.
 * Return: 0 or -ENOMEM.
 */
int chain_link(const struct tsm_crypto *crypto, const struct x509 *cert,
	       const struct x509 *issuer, unsigned int below,
	       enum chain_fault *fault);

/* A sentence without subject: "was not signed by its issuer's key". */
const char *chain_fault_text(enum chain_fault fault);

enum chain_time {
	CHAIN_VALID,
	CHAIN_NOT_YET,
	CHAIN_EXPIRED,
};

/* Whether @at, in seconds since 1970, is within its validity, ends included. */
enum chain_time chain_time(const struct x509 *cert, int64_t at);

/**
 * chain_issuer() - find who issued a certificate
 * @crypto: from tsm_crypto_new()
 * @pool: candidates
 * @cert: whose issuer is wanted
 * @issuer: set to the first certificate of that name and key that signed @cert, or
 *	NULL if there is none
 *
 * Return: 0 or -ENOMEM.
 */
int chain_issuer(const struct tsm_crypto *crypto, const struct cert_pool *pool,
		 const struct x509 *cert, const struct x509 **issuer);

/**
 * struct cert_pools - where certificates are looked for, in this order
 * @pool: the pools
 * @count: how many
 */
struct cert_pools {
	const struct cert_pool *pool[4];
	size_t count;
};

/**
 * chain_best() - choose among certificates of one name and key
 * @crypto: from tsm_crypto_new()
 * @pools: where they are, and those that issued them
 * @cert: one of them; if nobody in @pools signed it, but somebody signed another,
 *	becomes that
 *
 * A copy with a wrong signature, which a host may give, must not stand before the
 * right one. Some copies are looked at, no more.
 * Return: 0 or -ENOMEM.
 */
int chain_best(const struct tsm_crypto *crypto, const struct cert_pools *pools,
	       const struct x509 **cert);

enum crl_state {
	CRL_NONE,		/* no list of that issuer */
	CRL_BAD,		/* only lists not signed by it, or not to be understood */
	CRL_STALE,		/* only lists of another time */
	CRL_CLEAR,		/* a current list does not have it */
	CRL_REVOKED,
};

/**
 * crl_look() - look a certificate up in the lists of its issuer
 * @crypto: from tsm_crypto_new()
 * @pool: lists, first that is authentic and current decides; any authentic one, stale
 *	or not, that has the certificate means CRL_REVOKED
 * @cert: that may be revoked
 * @issuer: its issuer, verified
 * @at: seconds since 1970
 * @state: the result
 *
 * Return: 0 or -ENOMEM.
 */
int crl_look(const struct tsm_crypto *crypto, const struct cert_pool *pool,
	     const struct x509 *cert, const struct x509 *issuer, int64_t at,
	     enum crl_state *state);

#endif /* TSM_CHAIN_H */
