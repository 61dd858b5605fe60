// SPDX-License-Identifier: GPL-2.0-only
/* /dev/tdx_guest: TDREPORTs by ioctl, as mainline's tdx-guest gives them. */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "../../uapi/linux/tdx-guest.h"
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

static long tdx_guest_ioctl(struct file *file, unsigned int cmd,
			    unsigned long arg)
{
	switch (cmd) {
	case TDX_CMD_GET_REPORT0:
		return get_report0((struct tdx_report_req __user *)arg);
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
