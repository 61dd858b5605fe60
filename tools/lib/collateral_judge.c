// SPDX-License-Identifier: MIT
/* What collateral says of one quote: which documents count, and what they demand. */
#include "collateral_private.h"

#include <stdio.h>
#include <string.h>

/**
 * struct call - one call of collateral_judge()
 * @col: what there is
 * @platform: whom it is about
 * @judge: by what
 * @result: gets what is found
 * @signer: of a document that was authentic
 */
struct call {
	const struct collateral *col;
	const struct tcb_platform *platform;
	const struct tcb_judge *judge;
	struct tcb_result *result;
	const struct x509 *signer;
};

/* Offsets in the QE report, Intel SDM 3D, REPORT. */
enum {
	QE_MISCSELECT = 16,
	QE_ATTRIBUTES = 48,
	QE_MRSIGNER = 128,
	QE_ISVPRODID = 256,
	QE_ISVSVN = 258,
};

static uint16_t qe_number(const struct tcb_platform *platform, size_t offset)
{
	return (uint16_t)(platform->qe[offset] | platform->qe[offset + 1] << 8);
}

static bool is_for(const struct collateral_doc *doc, enum collateral_kind kind,
		   const struct tsm_pck *pck)
{
	if (doc->kind != kind)
		return false;
	if (kind == COLLATERAL_QE_IDENTITY)
		return doc->qe;
	return doc->info && !memcmp(doc->info->fmspc, pck->fmspc, 6) &&
	       !memcmp(doc->info->pceid, pck->pceid, 2);
}

static int64_t issued(const struct collateral_doc *doc)
{
	return doc->info ? doc->info->issued : doc->qe->issued;
}

static int64_t next_update(const struct collateral_doc *doc)
{
	return doc->info ? doc->info->next_update : doc->qe->next_update;
}

static uint32_t evaluation(const struct collateral_doc *doc)
{
	return doc->info ? doc->info->evaluation : doc->qe->evaluation;
}

/* The latest that is not of the future; if all are, the earliest. */
static bool is_better(const struct collateral_doc *doc,
		      const struct collateral_doc *than, int64_t at)
{
	const bool future = issued(doc) > at;

	if (!than)
		return true;
	if (future != (issued(than) > at))
		return !future;
	if (issued(doc) == issued(than))
		return evaluation(doc) > evaluation(than);
	return (issued(doc) > issued(than)) != future;
}

static const struct collateral_doc *choose(const struct call *call,
					   enum collateral_kind kind)
{
	const struct collateral_doc *best = NULL, *doc;
	size_t i;

	for (i = 0; i < call->col->docs; i++) {
		doc = call->col->doc[i];
		if (is_for(doc, kind, call->platform->pck) &&
		    is_better(doc, best, call->judge->at))
			best = doc;
	}
	return best;
}

/* Why there is none: what there is instead. */
static void say_missing(const struct call *call, enum collateral_kind kind,
			char *reason, size_t size)
{
	char fmspc[13], pceid[5];
	const struct collateral_doc *doc;
	size_t i, used, seen = 0;

	if (kind == COLLATERAL_TCB_INFO)
		used = (size_t)snprintf(reason, size,
			"no TCB info of TDX for FMSPC %s, PCEID %s",
			text_hex(call->platform->pck->fmspc, 6, fmspc),
			text_hex(call->platform->pck->pceid, 2, pceid));
	else
		used = (size_t)snprintf(reason, size,
			"no QE identity of the TD quoting enclave");
	for (i = 0; i < call->col->docs && seen < 4; i++) {
		doc = call->col->doc[i];
		if (doc->kind != kind)
			continue;
		if (doc->info)
			used += (size_t)snprintf(reason + used, size - used,
				"%sFMSPC %s, PCEID %s",
				seen ? "; " : "; there is one of ",
				text_hex(doc->info->fmspc, 6, fmspc),
				text_hex(doc->info->pceid, 2, pceid));
		else
			used += (size_t)snprintf(reason + used, size - used,
				"%s%s", seen ? "; " : "; there is one of ",
				doc->other);
		seen++;
	}
}

static bool is_current(const struct collateral_doc *doc, int64_t at,
		       char *reason, size_t size)
{
	char when[TEXT_DATE_SIZE], span[32];

	if (at < issued(doc)) {
		snprintf(reason, size, "it was issued %s, %s after the time of judging",
			 text_date(issued(doc), when),
			 collateral_duration(issued(doc) - at, span));
		return false;
	}
	if (at > next_update(doc)) {
		snprintf(reason, size, "it was to be updated by %s, %s before the time of judging: fetch it anew",
			 text_date(next_update(doc), when),
			 collateral_duration(at - next_update(doc), span));
		return false;
	}
	return true;
}

