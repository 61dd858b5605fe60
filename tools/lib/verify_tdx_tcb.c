// SPDX-License-Identifier: MIT
/* Judges who made a quote: quoting enclave, TDX module, and their versions. */
#include "verify_tdx.h"

#include <stdio.h>

#define SGX_ATTR_DEBUG	(1u << 1)	/* ATTRIBUTES.DEBUG, [SGX] */
#define TD_QE_PRODID	2

/* MRSIGNER of Intel's TD quoting enclave, as each of its QE identities has it. */
static const uint8_t td_qe_signer[32] = {
	0xdc, 0x9e, 0x2a, 0x7c, 0x6f, 0x94, 0x8f, 0x17,
	0x47, 0x4e, 0x34, 0xa7, 0xfc, 0x43, 0xed, 0x03,
	0x0f, 0x7c, 0x15, 0x63, 0xf1, 0xba, 0xbd, 0xdf,
	0x63, 0x40, 0xc8, 0x2e, 0x0e, 0x54, 0xa8, 0xc5,
};

static bool is_zero(const void *data, size_t len)
{
	const uint8_t *bytes = data;
	uint8_t any = 0;

	while (len--)
		any |= *bytes++;
	return !any;
}

/* Says why it is not done, if it is not: what is pinned here is Intel's own. */
static bool skip_pins(struct tdx *t, const char *name)
{
	if (t->is_trusted && t->owner == ROOT_INTEL)
		return false;
	if (t->is_trusted && t->judge->v->collateral.docs)
		judge_skip(t->judge, name,
			   "the root is not Intel's; the QE identity judges it");
	else if (t->is_trusted)
		judge_skip(t->judge, name,
			   "not demanded, for the root is not Intel's");
	else
		judge_skip(t->judge, name, "not reached: %s failed",
			   t->is_chain ? "root" : "pck_chain");
	return true;
}

static void judge_qe(struct tdx *t)
{
	const struct tsm_sgx_report *qe = &t->quote.qe.report;
	const unsigned int product = le16toh(qe->isvprodid);
	struct reason bad = { "", 0 };
	char found[68], expected[68];

	if (skip_pins(t, "qe"))
		return;
	if (memcmp(qe->mrsigner, td_qe_signer, sizeof(td_qe_signer)))
		reason_add(&bad, "MRSIGNER is %s, expected %s",
			   text_hex(qe->mrsigner, 32, found),
			   text_hex(td_qe_signer, 32, expected));
	if (product != TD_QE_PRODID)
		reason_add(&bad, "ISVPRODID is %u, expected %u", product,
			   TD_QE_PRODID);
	if (qe->attributes[0] & SGX_ATTR_DEBUG)
		reason_add(&bad,
			   "the enclave is in debug mode, so its host can sign what it likes");
	if (bad.len)
		judge_fail(t->judge, "qe", "%s", bad.text);
	else
		judge_pass(t->judge, "qe",
			   "Intel's TD quoting enclave, ISVSVN %u",
			   le16toh(qe->isvsvn));
}

/* What no production module has, whatever collateral says: false if it fails. */
static bool module_pins_hold(struct tdx *t)
{
	const struct tsm_quote_td10 *td = &t->quote.body.td15.td10;
	struct reason bad = { "", 0 };
	char found[100];

	if (!is_zero(td->mrsignerseam, sizeof(td->mrsignerseam)))
		reason_add(&bad,
			   "MRSIGNERSEAM is %s, but 0 for a module of Intel",
			   text_hex(td->mrsignerseam, 48, found));
	if (td->seam_attributes)
		reason_add(&bad,
			   "SEAMATTRIBUTES is %#llx, but 0 for a module in production",
			   (unsigned long long)le64toh(td->seam_attributes));
	if (bad.len)
		judge_fail(t->judge, "td_module", "%s", bad.text);
	return !bad.len;
}

/* The check td_module; what the TCB info says of it is NULL without one. */
static void judge_module(struct tdx *t, const struct tcb_result *result)
{
	const uint8_t *svn = t->quote.body.td15.td10.tee_tcb_svn;

	if (!(result && t->is_trusted) && skip_pins(t, "td_module"))
		return;
	if (t->owner == ROOT_INTEL && !module_pins_hold(t))
		return;
	if (result)
		judge_add(t->judge->j, "td_module", result->td_module, "%s",
			  result->td_module_reason);
	else
		judge_pass(t->judge, "td_module",
			   "Intel's, version %u, SVN %u", svn[1], svn[0]);
}

