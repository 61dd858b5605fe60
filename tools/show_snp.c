// SPDX-License-Identifier: MIT
/* Prints an SNP report, and the certificate table that a host gives with it. */
#include "tsmctl.h"

#include <endian.h>
#include <stdio.h>

static void show_tcb(struct out *out, const char *name,
		     const union tsm_snp_tcb *tcb, bool turin)
{
	struct tsm_snp_tcb_part part[TSM_SNP_TCB_PARTS];
	const size_t count = tsm_snp_tcb_parts(tcb, turin, part);
	size_t i;

	out_section(out, name);
	out_str(out, "value", "0x%016llx",
		(unsigned long long)le64toh(tcb->whole));
	for (i = 0; i < count; i++)
		out_num(out, part[i].name, part[i].svn);
	out_end(out);
}

static void show_version(struct out *out, const char *name,
			 const struct tsm_snp_version *v)
{
	out_str(out, name, "%u.%u.%u", v->major, v->minor, v->build);
}

/* What the guest's owner decided and what the guest is. */
static void show_guest(struct out *out, const struct tsm_snp_report *r)
{
	const uint64_t policy = le64toh(r->policy);
	const uint32_t vmpl = le32toh(r->vmpl);

	out_section(out, "guest");
	out_num(out, "GUEST_SVN", le32toh(r->guest_svn));
	out_flags(out, "POLICY", policy,
		  TSM_SNP_POLICY_ABI_MAJOR | TSM_SNP_POLICY_ABI_MINOR,
		  snp_policy_bits);
	out_str(out, "POLICY_ABI", "%u.%u", (unsigned int)(policy >> 8 & 255),
		(unsigned int)(policy & 255));
	if (vmpl == TSM_SNP_VMPL_HOST)
		out_named(out, "VMPL", vmpl, "asked for by the host");
	else
		out_num(out, "VMPL", vmpl);
	out_hex(out, "REPORT_DATA", r->report_data, sizeof(r->report_data));
	out_hex(out, "MEASUREMENT", r->measurement, sizeof(r->measurement));
	out_hex(out, "HOST_DATA", r->host_data, sizeof(r->host_data));
	out_hex(out, "FAMILY_ID", r->family_id, sizeof(r->family_id));
	out_hex(out, "IMAGE_ID", r->image_id, sizeof(r->image_id));
	out_hex(out, "ID_KEY_DIGEST", r->id_key_digest,
		sizeof(r->id_key_digest));
	out_hex(out, "AUTHOR_KEY_DIGEST", r->author_key_digest,
		sizeof(r->author_key_digest));
	out_hex(out, "REPORT_ID", r->report_id, sizeof(r->report_id));
	out_hex(out, "REPORT_ID_MA", r->report_id_ma, sizeof(r->report_id_ma));
	out_end(out);
}

static void show_vector(struct out *out, const char *name, uint64_t value)
{
	out_str(out, name, "0x%016llx", (unsigned long long)value);
}

static void show_platform(struct out *out, const struct tsm_snp *snp)
{
	const struct tsm_snp_report *r = &snp->report;

	out_section(out, "platform");
	out_flags(out, "PLATFORM_INFO", le64toh(r->platform_info), 0,
		  snp_platform_bits);
	if (snp->version >= TSM_SNP_REPORT_V3) {
		out_str(out, "CPUID_FAM_ID", "0x%02x", r->cpuid_fam_id);
		out_str(out, "CPUID_MOD_ID", "0x%02x", r->cpuid_mod_id);
		out_num(out, "CPUID_STEP", r->cpuid_step);
	}
	out_hex(out, "CHIP_ID", r->chip_id, sizeof(r->chip_id));
	show_version(out, "CURRENT_VERSION", &r->current_version);
	show_version(out, "COMMITTED_VERSION", &r->committed_version);
	if (snp->version >= TSM_SNP_REPORT_V5) {
		show_vector(out, "LAUNCH_MIT_VECTOR",
			    le64toh(r->launch_mit_vector));
		show_vector(out, "CURRENT_MIT_VECTOR",
			    le64toh(r->current_mit_vector));
	}
	out_end(out);
	show_tcb(out, "REPORTED_TCB", &r->reported_tcb, snp->turin_tcb);
	show_tcb(out, "CURRENT_TCB", &r->current_tcb, snp->turin_tcb);
	show_tcb(out, "COMMITTED_TCB", &r->committed_tcb, snp->turin_tcb);
	show_tcb(out, "LAUNCH_TCB", &r->launch_tcb, snp->turin_tcb);
}

