/* SPDX-License-Identifier: MIT */
/* Real SNP evidence, where it is, and what helps to judge it. */
#ifndef TSM_HOST_SNP_REAL_H
#define TSM_HOST_SNP_REAL_H

#include "../../tools/lib/tsm.h"

#include "bytes.h"
#include "tap.h"

#include <time.h>

#define TRUSTEE	"confidential-containers__trustee/deps/verifier/test_data/snp/"
#define GOOGLE	"google__go-sev-guest/verify/"
#define DERIVED	"derived/snp/"
#define VIRTEE	"virtee__sev/tests/certs_data/"
#define CHAIN	GOOGLE "trust/ask_ark_"

/**
 * struct snp_real - a report, its chain, and when that is valid
 * @report: file of the report, below the directory of the data
 * @leaf: of the VCEK or VLEK, or of the table that came with the report
 * @chain: of the rest; NULL: all is in @leaf
 * @from: day on which the leaf becomes valid, YYYYMMDD
 * @to: and the one on which it expires
 * @signer: what the judgement says
 * @chip: what comes of the check chip_id
 * @flags: without which it is rejected: TSM_VERIFY_*
 */
struct snp_real {
	const char *report;
	const char *leaf;
	const char *chain;
	int from;
	int to;
	const char *signer;
	enum tsm_check_verdict chip;
	unsigned int flags;
};

static const struct snp_real snp_real[] = {
	{ GOOGLE "testdata/attestation.bin", GOOGLE "testdata/vcek.testcer",
	  CHAIN "milan.pem", 20220924, 20290924, "AMD VCEK Milan",
	  TSM_CHECK_PASS, TSM_VERIFY_ALLOW_DEBUG },
	{ DERIVED "milan-v2-virtee.report.bin", VIRTEE "vcek_milan.der",
	  CHAIN "milan.pem", 20230403, 20300403, "AMD VCEK Milan",
	  TSM_CHECK_PASS, 0 },
	{ TRUSTEE "test-report.bin", TRUSTEE "test-vcek.der",
	  CHAIN "milan.pem", 20230124, 20300124, "AMD VCEK Milan",
	  TSM_CHECK_PASS, 0 },
	{ DERIVED "genoa-v3-azure.report.bin", DERIVED "genoa-v3-azure.vcek.der",
	  CHAIN "genoa.pem", 20250124, 20320124, "AMD VCEK Genoa",
	  TSM_CHECK_PASS, 0 },
	{ DERIVED "genoa-v3-tsm.outblob.bin", DERIVED "genoa-v3-tsm.auxblob.bin",
	  NULL, 20250420, 20320420, "AMD VCEK Genoa", TSM_CHECK_PASS, 0 },
	{ TRUSTEE "test-vlek-report.bin", TRUSTEE "test-vlek.der",
	  CHAIN "milan_vlek.pem", 20241210, 20251210, "AMD VLEK Milan",
	  TSM_CHECK_SKIPPED, 0 },
	{ DERIVED "turin-v5-oak.report.bin", DERIVED "turin-v5-oak.vcek.der",
	  CHAIN "turin_vcek.pem", 20250717, 20320717, "AMD VCEK Turin",
	  TSM_CHECK_PASS, 0 },
};

#define SNP_REALS	(sizeof(snp_real) / sizeof(snp_real[0]))

/* Seconds since 1970 of a day, at noon. */
static inline int64_t noon(int day)
{
	struct tm tm = {
		.tm_year = day / 10000 - 1900, .tm_mon = day / 100 % 100 - 1,
		.tm_mday = day % 100, .tm_hour = 12,
	};

	return timegm(&tm);
}

/* Days are 24 hours of UTC, whatever happens to the clocks. */
static inline int64_t days(int count)
{
	return count * 24 * 60 * 60LL;
}

