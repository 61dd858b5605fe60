// SPDX-License-Identifier: GPL-2.0-only
/* What differs between kernels in how modules get to SNP firmware. */
#include <linux/errno.h>
#include <linux/platform_device.h>
#include <asm/sev.h>

#ifdef COMPAT_LACKS_SNP_CHANNEL

int tsmg_compat_snp_issue(u64 exit_code, struct snp_req_data *input,
			  u64 *exitinfo2)
{
	struct snp_guest_request_ioctl rio = {};
	int ret;

#ifdef COMPAT_SNP_ISSUE_TAKES_REQ
	struct snp_guest_req req = { .exit_code = exit_code };

	ret = snp_issue_guest_request(&req, input, &rio);
#else
	ret = snp_issue_guest_request(exit_code, input, &rio);
#endif
	*exitinfo2 = rio.exitinfo2;
	/* What the hypercall itself gives where it fails is no errno. */
	return ret > 0 ? -EIO : ret;
}

int tsmg_compat_snp_secrets(const struct platform_device *pdev,
			    phys_addr_t *secrets_gpa)
{
	const struct sev_guest_platform_data *data = pdev->dev.platform_data;

	if (!data || !data->secrets_gpa)
		return -ENODEV;
	*secrets_gpa = data->secrets_gpa;
	return 0;
}

#else

int tsmg_compat_snp_send(struct snp_msg_desc *desc, struct snp_guest_req *req,
			 u64 *exitinfo2)
{
	int ret;

	/* The kernel may find out that it cannot ask before it sets this. */
#ifdef COMPAT_LACKS_SNP_REQ_EXITINFO2
	struct snp_guest_request_ioctl rio = {
		.msg_version = req->msg_version,
		.exitinfo2 = *exitinfo2,
	};

	ret = snp_send_guest_request(desc, req, &rio);
	*exitinfo2 = rio.exitinfo2;
#else
	req->exitinfo2 = *exitinfo2;
	ret = snp_send_guest_request(desc, req);
	*exitinfo2 = req->exitinfo2;
#endif
	return ret;
}

int tsmg_compat_snp_secrets(const struct platform_device *pdev,
			    phys_addr_t *secrets_gpa)
{
	*secrets_gpa = 0;
	return 0;
}

#endif
