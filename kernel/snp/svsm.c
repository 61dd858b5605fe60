// SPDX-License-Identifier: GPL-2.0-only
/* Reports by way of an SVSM. */
#define pr_fmt(fmt) KBUILD_MODNAME ": snp: " fmt

#include "svsm.h"

#include <linux/cleanup.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <asm/sev.h>

#include "../backend.h"

/* How often buffers may be too small; each call tells how large they must be. */
#define TRIES		4

/* More than this no buffer gets. */
#define BUFFER_MAX	SZ_1M

/**
 * struct buffer - private memory that the SVSM fills
 * @data: whole pages; NULL between calls
 * @size: bytes there
 * @wanted: bytes that there shall be for the next call
 * @blob: which blob it becomes
 */
struct buffer {
	void *data;
	u32 size;
	u32 wanted;
	enum tsmg_blob_id blob;
};

enum { REPORT, MANIFEST, CERTS, BUFFERS };

static struct svsm_loc_entry *location(struct svsm_attest_call *args, int i)
{
	switch (i) {
	case REPORT:
		return &args->report_buf;
	case MANIFEST:
		return &args->manifest_buf;
	default:
		return &args->certificates_buf;
	}
}

static int alloc_buffers(struct buffer *buffers)
{
	int i;

	for (i = 0; i < BUFFERS; i++) {
		buffers[i].size = buffers[i].wanted;
		buffers[i].data = alloc_pages_exact(buffers[i].size,
						    GFP_KERNEL | __GFP_ZERO);
		if (!buffers[i].data)
			return -ENOMEM;
	}
	return 0;
}

static void free_buffers(struct buffer *buffers)
{
	int i;

	for (i = 0; i < BUFFERS; i++) {
		if (buffers[i].data)
			free_pages_exact(buffers[i].data, buffers[i].size);
		buffers[i].data = NULL;
	}
}

/* -EAGAIN if a buffer was too small: next time it is as the SVSM wants it. */
static int grow(struct buffer *buffers, struct svsm_attest_call *args)
{
	int i, ret = -EINVAL;
	u32 len;

	for (i = 0; i < BUFFERS; i++) {
		len = location(args, i)->len;
		if (len <= buffers[i].size)
			continue;
		if (len > BUFFER_MAX)
			return -EMSGSIZE;
		buffers[i].wanted = PAGE_ALIGN(len);
		ret = -EAGAIN;
	}
	return ret;
}

static int keep(const struct buffer *buffers, struct svsm_attest_call *args,
		struct tsmg_report *report)
{
	struct tsmg_blob *blob;
	int i;
	u32 len;

	for (i = 0; i < BUFFERS; i++) {
		len = location(args, i)->len;
		if (len > buffers[i].size)
			return -EMSGSIZE;
		if (!len)
			continue;
		blob = &report->blob[buffers[i].blob];
		blob->data = kvmemdup(buffers[i].data, len, GFP_KERNEL);
		if (!blob->data)
			return -ENOMEM;
		blob->len = len;
	}
	return report->blob[TSMG_OUTBLOB].len ? 0 : -ENODATA;
}

static int attest(const struct tsmg_request *request, void *nonce,
		  struct buffer *buffers, struct tsmg_report *report)
{
	struct svsm_attest_call args = {
		.nonce.pa = virt_to_phys(nonce),
		.nonce.len = request->inblob_len,
	};
	u64 call_id = SVSM_ATTEST_CALL(SVSM_ATTEST_SERVICES);
	struct svsm_call call = {};
	int i, ret;

	for (i = 0; i < BUFFERS; i++) {
		location(&args, i)->pa = virt_to_phys(buffers[i].data);
		location(&args, i)->len = buffers[i].size;
	}
	if (!guid_is_null(&request->service_guid)) {
		call_id = SVSM_ATTEST_CALL(SVSM_ATTEST_SINGLE_SERVICE);
		export_guid(args.service_guid, &request->service_guid);
		args.service_manifest_ver = request->manifest_version;
	}

	ret = snp_issue_svsm_attest_req(call_id, &call, &args);
	if (!ret)
		return keep(buffers, &args, report);
	if (call.rax_out == SVSM_ERR_INVALID_PARAMETER) {
		ret = grow(buffers, &args);
		if (ret != -EINVAL)
			return ret;
	}
	pr_warn_ratelimited("the SVSM refused to attest: 0x%llx\n",
			    call.rax_out);
	return -EINVAL;
}

int tsmg_svsm_report(const struct tsmg_request *request,
		     struct tsmg_report *report)
{
	struct buffer buffers[BUFFERS] = {
		[REPORT] = { .wanted = SZ_4K, .blob = TSMG_OUTBLOB },
		[MANIFEST] = { .wanted = SZ_4K, .blob = TSMG_MANIFESTBLOB },
		[CERTS] = { .wanted = SZ_16K, .blob = TSMG_AUXBLOB },
	};
	/* The SVSM gets its physical address, so it cannot be on the stack. */
	void *nonce __free(kfree) = kmemdup(request->inblob,
					    request->inblob_len, GFP_KERNEL);
	int tries, ret;

	if (!nonce)
		return -ENOMEM;

	for (tries = 0; tries < TRIES; tries++) {
		ret = alloc_buffers(buffers);
		if (!ret)
			ret = attest(request, nonce, buffers, report);
		free_buffers(buffers);
		if (ret != -EAGAIN)
			return ret;
	}
	return -EINVAL;
}
