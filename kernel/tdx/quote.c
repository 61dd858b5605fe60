// SPDX-License-Identifier: GPL-2.0-only
/* From a TDREPORT to a quote, by way of the host. */
#define pr_fmt(fmt) KBUILD_MODNAME ": tdx: " fmt

#include "quote.h"

#include <linux/err.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <asm/coco.h>

#include "../backend.h"
#include "../nap.h"
#include "quote_buf.h"
#include "tdcall.h"

/* How long the length of a quote may lag behind its status. */
#define LEN_GRACE_MS	100

static unsigned int quote_timeout_ms = 30000;
module_param(quote_timeout_ms, uint, 0644);
MODULE_PARM_DESC(quote_timeout_ms, "TDX: how long to wait for a quote, in ms (default 30000)");

/* No byte of the last quote stays: the host could pass it off as a new one. */
static void fill(struct quote_buf *buf, const u8 *tdreport)
{
	struct quote_shared *shared = buf->shared;

	memcpy(shared->data, tdreport, TDX_TDREPORT_LEN);
	memset(shared->data + TDX_TDREPORT_LEN, 0,
	       QUOTE_DATA_MAX - TDX_TDREPORT_LEN);
	WRITE_ONCE(shared->version, cpu_to_le64(1));
	WRITE_ONCE(shared->status, 0);
	WRITE_ONCE(shared->in_len, cpu_to_le32(TDX_TDREPORT_LEN));
	WRITE_ONCE(shared->out_len, 0);
}

/* The host answers RETRY while it works on as many requests as it can. */
static int submit(struct quote_buf *buf, struct tsmg_nap *nap)
{
	u64 gpa = cc_mkdec(virt_to_phys(buf->shared));
	u64 code;
	int ret;

	for (;;) {
		code = tsmg_tdcall_get_quote(gpa, QUOTE_BUF_SIZE);
		if (code == TDVMCALL_SUCCESS)
			return 0;
		if (code != TDVMCALL_RETRY) {
			pr_warn_ratelimited("GetQuote refused: 0x%llx\n", code);
			return -EIO;
		}
		ret = tsmg_nap(nap);
		if (ret)
			return ret;
	}
}

static int status_to_errno(u64 status)
{
	switch (status) {
	case QUOTE_SUCCESS:
		return 0;
	case QUOTE_ERROR:
		return -EIO;
	case QUOTE_UNAVAILABLE:
		return -EHOSTUNREACH;
	default:
		return -EPROTO;
	}
}

static int await(struct quote_buf *buf, struct tsmg_nap *nap, u64 *status)
{
	int ret;

	tsmg_nap_again(nap);
	for (;;) {
		/* First, so that an answer beats the deadline. */
		*status = tsmg_quote_buf_status(buf);
		if (*status != QUOTE_IN_FLIGHT)
			return 0;
		ret = tsmg_nap(nap);
		if (ret)
			return ret;
	}
}

/*
 * QEMU writes status and length in one go, status first in memory, and may be
 * interrupted between them: success without a length is not believed at once.
 */
static int await_len(struct quote_buf *buf, u32 *len)
{
	struct tsmg_nap nap;
	int ret;

	tsmg_nap_init(&nap, LEN_GRACE_MS);
	for (;;) {
		*len = le32_to_cpu(READ_ONCE(buf->shared->out_len));
		if (*len)
			return 0;
		ret = tsmg_nap(&nap);
		if (ret)
			return ret == -ETIMEDOUT ? -ENODATA : ret;
	}
}

/* The host may go on writing: each byte is read once, and bounded first. */
static int copy_out(struct quote_buf *buf, struct tsmg_blob *quote)
{
	u32 len;
	int ret;

	ret = await_len(buf, &len);
	if (ret)
		return ret;
	if (len > QUOTE_DATA_MAX) {
		pr_warn_ratelimited("host claims a quote of %u bytes, above %zu\n",
				    len, QUOTE_DATA_MAX);
		return -EFBIG;
	}
	quote->data = kvmalloc(len, GFP_KERNEL);
	if (!quote->data)
		return -ENOMEM;
	memcpy(quote->data, buf->shared->data, len);
	quote->len = len;
	return 0;
}

static int take_answer(struct quote_buf *buf, u64 status,
		       struct tsmg_blob *quote)
{
	int ret = status_to_errno(status);

	if (ret) {
		pr_warn_ratelimited("host gave no quote: status 0x%llx\n",
				    status);
		return ret;
	}
	return copy_out(buf, quote);
}

int tsmg_quote_get(const u8 *tdreport, struct tsmg_blob *quote)
{
	struct quote_buf *buf;
	struct tsmg_nap nap;
	u64 status;
	int ret;

	tsmg_nap_init(&nap, READ_ONCE(quote_timeout_ms));
	buf = tsmg_quote_buf_get(&nap);
	if (IS_ERR(buf))
		return PTR_ERR(buf);

	fill(buf, tdreport);
	ret = submit(buf, &nap);
	if (ret)
		goto put_buf;
	ret = await(buf, &nap, &status);
	if (ret) {
		tsmg_quote_buf_abandon(buf);
		return ret;
	}
	ret = take_answer(buf, status, quote);
put_buf:
	tsmg_quote_buf_put(buf);
	return ret;
}
