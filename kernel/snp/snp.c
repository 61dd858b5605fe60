// SPDX-License-Identifier: GPL-2.0-only
/* The SNP backend: reports from the firmware, or by way of an SVSM. */
#define pr_fmt(fmt) KBUILD_MODNAME ": snp: " fmt

#include "snp.h"

#include <linux/cc_platform.h>
#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <asm/sev.h>

#include <tsm/snp.h>

#include "../backend.h"
#include "../nap.h"
#include "certs.h"
#include "device.h"
#include "svsm.h"
#include "vmpck.h"

static unsigned int snp_timeout_ms = 60000;
module_param(snp_timeout_ms, uint, 0644);
MODULE_PARM_DESC(snp_timeout_ms, "SNP: how long a request may take while the host is busy, in ms (default 60000)");

/**
 * struct report_request - MSG_REPORT_REQ
 * @report_data: what the report shall carry
 * @vmpl: privilege level to be named in it
 * @reserved: 0
 *
 * SEV-SNP firmware ABI, table "MSG_REPORT_REQ Message Structure".
 */
struct report_request {
	u8 report_data[TSMG_INBLOB_MAX];
	__le32 vmpl;
	u8 reserved[28];
};

static_assert(sizeof(struct report_request) == SNP_REQUEST_MAX);

/*
 * Firmware that does not know the version of a message refuses it, and does not
 * count it: nothing else could be sent under its number, and the key would be
 * lost to one wrong byte of a user. So it is refused here, as mainline's caller
 * sees the firmware do it.
 */
static int call(unsigned int vmpck, struct snp_exchange *exchange)
{
	struct tsmg_nap nap;

	if (exchange->version != SNP_MSG_VERSION) {
		exchange->exitinfo2 = TSM_SNP_STATUS_INVALID_PARAM;
		return -EIO;
	}
	tsmg_nap_init(&nap, READ_ONCE(snp_timeout_ms));
	return tsmg_channel_call(vmpck, exchange, &nap);
}

int tsmg_snp_call(struct snp_exchange *exchange)
{
	return call(tsmg_vmpck_active(), exchange);
}

u32 tsmg_snp_status(const void *response)
{
	__le32 status;

	memcpy(&status, response, sizeof(status));
	return le32_to_cpu(status);
}

static int status_to_errno(u32 status)
{
	switch (status) {
	case TSM_SNP_STATUS_SUCCESS:
		return 0;
	case TSM_SNP_STATUS_INVALID_PARAM:
	case TSM_SNP_STATUS_INVALID_KEY:
		return -EINVAL;
	default:
		pr_warn_ratelimited("the firmware gave no report: status 0x%x\n",
				    status);
		return -ENXIO;
	}
}

/* What an authentic answer holds; the report in it, and its length. */
static const u8 *find_report(const void *response, u32 *len)
{
	const struct tsm_snp_report_rsp *head = response;
	int ret = status_to_errno(le32_to_cpu(head->status));

	if (ret)
		return ERR_PTR(ret);
	*len = le32_to_cpu(head->size);
	if (!*len)
		return ERR_PTR(-ENODATA);
	if (*len > SNP_RESPONSE_MAX - sizeof(*head))
		return ERR_PTR(-EMSGSIZE);
	return response + sizeof(*head);
}

/* -ENOSPC: without certificates. */
static int ask(unsigned int vmpck, const struct report_request *request,
	       struct snp_certs *certs, void *response)
{
	struct snp_exchange exchange = {
		.type = SNP_MSG_REPORT,
		.version = SNP_MSG_VERSION,
		.request = request,
		.request_len = sizeof(*request),
		.response = response,
		.response_len = SNP_RESPONSE_MAX,
		.certs = certs,
	};
	int ret = call(vmpck, &exchange);

	if (ret && ret != -ENOSPC && ret != -EINTR)
		pr_warn_ratelimited("no answer from the firmware: %d, exitinfo2 0x%llx\n",
				    ret, exchange.exitinfo2);
	return ret;
}

/*
 * The host may have no certificates, or want more room than it gets, or write
 * nonsense: a report is worth as much without them.
 */
static int keep_certs(struct snp_certs *certs, struct tsmg_blob *blob)
{
	ssize_t len = certs->data ? tsmg_certs_table_len(certs->data,
							 certs->len) : 0;

	if (len < 0)
		pr_warn_ratelimited("the host's certificate table is malformed\n");
	if (certs->refused)
		pr_warn_ratelimited("the host wants %u pages for certificates: none are taken\n",
				    certs->wanted);
	if (len <= 0)
		return 0;
	/* As long as it is, and not as the room: items keep it. */
	blob->data = kvmemdup(certs->data, len, GFP_KERNEL);
	if (!blob->data)
		return -ENOMEM;
	blob->len = len;
	return 0;
}

/*
 * How much room the host is offered at first: what it wanted last. Where the
 * kernel has the channel, a report for which it was too little is thrown away.
 */
