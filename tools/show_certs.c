// SPDX-License-Identifier: MIT
/* Prints certificates, with what Intel and AMD have put into theirs. */
#include "tsmctl.h"

#include <errno.h>
#include <stdio.h>

static const char *sgx_type_name(unsigned int type)
{
	static const char *const names[] = {
		"standard", "scalable", "scalable with integrity",
	};

	return type < sizeof(names) / sizeof(names[0]) ? names[type] :
							 "unknown";
}

static void show_pck(struct out *out, const struct tsm_pck *pck)
{
	out_hex(out, "FMSPC", pck->fmspc, sizeof(pck->fmspc));
	out_hex(out, "PCEID", pck->pceid, sizeof(pck->pceid));
	out_num(out, "PCESVN", pck->pcesvn);
	out_hex(out, "CPUSVN", pck->cpusvn, sizeof(pck->cpusvn));
	out_hex(out, "TCB_COMPONENTS", pck->comp_svn, sizeof(pck->comp_svn));
	out_hex(out, "PPID", pck->ppid, sizeof(pck->ppid));
	out_named(out, "SGX_TYPE", pck->sgx_type,
		  sgx_type_name(pck->sgx_type));
	if (pck->has_instance)
		out_hex(out, "PLATFORM_INSTANCE_ID", pck->instance_id,
			sizeof(pck->instance_id));
}

static void show_snp_ext(struct out *out, const struct tsm_snp_ext *ext)
{
	unsigned int i;

	if (ext->has & TSM_SNP_EXT_VERSION)
		out_num(out, "STRUCT_VERSION", ext->version);
	if (ext->has & TSM_SNP_EXT_PRODUCT)
		out_str(out, "PRODUCT_NAME", "%s", ext->product);
	for (i = 1; i <= TSM_SNP_EXT_SPLS; i++) {
		if (ext->has_spl & 1u << i)
			out_num(out, tsm_snp_spl_name(i), ext->spl[i]);
	}
	if (ext->has & TSM_SNP_EXT_HW_ID)
		out_hex(out, "HW_ID", ext->hw_id, ext->hw_id_len);
	if (ext->has & TSM_SNP_EXT_CSP_ID)
		out_str(out, "CSP_ID", "%s", ext->csp_id);
}

static void show_cert(struct out *out, const struct tsm_cert *cert)
{
	out_str(out, "subject", "%s", cert->subject);
	out_str(out, "issuer", "%s", cert->issuer);
	out_str(out, "serial", "%s", cert->serial);
	out_str(out, "not before", "%s", cert->not_before);
	out_str(out, "not after", "%s", cert->not_after);
	out_str(out, "key type", "%s", cert->key_type);
	out_num(out, "key bits", cert->key_bits);
	if (cert->has_pck)
		show_pck(out, &cert->pck);
	if (cert->has_snp)
		show_snp_ext(out, &cert->snp);
}

/* Certificates that cannot be decoded do not hide what could be. */
int show_certs(struct out *out, const struct tsm_blob *data)
{
	struct tsm_cert certs[TSM_CERTS_MAX];
	struct tsm_error err;
	char title[40];
	size_t count, i;
	int ret;

	ret = tsm_certs_parse(data->data, data->len, certs, &count, &err);
	if (ret == -ENOMEM) {
		complain("%s", err.text);
		return FAILED;
	}
	if (ret)
		out_str(out, "certificate error", "%s", err.text);
	out_list(out, "certificates");
	for (i = 0; i < count; i++) {
		snprintf(title, sizeof(title), "certificate %zu", i);
		out_section(out, title);
		show_cert(out, &certs[i]);
		out_end(out);
	}
	out_list_end(out);
	return DONE;
}
