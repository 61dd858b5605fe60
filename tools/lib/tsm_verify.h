/* SPDX-License-Identifier: MIT */
/*
 * libtsmguest, continued from tsm.h: judge evidence offline.
 *
 * A struct tsm_verifier holds what evidence is judged by: roots, certificates,
 * revocation lists, collateral, policy, time. Once it is set up, any number of
 * threads may judge with it at the same time. There is no global state.
 */
#include "tsm.h"

#ifndef TSM_VERIFY_H
#define TSM_VERIFY_H

#define TSM_REASON_SIZE		320
#define TSM_ADVISORIES_SIZE	512

/**
 * enum tsm_check_verdict - what came of one check
 * @TSM_CHECK_SKIPPED: it was not done; the reason says why
 * @TSM_CHECK_PASS: what it looks at is right
 * @TSM_CHECK_FAIL: it is not, and the evidence is rejected
 */
enum tsm_check_verdict {
	TSM_CHECK_SKIPPED,
	TSM_CHECK_PASS,
	TSM_CHECK_FAIL,
};

/**
 * struct tsm_check - one check
 * @name: lower case, never renamed: "quote_signature", "policy.mrtd"
 * @verdict: what came of it
 * @reason: one sentence for people; empty if there is nothing to say
 */
struct tsm_check {
	char name[40];
	enum tsm_check_verdict verdict;
	char reason[TSM_REASON_SIZE];
};

/* As Intel names them. Which is worse than which is not said by their order. */
enum tsm_tcb_status {
	TSM_TCB_UNKNOWN,		/* not judged */
	TSM_TCB_UP_TO_DATE,
	TSM_TCB_SW_HARDENING_NEEDED,
	TSM_TCB_CONFIGURATION_NEEDED,
	TSM_TCB_CONFIGURATION_AND_SW_HARDENING_NEEDED,
	TSM_TCB_TD_RELAUNCH_ADVISED,
	TSM_TCB_TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED,
	TSM_TCB_OUT_OF_DATE,
	TSM_TCB_OUT_OF_DATE_CONFIGURATION_NEEDED,
	TSM_TCB_NOT_SUPPORTED,		/* below every level */
	TSM_TCB_REVOKED,
};

/* "UpToDate" and so on, as in TCB info; "" for TSM_TCB_UNKNOWN. */
const char *tsm_tcb_status_name(enum tsm_tcb_status status);

/**
 * enum tsm_judged - what came of all checks
 * @TSM_REJECTED: some check failed
 * @TSM_EMULATED: none did, but the chain ends in a root that was added, and
 *	TSM_VERIFY_ALLOW_EMULATED is not set: not to be accepted
 * @TSM_ACCEPTED: none did; those that were skipped were not done
 */
enum tsm_judged {
	TSM_REJECTED,
	TSM_EMULATED,
	TSM_ACCEPTED,
};

#define TSM_CHECKS_MAX		80

/**
 * struct tsm_judgement - all that came of judging some evidence
 * @judged: the sum
 * @kind: what it is: TSM_EVIDENCE_QUOTE, TSM_EVIDENCE_SNP_REPORT or unknown
 * @is_emulated: the chain ends in a root that was added, TSM_ACCEPTED or not
 * @signer: "Intel SGX PCK", "AMD VCEK Milan", ... or ""
 * @tcb_status: of a quote, if collateral was given
 * @tcb_date: ISO 8601 of the TCB level reached, or ""
 * @advisories: that apply, comma and space between; or ""
 * @check: in the order in which they were made
 * @checks: how many
 */
struct tsm_judgement {
	enum tsm_judged judged;
	enum tsm_evidence kind;
	bool is_emulated;
	char signer[48];
	enum tsm_tcb_status tcb_status;
	char tcb_date[24];
	char advisories[TSM_ADVISORIES_SIZE];
	struct tsm_check check[TSM_CHECKS_MAX];
	size_t checks;
};

struct tsm_verifier;

/* Return: 0 or -ENOMEM. */
int tsm_verifier_new(struct tsm_verifier **verifier);
void tsm_verifier_free(struct tsm_verifier *verifier);

enum {
	/* bytes after the evidence, or a log, are a failure, not a remark */
	TSM_VERIFY_STRICT = 1 << 0,
	/* a TD or VM in debug mode, whose memory its host can read, may pass */
	TSM_VERIFY_ALLOW_DEBUG = 1 << 1,
	/* TSM_ACCEPTED instead of TSM_EMULATED */
	TSM_VERIFY_ALLOW_EMULATED = 1 << 2,
	/* an issuer without a current revocation list is a failure, and so is one
	 * whose list came with the evidence alone */
	TSM_VERIFY_NEED_CRLS = 1 << 3,
	/* a quote whose TCB no collateral could be found for is a failure */
	TSM_VERIFY_NEED_TCB = 1 << 4,
};

