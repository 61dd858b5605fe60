// SPDX-License-Identifier: GPL-2.0-only
/* How messages get to the firmware: through the host, and two shared pages. */
#include "transport.h"

#include <linux/err.h>
#include <linux/io.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <asm/sev.h>
#include <asm/svm.h>

#include "../nap.h"
#include "../shared.h"

/**
 * struct pages - what both sides see, for as long as the module is there
 * @request: ours to write
 * @response: the host's to write, at any time
 */
static struct pages {
	void *request;
	void *response;
} pages;

static int issue(struct snp_parcel *parcel)
{
	struct snp_req_data input = {
		.req_gpa = virt_to_phys(pages.request),
		.resp_gpa = virt_to_phys(pages.response),
		.data_gpa = parcel->certs,
		.data_npages = parcel->certs_pages,
	};
	int ret;

	ret = tsmg_compat_snp_issue(parcel->extended ?
				    SVM_VMGEXIT_EXT_GUEST_REQUEST :
				    SVM_VMGEXIT_GUEST_REQUEST,
				    &input, &parcel->exitinfo2);
	if (ret == -ENOSPC)
		parcel->certs_pages = input.data_npages;
	return ret;
}

int tsmg_transport_send(struct snp_parcel *parcel, struct tsmg_nap *nap)
{
	int ret;

	memcpy(pages.request, parcel->message, PAGE_SIZE);
	/* What the host leaves alone must not be an earlier answer. */
	memset(pages.response, 0, PAGE_SIZE);

	tsmg_nap_again(nap);
	for (;;) {
		ret = issue(parcel);
		if (ret != -EAGAIN)
			break;
		ret = tsmg_nap_backoff(nap);
		if (ret)
			return ret;
	}
	/* From here on the host can change nothing of what is looked at. */
	if (!ret)
		memcpy(parcel->message, pages.response, PAGE_SIZE);
	return ret;
}

int tsmg_transport_init(void)
{
	void *request, *response;

	request = tsmg_shared_alloc(PAGE_SIZE);
	if (IS_ERR(request))
		return PTR_ERR(request);
	response = tsmg_shared_alloc(PAGE_SIZE);
	if (IS_ERR(response)) {
		tsmg_shared_free(request, PAGE_SIZE);
		return PTR_ERR(response);
	}
	pages = (struct pages){ .request = request, .response = response };
	return 0;
}

void tsmg_transport_exit(void)
{
	tsmg_shared_free(pages.response, PAGE_SIZE);
	tsmg_shared_free(pages.request, PAGE_SIZE);
}
