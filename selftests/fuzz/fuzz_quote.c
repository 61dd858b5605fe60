// SPDX-License-Identifier: MIT
/* TD quotes and TDREPORTs: tsm_quote_parse() and what goes with it. */
#include "rebuild.h"

#include <endian.h>

/* [DCAP] A.3: sizes of what goes before and behind the bodies */
enum { HEADER = 48, DESC = 6, ECDSA = 128, QE = 384 + 64 + 2 };

static struct seen {
	struct tsm_quote quote;
	struct tsm_tdx_report tdreport;
	uint8_t reportdata[64];
	/* of one size, so that there are no gaps */
	int guess;
	int is_tdreport;
	int has_reportdata;
	int binds;
	int tcb_info;
	int td_info;
} first, again;

static int look(const struct tsm_blob *in, void *result, struct tsm_error *err)
{
	bool binds = false, tcb_info = false, td_info = false;
	struct tsm_error second;
	struct seen *s = result;
	int ret;

	s->guess = tsm_evidence_guess(in->data, in->len);
	s->has_reportdata = tsm_quote_reportdata(in->data, in->len,
						 s->reportdata, &second);
	s->is_tdreport = tsm_tdreport_parse(in->data, in->len, &s->tdreport,
					    NULL);
	ret = s->is_tdreport ? 0 :
	      tsm_tdreport_consistent(&s->tdreport, &tcb_info, &td_info);
	if (!ret) {
		ret = tsm_quote_parse(in->data, in->len, &s->quote, err);
		ENSURE(!ret || fuzz_is_zero(&s->quote, sizeof(s->quote)));
	}
	if (!ret)
		ret = tsm_quote_consistent(&s->quote, &binds);
	s->binds = binds;
	s->tcb_info = tcb_info;
	s->td_info = td_info;
	if (ret == -ENOMEM) {
		strcpy(err->text, "out of memory");
		ENSURE(!binds);
	}
	if (ret)
		memset(s, 0, sizeof(*s));
	return ret;
}

/* Every byte of the quote is in the result, once. */
static void rebuild(const struct tsm_blob *in, const struct tsm_quote *q)
{
	struct rebuild r = { *in, 0 };
	const bool v5 = q->version == 5;
	const size_t qe = QE + q->auth.len + 2 + 4 + q->certs.len;

	rebuild_put(&r, &q->header, HEADER);
	if (v5) {
		rebuild_le(&r, q->body_type, 2);
		rebuild_le(&r, q->body_size, 4);
	}
	ENSURE(sizeof(q->body) >= q->body_size);
	ENSURE(fuzz_is_zero((const uint8_t *)&q->body + q->body_size,
			    sizeof(q->body) - q->body_size));
	rebuild_put(&r, &q->body, q->body_size);
	ENSURE(q->signed_part.data == in->data && q->signed_part.len == r.at);
	rebuild_le(&r, ECDSA + 2 + 4 + qe, 4);
	rebuild_put(&r, &q->ecdsa, ECDSA);
	rebuild_le(&r, 6, 2);
	rebuild_le(&r, qe, 4);
	rebuild_put(&r, &q->qe, QE);
	ENSURE(le16toh(q->qe.auth_size) == q->auth.len);
	rebuild_blob(&r, &q->auth);
	rebuild_le(&r, q->cert_type, 2);
	rebuild_le(&r, q->certs.len, 4);
	rebuild_blob(&r, &q->certs);
	rebuild_blob(&r, &q->trailing);
	ENSURE(r.at == in->len);
}

/* Without what trails it is the same quote; with less, none. */
static void cut(const struct tsm_blob *in, const struct tsm_quote *whole)
{
	const size_t len = in->len - whole->trailing.len;
	static struct tsm_quote q;

	ENSURE(!tsm_quote_parse(in->data, len, &q, NULL));
	ENSURE(!q.trailing.len);
	q.trailing = whole->trailing;
	ENSURE(!memcmp(&q, whole, sizeof(q)));
	ENSURE(tsm_quote_parse(in->data, len - 1, &q, NULL) == -EBADMSG);
	ENSURE(tsm_quote_parse(in->data, len / 2, &q, NULL) == -EBADMSG);
	ENSURE(fuzz_is_zero(&q, sizeof(q)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct tsm_blob in = fuzz_evidence(data, size);
	int ret = fuzz_all_ways(data, size, look, &first, &again, sizeof(first));

	if (ret)
		return 0;
	ENSURE(first.quote.version == 4 || first.quote.version == 5);
	ENSURE(first.guess == TSM_EVIDENCE_QUOTE ||
	       first.guess == TSM_EVIDENCE_SNP_CERTS);
	ENSURE(!first.has_reportdata);
	ENSURE(!memcmp(first.reportdata, first.quote.body.td15.td10.reportdata, 64));
	rebuild(&in, &first.quote);
	cut(&in, &first.quote);
	return 0;
}
