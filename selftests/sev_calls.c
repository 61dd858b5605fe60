// SPDX-License-Identifier: MIT
/*
 * Calls /dev/sev-guest in every way on which mainline and tsm_guest agree, and
 * prints what comes of it, for snp-same-bytes.sh to compare.
 */
#include <sys/mman.h>

#include "emu.h"
#include "sha384.h"
#include "snp.h"

#define UNTOUCHED	0x0123456789abcdefULL
#define ROOM		(4 * SNP_PAGE)
#define KEYS		64

static uint8_t certs[ROOM + SNP_PAGE] __attribute__((__aligned__(SNP_PAGE)));

static void print_hash(const char *what, const void *data, size_t len)
{
	uint8_t digest[SHA384_LEN];
	int i;

	sha384(data, len, digest);
	printf(" %s=", what);
	for (i = 0; i < 16; i++)
		printf("%02x", digest[i]);
}

/* Derived keys differ from boot to boot: which are equal does not. */
static unsigned int key_number(const uint8_t key[32])
{
	static uint8_t keys[KEYS][32];
	static unsigned int known;
	unsigned int i;

	for (i = 0; i < known; i++)
		if (!memcmp(keys[i], key, 32))
			return i;
	if (known < KEYS)
		memcpy(keys[known++], key, 32);
	return i;
}

/* Returns 0 or an errno, of which the line tells. */
static int call(const char *name, unsigned long command, struct snp_ioctl *io)
{
	int ret;

	io->exitinfo2 = UNTOUCHED;
	ret = -sev_ioctl(command, io);
	printf("%s: errno %d exitinfo2 ", name, ret);
	if (io->exitinfo2 == UNTOUCHED)
		printf("untouched");
	else
		printf("0x%llx", (unsigned long long)io->exitinfo2);
	return ret;
}

/* The signature has a random number in it; the rest has not. */
static void print_report(const struct snp_report_resp *resp)
{
	printf(" status 0x%x size %u", resp->status, resp->report_size);
	print_hash("body", resp->report, SNP_REPORT_BODY_LEN);
	printf(" signature %s rest %s",
	       all_zero(resp->report + SNP_SIGNATURE, 512) ? "none" : "some",
	       all_zero(resp->rest, sizeof(resp->rest)) ? "zeros" : "not zeros");
}

static void report(const char *name, uint32_t vmpl, uint8_t msg_version,
		   unsigned int number)
{
	struct snp_report_req req = { .vmpl = vmpl };
	struct snp_report_resp resp = { 0 };
	struct snp_ioctl io = {
		.msg_version = msg_version,
		.req_data = (unsigned long)&req,
		.resp_data = (unsigned long)&resp,
	};

	nonce_make(req.user_data, 7, number);
	if (!call(name, SNP_GET_REPORT, &io))
		print_report(&resp);
	putchar('\n');
}

static void key(const char *name, uint32_t vmpl, uint32_t root, uint64_t fields)
{
	struct snp_key_req req = {
		.root_key_select = root,
		.guest_field_select = fields,
		.vmpl = vmpl,
	};
	struct snp_key_resp resp = { 0 };
	struct snp_ioctl io = {
		.msg_version = 1,
		.req_data = (unsigned long)&req,
		.resp_data = (unsigned long)&resp,
	};

	if (!call(name, SNP_GET_DERIVED_KEY, &io))
		printf(" status 0x%x key %u rsvd %s", resp.status,
		       key_number(resp.key),
		       all_zero(resp.rsvd, sizeof(resp.rsvd)) ? "zeros" : "not zeros");
	putchar('\n');
}

static void ext(const char *name, uint32_t vmpl, uint64_t address, uint32_t len)
{
	struct snp_ext_report_req req = {
		.data.vmpl = vmpl,
		.certs_address = address,
		.certs_len = len,
	};
	struct snp_report_resp resp = { 0 };
	struct snp_ioctl io = {
		.msg_version = 1,
		.req_data = (unsigned long)&req,
		.resp_data = (unsigned long)&resp,
	};

	memset(certs, 0xee, sizeof(certs));
	nonce_make(req.data.user_data, 8, len);
	if (!call(name, SNP_GET_EXT_REPORT, &io))
		print_report(&resp);
	printf(" certs_len %u", req.certs_len);
	print_hash("certs", certs, sizeof(certs));
	putchar('\n');
}

