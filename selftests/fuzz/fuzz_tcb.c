// SPDX-License-Identifier: MIT
/*
 * Collateral: TCB infos, QE identities and what they come in, and where a
 * platform stands in them. An input is its SVNs, and then a file.
 */
#include "../../tools/lib/collateral_private.h"

#include "log_input.h"

#include <stdlib.h>

/* SVNs of SGX components, of the module, of the one that runs now; whether there
 * is that; PCESVN and the QE's */
#define HEAD	(16 + 16 + 16 + 1 + 2 + 2)

static struct seen {
	uint64_t texts;
	size_t docs;
	size_t certs;
	size_t crls;
} first, again;

static struct tsm_crypto *crypto;

void fuzz_prepare(const char *program)
{
	(void)program;
	if (tsm_crypto_new(&crypto))
		abort();
}

static struct tcb_svns svns_of(const uint8_t *head)
{
	return (struct tcb_svns){
		.comp_svn = head,
		.tee_tcb_svn = head + 16,
		.tee_tcb_svn2 = head[48] & 1 ? head + 32 : NULL,
		.pcesvn = (uint16_t)(head[49] | head[50] << 8),
		.qe_isvsvn = (uint16_t)(head[51] | head[52] << 8),
	};
}

static bool reaches_sgx(const struct tcb_level *level,
			const struct tcb_svns *svns)
{
	size_t i;

	for (i = 0; i < TCB_COMPONENTS; i++) {
		if (svns->comp_svn[i] < level->sgx[i].svn)
			return false;
	}
	return svns->pcesvn >= level->pcesvn;
}

static bool reaches(const struct tcb_level *level, const struct tcb_svns *svns)
{
	size_t i;

	for (i = svns->tee_tcb_svn[1] ? 2 : 0; i < TCB_COMPONENTS; i++) {
		if (svns->tee_tcb_svn[i] < level->tdx[i].svn)
			return false;
	}
	return reaches_sgx(level, svns);
}

/* It is the first level of all that the platform reaches. */
static void is_first(const struct tcb_info *info, const struct tcb_svns *svns,
		     const struct tcb_found *found)
{
	const struct tcb_level *level = NULL, *sgx = NULL;
	size_t i;

	for (i = info->levels; i--;) {
		if (reaches_sgx(&info->level[i], svns))
			sgx = &info->level[i];
		if (reaches(&info->level[i], svns))
			level = &info->level[i];
	}
	ENSURE(found->sgx == sgx && found->level == level);
	ENSURE(found->status <= TSM_TCB_REVOKED);
	/* nothing but all being up to date makes the sum so */
	ENSURE(found->status != TSM_TCB_UP_TO_DATE ||
	       (level && level->standing.status == TSM_TCB_UP_TO_DATE &&
		found->qe_status == TSM_TCB_UP_TO_DATE));
}

static void stand(const struct collateral_doc *doc,
		  const struct qe_identity *qe, const struct tcb_svns *svns,
		  struct seen *s)
{
	char text[TSM_REASON_SIZE], tiny[8], advisories[64];
	struct tcb_found found;

	ENSURE(doc->info->levels);
	tcb_find(doc->info, qe, svns, &found);
	is_first(doc->info, svns, &found);
	tcb_explain(doc->info, qe, svns, &found, text, sizeof(text));
	ENSURE(*text && strlen(text) < sizeof(text));
	tcb_explain(doc->info, qe, svns, &found, tiny, sizeof(tiny));
	ENSURE(strlen(tiny) < sizeof(tiny));
	collateral_advisories(&found, advisories, sizeof(advisories));
	ENSURE(strlen(advisories) < sizeof(advisories));
	mix(&s->texts, text, strlen(text));
	mix(&s->texts, advisories, strlen(advisories));
	mix(&s->texts, &found.status, sizeof(found.status));
}

static void look_at_docs(const struct collateral *col,
			 const struct tcb_svns *svns, struct seen *s)
{
	const struct qe_identity *qe = NULL;
	const struct collateral_doc *doc;
	size_t i;

	for (i = 0; i < col->docs; i++) {
		doc = col->doc[i];
		/* one of them, or none, and then it is said what it is */
		ENSURE(!doc->info + !doc->qe + !*doc->other == 2);
		qe = doc->qe ? doc->qe : qe;
	}
	for (i = 0; i < col->docs; i++) {
		if (!col->doc[i]->info)
			continue;
		stand(col->doc[i], NULL, svns, s);
		if (qe)
			stand(col->doc[i], qe, svns, s);
	}
}

/* Below a root without a name and key nothing is authentic. Return: 0 or -ENOMEM. */
static int look_at_judgement(const struct collateral *col,
			     const struct tcb_svns *svns, struct seen *s)
{
	static const uint8_t qe[384];
	static const struct x509 root;
	struct cert_pool none = { 0 };
	struct tsm_pck pck = { .pcesvn = svns->pcesvn };
	const struct tcb_platform platform = {
		.pck = &pck,
		.tee_tcb_svn = svns->tee_tcb_svn,
		.tee_tcb_svn2 = svns->tee_tcb_svn2,
		.has_svn2 = svns->tee_tcb_svn2,
		.mrsignerseam = qe,
		.seam_attributes = qe,
		.qe = qe,
	};
	const struct tcb_judge judge = {
		.crypto = crypto,
		.at = 1750000000,
		.root = &root,
		.certs = &none,
		.crls = &none,
	};
	struct tcb_result result;
	int ret;

	memcpy(pck.comp_svn, svns->comp_svn, 16);
	if (col->docs)
		memcpy(pck.fmspc, col->doc[0]->info ? col->doc[0]->info->fmspc :
						      qe, 6);
	ret = collateral_judge(col, &platform, &judge, &result);
	ENSURE(!ret || ret == -ENOMEM);
	if (ret)
		return ret;
	ENSURE(result.tcb_info != TSM_CHECK_PASS);
	ENSURE(result.qe_identity != TSM_CHECK_PASS);
	ENSURE(*result.tcb_info_reason && *result.qe_identity_reason);
	mix(&s->texts, result.tcb_info_reason, strlen(result.tcb_info_reason));
	mix(&s->texts, result.qe_identity_reason,
	    strlen(result.qe_identity_reason));
	return 0;
}

static int judge(const struct collateral *col, const struct tcb_svns *svns,
		 struct seen *s)
{
	s->docs = col->docs;
	s->certs = col->pool.certs;
	s->crls = col->pool.crls;
	look_at_docs(col, svns, s);
	return look_at_judgement(col, svns, s);
}

static int look(const struct tsm_blob *in, void *result, struct tsm_error *err)
{
	struct collateral col = { 0 };
	struct seen *s = result;
	struct tcb_svns svns;
	size_t added = 5;
	int ret;

	memset(s, 0, sizeof(*s));
	if (in->len < HEAD)
		return 0;
	svns = svns_of(in->data);
	ret = collateral_add(&col, in->data + HEAD, in->len - HEAD, &added,
			     err);
	ENSURE(!ret || !added);
	ENSURE(ret || added == col.docs + col.pool.certs + col.pool.crls);
	ENSURE(!ret || !(col.docs + col.pool.certs + col.pool.crls));
	if (!ret)
		ret = judge(&col, &svns, s);
	if (ret == -ENOMEM)
		strcpy(err->text, "out of memory");
	collateral_clear(&col);
	ENSURE(fuzz_is_zero(&col, sizeof(col)));
	if (ret)
		memset(s, 0, sizeof(*s));
	return ret;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_all_ways(data, size, look, &first, &again, sizeof(first));
	return 0;
}
