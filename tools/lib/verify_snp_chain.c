// SPDX-License-Identifier: MIT
/*
 * The chain above the key that signed an SNP report: VCEK <- ASK <- ARK, or
 * VLEK <- ASVK <- ARK, AMD 57230. AMD leaves out key identifiers, and gives
 * every VCEK and VLEK the serial number 0: issuers are found by name and
 * signature, and no list can revoke a leaf by number.
 */
#include "verify_snp.h"

#include <stdio.h>

/* If @issuer did issue @cert, the copy of it that was issued itself is as good. */
static int link_best(const struct snp_judge *s, const struct x509 *cert,
		     const struct cert_pools *pools,
		     const struct x509 **issuer, enum chain_fault *fault)
{
	const struct tsm_crypto *crypto = s->judge->v->crypto;
	const struct x509 *first = *issuer;
	int ret;

	ret = chain_link(crypto, cert, first, 0, fault);
	if (!ret && *fault == CHAIN_FINE)
		ret = chain_best(crypto, pools, issuer);
	if (!ret && *issuer != first)
		ret = chain_link(crypto, cert, *issuer, 0, fault);
	return ret;
}

/* The first that issued the one at @at, or else the first that has the name: what
 * is wrong with that can be said. */
static int find_issuer(struct snp_judge *s, enum snp_chain at)
{
	const struct x509 *cert = s->cert[at], *found;
	const struct cert_pools pools = snp_pools(s);
	const struct cert_pool *pool;
	enum chain_fault fault;
	size_t i, n;
	int ret;

	for (n = 0; n < pools.count; n++) {
		pool = pools.pool[n];
		for (i = 0; i < pool->certs; i++) {
			found = pool->cert[i];
			if (!x509_equal(&found->subject, &cert->issuer))
				continue;
			ret = link_best(s, cert, &pools, &found, &fault);
			if (ret)
				return ret;
			if (!s->cert[at + 1] || fault == CHAIN_FINE) {
				s->cert[at + 1] = found;
				s->fault[at] = fault;
			}
			if (fault == CHAIN_FINE)
				return 0;
		}
	}
	return 0;
}

/* What chain_link() cannot know: AMD signs all three in one way, and a CA is for
 * one kind of leaf and one product. */
static void check_kinds(const struct snp_judge *s, enum snp_chain at,
			struct reason *wrong)
{
	static const char *const form[SNP_CHAIN] = {
		"SEV-VCEK or SEV-VLEK", "SEV-PRODUCT", "ARK-PRODUCT",
	};
	const bool vlek = snp_kind(s->cert[SNP_LEAF], NULL) == SNP_KIND_VLEK;
	const enum snp_kind kind[SNP_CHAIN] = {
		vlek ? SNP_KIND_VLEK : SNP_KIND_VCEK,
		vlek ? SNP_KIND_ASVK : SNP_KIND_ASK, SNP_KIND_ARK,
	};
	char product[SNP_PRODUCT_SIZE], name[CERT_NAME_SIZE];
	const struct x509 *cert = s->cert[at];

	cert_name(cert, name);
	if (snp_kind(cert, product) != kind[at])
		reason_add(wrong, "%s is not %s", name,
			   at == SNP_CA && vlek ? "SEV-VLEK-PRODUCT" :
						  form[at]);
	else if (at != SNP_LEAF && strcmp(product, s->product))
		reason_add(wrong, "%s is not of the product of its root, %s",
			   name, s->product);
	if (cert->algorithm != X509_RSA_PSS_SHA384)
		reason_add(wrong,
			   "%s is not signed with RSASSA-PSS and SHA-384",
			   name);
}

static void say_fault(const struct snp_judge *s, enum snp_chain at,
		      struct reason *wrong)
{
	const enum snp_chain above = at == SNP_ROOT ? at : at + 1;
	char name[CERT_NAME_SIZE], issuer[CERT_NAME_SIZE];

	if (s->cert[above] && s->fault[at] != CHAIN_FINE)
		reason_add(wrong, "%s under %s: it %s",
			   cert_name(s->cert[at], name),
			   cert_name(s->cert[above], issuer),
			   chain_fault_text(s->fault[at]));
}

static const char *role(const struct snp_judge *s, enum snp_chain at)
{
	if (at == SNP_ROOT)
		return "ARK";
	return snp_kind(s->cert[SNP_LEAF], NULL) == SNP_KIND_VLEK ? "ASVK" :
								    "ASK";
}

static void say_missing(const struct snp_judge *s, enum snp_chain at,
			struct reason *wrong)
{
	const bool vlek = snp_kind(s->cert[SNP_LEAF], NULL) == SNP_KIND_VLEK;
	char below[CERT_NAME_SIZE], product[SNP_PRODUCT_SIZE] = "";