/* TSM_VERIFY_* bits, none at first. */
void tsm_verifier_set_flags(struct tsm_verifier *verifier, unsigned int flags);

/* Time to judge at, seconds since 1970; the time of tsm_verify() at first. */
void tsm_verifier_set_time(struct tsm_verifier *verifier, int64_t at);

/**
 * tsm_verifier_set_report_data() - what REPORTDATA, or REPORT_DATA, must be
 * @verifier: from tsm_verifier_new()
 * @data: copied; what it lacks of 64 bytes is zero, as tsmctl report pads it
 * @len: at most 64
 *
 * Return: 0 or -EINVAL.
 */
int tsm_verifier_set_report_data(struct tsm_verifier *verifier,
				 const void *data, size_t len);

/**
 * tsm_verifier_add_roots() - trust self-signed certificates beside the vendors'
 * @verifier: from tsm_verifier_new()
 * @data: as tsm_verifier_add_certs() takes them; what is not self-signed is
 *	passed over
 * @len: number of bytes
 * @added: set to how many were
 * @err: what was wrong
 *
 * Evidence under such a root is TSM_EMULATED. On failure some may have been
 * added.
 * Return: 0, -EBADMSG, -EFBIG, -ENOMEM.
 */
int tsm_verifier_add_roots(struct tsm_verifier *verifier, const void *data,
			   size_t len, size_t *added, struct tsm_error *err);

/**
 * tsm_verifier_add_certs() - certificates that evidence may come without
 * @verifier: from tsm_verifier_new()
 * @data: PEM, DER or a GUID table, @len bytes; copied
 * @len: number of bytes
 * @added: set to how many were in it; lists in it are added, too
 * @err: what was wrong
 *
 * Return: 0, -EBADMSG, -EFBIG, -ENOMEM.
 */
int tsm_verifier_add_certs(struct tsm_verifier *verifier, const void *data,
			   size_t len, size_t *added, struct tsm_error *err);

/* The same of revocation lists, in PEM, DER or hex. What they have is rejected;
 * that there is one of each issuer is demanded by TSM_VERIFY_NEED_CRLS alone. */
int tsm_verifier_add_crls(struct tsm_verifier *verifier, const void *data,
			  size_t len, size_t *added, struct tsm_error *err);

/**
 * tsm_verifier_add_collateral() - what Intel publishes of TCBs and QEs
 * @verifier: from tsm_verifier_new()
 * @data: one response of the PCS, one bundle, one issuer chain or one list,
 *	@len bytes; copied
 * @len: number of bytes
 * @added: set to how many of those it is; 0 for what is none of them
 * @err: what was wrong
 *
 * Once there is a TCB info or a QE identity, quotes are judged by both. Chains and
 * lists alone have no TCB judged: without TSM_VERIFY_NEED_TCB that is skipped, and
 * a quote may be accepted.
 * Return: 0, -EBADMSG, -ENOMEM.
 */
int tsm_verifier_add_collateral(struct tsm_verifier *verifier,
				const void *data, size_t len, size_t *added,
				struct tsm_error *err);

/**
 * tsm_verifier_set_policy() - what is accepted, tsmctl verify --help has the form
 * @verifier: from tsm_verifier_new()
 * @json: text, @len bytes
 * @len: number of bytes
 * @err: what was wrong
 *
 * Return: 0; -EBADMSG for what is no policy: an unknown key, one that stands
 * twice, a value that it cannot have; -ENOMEM.
 */
int tsm_verifier_set_policy(struct tsm_verifier *verifier, const char *json,
			    size_t len, struct tsm_error *err);

#define TSM_VERIFY_LOGS		4

/**
 * tsm_verifier_add_log() - an event log that must lead to the registers of a TD
 * @verifier: from tsm_verifier_new()
 * @data: TCG crypto-agile format, @len bytes; copied. Several are one, in the
 *	order in which they are added: CCEL, then that of tsm_guest.
 * @len: number of bytes
 * @err: what was wrong
 *
 * Event data must be what was measured, as far as tsm_event_measured() knows.
 * Return: 0; -EFBIG for more than TSM_VERIFY_LOGS; -ENOMEM.
 */
int tsm_verifier_add_log(struct tsm_verifier *verifier, const void *data,
			 size_t len, struct tsm_error *err);

/**
 * tsm_verify() - judge evidence
 * @verifier: by what; not changed
 * @data: a TD quote or an SNP report, @len bytes
 * @len: number of bytes
 * @certs: what came with it, GUID table, PEM or DER; may be empty
 * @judgement: the result; zero, which is TSM_REJECTED, on failure
 * @err: what was wrong
 *
 * Return: 0 whatever the judgement is; -ENOMEM.
 */
int tsm_verify(const struct tsm_verifier *verifier, const void *data, size_t len,
	       const struct tsm_blob *certs, struct tsm_judgement *judgement,
	       struct tsm_error *err);

#endif /* TSM_VERIFY_H */
