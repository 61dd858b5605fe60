// SPDX-License-Identifier: MIT
/* What bytes look like, and whether they agree with themselves: no keys here. */
#include "lib_private.h"

/*
 * The parser says more about a quote that it cannot decode, but only what is
 * one should reach it: many files open with a small number, SNP reports too.
 * The type of a TD allows for key types to come; that of SGX is 0, as so much
 * else is, and goes with the two key types of [DCAP] A.3.1 only.
 */
static bool looks_like_quote(uint16_t version, uint16_t key_type,
			     uint32_t tee_type)
{
	if (version < 1 || version > 15)
		return false;
	if (tee_type == TSM_QUOTE_TEE_TDX)
		return key_type >= 1 && key_type <= 15;
	return tee_type == TSM_QUOTE_TEE_SGX &&
	       (key_type == TSM_QUOTE_KEY_ECDSA_P256 ||
		key_type == TSM_QUOTE_KEY_ECDSA_P384);
}

/*
 * There is no magic number in an SNP report, and two numbers that are small are
 * in many files. Reserved bits help, above all the one that is always 1. What is
 * cut off behind them should be told by the parser.
 */
static bool looks_like_snp_report(struct cursor c)
{
	uint32_t version, vmpl, algo, policy_low, flags, reserved;
	const uint8_t *skipped;

	if (!cursor_le32(&c, &version) ||
	    !cursor_take(&c, 4, &skipped) || !cursor_le32(&c, &policy_low) ||
	    !cursor_take(&c, 4 + TSM_SNP_FAMILY_ID_SIZE + TSM_SNP_IMAGE_ID_SIZE,
			 &skipped) ||
	    !cursor_le32(&c, &vmpl) || !cursor_le32(&c, &algo) ||
	    !cursor_take(&c, 16, &skipped) || !cursor_le32(&c, &flags) ||
	    !cursor_le32(&c, &reserved))
		return false;
	return version >= 1 && version <= 15 &&
	       policy_low >> TSM_SNP_POLICY_RESERVED_ONE & 1 &&
	       (vmpl < TSM_SNP_VMPL_COUNT || vmpl == TSM_SNP_VMPL_HOST) &&
	       algo <= 15 && flags < 256 && !reserved;
}

enum tsm_evidence tsm_evidence_guess(const void *data, size_t len)
{
	struct cursor c = cursor_over(data, len);
	uint16_t version, key_type;
	uint32_t tee_type;

	if (looks_like_snp_report(c))
		return TSM_EVIDENCE_SNP_REPORT;
	if (tsm_snp_certs_guess(data, len))
		return TSM_EVIDENCE_SNP_CERTS;
	if (!cursor_le16(&c, &version) || !cursor_le16(&c, &key_type))
		return TSM_EVIDENCE_UNKNOWN;
	/* REPORTTYPE: type 0x81, subtype 0 */
	if (version == TSM_TDX_REPORT_TYPE)
		return TSM_EVIDENCE_TDREPORT;
	if (!cursor_le32(&c, &tee_type) || !looks_like_quote(version, key_type,
							     tee_type))
		return TSM_EVIDENCE_UNKNOWN;
	return TSM_EVIDENCE_QUOTE;
}

int tsm_tdreport_consistent(const struct tsm_tdx_report *report,
			    bool *tcb_info, bool *td_info)
{
	uint8_t hash[TSM_TDX_MR_SIZE];

	tsm_sha384(&report->tcb, sizeof(report->tcb), hash);
	*tcb_info = !memcmp(hash, report->mac.tee_tcb_info_hash, sizeof(hash));

	tsm_sha384(&report->td, sizeof(report->td), hash);
	*td_info = !memcmp(hash, report->mac.tee_info_hash, sizeof(hash));
	return 0;
}

int tsm_quote_consistent(const struct tsm_quote *quote, bool *binds)
{
	const struct tsm_blob covered[] = {
		{ quote->ecdsa.attestation_key,
		  sizeof(quote->ecdsa.attestation_key) },
		quote->auth,
	};
	uint8_t expected[64] = { 0 };

	tsm_sha256(covered, 2, expected);
	*binds = !memcmp(expected, quote->qe.report.reportdata,
			 sizeof(expected));
	return 0;
}

int tsm_svsm_reportdata(const uint8_t nonce[TSM_SNP_REPORTDATA_SIZE],
			const void *manifest, size_t len,
			uint8_t reportdata[TSM_SNP_REPORTDATA_SIZE])
{
	const struct tsm_blob covered[] = {
		{ nonce, TSM_SNP_REPORTDATA_SIZE },
		{ manifest, len },
	};

	tsm_sha512(covered, 2, reportdata);
	return 0;
}
