// SPDX-License-Identifier: MIT
/* Looks for the certificates of a quote in revocation lists. */
#include "verify_tdx.h"

/**
 * struct lookup - what lists say of a chain
 * @needed: there must be a current list of each issuer
 * @bad: why it fails
 * @clear: what is known not to be revoked
 * @unknown: what is not known
 */
struct lookup {
	bool needed;
	struct reason bad;
	struct reason clear;
	struct reason unknown;
};

/*
 * Lists come with --crl, with the collateral and with other certificates. One that
 * has the certificate is heard, whoever brought it; of the others a current one is
 * best, and a stale one worth mentioning. Where lists are needed, those that came
 * with the quote do not do: the host would take the last one before it was revoked.
 */
static int look(const struct tdx *t, size_t at, bool needed,
		enum crl_state *best)
{
	const struct tsm_verifier *v = t->judge->v;
	const struct cert_pool *const pools[] = {
		&v->crls, &v->collateral.pool, &v->certs, &t->came,
	};
	enum crl_state state;
	size_t i;
	int ret;

	*best = CRL_NONE;
	for (i = 0; i < sizeof(pools) / sizeof(pools[0]); i++) {
		if (!pools[i]->crls)
			continue;
		ret = crl_look(v->crypto, pools[i], t->cert[at],
			       t->cert[at + 1], t->judge->at, &state);
		if (ret)
			return ret;
		if (needed && pools[i] == &t->came && state != CRL_REVOKED)
			continue;
		/* the enum has them in the order that is wanted here */
		if (state > *best)
			*best = state;
	}
	return 0;
}

static void note(const struct tdx *t, size_t at, enum crl_state state,
		 struct lookup *lookup)
{
	struct reason *missing = lookup->needed ? &lookup->bad :
						  &lookup->unknown;
	char name[CERT_NAME_SIZE], issuer[CERT_NAME_SIZE], now[TEXT_DATE_SIZE];

	cert_name(t->cert[at + 1], issuer);
	switch (state) {
	case CRL_REVOKED:
		reason_add(&lookup->bad, "%s is revoked by %s",
			   cert_name(t->cert[at], name), issuer);
		break;
	case CRL_CLEAR:
		reason_add(&lookup->clear, "%s is not in the list of %s",
			   cert_name(t->cert[at], name), issuer);
		break;
	case CRL_STALE:
		reason_add(missing, "no list of %s is current at %s", issuer,
			   text_date(t->judge->at, now));
		break;
	case CRL_BAD:
		reason_add(missing,
			   "the list of %s is not signed by it, or not to be understood",
			   issuer);
		break;
	case CRL_NONE:
		reason_add(missing, "there is no list of %s", issuer);
		break;
	}
}

int tdx_judge_revocation(struct tdx *t)
{
	struct lookup lookup = {
		.needed = t->judge->v->flags & TSM_VERIFY_NEED_CRLS,
	};
	enum crl_state state;
	size_t at;
	int ret;

	if (!t->is_chain) {
		judge_skip(t->judge, "revocation",
			   "not reached: pck_chain failed");
		return 0;
	}
	for (at = TDX_LEAF; at < TDX_ROOT; at++) {
		ret = look(t, at, lookup.needed, &state);
		if (ret)
			return ret;
		note(t, at, state, &lookup);
	}
	if (lookup.bad.len)
		judge_fail(t->judge, "revocation", "%s", lookup.bad.text);
	else if (lookup.unknown.len)
		judge_skip(t->judge, "revocation", "%s%s%s",
			   lookup.unknown.text, lookup.clear.len ? "; " : "",
			   lookup.clear.text);
	else
		judge_pass(t->judge, "revocation", "%s", lookup.clear.text);
	return 0;
}
