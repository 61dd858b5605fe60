// SPDX-License-Identifier: GPL-2.0-only
/* The emulated SVSM, which attests to the services that it gives the guest. */

#include <crypto/hash.h>
#include <linux/align.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "emu.h"
#include "emu_compat.h"
#include "snp_host.h"

/* [SVSM] vTPM protocol: c476f1eb-0123-45a5-9641-b4e7dde5bfe3 */
static const u8 vtpm_guid[16] = {
	0xeb, 0xf1, 0x76, 0xc4, 0x23, 0x01, 0xa5, 0x45,
	0x96, 0x41, 0xb4, 0xe7, 0xdd, 0xe5, 0xbf, 0xe3,
};

/* [SVSM] services manifest: 63849ebb-3d92-4670-a1ff-58f9c94b87bb */
static const u8 services_guid[16] = {
	0xbb, 0x9e, 0x84, 0x63, 0x92, 0x3d, 0x70, 0x46,
	0xa1, 0xff, 0x58, 0xf9, 0xc9, 0x4b, 0x87, 0xbb,
};

static const char vtpm_text[] = "EMULATED VTPM MANIFEST";

/* It runs above the guest, whose VMPL is at least 1. */
#define SVSM_VMPL	0

static struct crypto_shash *sha512;

/**
 * emu_svsm_init - gets what an SVSM computes with
 *
 * Return: 0, or the crypto API's error after a line that says what is missing.
 */
int emu_svsm_init(void)
{
	sha512 = crypto_alloc_shash("sha512", 0, 0);
	if (!IS_ERR(sha512))
		return 0;
	pr_err("tsm_emu: sha512 is not there: %ld; load sha512\n",
	       PTR_ERR(sha512));
	return PTR_ERR(sha512);
}

void emu_svsm_exit(void)
{
	crypto_free_shash(sha512);
}

/* An SVSM has no business with what the host can see. */
static bool may_use(const char *what, const struct attest_location *where)
{
	u64 pa = le64_to_cpu(where->pa), len = le32_to_cpu(where->len);

	if (!emu_gpa_is_ram(pa, len))
		emu_violation("SVSM: %s 0x%llx is no RAM", what, pa);
	else if (emu_gpa_any_shared(pa, len))
		emu_violation("SVSM: %s 0x%llx is shared with the host", what,
			      pa);
	else
		return true;
	return false;
}

static bool is_buffer(const char *what, const struct attest_location *where)
{
	if (!IS_ALIGNED(le64_to_cpu(where->pa), PAGE_SIZE)) {
		emu_violation("SVSM: %s 0x%llx is misaligned", what,
			      le64_to_cpu(where->pa));
		return false;
	}
	return may_use(what, where);
}

/* [SVSM] certificates are wanted by who has a buffer for them. */
static bool wants_certs(const struct attest_area *area)
{
	return area->certs.len;
}

static u64 check_area(u32 call, const struct attest_area *area)
{
	if (!is_buffer("report", &area->report) ||
	    !is_buffer("manifest", &area->manifest) ||
	    (wants_certs(area) && !is_buffer("certificates", &area->certs)) ||
	    !may_use("nonce", &area->nonce))
		return SVSM_BAD_ADDRESS;
	if (call == SVSM_SERVICE_CALL &&
	    (memcmp(area->service_guid, vtpm_guid, sizeof(vtpm_guid)) ||
	     area->manifest_version))
		return SVSM_BAD_PARAMETER;
	return SVSM_DONE;
}

static void *at(const struct attest_location *where)
{
	return __va(le64_to_cpu(where->pa));
}

/* Contents that tell their own position, so that a lost byte shows. */
static void put_vtpm(u8 *data, u32 size)
{
	for (u32 i = 0; i < size; i++)
		data[i] = i * 7 + (i >> 8);
	memcpy(data, vtpm_text, min_t(u32, size, sizeof(vtpm_text)));
}