static int ask_collateral(const struct tdx *t, struct tcb_result *result)
{
	const struct tsm_verifier *v = t->judge->v;
	const struct tsm_quote *q = &t->quote;
	const struct tcb_platform platform = {
		.pck = &t->cert[TDX_LEAF]->pck,
		.tee_tcb_svn = q->body.td15.td10.tee_tcb_svn,
		.tee_tcb_svn2 = q->body.td15.tee_tcb_svn2,
		.has_svn2 = q->body_type == TSM_QUOTE_BODY_TD15,
		.mrsignerseam = q->body.td15.td10.mrsignerseam,
		.seam_attributes =
			(const uint8_t *)&q->body.td15.td10.seam_attributes,
		.qe = (const uint8_t *)&q->qe.report,
	};
	const struct tcb_judge by = {
		.crypto = v->crypto,
		.at = t->judge->at,
		.root = t->cert[TDX_ROOT],
		.certs = &v->certs,
		.crls = &v->crls,
		.need_crls = v->flags & TSM_VERIFY_NEED_CRLS,
	};

	return collateral_judge(&v->collateral, &platform, &by, result);
}

static void judge_status(struct tdx *t, const struct tcb_result *result)
{
	struct tsm_judgement *j = t->judge->j;
	const bool accepted = policy_accepts_tcb(t->judge->v->policy,
						 result->status);
	const char *missing = NULL;

	if (result->qe_identity != TSM_CHECK_PASS)
		missing = "qe_identity";
	if (result->td_module != TSM_CHECK_PASS)
		missing = "td_module";
	if (result->tcb_info != TSM_CHECK_PASS)
		missing = "tcb_info";
	if (missing) {
		judge_skip(t->judge, "tcb_status", "not reached: %s failed",
			   missing);
		return;
	}
	j->tcb_status = result->status;
	snprintf(j->tcb_date, sizeof(j->tcb_date), "%s", result->tcb_date);
	snprintf(j->advisories, sizeof(j->advisories), "%s",
		 result->advisories);
	judge_add(j, "tcb_status", accepted ? TSM_CHECK_PASS : TSM_CHECK_FAIL,
		  "%s%s%s", tsm_tcb_status_name(result->status),
		  result->status_reason[0] ? ": " : "", result->status_reason);
}

/* Who asked for the TCB to be judged must not take a quote for judged that was
 * not, because the file that he gave was another one than he thought. */
static void lack_collateral(struct tdx *t, const char *name, const char *what)
{
	if (t->judge->v->flags & TSM_VERIFY_NEED_TCB)
		judge_fail(t->judge, name,
			   "there is no %s in the collateral that was given",
			   what);
	else
		judge_skip(t->judge, name,
			   "there is no %s, so the TCB is not judged", what);
}

static void lack_status(struct tdx *t)
{
	if (t->judge->v->flags & TSM_VERIFY_NEED_TCB)
		judge_skip(t->judge, "tcb_status",
			   "not reached: tcb_info failed");
	else
		judge_skip(t->judge, "tcb_status",
			   "there is no TCB info, so the TCB is not judged");
}

static void skip_tcb(struct tdx *t, bool has_collateral)
{
	static const char *const names[] = {
		"tcb_info", "qe_identity", "tcb_status",
	};
	size_t i;

	if (!has_collateral) {
		lack_collateral(t, "tcb_info", "TCB info");
		lack_collateral(t, "qe_identity", "QE identity");
		lack_status(t);
		return;
	}
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		judge_skip(t->judge, names[i], "not reached: %s failed",
			   t->is_chain ? "root" : "pck_chain");
}

int tdx_judge_tcb(struct tdx *t)
{
	const bool has_collateral = t->judge->v->collateral.docs;
	struct tcb_result result;
	int ret;

	judge_qe(t);
	if (!has_collateral || !t->is_trusted) {
		judge_module(t, NULL);
		skip_tcb(t, has_collateral);
		return 0;
	}
	ret = ask_collateral(t, &result);
	if (ret)
		return ret;
	judge_module(t, &result);
	judge_add(t->judge->j, "tcb_info", result.tcb_info, "%s",
		  result.tcb_info_reason);
	judge_add(t->judge->j, "qe_identity", result.qe_identity, "%s",
		  result.qe_identity_reason);
	judge_status(t, &result);
	return 0;
}
