// SPDX-License-Identifier: MIT
/* Decodes evidence of any kind and prints a TDREPORT. */
#include "cmd_log.h"

#include <endian.h>
#include <stdio.h>

static void show_mac(struct out *out, const struct tsm_tdx_reportmac *mac)
{
	out_section(out, "REPORTMACSTRUCT");
	out_named(out, "TYPE", mac->type, "0x81, TDX");
	out_num(out, "SUBTYPE", mac->subtype);
	out_num(out, "VERSION", mac->version);
	out_hex(out, "CPUSVN", mac->cpusvn, sizeof(mac->cpusvn));
	out_hex(out, "TEE_TCB_INFO_HASH", mac->tee_tcb_info_hash,
		sizeof(mac->tee_tcb_info_hash));
	out_hex(out, "TEE_INFO_HASH", mac->tee_info_hash,
		sizeof(mac->tee_info_hash));
	out_hex(out, "REPORTDATA", mac->reportdata, sizeof(mac->reportdata));
	out_hex(out, "MAC", mac->mac, sizeof(mac->mac));
	out_end(out);
}

static void show_tcb(struct out *out, const struct tsm_tdx_tcb_info *tcb)
{
	/* VALID's bits stand for groups of bytes and have no names */
	static const struct bit_name none[] = { { NULL, 0 } };

	out_section(out, "TEE_TCB_INFO");
	out_str(out, "VALID", "0x%016llx",
		(unsigned long long)le64toh(tcb->valid));
	out_hex(out, "TEE_TCB_SVN", tcb->tee_tcb_svn, sizeof(tcb->tee_tcb_svn));
	out_hex(out, "MRSEAM", tcb->mrseam, sizeof(tcb->mrseam));
	out_hex(out, "MRSIGNERSEAM", tcb->mrsignerseam,
		sizeof(tcb->mrsignerseam));
	out_bits(out, "ATTRIBUTES", le64toh(tcb->attributes), none);
	out_hex(out, "TEE_TCB_SVN2", tcb->tee_tcb_svn2,
		sizeof(tcb->tee_tcb_svn2));
	out_end(out);
}

static void show_td(struct out *out, const struct tsm_tdx_tdinfo *td,
		    unsigned int version)
{
	char name[] = "RTMR0";
	unsigned int i;

	out_section(out, "TDINFO");
	out_bits(out, "ATTRIBUTES", le64toh(td->attributes), td_attribute_bits);
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
	if (version >= TSM_TDX_REPORT_TD15)
		out_hex(out, "SERVTD_HASH", td->servtd_hash,
			sizeof(td->servtd_hash));
	if (version >= TSM_TDX_REPORT_TD15EX) {
		out_hex(out, "TD_ID", td->td_id, sizeof(td->td_id));
		out_num(out, "VMID", td->vmid);
		out_bits(out, "VALID", le32toh(td->valid), td_info_valid_bits);
	}
	out_end(out);
}

void show_trailing(struct out *out, const struct tsm_blob *trailing,
		   const char *what)
{
	size_t i, odd = 0;
	char text[80];

	out_num(out, "trailing bytes", trailing->len);
	if (!trailing->len)
		return;
	for (i = 0; i < trailing->len; i++)
		odd += trailing->data[i] != 0;
	snprintf(text, sizeof(text),
		 "NO: %zu bytes that are not zero: not part of the %s", odd,
		 what);
	out_check(out, "trailing zero", !odd, "yes, padding", text);
}

static int show_tdreport(struct out *out, const struct tsm_tdx_report *report,
			 const struct tsm_blob *trailing)
{
	bool tcb_info, td_info;

	if (tsm_tdreport_consistent(report, &tcb_info, &td_info)) {
		complain("no digest could be computed: out of memory");
		return FAILED;
	}
	out_str(out, "type", "TDREPORT");
	out_num(out, "version", report->mac.version);
	out_str(out, "authenticity", "not verified");
	show_trailing(out, trailing, "TDREPORT");
	show_mac(out, &report->mac);
	show_tcb(out, &report->tcb);
	show_td(out, &report->td, report->mac.version);
	out_section(out, "consistency");
	out_check(out, "TEE_TCB_INFO_HASH", tcb_info, "consistent", "MISMATCH");
	out_check(out, "TEE_INFO_HASH", td_info, "consistent", "MISMATCH");
	out_end(out);
	return tcb_info && td_info ? DONE : REJECTED;
}

static int show_log(struct out *out, const uint8_t *data, size_t len)
{
	const struct log_set set = {
		.part = { { "event log", { data, len }, len } },
		.kind = { "event" },
		.parts = 1,
	};

	out_str(out, "type", "event log");
	return show_logs(out, &set);
}

static int show_snp_report(struct out *out, const uint8_t *data, size_t len)
{
	struct tsm_error err;
	struct tsm_snp snp;

	if (!tsm_snp_parse(data, len, &snp, &err))
		return show_snp(out, &snp);
	complain("%s", err.text);
	return FAILED;
}

static int show_snp_table(struct out *out, const uint8_t *data, size_t len)
{
	struct tsm_snp_certs certs;
	struct tsm_error err;

	if (!tsm_snp_certs_parse(data, len, &certs, &err))
		return show_snp_certs(out, &certs, len);
	complain("%s", err.text);
	return FAILED;
}

/* What no parser takes for evidence. */
static int show_other(struct out *out, const uint8_t *data, size_t len)
{
	const struct tsm_blob all = { data, len };
	struct tsm_cert certs[TSM_CERTS_MAX];
	size_t count;

	if (tsm_log_guess(data, len))
		return show_log(out, data, len);
	if (!tsm_certs_parse(data, len, certs, &count, NULL)) {
		out_str(out, "type", "certificates");
		out_str(out, "authenticity", "not verified");
		return show_certs(out, &all);
	}
	complain(UNKNOWN_EVIDENCE " nor an SNP report nor its certificates nor an event log",
		 len);
	return FAILED;
}

int show_evidence(struct out *out, const uint8_t *data, size_t len)
{
	struct tsm_tdx_report report;
	struct tsm_blob trailing;
	struct tsm_quote quote;
	struct tsm_error err;

	switch (tsm_evidence_guess(data, len)) {
	case TSM_EVIDENCE_TDREPORT:
		if (tsm_tdreport_parse(data, len, &report, &err))
			break;
		trailing.data = data + sizeof(report);
		trailing.len = len - sizeof(report);
		return show_tdreport(out, &report, &trailing);
	case TSM_EVIDENCE_QUOTE:
		if (!tsm_quote_parse(data, len, &quote, &err))
			return show_quote(out, &quote);
		break;
	case TSM_EVIDENCE_SNP_REPORT:
		return show_snp_report(out, data, len);
	case TSM_EVIDENCE_SNP_CERTS:
		return show_snp_table(out, data, len);
	default:
		return show_other(out, data, len);
	}
	complain("%s", err.text);
	return FAILED;
}
