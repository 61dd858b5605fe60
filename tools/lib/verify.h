/* SPDX-License-Identifier: MIT */
/* What the files that judge evidence share. */
#ifndef TSM_VERIFY_PRIVATE_H
#define TSM_VERIFY_PRIVATE_H

#include "chain.h"
#include "collateral.h"
#include "lib_private.h"
#include "policy.h"
#include "verify_text.h"

/* Whose root a chain ends in. */
enum root_owner {
	ROOT_NONE,
	ROOT_INTEL,
	ROOT_AMD_MILAN,
	ROOT_AMD_GENOA,
	ROOT_AMD_TURIN,
	ROOT_ADDED,
};

/**
 * struct tsm_verifier - see tsm_verify.h; read only while it judges
 * @crypto: curves and contexts
 * @roots: added ones, self-signed
 * @certs: certificates beside those in the evidence, and their lists
 * @crls: lists that were asked for
 * @collateral: of Intel
 * @policy: NULL if there is none
 * @flags: TSM_VERIFY_*
 * @has_time: @at counts, not the clock
 * @at: seconds since 1970
 * @has_report_data: @report_data counts
 * @report_data: what is expected
 * @log: event logs
 * @logs: how many
 */
struct tsm_verifier {
	struct tsm_crypto *crypto;
	struct cert_pool roots;
	struct cert_pool certs;
	struct cert_pool crls;
	struct collateral collateral;
	struct tsm_policy *policy;
	unsigned int flags;
	bool has_time;
	int64_t at;
	bool has_report_data;
	uint8_t report_data[64];
	struct tsm_blob log[TSM_VERIFY_LOGS];
	size_t logs;
};

/**
 * struct judge - one evidence being judged
 * @v: by what
 * @at: the time that counts, seconds since 1970
 * @data: the evidence
 * @certs: what came with it
 * @j: gets the checks
 */
struct judge {
	const struct tsm_verifier *v;
	int64_t at;
	struct tsm_blob data;
	const struct tsm_blob *certs;
	struct tsm_judgement *j;
};

/* verify.c: add a check. TSM_CHECKS_MAX is enough for all that there are; should
 * it not be, the last one becomes a failure. Return: @verdict. */
enum tsm_check_verdict judge_add(struct tsm_judgement *j, const char *name,
				 enum tsm_check_verdict verdict,
				 const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
#define judge_pass(judge, name, ...) \
	judge_add((judge)->j, name, TSM_CHECK_PASS, __VA_ARGS__)
#define judge_fail(judge, name, ...) \
	judge_add((judge)->j, name, TSM_CHECK_FAIL, __VA_ARGS__)
#define judge_skip(judge, name, ...) \
	judge_add((judge)->j, name, TSM_CHECK_SKIPPED, __VA_ARGS__)

/* What both kinds of evidence have: the checks trailing_bytes and report_data. */
void judge_trailing(struct judge *judge, const struct tsm_blob *trailing);
void judge_report_data(struct judge *judge, const uint8_t report_data[64]);

/* roots.c: whose self-signed certificate that is, by its key alone. */
enum root_owner root_owner(const struct tsm_verifier *v,
			   const struct x509 *cert);
/* "Milan", "Genoa", "Turin"; "" for others. */
const char *root_product(enum root_owner owner);

/* verify_tdx.c, verify_snp.c: all checks of one kind. Return: 0 or -ENOMEM. */
int judge_quote(struct judge *judge, struct tsm_error *err);
int judge_snp(struct judge *judge, struct tsm_error *err);

/* verify_log.c: the check event_log; skipped if there is no log. */
int judge_log(struct judge *judge, const struct tsm_quote *quote);

#endif /* TSM_VERIFY_PRIVATE_H */
