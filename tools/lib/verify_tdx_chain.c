// SPDX-License-Identifier: MIT
/* Judges the PCK chain of a quote: links, root, time. */
#include "verify_tdx.h"

#include <errno.h>

/* What the profile demands of a certificate, its section 1.2, beyond RFC 5280. */
static void judge_profile(const struct tdx *t, size_t at, struct reason *bad)
{
	const struct x509 *cert = t->cert[at];
	char name[CERT_NAME_SIZE];

	if (cert->key != X509_KEY_P256)
		reason_add(bad, "the key of %s is not one of P-256",
			   cert_name(cert, name));
	if (cert->algorithm != X509_ECDSA_SHA256)
		reason_add(bad, "%s is not signed with ECDSA and SHA-256",
			   cert_name(cert, name));
	if (at != TDX_LEAF)
		return;
	if (!(cert->has & X509_HAS_PCK))
		reason_add(bad, "%s has no SGX extension, so it is not one of a PCK",
			   cert_name(cert, name));
	if (cert->is_ca || !cert->can_sign_data)
		reason_add(bad, "%s is not for signatures over reports",
			   cert_name(cert, name));
}

/*
 * The signature of the root is checked, too: nothing rests on it where the key
 * is pinned, but what stands in the certificate is then all as it was signed.
 */
static int judge_links(struct tdx *t, struct reason *bad)
{
	char name[CERT_NAME_SIZE], above[CERT_NAME_SIZE];
	enum chain_fault fault;
	size_t at, next;
	int ret;

	for (at = 0; at < TDX_CERTS; at++) {
		next = at == TDX_ROOT ? at : at + 1;
		/* between the root and the leaf there is the CA, else none */
		ret = chain_link(t->judge->v->crypto, t->cert[at],
				 t->cert[next], at == TDX_ROOT, &fault);
		if (ret)
			return ret;
		if (fault != CHAIN_FINE)
			reason_add(bad, "%s %s (issuer should be %s)",
				   cert_name(t->cert[at], name),
				   chain_fault_text(fault),
				   cert_name(t->cert[next], above));
		judge_profile(t, at, bad);
	}
	return 0;
}

static int judge_pck_chain(struct tdx *t)
{
	char leaf[CERT_NAME_SIZE], ca[CERT_NAME_SIZE], root[CERT_NAME_SIZE];
	struct reason bad = { "", 0 };
	struct tsm_error err = { "" };
	int ret;

	ret = tdx_chain_find(t, &err);
	if (ret == -EBADMSG)
		judge_fail(t->judge, "pck_chain", "%s%s%s", err.text,
			   t->bad_came.text[0] ? "; beside the quote: " : "",
			   t->bad_came.text);
	if (ret)
		return ret == -EBADMSG ? 0 : ret;
	ret = judge_links(t, &bad);
	if (ret)
		return ret;
	t->is_chain = !bad.len;
	if (bad.len)
		judge_fail(t->judge, "pck_chain", "%s", bad.text);
	else
		judge_pass(t->judge, "pck_chain", "%s, %s, %s%s",
			   cert_name(t->cert[TDX_LEAF], leaf),
			   cert_name(t->cert[TDX_CA], ca),
			   cert_name(t->cert[TDX_ROOT], root),
			   t->owns == TDX_CERTS ?
			   "" : ", some not from the quote");
	return 0;
}

static void judge_root(struct tdx *t)
{
	const struct x509 *root = t->cert[TDX_ROOT];
	char name[CERT_NAME_SIZE];

	if (!root) {
		judge_skip(t->judge, "root", "not reached: pck_chain failed");
		return;
	}
	t->owner = root_owner(t->judge->v, root);
	switch (t->owner) {
	case ROOT_INTEL:
		judge_pass(t->judge, "root", "Intel SGX Root CA, by its key");
		break;
	case ROOT_ADDED:
		judge_pass(t->judge, "root",
			   "%s, a root that was added, not Intel's",
			   cert_name(root, name));
		break;
	default:
		judge_fail(t->judge, "root",
			   "the key of %s is neither that of Intel's root nor that of one that was added",
			   cert_name(root, name));
		return;
	}
	t->is_trusted = t->is_chain;
}

static void judge_validity(struct tdx *t)
{
	char name[CERT_NAME_SIZE], date[TEXT_DATE_SIZE], now[TEXT_DATE_SIZE];
	const struct x509 *cert, *first = NULL;
	struct reason bad = { "", 0 };
	size_t i;

	text_date(t->judge->at, now);
	for (i = 0; i < TDX_CERTS && t->cert[i]; i++) {
		cert = t->cert[i];
		if (!first || cert->not_after < first->not_after)
			first = cert;
		switch (chain_time(cert, t->judge->at)) {
		case CHAIN_VALID:
			break;
		case CHAIN_NOT_YET:
			reason_add(&bad, "%s is valid from %s, it is %s",
				   cert_name(cert, name),
				   text_date(cert->not_before, date), now);
			break;
		case CHAIN_EXPIRED:
			reason_add(&bad, "%s expired %s, it is %s",
				   cert_name(cert, name),
				   text_date(cert->not_after, date), now);
			break;
		}
	}
	if (bad.len)
		judge_fail(t->judge, "validity", "%s", bad.text);
	else if (i < TDX_CERTS)
		judge_skip(t->judge, "validity",
			   "not reached: pck_chain failed");
	else
		judge_pass(t->judge, "validity",
			   "at %s; %s is the first to expire, %s", now,
			   cert_name(first, name),
			   text_date(first->not_after, date));
}

int tdx_judge_chain(struct tdx *t)
{
	int ret;

	ret = judge_pck_chain(t);
	if (ret)
		return ret;
	judge_root(t);
	judge_validity(t);
	return 0;
}
