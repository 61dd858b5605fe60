// SPDX-License-Identifier: MIT
/* TD quotes, versions 4 and 5, made of a TDREPORT. */

#include "emud.h"

#include <err.h>

/* Intel TDX DCAP Quoting Library API, appendix A.3 and A.4 */
#define ATT_KEY_ECDSA_P256	2
#define TEE_TYPE_TDX		0x81
#define BODY_TD10		2
#define BODY_TD15		3
#define BODY_TD15EX		4

/* TDREPORT_STRUCT: where the members of a quote's body come from */
#define OFF_VERSION		2
#define OFF_REPORTDATA		128
#define OFF_TCB_SVN		264	/* TEE_TCB_SVN ... SEAM ATTRIBUTES */
#define TCB_SVN_TO_ATTRIBUTES	(16 + 48 + 48 + 8)
#define OFF_TCB_SVN2		384
#define OFF_TDINFO		512	/* ATTRIBUTES, XFAM, MRTD ... RTMR3 */
#define TDINFO_TO_RTMR3		(8 + 8 + 8 * 48)
#define OFF_SERVTD_HASH		912
#define OFF_TD_ID		960
#define TD_ID_SIZE		32
#define OFF_VMID		1016
#define OFF_INFO_VALID		1021	/* bits 8 to 15 of it */
#define VALID_TD_ID		1
#define VALID_VMID		2

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

/* No device is assigned to the TD, and no service TD bound to it. */
static void put_body_td15ex(struct out *out, const uint8_t *report)
{
	put_body_td15(out, report);
	out_bytes(out, report + OFF_VMID, 1);
	out_bytes(out, report + OFF_TD_ID, TD_ID_SIZE);
	out_zero(out, MR_SIZE);			/* DEVINFO */
	out_zero(out, MR_SIZE + 8 + 16 + 16 + 12);	/* INIT_SERVTD_* ... */
	out_zero(out, MR_SIZE + 8);		/* CUR_SERVTD_* */
}

/**
 * struct body - of a quote of version 5
 * @type: of it
 * @size: bytes in it
 * @put: appends it
 */
struct body {
	unsigned int type, size;
	void (*put)(struct out *out, const uint8_t *report);
};

static const struct body td10 = { BODY_TD10, 584, put_body_td10 };
static const struct body td15 = { BODY_TD15, 648, put_body_td15 };
static const struct body td15ex = { BODY_TD15EX, 885, put_body_td15ex };

/* As Intel's quoting enclave chooses; v4 has room for no more than the first. */
static const struct body *body_for(const uint8_t *report, unsigned int version)
{
	if (version == 4 || report[OFF_VERSION] == 0)
		return &td10;
	if (report[OFF_VERSION] == 3 &&
	    report[OFF_INFO_VALID] & (VALID_TD_ID | VALID_VMID))
		return &td15ex;
	return &td15;
}

static void put_body(struct out *out, const uint8_t *report,
		     unsigned int version)
{
	const struct body *body = body_for(report, version);

	if (version == 5) {
		out_le(out, body->type, 2);
		out_le(out, body->size, 4);
	}
	body->put(out, report);
}

/**
 * quote_make - makes a quote
 * @enclave: started
 * @report: TDREPORT of version 0, 1 or 3
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