/* False, and the test skipped, where there is no data. Caller frees. */
static inline bool load_real(const char *file, struct tsm_blob *blob)
{
	const char *dir = getenv("TSM_DATA");
	char path[512];
	uint8_t *data;

	*blob = (struct tsm_blob){ NULL, 0 };
	snprintf(path, sizeof(path), "%s/%s", dir ? dir : "", file);
	if (!dir || tsm_file_read(path, 1 << 20, &data, &blob->len, NULL)) {
		tap_skip("real evidence is not here: set TSM_DATA");
		return false;
	}
	blob->data = exact_copy(data, blob->len);
	free(data);
	return true;
}

static inline void unload(struct tsm_blob *blob)
{
	free((void *)(uintptr_t)blob->data);
	*blob = (struct tsm_blob){ NULL, 0 };
}

/* Aborts without memory: that is no test. */
static inline struct tsm_verifier *verifier_at(int64_t at)
{
	struct tsm_verifier *v;

	if (tsm_verifier_new(&v))
		abort();
	tsm_verifier_set_time(v, at);
	return v;
}

static inline void give_certs(struct tsm_verifier *v, const struct tsm_blob *b)
{
	struct tsm_error err = { "" };
	size_t added;

	if (!CHECK_EQ(0, tsm_verifier_add_certs(v, b->data, b->len, &added,
						&err)) ||
	    !CHECK(added))
		printf("# %s\n", err.text);
}

/* The same of a file of real certificates. */
static inline bool give_real(struct tsm_verifier *v, const char *file)
{
	struct tsm_blob blob;

	if (!load_real(file, &blob))
		return false;
	give_certs(v, &blob);
	unload(&blob);
	return true;
}

static inline const struct tsm_check *check_of(const struct tsm_judgement *j,
					       const char *name)
{
	static const struct tsm_check none = { "none", TSM_CHECK_FAIL, "" };
	size_t i;

	for (i = 0; i < j->checks; i++) {
		if (!strcmp(j->check[i].name, name))
			return &j->check[i];
	}
	return &none;
}

static inline void print_checks(const struct tsm_judgement *j)
{
	static const char *const verdict[] = { "skipped", "pass", "FAIL" };
	size_t i;

	for (i = 0; i < j->checks; i++)
		printf("#   %-12s %-7s %s\n", j->check[i].name,
		       verdict[j->check[i].verdict], j->check[i].reason);
}

/* @want: names of the checks that fail, a space after each */
static inline bool fails(const struct tsm_judgement *j, const char *want)
{
	char text[512] = "";
	size_t i, len = 0;

	for (i = 0; i < j->checks; i++) {
		if (j->check[i].verdict == TSM_CHECK_FAIL)
			len += (size_t)snprintf(text + len, sizeof(text) - len,
						"%s ", j->check[i].name);
	}
	if (CHECK(!strcmp(want, text)))
		return true;
	printf("# fail: %s\n# expected: %s\n", text, want);
	print_checks(j);
	return false;
}

/* All that a report is judged by, in this order, whatever came of it. */
static inline void check_names(const struct tsm_judgement *j)
{
	static const char *const names[] = {
		"format", "signing_key", "certificates", "chain", "root",
		"validity", "revocation", "signature", "product", "tcb",
		"chip_id", "debug", "trailing_bytes", "report_data", "policy",
		"event_log",
	};
	size_t i;

	if (!CHECK_EQ(sizeof(names) / sizeof(names[0]), j->checks))
		return;
	for (i = 0; i < j->checks; i++) {
		CHECK(!strcmp(names[i], j->check[i].name));
		CHECK(j->check[i].reason[0]);
	}
}

static inline void judge_it(const struct tsm_verifier *v,
			    const struct tsm_blob *report,
			    const struct tsm_blob *certs,
			    struct tsm_judgement *j)
{
	struct tsm_error err = { "" };

	if (!CHECK_EQ(0, tsm_verify(v, report->data, report->len, certs, j,
				    &err)))
		printf("# %s\n", err.text);
}

#endif /* TSM_HOST_SNP_REAL_H */
