// SPDX-License-Identifier: MIT
/* Sets up what evidence is judged by. */
#include "verify.h"

#include <errno.h>
#include <stdlib.h>

int tsm_verifier_new(struct tsm_verifier **verifier)
{
	struct tsm_verifier *v = calloc(1, sizeof(*v));
	int ret;

	*verifier = NULL;
	if (!v)
		return -ENOMEM;
	ret = tsm_crypto_new(&v->crypto);
	if (ret) {
		free(v);
		return ret;
	}
	*verifier = v;
	return 0;
}

void tsm_verifier_free(struct tsm_verifier *verifier)
{
	size_t i;

	if (!verifier)
		return;
	for (i = 0; i < verifier->logs; i++)
		free((void *)(uintptr_t)verifier->log[i].data);
	policy_free(verifier->policy);
	collateral_clear(&verifier->collateral);
	cert_pool_clear(&verifier->crls);
	cert_pool_clear(&verifier->certs);
	cert_pool_clear(&verifier->roots);
	tsm_crypto_free(verifier->crypto);
	free(verifier);
}

void tsm_verifier_set_flags(struct tsm_verifier *verifier, unsigned int flags)
{
	verifier->flags = flags;
}

void tsm_verifier_set_time(struct tsm_verifier *verifier, int64_t at)
{
	verifier->has_time = true;
	verifier->at = at;
}

int tsm_verifier_set_report_data(struct tsm_verifier *verifier,
				 const void *data, size_t len)
{
	if (len > sizeof(verifier->report_data))
		return -EINVAL;
	memset(verifier->report_data, 0, sizeof(verifier->report_data));
	if (len)
		memcpy(verifier->report_data, data, len);
	verifier->has_report_data = true;
	return 0;
}

/* Adds a root, if it is one: whoever signed itself, and may sign. */
static int add_root(struct tsm_verifier *v, const struct x509 *cert,
		    size_t *added, struct tsm_error *err)
{
	enum chain_fault fault;
	size_t one;
	int ret;

	if (chain_link(v->crypto, cert, cert, 0, &fault))
		return tsm_error_set(err, -ENOMEM, "roots: out of memory");
	if (fault != CHAIN_FINE)
		return 0;
	ret = cert_pool_add(&v->roots, cert->der.data, cert->der.len, &one,
			    err);
	*added += !ret;
	return ret;
}

int tsm_verifier_add_roots(struct tsm_verifier *verifier, const void *data,
			   size_t len, size_t *added, struct tsm_error *err)
{
	const size_t certs = verifier->roots.certs;
	struct cert_pool given = { 0 };
	size_t i, found;
	int ret;

	*added = 0;
	ret = cert_pool_add(&given, data, len, &found, err);
	for (i = 0; !ret && i < given.certs; i++)
		ret = add_root(verifier, given.cert[i], added, err);
	cert_pool_clear(&given);
	/* all of them, or none */
	if (ret) {
		cert_pool_cut(&verifier->roots, certs, verifier->roots.crls);
		*added = 0;
	}
	return ret;
}

int tsm_verifier_add_certs(struct tsm_verifier *verifier, const void *data,
			   size_t len, size_t *added, struct tsm_error *err)
{
	return cert_pool_add(&verifier->certs, data, len, added, err);
}

int tsm_verifier_add_crls(struct tsm_verifier *verifier, const void *data,
			  size_t len, size_t *added, struct tsm_error *err)
{
	return cert_pool_add(&verifier->crls, data, len, added, err);
}

int tsm_verifier_add_collateral(struct tsm_verifier *verifier,
				const void *data, size_t len, size_t *added,
				struct tsm_error *err)
{
	return collateral_add(&verifier->collateral, data, len, added, err);
}

int tsm_verifier_set_policy(struct tsm_verifier *verifier, const char *json,
			    size_t len, struct tsm_error *err)
{
	struct tsm_policy *policy;
	int ret;

	ret = policy_parse(&policy, json, len, err);
	if (ret)
		return ret;
	policy_free(verifier->policy);
	verifier->policy = policy;
	return 0;
}

int tsm_verifier_add_log(struct tsm_verifier *verifier, const void *data,
			 size_t len, struct tsm_error *err)
{
	uint8_t *copy;

	if (verifier->logs == TSM_VERIFY_LOGS)
		return tsm_error_set(err, -EFBIG,
				     "event log: more than %d of them",
				     TSM_VERIFY_LOGS);
	copy = malloc(len ? len : 1);
	if (!copy)
		return tsm_error_set(err, -ENOMEM, "event log: out of memory");
	if (len)
		memcpy(copy, data, len);
	verifier->log[verifier->logs++] = (struct tsm_blob){ copy, len };
	return 0;
}
