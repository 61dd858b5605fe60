// SPDX-License-Identifier: MIT
/* SNP reports: tsm_snp_parse() and what is made of their fields. */
#include "rebuild.h"

#include <endian.h>

/* SEV-SNP firmware ABI, ATTESTATION_REPORT: in all, and what is signed */
enum { REPORT = 1184, SIGNED = 672 };

static struct seen {
	struct tsm_snp snp;
	uint8_t reportdata[64];
} first, again;

static int look(const struct tsm_blob *in, void *result, struct tsm_error *err)
{
	struct seen *s = result;
	int ret;

	ret = tsm_snp_parse(in->data, in->len, &s->snp, err);
	ENSURE(!ret || fuzz_is_zero(&s->snp, sizeof(s->snp)));
	if (!ret)
		ret = tsm_svsm_reportdata(s->snp.report.report_data,
					  s->snp.trailing.data,
					  s->snp.trailing.len, s->reportdata);
	if (ret == -ENOMEM)
		strcpy(err->text, "out of memory");
	if (ret)
		memset(s, 0, sizeof(*s));
	return ret;
}

/* The parts of a TCB version are bytes of it, each at most once. */
static void parts(const union tsm_snp_tcb *tcb, bool turin)
{
	struct tsm_snp_tcb_part part[TSM_SNP_TCB_PARTS];
	const size_t count = tsm_snp_tcb_parts(tcb, turin, part);
	size_t i;

	ENSURE(count == (turin ? 5 : 4));
	for (i = 0; i < count; i++) {
		ENSURE(part[i].name && *part[i].name);
		ENSURE(memchr(tcb, part[i].svn, sizeof(*tcb)));
	}
}

static void rebuild(const struct tsm_blob *in, const struct tsm_snp *snp)
{
	struct rebuild r = { *in, 0 };

	ENSURE(snp->signed_part.data == in->data);
	ENSURE(snp->signed_part.len == SIGNED);
	rebuild_put(&r, &snp->report, REPORT);
	rebuild_blob(&r, &snp->trailing);
	ENSURE(r.at == in->len);
	ENSURE(le32toh(snp->report.version) == snp->version);
	ENSURE(snp->version >= 2);
	ENSURE(snp->version < 3 ?
	       snp->generation == TSM_SNP_MILAN_OR_GENOA ||
	       snp->generation == TSM_SNP_TURIN :
	       snp->generation != TSM_SNP_MILAN_OR_GENOA);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct tsm_blob in = fuzz_evidence(data, size);
	int ret = fuzz_all_ways(data, size, look, &first, &again, sizeof(first));
	static struct tsm_snp less;

	if (ret)
		return 0;
	rebuild(&in, &first.snp);
	parts(&first.snp.report.current_tcb, first.snp.turin_tcb);
	parts(&first.snp.report.reported_tcb, first.snp.turin_tcb);
	tsm_evidence_guess(in.data, in.len);
	ENSURE(!tsm_snp_parse(in.data, REPORT, &less, NULL));
	ENSURE(!less.trailing.len && less.generation == first.snp.generation);
	ENSURE(tsm_snp_parse(in.data, REPORT - 1, &less, NULL) == -EBADMSG);
	return 0;
}