static void put_services(u8 *manifest, u32 size)
{
	struct manifest_head *head = (void *)manifest;
	struct manifest_entry *entry = (void *)(head + 1);
	u32 offset = sizeof(*head) + sizeof(*entry);

	memcpy(head->guid, services_guid, sizeof(head->guid));
	head->size = cpu_to_le32(size);
	head->count = cpu_to_le32(1);
	memcpy(entry->guid, vtpm_guid, sizeof(entry->guid));
	entry->offset = cpu_to_le32(offset);
	entry->size = cpu_to_le32(size - offset);
	put_vtpm(manifest + offset, size - offset);
}

/* [SVSM] REPORT_DATA: SHA-512 of the nonce and the manifest behind it */
static void hash(const struct attest_area *area, u32 manifest_size,
		 u8 digest[REPORT_DATA_SIZE])
{
	SHASH_DESC_ON_STACK(desc, sha512);

	desc->tfm = sha512;
	/* Synchronous, in memory: cannot fail. */
	WARN_ON_ONCE(crypto_shash_init(desc) ||
		     crypto_shash_update(desc, at(&area->nonce),
					 le32_to_cpu(area->nonce.len)) ||
		     crypto_shash_update(desc, at(&area->manifest),
					 manifest_size) ||
		     crypto_shash_final(desc, digest));
	shash_desc_zero(desc);
}

static bool fit(const struct attest_area *area, const struct svsm_regs *regs)
{
	return regs->r8 <= le32_to_cpu(area->report.len) &&
	       regs->rcx <= le32_to_cpu(area->manifest.len) &&
	       regs->rdx <= le32_to_cpu(area->certs.len);
}

static u64 fill(u32 call, const struct snp_plan *plan,
		const struct attest_area *area, const struct svsm_regs *regs)
{
	u32 key = plan->vlek ? SIGNING_KEY_VLEK : SIGNING_KEY_VCEK;
	u8 digest[REPORT_DATA_SIZE];

	if (call == SVSM_SERVICES_CALL)
		put_services(at(&area->manifest), regs->rcx);
	else
		put_vtpm(at(&area->manifest), regs->rcx);
	hash(area, regs->rcx, digest);
	if (!emu_report_make(plan, key, SVSM_VMPL, digest, at(&area->report)))
		return SVSM_BAD_REQUEST;
	if (regs->rdx)
		emu_certs_copy(plan, at(&area->certs), regs->rdx);
	return SVSM_DONE;
}

/* [SVSM] too small a buffer: the lengths come back, and nothing else. */
static void answer(u32 call, const struct attest_area *area,
		   struct svsm_regs *regs)
{
	struct snp_plan plan;

	emu_snp_plan(&plan);
	regs->rax = check_area(call, area);
	if (regs->rax)
		return;
	regs->rcx = emu_svsm_manifest_size();
	regs->rdx = wants_certs(area) && emu_svsm_has_certs() ?
		    emu_certs_copy(&plan, NULL, 0) : 0;
	regs->r8 = REPORT_SIZE;
	if (!fit(area, regs)) {
		regs->rax = SVSM_BAD_PARAMETER;
		return;
	}
	regs->rax = fill(call, &plan, area, regs);
	if (emu_svsm_out_len() >= 0)
		regs->r8 = emu_svsm_out_len();
}

/**
 * emu_svsm_attest - [SVSM] SVSM_ATTEST_SERVICES, SVSM_ATTEST_SINGLE_SERVICE
 * @rax: protocol and call
 * @area: what RCX points to
 * @regs: as they were before; those change that the call defines
 */
void emu_svsm_attest(u64 rax, const struct attest_area *area,
		     struct svsm_regs *regs)
{
	u32 call = lower_32_bits(rax);

	atomic_long_inc(&emu_stat.svsm_calls);
	if (upper_32_bits(rax) != SVSM_ATTEST_PROTOCOL)
		regs->rax = SVSM_NO_PROTOCOL;
	else if (call > SVSM_SERVICE_CALL)
		regs->rax = SVSM_NO_CALL;
	else if (!emu_svsm_refused(area, regs))
		answer(call, area, regs);
}
