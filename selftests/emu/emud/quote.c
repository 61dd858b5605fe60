// SPDX-License-Identifier: MIT
/* TD quotes, versions 4 and 5, made of a TDREPORT. */

#include "emud.h"

#include <err.h>

/* Intel TDX DCAP Quoting Library API, appendix A.3 and A.4 */
#define ATT_KEY_ECDSA_P256	2
#define TEE_TYPE_TDX		0x81
#define BODY_TD10		2
#define BODY_TD15		3
#define BODY_TD10_SIZE		584
#define BODY_TD15_SIZE		648

/* TDREPORT_STRUCT: where the members of a quote's body come from */
#define OFF_VERSION		2
#define OFF_REPORTDATA		128
#define OFF_TCB_SVN		264	/* TEE_TCB_SVN ... SEAM ATTRIBUTES */
#define TCB_SVN_TO_ATTRIBUTES	(16 + 48 + 48 + 8)
#define OFF_TCB_SVN2		384
#define OFF_TDINFO		512	/* ATTRIBUTES, XFAM, MRTD ... RTMR3 */
#define TDINFO_TO_RTMR3		(8 + 8 + 8 * 48)
#define OFF_SERVTD_HASH		912

/* "Intel SGX Quote", the QE vendor that every verifier expects */
static const uint8_t qe_vendor[16] = {
	0x93, 0x9a, 0x72, 0x33, 0xf7, 0x9c, 0x4c, 0xa9,
	0x94, 0x0a, 0x0d, 0xb3, 0x95, 0x7f, 0x06, 0x07,
};

/* The first 16 bytes name the platform. */
static const uint8_t user_data[20] = "EMULATED QE ID";

static void put_header(struct out *out, unsigned int version)
{
	out_le(out, version, 2);
	out_le(out, ATT_KEY_ECDSA_P256, 2);
	out_le(out, TEE_TYPE_TDX, 4);
	out_zero(out, 4);
	out_bytes(out, qe_vendor, sizeof(qe_vendor));
	out_bytes(out, user_data, sizeof(user_data));
}

static void put_body_td10(struct out *out, const uint8_t *report)
{
	out_bytes(out, report + OFF_TCB_SVN, TCB_SVN_TO_ATTRIBUTES);
	out_bytes(out, report + OFF_TDINFO, TDINFO_TO_RTMR3);
	out_bytes(out, report + OFF_REPORTDATA, REPORTDATA_SIZE);
}

static void put_body_td15(struct out *out, const uint8_t *report)
{
	put_body_td10(out, report);
	out_bytes(out, report + OFF_TCB_SVN2, SVN_SIZE);
	out_bytes(out, report + OFF_SERVTD_HASH, MR_SIZE);
}

/* A TDREPORT of version 1 has TEE_TCB_SVN2, for which v4 has no room. */
static void put_body(struct out *out, const uint8_t *report,
		     unsigned int version)
{
	bool td15 = version == 5 && report[OFF_VERSION] == 1;

	if (version == 5) {
		out_le(out, td15 ? BODY_TD15 : BODY_TD10, 2);
		out_le(out, td15 ? BODY_TD15_SIZE : BODY_TD10_SIZE, 4);
	}
	if (td15)
		put_body_td15(out, report);
	else
		put_body_td10(out, report);
}

/**
 * quote_make - makes a quote
 * @enclave: started
 * @report: TDREPORT of version 0 or 1
 * @version: of the quote, 4 or 5
 * @quote: where to
 * @size: of @quote
 * @len: bytes of the quote
 */
int quote_make(struct enclave *enclave, const uint8_t report[TDREPORT_SIZE],
	       unsigned int version, uint8_t *quote, size_t size, size_t *len)
{
	struct out out = { quote, size, 0 };
	uint8_t sig[SIG_SIZE];

	if (version != 4 && version != 5) {
		warnx("quote version %u: want 4 or 5", version);
		return -1;
	}
	if (tdreport_check(report))
		return -1;
	put_header(&out, version);
	put_body(&out, report, version);
	if (!out_fits(&out) ||
	    ecdsa_sign(enclave->pki.att_key, quote, out.len, sig))
		return -1;

	out_le(&out, sizeof(sig) + POINT_SIZE + enclave->certification_len, 4);
	out_bytes(&out, sig, sizeof(sig));
	out_bytes(&out, enclave->att_point, POINT_SIZE);
	out_bytes(&out, enclave->certification, enclave->certification_len);
	*len = out.len;
	if (out_fits(&out))
		return 0;
	warnx("quote: longer than %zu bytes", size);
	return -1;
}