/*
 * The best of those that are signed: one that nobody signed, or somebody else,
 * must not stand before it. If there is none, why @first is not.
 */
static int choose_authentic(struct call *call, enum collateral_kind kind,
			    const struct collateral_doc *first,
			    const struct collateral_doc **best, char *reason,
			    size_t size)
{
	const struct collateral_doc *doc;
	const struct x509 *signer;
	char other[TSM_REASON_SIZE];
	size_t i;
	int ret;

	*best = NULL;
	for (i = 0; i < call->col->docs; i++) {
		doc = call->col->doc[i];
		if (!is_for(doc, kind, call->platform->pck) ||
		    !is_better(doc, *best, call->judge->at))
			continue;
		signer = call->signer;
		ret = collateral_authentic(doc, call->col, call->judge, &signer,
					   doc == first ? reason : other,
					   doc == first ? size : sizeof(other));
		if (ret < 0)
			return ret;
		if (!ret)
			continue;
		*best = doc;
		call->signer = signer;
	}
	return !!*best;
}

/* Return: 1 if there is one, authentic and current, 0 with the reason, -ENOMEM. */
static int take(struct call *call, enum collateral_kind kind,
		const struct collateral_doc **doc, char *reason, size_t size)
{
	const struct collateral_doc *best = choose(call, kind);
	int ret;

	*doc = NULL;
	if (!best) {
		say_missing(call, kind, reason, size);
		return 0;
	}
	ret = choose_authentic(call, kind, best, &best, reason, size);
	if (ret > 0 && is_current(best, call->judge->at, reason, size))
		*doc = best;
	return ret < 0 ? ret : !!*doc;
}

/* "evaluation data 18, issued 2026-02-01, current until 2026-03-03" */
static const char *terms(const struct collateral_doc *doc, char text[96])
{
	char from[TEXT_DATE_SIZE], until[TEXT_DATE_SIZE];

	snprintf(text, 96, "evaluation data %u, issued %.10s, current until %.10s",
		 evaluation(doc), text_date(issued(doc), from),
		 text_date(next_update(doc), until));
	return text;
}

static enum tsm_check_verdict judge_module(const struct call *call,
					   const struct tcb_info *info,
					   char *reason, size_t size)
{
	const struct tcb_platform *platform = call->platform;
	const uint8_t *svn = platform->tee_tcb_svn;
	const struct tcb_module *module = tcb_module_find(info, svn[1]);
	static const uint8_t zero[8];
	char has[97], wants[97];

	if (!module) {
		snprintf(reason, size,
			 "the TCB info knows no TDX module of version %u (TDX_%02X)",
			 svn[1], svn[1]);
		return TSM_CHECK_FAIL;
	}
	if (memcmp(platform->mrsignerseam, module->mrsigner, 48)) {
		snprintf(reason, size,
			 "MRSIGNERSEAM is %s, of the TDX module it is %s",
			 text_hex(platform->mrsignerseam, 48, has),
			 text_hex(module->mrsigner, 48, wants));
		return TSM_CHECK_FAIL;
	}
	/* QVL 4.1.2.4.11.2: no bit may be set, whatever the mask would allow */
	if (memcmp(platform->seam_attributes, module->attributes, 8) ||
	    memcmp(platform->seam_attributes, zero, 8)) {
		snprintf(reason, size,
			 "SEAMATTRIBUTES are %s, of the TDX module they are %s, and must be 0",
			 text_hex(platform->seam_attributes, 8, has),
			 text_hex(module->attributes, 8, wants));
		return TSM_CHECK_FAIL;
	}
	snprintf(reason, size, "version %u, SVN %u, as the TCB info has it",
		 svn[1], svn[0]);
	return TSM_CHECK_PASS;
}

static bool masked_equal(const uint8_t *has, const uint8_t *mask,
			 const uint8_t *wants, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if ((has[i] & mask[i]) != wants[i])
			return false;
	return true;
}

/* QVL 4.1.2.9.5 to .8 */
static bool is_that_qe(const struct call *call, const struct qe_identity *qe,
		       char *reason, size_t size)
{
	const uint8_t *report = call->platform->qe;
	uint16_t prod_id = qe_number(call->platform, QE_ISVPRODID);
	char has[65], wants[65];

	if (memcmp(report + QE_MRSIGNER, qe->mrsigner, 32))
		snprintf(reason, size, "the QE's MRSIGNER is %s, must be %s",
			 text_hex(report + QE_MRSIGNER, 32, has),
			 text_hex(qe->mrsigner, 32, wants));
	else if (prod_id != qe->isvprodid)
		snprintf(reason, size, "the QE's ISVPRODID is %u, must be %u",
			 prod_id, qe->isvprodid);
	else if (!masked_equal(report + QE_MISCSELECT, qe->miscselect_mask,
			       qe->miscselect, 4))
		snprintf(reason, size,
			 "the QE's MISCSELECT is %s, must be %s where %02x%02x%02x%02x has bits",
			 text_hex(report + QE_MISCSELECT, 4, has),
			 text_hex(qe->miscselect, 4, wants),
			 qe->miscselect_mask[0], qe->miscselect_mask[1],
			 qe->miscselect_mask[2], qe->miscselect_mask[3]);
	else if (!masked_equal(report + QE_ATTRIBUTES, qe->attributes_mask,
			       qe->attributes, 16))
		snprintf(reason, size,
			 "the QE's ATTRIBUTES are %s, must be %s where the mask has bits",
			 text_hex(report + QE_ATTRIBUTES, 16, has),
			 text_hex(qe->attributes, 16, wants));
	else
		return true;
	return false;
}

