// SPDX-License-Identifier: MIT
/*
 * Judges TD quotes, Intel TDX DCAP Quoting Library API, A.3 and A.4: from the root
 * to the PCK, from there to the quoting enclave, and from its key to the TD.
 *
 * Each check stands for itself, so that all that is wrong is told at once. What
 * can only be said of something that passed is skipped.
 */
#include "verify_tdx.h"

#include <errno.h>
#include <stdio.h>

/* [DCAP] A.3.1: the one vendor of quoting enclaves. */
static const uint8_t intel_vendor_id[16] = {
	0x93, 0x9a, 0x72, 0x33, 0xf7, 0x9c, 0x4c, 0xa9,
	0x94, 0x0a, 0x0d, 0xb3, 0x95, 0x7f, 0x06, 0x07,
};

/* TDATTRIBUTES bits 7:0, "TUD": each of them takes a TD out of protection. */
#define TD_UNDER_DEBUG	0xff

static const char *const body_names[] = {
	[TSM_QUOTE_BODY_TD10] = "TDX 1.0",
	[TSM_QUOTE_BODY_TD15] = "TDX 1.5",
	[TSM_QUOTE_BODY_TD15EX] = "TDX 1.5 with service TD",
};

/* All names, in order: nothing may be missing from a judgement. */
static void not_reached(struct tdx *t)
{
	static const char *const names[] = {
		"qe_vendor", "pck_chain", "root", "validity", "revocation",
		"qe_report_signature", "attestation_key", "quote_signature",
		"qe", "td_module", "tcb_info", "qe_identity", "tcb_status",
		"debug", "trailing_bytes", "report_data", "policy",
		"event_log",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		judge_skip(t->judge, names[i], "not reached: format failed");
}

static bool judge_format(struct tdx *t)
{
	const struct tsm_blob *data = &t->judge->data;
	struct tsm_error err = { "" };

	if (tsm_quote_parse(data->data, data->len, &t->quote, &err)) {
		judge_fail(t->judge, "format", "%s", err.text);
		return false;
	}
	judge_pass(t->judge, "format", "version %u, body of type %u (%s)",
		   t->quote.version, t->quote.body_type,
		   body_names[t->quote.body_type]);
	return true;
}

static void judge_vendor(struct tdx *t)
{
	const uint8_t *id = t->quote.header.qe_vendor_id;
	char found[36], expected[36];

	if (!memcmp(id, intel_vendor_id, sizeof(intel_vendor_id)))
		judge_pass(t->judge, "qe_vendor", "Intel");
	else
		judge_fail(t->judge, "qe_vendor", "%s, expected %s",
			   text_hex(id, 16, found),
			   text_hex(intel_vendor_id, 16, expected));
}

static int judge_qe_signature(struct tdx *t)
{
	const struct tsm_blob report = {
		(const uint8_t *)&t->quote.qe.report,
		sizeof(t->quote.qe.report),
	};
	const struct x509 *leaf = t->cert[TDX_LEAF];
	const char *check = "qe_report_signature";
	char name[CERT_NAME_SIZE];
	int ret;

	if (!leaf || leaf->key != X509_KEY_P256) {
		judge_skip(t->judge, check, "not reached: pck_chain failed");
		return 0;
	}
	ret = tsm_crypto_ecdsa(t->judge->v->crypto, leaf->key,
			       leaf->point.data, &report, 1,
			       t->quote.qe.signature);
	if (ret < 0)
		return ret;
	if (ret)
		judge_pass(t->judge, check, "by the key of %s",
			   cert_name(leaf, name));
	else
		judge_fail(t->judge, check,
			   "the key of %s did not sign this QE report",
			   cert_name(leaf, name));
	return 0;
}

static void judge_binding(struct tdx *t)
{
	const struct tsm_quote *q = &t->quote;
	const struct tsm_blob covered[] = {
		{ q->ecdsa.attestation_key, sizeof(q->ecdsa.attestation_key) },
		q->auth,
	};
	uint8_t expected[64] = { 0 };
	char is[36], should[36];

	tsm_sha256(covered, 2, expected);
	if (!memcmp(expected, q->qe.report.reportdata, sizeof(expected)))
		judge_pass(t->judge, "attestation_key",
			   "named by the QE report");
	else if (memcmp(expected, q->qe.report.reportdata, 32))
		judge_fail(t->judge, "attestation_key",
			   "the QE report names another one: its REPORTDATA is %s, key and authentication data give %s",
			   text_hex_cut(q->qe.report.reportdata, 64, 16, is),
			   text_hex_cut(expected, 64, 16, should));
	else
		judge_fail(t->judge, "attestation_key",
			   "the second half of the QE report's REPORTDATA is %s, expected 0",
			   text_hex_cut(q->qe.report.reportdata + 32, 32, 16, is));
}

static int judge_quote_signature(struct tdx *t)
{
	const char *check = "quote_signature";
	int ret;

	ret = tsm_crypto_ecdsa(t->judge->v->crypto, X509_KEY_P256,
			       t->quote.ecdsa.attestation_key,
			       &t->quote.signed_part, 1,
			       t->quote.ecdsa.signature);
	if (ret < 0)
		return ret;
	if (ret)
		judge_pass(t->judge, check, "by the attestation key");
	else
		judge_fail(t->judge, check,
			   "the attestation key did not sign this header and body");
	return 0;
}

static int judge_signatures(struct tdx *t)
{
	int ret;

	ret = judge_qe_signature(t);
	if (ret)
		return ret;
	judge_binding(t);
	return judge_quote_signature(t);
}

static void judge_debug(struct tdx *t)
{
	const unsigned long long attributes =
		le64toh(t->quote.body.td15.td10.td_attributes);
	const struct tsm_verifier *v = t->judge->v;

	if (!(attributes & TD_UNDER_DEBUG))
		judge_pass(t->judge, "debug", "off");
	else if (v->flags & TSM_VERIFY_ALLOW_DEBUG ||
		 policy_allows_debug(v->policy, TSM_EVIDENCE_QUOTE))
		judge_pass(t->judge, "debug",
			   "on (TDATTRIBUTES %#llx), and allowed", attributes);
	else
		judge_fail(t->judge, "debug",
			   "on (TDATTRIBUTES %#llx): the host can read and change the TD",
			   attributes);
}

static void judge_policy(struct tdx *t)
{
	const struct x509 *leaf = t->cert[TDX_LEAF];

	if (!t->judge->v->policy)
		judge_skip(t->judge, "policy", "no --policy");
	else
		policy_apply_tdx(t->judge->v->policy, &t->quote,
				 leaf && leaf->has & X509_HAS_PCK ?
				 &leaf->pck : NULL, t->judge->j);
}

static void name_signer(struct tdx *t)
{
	struct tsm_judgement *j = t->judge->j;

	j->is_emulated = t->is_trusted && t->owner == ROOT_ADDED;
	if (t->is_trusted)
		snprintf(j->signer, sizeof(j->signer), "%s",
			 j->is_emulated ? "emulated SGX PCK" :
					  "Intel SGX PCK");
}

static int judge_all(struct tdx *t)
{
	int ret;

	judge_vendor(t);
	ret = tdx_judge_chain(t);
	if (!ret)
		ret = tdx_judge_revocation(t);
	if (!ret)
		ret = judge_signatures(t);
	if (!ret)
		ret = tdx_judge_tcb(t);
	if (ret)
		return ret;
	name_signer(t);
	judge_debug(t);
	judge_trailing(t->judge, &t->quote.trailing);
	judge_report_data(t->judge, t->quote.body.td15.td10.reportdata);
	judge_policy(t);
	return judge_log(t->judge, &t->quote);
}

int judge_quote(struct judge *judge, struct tsm_error *err)
{
	struct tdx t;
	int ret = 0;

	/* all but the room for certificates, which is filled before it is read */
	memset(&t, 0, offsetof(struct tdx, der));
	t.judge = judge;
	if (judge_format(&t))
		ret = judge_all(&t);
	else
		not_reached(&t);
	cert_pool_clear(&t.came);
	return ret ? tsm_error_set(err, ret, "quote: out of memory") : 0;
}
