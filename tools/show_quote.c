// SPDX-License-Identifier: MIT
/* Prints a TD quote. */
#include "tsmctl.h"

#include <endian.h>

static void show_header(struct out *out, const struct tsm_quote_header *h)
{
	out_section(out, "header");
	out_num(out, "VERSION", le16toh(h->version));
	out_named(out, "ATT_KEY_TYPE", le16toh(h->att_key_type),
		  key_type_name(le16toh(h->att_key_type)));
	out_named(out, "TEE_TYPE", le32toh(h->tee_type), "0x81, TDX");
	out_hex(out, "QE_VENDOR_ID", h->qe_vendor_id, sizeof(h->qe_vendor_id));
	out_hex(out, "USER_DATA", h->user_data, sizeof(h->user_data));
	out_end(out);
}

static void show_td10(struct out *out, const struct tsm_quote_td10 *td)
{
	static const struct bit_name none[] = { { NULL, 0 } };
	char name[] = "RTMR0";
	unsigned int i;

	out_hex(out, "TEE_TCB_SVN", td->tee_tcb_svn, sizeof(td->tee_tcb_svn));
	out_hex(out, "MRSEAM", td->mrseam, sizeof(td->mrseam));
	out_hex(out, "MRSIGNERSEAM", td->mrsignerseam,
		sizeof(td->mrsignerseam));
	out_bits(out, "SEAMATTRIBUTES", le64toh(td->seam_attributes), none);
	out_bits(out, "TDATTRIBUTES", le64toh(td->td_attributes),
		 td_attribute_bits);
	out_bits(out, "XFAM", le64toh(td->xfam), xfam_bits);
	out_hex(out, "MRTD", td->mrtd, sizeof(td->mrtd));
	out_hex(out, "MRCONFIGID", td->mrconfigid, sizeof(td->mrconfigid));
	out_hex(out, "MROWNER", td->mrowner, sizeof(td->mrowner));
	out_hex(out, "MROWNERCONFIG", td->mrownerconfig,
		sizeof(td->mrownerconfig));
	for (i = 0; i < TSM_TDX_RTMR_COUNT; i++) {
		name[4] = (char)('0' + i);
		out_hex(out, name, td->rtmr[i], sizeof(td->rtmr[i]));
	}
	out_hex(out, "REPORTDATA", td->reportdata, sizeof(td->reportdata));
}

static void show_td15ex(struct out *out, const struct tsm_quote_td15ex *td)
{
	out_num(out, "VMID", td->vmid);
	out_hex(out, "TD_ID", td->td_id, sizeof(td->td_id));
	out_hex(out, "DEVINFO", td->devinfo, sizeof(td->devinfo));
	out_hex(out, "INIT_SERVTD_HASH", td->init_servtd_hash,
		sizeof(td->init_servtd_hash));
	out_str(out, "INIT_SERVTD_ATTR", "0x%016llx",
		(unsigned long long)le64toh(td->init_servtd_attr));
	out_hex(out, "INIT_CPUSVN", td->init_cpusvn, sizeof(td->init_cpusvn));
	out_hex(out, "INIT_TEE_TCB_SVN", td->init_tee_tcb_svn,
		sizeof(td->init_tee_tcb_svn));
	out_hex(out, "INIT_FMSPC", td->init_fmspc, sizeof(td->init_fmspc));
	out_hex(out, "CUR_SERVTD_HASH", td->cur_servtd_hash,
		sizeof(td->cur_servtd_hash));
	out_str(out, "CUR_SERVTD_ATTR", "0x%016llx",
		(unsigned long long)le64toh(td->cur_servtd_attr));
}

static void show_body(struct out *out, const struct tsm_quote *q)
{
	const struct tsm_quote_td15 *td15 = &q->body.td15;

	out_section(out, "body");
	out_named(out, "TYPE", q->body_type, body_type_name(q->body_type));
	out_num(out, "SIZE", q->body_size);
	show_td10(out, &td15->td10);
	if (q->body_type >= TSM_QUOTE_BODY_TD15) {
		out_hex(out, "TEE_TCB_SVN2", td15->tee_tcb_svn2,
			sizeof(td15->tee_tcb_svn2));
		out_hex(out, "MRSERVICETD", td15->mrservicetd,
			sizeof(td15->mrservicetd));
	}
	if (q->body_type >= TSM_QUOTE_BODY_TD15EX)
		show_td15ex(out, &q->body);
	out_end(out);
}

static void show_signature(struct out *out, const struct tsm_quote *q)
{
	const struct tsm_sgx_report *qe = &q->qe.report;

	out_section(out, "signature");
	out_num(out, "SIGNED_BYTES", q->signed_part.len);
	out_hex(out, "SIGNATURE", q->ecdsa.signature,
		sizeof(q->ecdsa.signature));
	out_hex(out, "ATTESTATION_KEY", q->ecdsa.attestation_key,
		sizeof(q->ecdsa.attestation_key));
	out_hex(out, "QE_AUTH_DATA", q->auth.data, q->auth.len);
	out_hex(out, "QE_REPORT_SIGNATURE", q->qe.signature,
		sizeof(q->qe.signature));
	out_num(out, "CERT_TYPE", q->cert_type);
	out_num(out, "CERT_SIZE", q->certs.len);
	out_end(out);

	out_section(out, "QE report");
	out_hex(out, "CPUSVN", qe->cpusvn, sizeof(qe->cpusvn));
	out_str(out, "MISCSELECT", "0x%08x", le32toh(qe->miscselect));
	out_hex(out, "ATTRIBUTES", qe->attributes, sizeof(qe->attributes));
	out_hex(out, "MRENCLAVE", qe->mrenclave, sizeof(qe->mrenclave));
	out_hex(out, "MRSIGNER", qe->mrsigner, sizeof(qe->mrsigner));
	out_num(out, "ISVPRODID", le16toh(qe->isvprodid));
	out_num(out, "ISVSVN", le16toh(qe->isvsvn));
	out_hex(out, "REPORTDATA", qe->reportdata, sizeof(qe->reportdata));
	out_end(out);
}

int show_quote(struct out *out, const struct tsm_quote *q)
{
	bool binds;

	if (tsm_quote_consistent(q, &binds)) {
		complain("no digest could be computed: out of memory");
		return FAILED;
	}
	out_str(out, "type", "TD quote");
	out_num(out, "version", q->version);
	out_str(out, "authenticity", "not verified");
	show_trailing(out, &q->trailing, "quote");
	show_header(out, &q->header);
	show_body(out, q);
	show_signature(out, q);
	if (q->cert_type == TSM_QUOTE_CERT_PCK_CHAIN &&
	    show_certs(out, &q->certs))
		return FAILED;
	out_section(out, "consistency");
	out_check(out, "QE REPORTDATA", binds,
		  "consistent: names the attestation key", "MISMATCH");
	out_end(out);
	return binds ? DONE : REJECTED;
}