static int judge_info(struct call *call, const struct tcb_info **info)
{
	struct tcb_result *result = call->result;
	const struct collateral_doc *doc;
	char fmspc[13], text[96];
	int ret;

	*info = NULL;
	ret = take(call, COLLATERAL_TCB_INFO, &doc, result->tcb_info_reason,
		   sizeof(result->tcb_info_reason));
	if (ret < 0)
		return ret;
	if (!ret) {
		result->tcb_info = TSM_CHECK_FAIL;
		result->td_module = TSM_CHECK_SKIPPED;
		snprintf(result->td_module_reason,
			 sizeof(result->td_module_reason),
			 "not reached: tcb_info failed");
		return 0;
	}
	*info = doc->info;
	result->tcb_info = TSM_CHECK_PASS;
	result->evaluation = doc->info->evaluation;
	snprintf(result->tcb_info_reason, sizeof(result->tcb_info_reason),
		 "for FMSPC %s, %s", text_hex(doc->info->fmspc, 6, fmspc),
		 terms(doc, text));
	result->td_module = judge_module(call, doc->info,
					 result->td_module_reason,
					 sizeof(result->td_module_reason));
	return 0;
}

static int judge_qe(struct call *call, const struct qe_identity **qe)
{
	struct tcb_result *result = call->result;
	const struct collateral_doc *doc;
	char text[96];
	int ret;

	*qe = NULL;
	ret = take(call, COLLATERAL_QE_IDENTITY, &doc,
		   result->qe_identity_reason,
		   sizeof(result->qe_identity_reason));
	if (ret < 0)
		return ret;
	result->qe_identity = TSM_CHECK_FAIL;
	if (!ret || !is_that_qe(call, doc->qe, result->qe_identity_reason,
				sizeof(result->qe_identity_reason)))
		return 0;
	*qe = doc->qe;
	result->qe_identity = TSM_CHECK_PASS;
	snprintf(result->qe_identity_reason, sizeof(result->qe_identity_reason),
		 "TD_QE, ISVSVN %u, %s",
		 qe_number(call->platform, QE_ISVSVN), terms(doc, text));
	return 0;
}

static void judge_status(const struct call *call, const struct tcb_info *info,
			 const struct qe_identity *qe)
{
	const struct tcb_platform *platform = call->platform;
	struct tcb_result *result = call->result;
	const struct tcb_svns svns = {
		.comp_svn = platform->pck->comp_svn,
		.pcesvn = platform->pck->pcesvn,
		.tee_tcb_svn = platform->tee_tcb_svn,
		.tee_tcb_svn2 = platform->has_svn2 ? platform->tee_tcb_svn2 :
						     NULL,
		.qe_isvsvn = qe_number(platform, QE_ISVSVN),
	};
	struct tcb_found found;

	tcb_find(info, qe, &svns, &found);
	result->platform_status = found.platform_status;
	result->module_status = found.module_status;
	result->qe_status = qe ? found.qe_status : TSM_TCB_UNKNOWN;
	if (found.level)
		snprintf(result->tcb_date, sizeof(result->tcb_date), "%s",
			 found.level->standing.date);
	collateral_advisories(&found, result->advisories,
			      sizeof(result->advisories));
	tcb_explain(info, qe, &svns, &found, result->status_reason,
		    sizeof(result->status_reason));
	if (qe && result->td_module == TSM_CHECK_PASS)
		result->status = found.status;
}

int collateral_judge(const struct collateral *col,
		     const struct tcb_platform *platform,
		     const struct tcb_judge *judge, struct tcb_result *result)
{
	struct call call = { col, platform, judge, result, NULL };
	const struct tcb_info *info;
	const struct qe_identity *qe;
	int ret;

	memset(result, 0, sizeof(*result));
	ret = judge_info(&call, &info);
	if (!ret)
		ret = judge_qe(&call, &qe);
	if (ret) {
		memset(result, 0, sizeof(*result));
		return ret;
	}
	if (info)
		judge_status(&call, info, qe);
	return 0;
}