	cert_name(s->cert[at - 1], below);
	if (at == SNP_ROOT)
		snp_kind(s->cert[SNP_CA], product);
	if (!product[0])
		snprintf(product, sizeof(product), "%.15s",
			 s->cert[SNP_LEAF]->snp.product);
	product[strcspn(product, "-")] = '\0';
	reason_add(wrong,
		   "the %s that issued %s is missing: give it with --certs, AMD's KDS has it at /%s/v1/%s/cert_chain",
		   role(s, at), below, vlek ? "vlek" : "vcek", product);
}

/* The way up, as far as there are certificates of the right names. */
static int climb(struct snp_judge *s)
{
	const struct x509 *root;
	int at, ret;

	for (at = SNP_LEAF; at < SNP_ROOT && s->cert[at]; at++) {
		ret = find_issuer(s, at);
		if (ret)
			return ret;
	}
	root = s->cert[SNP_ROOT];
	if (!root)
		return 0;
	s->owner = root_owner(s->judge->v, root);
	snp_kind(root, s->product);
	return chain_link(s->judge->v->crypto, root, root, 1,
			  &s->fault[SNP_ROOT]);
}

static void set_signer(struct snp_judge *s)
{
	struct tsm_judgement *j = s->judge->j;
	const bool vlek = snp_kind(s->cert[SNP_LEAF], NULL) == SNP_KIND_VLEK;

	if (s->owner == ROOT_NONE || s->owner == ROOT_INTEL)
		return;
	j->is_emulated = s->owner == ROOT_ADDED;
	if (!s->is_signed)
		return;
	snprintf(j->signer, sizeof(j->signer), "%s %s %s",
		 j->is_emulated ? "emulated" : "AMD", vlek ? "VLEK" : "VCEK",
		 s->product);
}

int snp_check_chain(struct snp_judge *s)
{
	struct reason wrong = { .len = 0 };
	char name[SNP_CHAIN][CERT_NAME_SIZE];
	int at, ret;

	if (!s->cert[SNP_LEAF]) {
		judge_skip(s->judge, "chain", "not reached: certificates failed");
		return 0;
	}
	ret = climb(s);
	if (ret)
		return ret;
	for (at = SNP_LEAF; at < SNP_CHAIN; at++) {
		if (!s->cert[at]) {
			say_missing(s, at, &wrong);
			break;
		}
		cert_name(s->cert[at], name[at]);
		check_kinds(s, at, &wrong);
		say_fault(s, at, &wrong);
	}
	if (wrong.len) {
		judge_fail(s->judge, "chain", "%s", wrong.text);
	} else {
		judge_pass(s->judge, "chain", "%s <- %s <- %s", name[SNP_LEAF],
			   name[SNP_CA], name[SNP_ROOT]);
		set_signer(s);
	}
	return 0;
}

void snp_check_root(struct snp_judge *s)
{
	const struct x509 *root = s->cert[SNP_ROOT];
	const char *product = root_product(s->owner);
	char name[CERT_NAME_SIZE];

	if (!root)
		judge_skip(s->judge, "root", "not reached: %s failed",
			   s->cert[SNP_LEAF] ? "chain" : "certificates");
	else if (s->owner == ROOT_ADDED)
		judge_pass(s->judge, "root",
			   "EMULATED: %s is a root that was added",
			   cert_name(root, name));
	else if (!product[0])
		judge_fail(s->judge, "root",
			   "%s has another key than each of AMD's roots for Milan, Genoa and Turin",
			   cert_name(root, name));
	else if (strcmp(product, s->product))
		judge_fail(s->judge, "root",
			   "%s has the key of AMD's root for %s",
			   cert_name(root, name), product);
	else
		judge_pass(s->judge, "root", "AMD's for %s", product);
}

void snp_check_validity(struct snp_judge *s)
{
	struct reason wrong = { .len = 0 };
	char name[CERT_NAME_SIZE], when[TEXT_DATE_SIZE];
	const struct x509 *cert;
	size_t at;

	if (!s->cert[SNP_LEAF]) {
		judge_skip(s->judge, "validity",
			   "not reached: certificates failed");
		return;
	}
	for (at = SNP_LEAF; at < SNP_CHAIN && s->cert[at]; at++) {
		cert = s->cert[at];
		switch (chain_time(cert, s->judge->at)) {
		case CHAIN_NOT_YET:
			reason_add(&wrong, "%s is valid from %s on",
				   cert_name(cert, name),
				   text_date(cert->not_before, when));
			break;
		case CHAIN_EXPIRED:
			reason_add(&wrong, "%s expired at %s",
				   cert_name(cert, name),
				   text_date(cert->not_after, when));
			break;
		case CHAIN_VALID:
			break;
		}
	}
	text_date(s->judge->at, when);
	if (wrong.len)
		judge_fail(s->judge, "validity", "%s; judged at %s",
			   wrong.text, when);
	else if (at < SNP_CHAIN)
		judge_skip(s->judge, "validity", "not reached: chain failed");
	else
		judge_pass(s->judge, "validity", "at %s", when);
}