static unsigned int certs_pages = SNP_CERTS_PAGES;

static int firmware_report(const struct tsmg_request *request,
			   struct tsmg_report *report)
{
	struct tsmg_blob *out = &report->blob[TSMG_OUTBLOB];
	struct snp_certs certs = {
		.pages = READ_ONCE(certs_pages),
		.grow = SNP_CERTS_PAGES_MAX,
		.optional = true,
	};
	unsigned int vmpck = tsmg_vmpck_active();
	struct report_request asked = {
		.vmpl = cpu_to_le32(request->privlevel < 0 ?
				    vmpck : request->privlevel),
	};
	void *response __free(kfree) = kmalloc(SNP_RESPONSE_MAX, GFP_KERNEL);
	const u8 *found;
	u32 len;
	int ret;

	if (!response)
		return -ENOMEM;

	memcpy(asked.report_data, request->inblob, sizeof(asked.report_data));
	ret = ask(vmpck, &asked, &certs, response);
	if (!ret || ret == -ENOSPC) {
		found = find_report(response, &len);
		ret = PTR_ERR_OR_ZERO(found);
	}
	if (!ret) {
		out->data = kvmemdup(found, len, GFP_KERNEL);
		ret = out->data ? 0 : -ENOMEM;
	}
	if (!ret) {
		out->len = len;
		WRITE_ONCE(certs_pages, certs.pages);
		ret = keep_certs(&certs, &report->blob[TSMG_AUXBLOB]);
	}
	kvfree(certs.data);
	return ret;
}

static int snp_report_new(const struct tsmg_request *request,
			  struct tsmg_report *report)
{
	if (request->inblob_len != TSMG_INBLOB_MAX)
		return -EINVAL;
	switch (request->service) {
	case TSMG_SERVICE_NONE:
		return firmware_report(request, report);
	case TSMG_SERVICE_SVSM:
		return tsmg_svsm_report(request, report);
	default:
		return -EINVAL;
	}
}

#define SNP_REGISTER(_name, _member) {					\
	.name = _name,							\
	.offset = offsetof(struct tsm_snp_report, _member),		\
	.len = sizeof_field(struct tsm_snp_report, _member),		\
}

static const struct tsmg_register snp_registers[] = {
	SNP_REGISTER("measurement", measurement),
	SNP_REGISTER("host_data", host_data),
	SNP_REGISTER("id_key_digest", id_key_digest),
	SNP_REGISTER("author_key_digest", author_key_digest),
	SNP_REGISTER("report_id", report_id),
	SNP_REGISTER("family_id", family_id),
	SNP_REGISTER("image_id", image_id),
};

#undef SNP_REGISTER

/* All of them are in every report, and stay for as long as the guest runs. */
static int snp_registers_read(u8 *state)
{
	unsigned int vmpck = tsmg_vmpck_active();
	const struct report_request request = { .vmpl = cpu_to_le32(vmpck) };
	void *response __free(kfree) = kmalloc(SNP_RESPONSE_MAX, GFP_KERNEL);
	const u8 *found;
	u32 len;
	int ret;

	if (!response)
		return -ENOMEM;
	ret = ask(vmpck, &request, NULL, response);
	if (ret)
		return ret;
	found = find_report(response, &len);
	if (IS_ERR(found))
		return PTR_ERR(found);
	if (len < sizeof(struct tsm_snp_report))
		return -ENODATA;
	memcpy(state, found, sizeof(struct tsm_snp_report));
	return 0;
}

static const struct tsmg_register_set snp_register_set = {
	.regs = snp_registers,
	.nr_regs = ARRAY_SIZE(snp_registers),
	.state_len = sizeof(struct tsm_snp_report),
	.read = snp_registers_read,
};

static bool snp_present(void)
{
	return cc_platform_has(CC_ATTR_GUEST_SEV_SNP);
}

static bool snp_has_services(void)
{
	return snp_vmpl;
}

static int backend_init(void)
{
	phys_addr_t secrets_gpa;
	int ret;

	ret = tsmg_device_init(&secrets_gpa);
	if (ret)
		return ret;
	ret = tsmg_channel_init(secrets_gpa);
	if (ret)
		goto device_exit;
	ret = tsmg_vmpck_init();
	if (ret)
		goto channel_exit;
	return 0;

channel_exit:
	tsmg_channel_exit();
device_exit:
	tsmg_device_exit();
	return ret;
}

static void backend_exit(void)
{
	tsmg_vmpck_exit();
	tsmg_channel_exit();
	tsmg_device_exit();
}

const struct tsmg_backend tsmg_snp_backend = {
	.name = "sev_guest",
	.misc = &tsmg_sev_misc,
	.registers = &snp_register_set,
	.state_group = &tsmg_vmpck_group,
	.present = snp_present,
	.init = backend_init,
	.exit = backend_exit,
	.privlevel_floor = tsmg_vmpck_active,
	.has_services = snp_has_services,
	.report_new = snp_report_new,
};
