// SPDX-License-Identifier: GPL-2.0-only
/* TDX_CMD_GET_QUOTE: a quote by ioctl, bare or as QGS frames it. */
#include "tdx_guest.h"

#include <linux/build_bug.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <asm/byteorder.h>

#include "../../uapi/linux/tdx-guest.h"
#include "../backend.h"
#include "../tdx/tdx.h"

/* Messages of Intel's quote generation service: types and version. */
#define QGS_GET_QUOTE_REQ	0
#define QGS_GET_QUOTE_RESP	1
#define QGS_MAJOR		1

/**
 * struct qgs_msg - head of either message, and its frame
 * @frame: bytes from @major on; big-endian, unlike the rest
 * @major: version
 * @minor: version
 * @type: QGS_*
 * @size: as @frame
 * @error: 0
 * @size1: of a request: bytes of TDREPORT; of an answer: of the selected id
 * @size2: of a request: bytes of id list; of an answer: of quote
 */
struct qgs_msg {
	__be32 frame;
	__le16 major;
	__le16 minor;
	__le32 type;
	__le32 size;
	__le32 error;
	__le32 size1;
	__le32 size2;
} __packed;

static_assert(sizeof(struct qgs_msg) == 28);

#define QGS_FRAME_LEN		sizeof(__be32)

/**
 * struct request - what the user asks
 * @hdr: where the answer goes
 * @room: bytes of data there
 * @in_len: how many of them the user wrote
 * @tdreport: among them
 * @minor: version of the message it came in
 * @framed: it came in one
 */
struct request {
	struct tdx_quote_hdr __user *hdr;
	size_t room;
	u32 in_len;
	u8 tdreport[TDX_TDREPORT_LEN];
	u16 minor;
	bool framed;
};

static int read_head(struct tdx_quote_req __user *user_req,
		     struct request *request)
{
	struct tdx_quote_req req;
	struct tdx_quote_hdr hdr;

	if (copy_from_user(&req, user_req, sizeof(req)))
		return -EFAULT;
	if (req.len < sizeof(hdr))
		return -EINVAL;
	request->hdr = u64_to_user_ptr(req.buf);
	request->room = req.len - sizeof(hdr);
	if (copy_from_user(&hdr, request->hdr, sizeof(hdr)))
		return -EFAULT;
	if (hdr.version != TDX_QUOTE_VERSION || hdr.in_len > request->room)
		return -EINVAL;
	request->in_len = hdr.in_len;
	return 0;
}

/* Every length must be that of the whole: what does not fit is no message. */
static bool is_get_quote(const struct qgs_msg *msg, size_t in_len)
{
	size_t len = in_len - QGS_FRAME_LEN;

	return be32_to_cpu(msg->frame) == len &&
	       le32_to_cpu(msg->size) == len &&
	       le16_to_cpu(msg->major) == QGS_MAJOR &&
	       le32_to_cpu(msg->type) == QGS_GET_QUOTE_REQ &&
	       le32_to_cpu(msg->size1) == TDX_TDREPORT_LEN &&
	       le32_to_cpu(msg->size2) == in_len - sizeof(*msg) -
					  TDX_TDREPORT_LEN;
}

static u8 __user *data_of(const struct request *request)
{
	return (u8 __user *)(request->hdr + 1);
}

static int read_message(struct request *request)
{
	const u8 __user *data = data_of(request);
	struct qgs_msg msg;

	if (request->in_len < sizeof(msg) + TDX_TDREPORT_LEN)
		return -EINVAL;
	if (copy_from_user(&msg, data, sizeof(msg)))
		return -EFAULT;
	if (!is_get_quote(&msg, request->in_len))
		return -EINVAL;
	request->framed = true;
	request->minor = le16_to_cpu(msg.minor);
	if (copy_from_user(request->tdreport, data + sizeof(msg),
			   TDX_TDREPORT_LEN))
		return -EFAULT;
	return 0;
}

static int read_request(struct tdx_quote_req __user *user_req,
			struct request *request)
{
	int ret;

	ret = read_head(user_req, request);
	if (ret)
		return ret;
	if (request->in_len != TDX_TDREPORT_LEN)
		return read_message(request);
	if (copy_from_user(request->tdreport, data_of(request),
			   TDX_TDREPORT_LEN))
		return -EFAULT;
	return 0;
}

static int write_head(struct request *request, u64 status, size_t out_len)
{
	if (put_user(status, &request->hdr->status) ||
	    put_user((u32)out_len, &request->hdr->out_len))
		return -EFAULT;
	return 0;
}

static int write_message(u8 __user *data, const struct request *request,
			 size_t quote_len)
{
	size_t len = sizeof(struct qgs_msg) - QGS_FRAME_LEN + quote_len;
	struct qgs_msg msg = {
		.frame = cpu_to_be32(len),
		.major = cpu_to_le16(QGS_MAJOR),
		.minor = cpu_to_le16(request->minor),
		.type = cpu_to_le32(QGS_GET_QUOTE_RESP),
		.size = cpu_to_le32(len),
		.size2 = cpu_to_le32(quote_len),
	};

	return copy_to_user(data, &msg, sizeof(msg)) ? -EFAULT : 0;
}

static int write_quote(struct request *request, const struct tsmg_blob *quote)
{
	size_t head = request->framed ? sizeof(struct qgs_msg) : 0;
	u8 __user *data = data_of(request);
	size_t len = head + quote->len;

	if (len > request->room)
		return write_head(request, TDX_QUOTE_ERROR, len) ?: -EFBIG;
	if (request->framed && write_message(data, request, quote->len))
		return -EFAULT;
	if (copy_to_user(data + head, quote->data, quote->len))
		return -EFAULT;
	return write_head(request, TDX_QUOTE_SUCCESS, len);
}

/* For who looks at the status word first, as at the host's. */
static u64 errno_to_status(int error)
{
	switch (error) {
	case -EHOSTUNREACH:
		return TDX_QUOTE_UNAVAILABLE;
	case -EBUSY:
	case -EINTR:
	case -ETIMEDOUT:
		return TDX_QUOTE_IN_FLIGHT;
	default:
		return TDX_QUOTE_ERROR;
	}
}

static int answer(struct request *request)
{
	struct tsmg_blob quote = {};
	int ret;

	ret = tsmg_quote_get(request->tdreport, &quote);
	if (ret)
		return write_head(request, errno_to_status(ret), 0) ?: ret;
	ret = write_quote(request, &quote);
	kvfree(quote.data);
	return ret;
}

long tsmg_tdx_get_quote(struct tdx_quote_req __user *req)
{
	struct request *request;
	int ret;

	request = kzalloc_obj(*request);
	if (!request)
		return -ENOMEM;
	ret = read_request(req, request);
	if (!ret)
		ret = answer(request);
	kfree(request);
	return ret;
}
