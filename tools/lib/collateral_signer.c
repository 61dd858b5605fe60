// SPDX-License-Identifier: MIT
/*
 * Who signed a TCB info or a QE identity: a certificate that the root has issued
 * for that purpose, QVL 4.1.2.7 and 4.1.2.9.
 */
#include "collateral_private.h"

#include <stdio.h>
#include <string.h>

/* What every such certificate has in its CN, under whichever root. */
#define SIGNER_NAME	"SGX TCB Signing"

static bool is_signer(const struct x509 *cert)
{
	return cert->key == X509_KEY_P256 && !cert->is_ca &&
	       cert->can_sign_data && cert->common_name.len &&
	       memmem(cert->common_name.data, cert->common_name.len,
		      SIGNER_NAME, strlen(SIGNER_NAME));
}

static bool is_in(const struct cert_pool *pool, size_t count,
		  const struct x509 *cert)
{
	size_t i;

	for (i = 0; pool && i < count; i++)
		if (x509_equal(&pool->cert[i]->der, &cert->der))
			return true;
	return false;
}

static int signed_by(const struct collateral_doc *doc,
		     const struct tcb_judge *judge, const struct x509 *cert)
{
	struct tsm_blob text = collateral_text(doc);

	return tsm_crypto_ecdsa(judge->crypto, X509_KEY_P256, cert->point.data,
				&text, 1, doc->signature);
}

/* The worst that any list says of it: a list is a list wherever it came from. */
static int look_up(const struct collateral *col, const struct tcb_judge *judge,
		   const struct x509 *cert, enum crl_state *worst)
{
	const struct cert_pool *const pools[] = {
		judge->crls, &col->pool, judge->certs,
	};
	enum crl_state state;
	size_t i;
	int ret;

	*worst = CRL_NONE;
	for (i = 0; i < sizeof(pools) / sizeof(pools[0]); i++) {
		if (!pools[i])
			continue;
		ret = crl_look(judge->crypto, pools[i], cert, judge->root,
			       judge->at, &state);
		if (ret)
			return ret;
		if (state > *worst)
			*worst = state;
	}
	return 0;
}

static int judge_revocation(const struct collateral *col,
			    const struct tcb_judge *judge,
			    const struct x509 *cert, char *reason, size_t size)
{
	static const char *const missing[] = {
		[CRL_NONE] = "there is none",
		[CRL_BAD] = "the one there is was not signed by it, or is not understood",
		[CRL_STALE] = "the one there is is of another time",
	};
	enum crl_state state;
	int ret;

	ret = look_up(col, judge, cert, &state);
	if (ret)
		return ret;
	if (state == CRL_REVOKED) {
		snprintf(reason, size, "its TCB signing certificate is revoked");
		return 0;
	}
	if (state != CRL_CLEAR && judge->need_crls) {
		snprintf(reason, size,
			 "its TCB signing certificate needs a current revocation list of the root: %s",
			 missing[state]);
		return 0;
	}
	return 1;
}

/* A certificate whose key did sign. */
static int judge_signer(const struct collateral *col,
			const struct tcb_judge *judge, const struct x509 *cert,
			char *reason, size_t size)
{
	enum chain_fault fault;
	char when[TEXT_DATE_SIZE];
	int ret;

	ret = chain_link(judge->crypto, cert, judge->root, 0, &fault);
	if (ret)
		return ret;
	if (fault != CHAIN_FINE) {
		snprintf(reason, size,
			 "its TCB signing certificate %s, which must be the root of the PCK certificate",
			 chain_fault_text(fault));
		return 0;
	}
	switch (chain_time(cert, judge->at)) {
	case CHAIN_NOT_YET:
		snprintf(reason, size,
			 "its TCB signing certificate is valid only from %s on",
			 text_date(cert->not_before, when));
		return 0;
	case CHAIN_EXPIRED:
		snprintf(reason, size,
			 "its TCB signing certificate expired %s",
			 text_date(cert->not_after, when));
		return 0;
	case CHAIN_VALID:
		break;
	}
	return judge_revocation(col, judge, cert, reason, size);
}

/**
 * try_signers() - look for who signed it
 * @signers: set to how many certificates there are for that
 *
 * Return: 1 if one that is right did, 0 with or without a reason, -ENOMEM.
 */
static int try_signers(const struct collateral_doc *doc,
		       const struct collateral *col,
		       const struct tcb_judge *judge,
		       const struct x509 **signer, size_t *signers,
		       char *reason, size_t size)
{
	const struct cert_pool *const pools[] = { &col->pool, judge->certs };
	const struct x509 *cert;
	size_t p, i;
	int ret;

	for (p = 0; p < 2 && pools[p]; p++) {
		for (i = 0; i < pools[p]->certs; i++) {
			cert = pools[p]->cert[i];
			if (!is_signer(cert) || is_in(pools[p], i, cert))
				continue;
			++*signers;
			ret = signed_by(doc, judge, cert);
			if (ret > 0)
				ret = judge_signer(col, judge, cert, reason,
						   size);
			if (ret > 0)
				*signer = cert;
			if (ret)
				return ret;
		}
	}
	return 0;
}

int collateral_authentic(const struct collateral_doc *doc,
			 const struct collateral *col,
			 const struct tcb_judge *judge,
			 const struct x509 **signer, char *reason,
			 size_t size)
{
	size_t signers = 0;
	int ret = 0;

	*reason = '\0';
	if (!doc->is_signed) {
		snprintf(reason, size, "it has no signature of 64 bytes in hex");
		return 0;
	}
	if (*signer)
		ret = signed_by(doc, judge, *signer);
	if (!ret)
		ret = try_signers(doc, col, judge, signer, &signers, reason,
				  size);
	if (ret || *reason)
		return ret;
	if (signers)
		snprintf(reason, size,
			 "its signature is wrong: it was changed (white space counts), or signed by another than the TCB signing certificate given");
	else
		snprintf(reason, size,
			 "who signed it is unknown: no TCB signing certificate is given, which its issuer chain has");
	return 0;
}
