// SPDX-License-Identifier: GPL-2.0-only
/* /dev/sev-guest: the ioctls of mainline's sev-guest. */
#include <linux/cleanup.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "../../uapi/linux/sev-guest.h"
#include "../snp/snp.h"

/* More than this mainline does not take, and clients rely on the error. */
#define CERTS_MAX	0x4000

static void __user *user(u64 address)
{
	return (void __user *)(unsigned long)address;
}

/* Nothing is locked here: a user whose memory faults for ever stops nobody. */
static int call(struct snp_guest_request_ioctl *arg,
		struct snp_exchange *exchange)
{
	int ret;

	exchange->version = arg->msg_version;
	ret = tsmg_snp_call(exchange);
	arg->exitinfo2 = exchange->exitinfo2;
	return ret;
}

/*
 * The answer is for the caller even if the firmware says in it that it did not
 * do what it was asked. Mainline returns 0 then, and people took the zeroes that
 * follow for a report.
 */
static int copy_response(struct snp_guest_request_ioctl *arg,
			 const struct snp_exchange *exchange)
{
	u32 status = tsmg_snp_status(exchange->response);

	if (copy_to_user(user(arg->resp_data), exchange->response,
			 exchange->response_len))
		return -EFAULT;
	if (!status)
		return 0;
	arg->exitinfo2 = status;
	return -EIO;
}

static int get_report(struct snp_guest_request_ioctl *arg)
{
	struct snp_report_resp *resp __free(kfree) = kmalloc(sizeof(*resp),
							     GFP_KERNEL);
	struct snp_report_req req;
	struct snp_exchange exchange = {
		.type = SNP_MSG_REPORT,
		.request = &req,
		.request_len = sizeof(req),
		.response = resp,
		.response_len = sizeof(*resp),
	};

	if (!arg->req_data || !arg->resp_data)
		return -EINVAL;
	if (!resp)
		return -ENOMEM;
	if (copy_from_user(&req, user(arg->req_data), sizeof(req)))
		return -EFAULT;
	return call(arg, &exchange) ?: copy_response(arg, &exchange);
}

static int get_derived_key(struct snp_guest_request_ioctl *arg)
{
	struct snp_derived_key_req req;
	struct snp_derived_key_resp resp;
	struct snp_exchange exchange = {
		.type = SNP_MSG_KEY,
		.request = &req,
		.request_len = sizeof(req),
		.response = &resp,
		.response_len = sizeof(resp),
	};
	int ret;

	if (!arg->req_data || !arg->resp_data)
		return -EINVAL;
	if (copy_from_user(&req, user(arg->req_data), sizeof(req)))
		return -EFAULT;
	ret = call(arg, &exchange) ?: copy_response(arg, &exchange);
	memzero_explicit(&resp, sizeof(resp));
	return ret;
}

/* How many pages of certificates the caller takes; -errno if that is nonsense. */
static int certs_pages(const struct snp_ext_report_req *req)
{
	if (!req->certs_len || !req->certs_address)
		return 0;
	if (req->certs_len > CERTS_MAX || !PAGE_ALIGNED(req->certs_len))
		return -EINVAL;
	if (!access_ok(user(req->certs_address), req->certs_len))
		return -EFAULT;
	return req->certs_len >> PAGE_SHIFT;
}

/* The host's word for how much room it wants, as mainline passes it on. */
static int tell_certs_len(struct snp_guest_request_ioctl *arg,
			  struct snp_ext_report_req *req,
			  const struct snp_certs *certs)
{
	arg->exitinfo2 = SNP_GUEST_VMM_ERR(SNP_GUEST_VMM_ERR_INVALID_LEN);
	req->certs_len = certs->wanted << PAGE_SHIFT;
	if (copy_to_user(user(arg->req_data), req, sizeof(*req)))
		return -EFAULT;
	return -EIO;
}

static int copy_certs(const struct snp_ext_report_req *req,
		      const struct snp_certs *certs)
{
	if (!certs->pages)
		return 0;
	/* The host was not asked for them: there was no memory to share. */
	if (!certs->data)
		return -ENOMEM;
	return copy_to_user(user(req->certs_address), certs->data,
			    req->certs_len) ? -EFAULT : 0;
}

static int get_ext_report(struct snp_guest_request_ioctl *arg)
{
	struct snp_report_resp *resp __free(kfree) = kmalloc(sizeof(*resp),
							     GFP_KERNEL);
	struct snp_ext_report_req req;
	struct snp_certs certs = {};
	struct snp_exchange exchange = {
		.type = SNP_MSG_REPORT,
		.request = &req.data,
		.request_len = sizeof(req.data),
		.response = resp,
		.response_len = sizeof(*resp),
		.certs = &certs,
	};
	int ret;

	if (!arg->req_data || !arg->resp_data)
		return -EINVAL;
	if (!resp)
		return -ENOMEM;
	if (copy_from_user(&req, user(arg->req_data), sizeof(req)))
		return -EFAULT;
	ret = certs_pages(&req);
	if (ret < 0)
		return ret;

	certs.pages = certs.grow = ret;
	ret = call(arg, &exchange);
	if (ret == -ENOSPC)
		ret = tell_certs_len(arg, &req, &certs);
	else if (!ret)
		ret = copy_certs(&req, &certs) ?: copy_response(arg, &exchange);
	kvfree(certs.data);
	return ret;
}

static int dispatch(unsigned int cmd, struct snp_guest_request_ioctl *arg)
{
	switch (cmd) {
	case SNP_GET_REPORT:
		return get_report(arg);
	case SNP_GET_DERIVED_KEY:
		return get_derived_key(arg);
	case SNP_GET_EXT_REPORT:
		return get_ext_report(arg);
	default:
		return -ENOTTY;
	}
}

static long sev_guest_ioctl(struct file *file, unsigned int cmd,
			    unsigned long address)
{
	void __user *user_arg = (void __user *)address;
	struct snp_guest_request_ioctl arg;
	long ret;

	if (copy_from_user(&arg, user_arg, sizeof(arg)))
		return -EFAULT;
	if (!arg.msg_version)
		return -EINVAL;

	arg.exitinfo2 = SNP_EXIT_NOT_ASKED;
	ret = dispatch(cmd, &arg);
	/* After success nothing is written, as in mainline. */
	if (arg.exitinfo2 && copy_to_user(user_arg, &arg, sizeof(arg)))
		return -EFAULT;
	return ret;
}

static const struct file_operations sev_guest_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = sev_guest_ioctl,
};

struct miscdevice tsmg_sev_misc = {
	.name = "sev-guest",
	.minor = MISC_DYNAMIC_MINOR,
	.fops = &sev_guest_fops,
};
