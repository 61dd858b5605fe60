// SPDX-License-Identifier: GPL-2.0-only
/* /dev/tdx_guest: the ioctls of mainline's tdx-guest and of Intel's before it. */
#include "tdx_guest.h"

#include <linux/err.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "../../uapi/linux/tdx-guest.h"
#include "../../uapi/tsm/eventlog.h"
#include "../registers.h"
#include "../tdx/tdx.h"

/* Nothing is locked here: a user whose memory faults for ever stops nobody. */
static long get_report0(struct tdx_report_req __user *req)
{
	u8 report_data[TDX_REPORT_DATA_LEN];
	u8 *tdreport;
	long ret = 0;

	if (copy_from_user(report_data, req->reportdata, sizeof(report_data)))
		return -EFAULT;

	tdreport = tsmg_tdx_report(report_data);
	if (IS_ERR(tdreport))
		return PTR_ERR(tdreport);

	if (copy_to_user(req->tdreport, tdreport, TDX_TDREPORT_LEN))
		ret = -EFAULT;
	kfree(tdreport);
	return ret;
}

static long verify_report(struct tdx_verify_report_req __user *req)
{
	u8 reportmac[TDX_REPORTMAC_BYTES];
	u64 status;
	int ret;

	if (copy_from_user(reportmac, req->reportmac, sizeof(reportmac)))
		return -EFAULT;

	ret = tsmg_tdx_verify(reportmac, &status);
	if (ret && ret != -EIO)
		return ret;
	if (put_user(status, &req->err_code))
		return -EFAULT;
	return ret;
}

static long extend_rtmr(struct tdx_extend_rtmr_req __user *user_req)
{
	struct tdx_extend_rtmr_req req;
	struct tsmg_extend extend = {
		.path = TSMG_PATH_IOCTL,
		.digest = req.data,
		.event_type = TSM_EV_COMPACT_HASH,
	};

	if (copy_from_user(&req, user_req, sizeof(req)))
		return -EFAULT;
	extend.index = req.index;
	return tsmg_registers_extend(&extend);
}

static long tdx_guest_ioctl(struct file *file, unsigned int cmd,
			    unsigned long arg)
{
	void __user *req = (void __user *)arg;

	switch (cmd) {
	case TDX_CMD_GET_REPORT0:
		return get_report0(req);
	case TDX_CMD_VERIFY_REPORT:
	case TDX_CMD_VERIFY_REPORT_V3:
		return verify_report(req);
	case TDX_CMD_EXTEND_RTMR:
	case TDX_CMD_EXTEND_RTMR_V3:
		return extend_rtmr(req);
	case TDX_CMD_GET_QUOTE:
	case TDX_CMD_GET_QUOTE_V3:
	case TDX_CMD_GET_QUOTE_NR2:
		return tsmg_tdx_get_quote(req);
	default:
		return -ENOTTY;
	}
}

static const struct file_operations tdx_guest_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = tdx_guest_ioctl,
};

struct miscdevice tsmg_tdx_misc = {
	.name = "tdx_guest",
	.minor = MISC_DYNAMIC_MINOR,
	.fops = &tdx_guest_fops,
};
