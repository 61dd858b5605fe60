// SPDX-License-Identifier: MIT
/* Revocation lists for the chains of SNP reports: one of each ARK, AMD 57230. */
#include "verify_snp.h"

/* What the lists of all pools say of one certificate. */
struct answer {
	bool is_revoked;
	bool is_clear;		/* by a current list */
	bool is_given;		/* and one that the verifier chose */
	bool is_stale;
	bool is_bad;
};

static int ask(const struct snp_judge *s, const struct x509 *cert,
	       const struct x509 *issuer, struct answer *answer)
{
	const struct cert_pool *const pools[] = {
		&s->judge->v->crls, &s->judge->v->certs, &s->own,
	};
	enum crl_state state;
	size_t i;
	int ret;

	for (i = 0; i < sizeof(pools) / sizeof(pools[0]); i++) {
		ret = crl_look(s->judge->v->crypto, pools[i], cert, issuer,
			       s->judge->at, &state);
		if (ret)
			return ret;
		answer->is_revoked |= state == CRL_REVOKED;
		answer->is_clear |= state == CRL_CLEAR;
		answer->is_given |= state == CRL_CLEAR && pools[i] != &s->own;
		answer->is_stale |= state == CRL_STALE;
		answer->is_bad |= state == CRL_BAD;
	}
	return 0;
}

/* Number 0 is that of all leaves: a list that has it would mean all of them. */
static bool has_number(const struct x509 *cert)
{
	size_t i;

	for (i = 0; i < cert->serial.len; i++) {
		if (cert->serial.data[i])
			return true;
	}
	return false;
}

static void conclude(struct snp_judge *s, const struct answer *answer)
{
	const bool needed = s->judge->v->flags & TSM_VERIFY_NEED_CRLS;
	const char *why = answer->is_stale ? "of another time" :
			  answer->is_bad ? "that it did not sign, or that cannot be understood" :
					   NULL;
	char name[CERT_NAME_SIZE];

	cert_name(s->cert[SNP_ROOT], name);
	if (answer->is_given || (answer->is_clear && !needed))
		judge_pass(s->judge, "revocation",
			   "a current list of %s has none of the chain", name);
	else if (needed && why)
		judge_fail(s->judge, "revocation",
			   "of %s there are only lists %s", name, why);
	else if (needed)
		judge_fail(s->judge, "revocation",
			   "no list of %s was given: AMD's KDS has it at /vcek/v1/%s/crl",
			   name, s->product);
	else if (why)
		judge_skip(s->judge, "revocation",
			   "of %s there are only lists %s", name, why);
	else
		judge_skip(s->judge, "revocation", "no --crl");
}

int snp_check_revocation(struct snp_judge *s)
{
	const struct x509 *leaf = s->cert[SNP_LEAF], *ca = s->cert[SNP_CA];
	const struct x509 *root = s->cert[SNP_ROOT];
	struct answer of_leaf = { .is_bad = false };
	struct answer of_ca = { .is_bad = false };
	char name[CERT_NAME_SIZE];
	int ret = 0;

	if (!root) {
		judge_skip(s->judge, "revocation", "not reached: %s failed",
			   leaf ? "chain" : "certificates");
		return 0;
	}
	if (has_number(leaf))
		ret = ask(s, leaf, ca, &of_leaf);
	/* the list of the ARK is meant for VLEKs, too */
	if (!ret && has_number(leaf) && snp_kind(leaf, NULL) == SNP_KIND_VLEK)
		ret = ask(s, leaf, root, &of_leaf);
	if (!ret)
		ret = ask(s, ca, root, &of_ca);
	if (ret)
		return ret;
	if (of_leaf.is_revoked || of_ca.is_revoked)
		judge_fail(s->judge, "revocation", "%s is revoked",
			   cert_name(of_ca.is_revoked ? ca : leaf, name));
	else
		conclude(s, &of_ca);
	return 0;
}