static void show_signature(struct out *out, const struct tsm_snp *snp)
{
	const struct tsm_snp_report *r = &snp->report;
	const uint32_t flags = le32toh(r->flags);
	const unsigned int algo = le32toh(r->signature_algo);
	const unsigned int key = flags >> TSM_SNP_SIGNING_KEY_SHIFT &
				 TSM_SNP_SIGNING_KEY_MASK;

	out_section(out, "signature");
	out_flags(out, "FLAGS", flags,
		  TSM_SNP_SIGNING_KEY_MASK << TSM_SNP_SIGNING_KEY_SHIFT,
		  snp_flag_bits);
	out_named(out, "SIGNING_KEY", key, snp_signing_key_name(key));
	out_named(out, "SIGNATURE_ALGO", algo,
		  algo == TSM_SNP_ALGO_ECDSA_P384_SHA384 ?
		  "ECDSA P-384 with SHA-384" : "unknown");
	out_num(out, "SIGNED_BYTES", snp->signed_part.len);
	out_hex(out, "R", r->signature.r, sizeof(r->signature.r));
	out_hex(out, "S", r->signature.s, sizeof(r->signature.s));
	out_end(out);
}

int show_snp(struct out *out, const struct tsm_snp *snp)
{
	out_str(out, "type", "SNP report");
	out_num(out, "version", snp->version);
	if (snp->version > TSM_SNP_REPORT_NEWEST)
		out_named(out, "decoded as version", TSM_SNP_REPORT_NEWEST,
			  "the newest known here: what is new is not shown");
	out_str(out, "authenticity", "not verified");
	out_str(out, "generation", "%s", snp_generation_name(snp->generation));
	out_check(out, "reserved zero", snp->reserved_zero, "yes",
		  "NO: bytes that this version reserves are not 0");
	show_trailing(out, &snp->trailing, "report");
	show_guest(out, &snp->report);
	show_platform(out, snp);
	show_signature(out, snp);
	return DONE;
}

static void show_guid(struct out *out, const uint8_t g[16])
{
	out_str(out, "guid",
		"%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
		g[0], g[1], g[2], g[3], g[4], g[5], g[6], g[7], g[8], g[9],
		g[10], g[11], g[12], g[13], g[14], g[15]);
}

/* What is in the slot of the VCEK may be a VLEK. */
static void show_holds(struct out *out, const struct tsm_snp_entry *entry)
{
	struct tsm_cert certs[TSM_CERTS_MAX];
	size_t count;

	if (tsm_certs_parse(entry->body.data, entry->body.len, certs, &count,
			    NULL) || !certs[0].has_snp)
		return;
	out_str(out, "holds", "%s",
		certs[0].snp.has & TSM_SNP_EXT_CSP_ID ? "VLEK" : "VCEK");
}

static int show_entry(struct out *out, const struct tsm_snp_entry *entry,
		      size_t number)
{
	char title[40];
	int code = DONE;

	snprintf(title, sizeof(title), "entry %zu: %s", number,
		 tsm_snp_slot_name(entry->slot));
	out_section(out, title);
	out_str(out, "slot", "%s", tsm_snp_slot_name(entry->slot));
	show_guid(out, entry->guid);
	out_num(out, "offset", entry->offset);
	out_num(out, "size", entry->body.len);
	if (entry->overlaps)
		out_check(out, "overlap free", false, "yes",
			  "NO: shares some of its bytes with another entry");
	/* a CRL is no certificate, and what is unknown may be anything */
	if (entry->slot != TSM_SNP_SLOT_CRL &&
	    entry->slot != TSM_SNP_SLOT_OTHER) {
		show_holds(out, entry);
		code = show_certs(out, &entry->body);
	}
	out_end(out);
	return code;
}

int show_snp_certs(struct out *out, const struct tsm_snp_certs *certs,
		   size_t len)
{
	int code = DONE;
	size_t i;

	out_str(out, "type", "SNP certificate table");
	out_str(out, "authenticity", "not verified");
	out_num(out, "entries", certs->count);
	out_str(out, "guid order", "%s", certs->uefi_guids ? "UEFI" :
							     "as printed");
	out_num(out, "unused bytes", len - certs->size);
	out_list(out, "table");
	for (i = 0; i < certs->count && !code; i++)
		code = show_entry(out, &certs->entry[i], i);
	out_list_end(out);
	return code;
}