static void wrong(const char *name, unsigned long command, uint8_t msg_version,
		  uint64_t req, uint64_t resp)
{
	struct snp_ioctl io = {
		.msg_version = msg_version,
		.req_data = req,
		.resp_data = resp,
	};

	call(name, command, &io);
	putchar('\n');
}

static void knob(const char *name, const char *value)
{
	if (emu_set(name, value))
		printf("%s cannot be set to %s\n", name, value);
}

static void all_reports(uint32_t own)
{
	static const char *const versions[] = { "2", "3", "5" };
	unsigned int i;
	uint32_t vmpl;

	for (i = 0; i < 3; i++) {
		printf("snp_report_v %s\n", versions[i]);
		knob("snp_report_v", versions[i]);
		for (vmpl = own; vmpl <= SNP_PRIVLEVEL_MAX; vmpl++)
			report("report", vmpl, 1, vmpl);
		knob("snp_sign", "1");
		report("report signed by a VLEK", own, 1, 9);
		ext("certificates with a VLEK", own, (unsigned long)certs,
		    ROOM);
		knob("snp_sign", "0");
		ext("certificates with a VCEK", own, (unsigned long)certs,
		    ROOM);
	}
	knob("snp_report_v", "3");
}

static void all_keys(uint32_t own)
{
	uint64_t fields;
	uint32_t vmpl;

	for (vmpl = own; vmpl <= SNP_PRIVLEVEL_MAX; vmpl++)
		key("key of a VMPL", vmpl, 0, 0);
	key("key of the other root", own, 1, 0);
	for (fields = 1; fields < 0x80; fields <<= 1)
		key("key of a field", own, 0, fields);
	key("key of all fields", own, 0, 0x7f);
	key("key of a VMPL again", own, 0, 0);
	knob("snp_image_id", "0123456789abcdef0123456789abcdef");
	key("key of another image", own, 0, 2);
	knob("snp_image_id", "00000000000000000000000000000000");
	key("key of the image again", own, 0, 2);
}

static void all_lengths(uint32_t own)
{
	static const uint32_t lengths[] = {
		0, 1, 4095, 4096, 4097, 8192, 12288, 16383, 16384, 16385,
		20480, 0xfffff000,
	};
	static const char *const pages[] = { "0", "1", "3", "4", "5", "256" };
	unsigned int i, n;

	for (n = 0; n < 6; n++) {
		printf("snp_certs_pages %s\n", pages[n]);
		knob("snp_certs_pages", pages[n]);
		for (i = 0; i < sizeof(lengths) / sizeof(*lengths); i++)
			ext("certificates", own, (unsigned long)certs,
			    lengths[i]);
		ext("certificates at no address", own, 0, 4096);
		ext("certificates at a bad one", own, 8, 4096);
		ext("certificates at a kernel's", own, -4096UL, 4096);
	}
	knob("snp_certs_pages", "0");
	knob("snp_certs", "0");
	ext("no certificates", own, (unsigned long)certs, ROOM);
	ext("no certificates and no room", own, 0, 0);
	knob("snp_certs", "1");
}

static void all_wrong(void)
{
	static const unsigned long commands[] = {
		SNP_GET_REPORT, SNP_GET_DERIVED_KEY, SNP_GET_EXT_REPORT,
		0xc0205303, 0x5300, 0x80205300,
	};
	struct snp_report_resp resp;
	uint8_t req[112] = { 0 };
	unsigned int i;

	for (i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		const unsigned long command = commands[i];

		printf("command 0x%lx\n", command);
		wrong("version 0", command, 0, (unsigned long)req,
		      (unsigned long)&resp);
		wrong("no request", command, 1, 0, (unsigned long)&resp);
		wrong("no response", command, 1, (unsigned long)req, 0);
		wrong("a bad request", command, 1, 8, (unsigned long)&resp);
		wrong("a kernel's request", command, 1, -4096UL, 8);
		printf("no argument: errno %d\n", -sev_ioctl(command, NULL));
	}
	/* what cannot be returned was asked all the same */
	req[64] = SNP_PRIVLEVEL_MAX;
	wrong("a bad response", SNP_GET_REPORT, 1, (unsigned long)req, 8);
}

int main(void)
{
	const uint32_t own = emu_stat("snp_vmpl");

	all_reports(own);
	all_keys(own);
	all_lengths(own);
	all_wrong();
	report("the last report", own, 1, 99);
	printf("%ld messages, %ld refused, %ld with an IV of another\n",
	       emu_stat("stat_snp_messages"), emu_stat("stat_snp_refused"),
	       emu_stat("stat_snp_iv_reuse"));
	return 0;
}
