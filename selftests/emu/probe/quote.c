// SPDX-License-Identifier: GPL-2.0-only
/* Tests of GetQuote: what the host refuses, gives, and must keep its hands off. */

#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/set_memory.h>
#include <linux/string.h>

#include "probe.h"

/* [GHCI] status in the buffer; UNTOUCHED is none of them */
#define IN_FLIGHT	0xffffffffffffffffULL
#define QUOTE_ERROR	0x8000000000000000ULL
#define UNTOUCHED	0x1234ULL

/* [GHCI] head of the buffer */
struct quote_head {
	__le64 version, status;
	__le32 in_len, out_len;
	u8 data[];
};

/* What QEMU takes, one page more, and one that stays private */
#define LEN		(128 * 1024)
#define BUF_PAGES	34

/* No test measures time: after so long the host is given up for lost. */
#define PATIENCE	(20 * HZ)

static struct quote_head *buf;
static u8 tag;

static const struct refusal {
	const char *name;
	u64 offset, size, version, in_len, r10;
	long violations;
} refusals[] = {
	{ "GetQuote wants an address aligned to 4096", 2048, PAGE_SIZE, 1, 1024,
	  R10_ALIGN_ERROR, 1 },
	{ "GetQuote wants a size aligned to 4096", 0, 6144, 1, 1024,
	  R10_ALIGN_ERROR, 1 },
	{ "GetQuote refuses a size of 0", 0, 0, 1, 1024, R10_INVALID_OPERAND },
	{ "GetQuote refuses what is no RAM", NO_RAM, PAGE_SIZE, 1, 1024,
	  R10_INVALID_OPERAND, 1 },
	{ "GetQuote refuses a size past the end of all", 0, -PAGE_SIZE, 1, 1024,
	  R10_INVALID_OPERAND, 1 },
	{ "GetQuote refuses a private page", 33 * PAGE_SIZE, PAGE_SIZE, 1, 1024,
	  R10_INVALID_OPERAND, 1 },
	{ "GetQuote refuses a last page that is private", 2 * PAGE_SIZE, LEN, 1,
	  1024, R10_INVALID_OPERAND, 1 },
	{ "GetQuote refuses version 0", 0, LEN, 0, 1024, R10_INVALID_OPERAND },
	{ "GetQuote refuses version 2", 0, LEN, 2, 1024, R10_INVALID_OPERAND },
	{ "GetQuote refuses data that does not fit", 0, LEN, 1, LEN - 23,
	  R10_INVALID_OPERAND },
	{ "GetQuote refuses more than 128 KiB", 0, LEN + PAGE_SIZE, 1, 1024,
	  R10_INVALID_OPERAND },
};

static void prepare(u64 version, u32 in_len)
{
	memset(buf, 0, PAGE_SIZE);
	buf->version = cpu_to_le64(version);
	buf->status = cpu_to_le64(UNTOUCHED);
	buf->in_len = cpu_to_le32(in_len);
	memcpy(buf->data, probe_report(++tag), TDREPORT_LEN);
}

static u64 ask(u64 offset, u64 size)
{
	u64 regs[NR_REGS] = {
		[RCX] = MASK_R10_R13, [R8] = 8, [R9] = 9, [R11] = GET_QUOTE,
		[R12] = virt_to_phys(buf) + offset, [R13] = size, [R14] = 14,
		[R15] = 15,
	};

	probe_vmcall(regs);
	EXPECT_EQ(0, regs[RAX]);
	return regs[R10];
}

static u64 status(void)
{
	/* what the host wrote before it is there, too */
	return le64_to_cpu(smp_load_acquire(&buf->status));
}

static u64 outcome(void)
{
	unsigned long end = jiffies + PATIENCE;

	while (status() == IN_FLIGHT && time_before(jiffies, end))
		usleep_range(200, 400);
	return status();
}

/* A quote of version 4 has its REPORTDATA 520 bytes after its 48 of header. */
static void expect_quote(void)
{
	EXPECT_TRUE(le32_to_cpu(buf->out_len) > 48 + 584);
	EXPECT_EQ(4, buf->data[0]);
	EXPECT_EQ(0x81, buf->data[4]);
	EXPECT_EQ(NULL, memchr_inv(buf->data + 48 + 520, tag, 64));
}

static void refused(const struct refusal *row)
{
	probe_start(row->name);
	prepare(row->version, row->in_len);
	EXPECT_EQ(row->r10, ask(row->offset, row->size));
	EXPECT_EQ(UNTOUCHED, status());
	probe_end(row->violations);
}

static void quote_comes(void)
{
	long inflight = probe_stat("stat_inflight");
	long quotes = probe_stat("stat_quotes");

	EXPECT_EQ(0, probe_set("quote_never", "1"));
	prepare(1, TDREPORT_LEN);
	EXPECT_EQ(0, ask(GPA_SHARED, LEN));
	EXPECT_EQ(IN_FLIGHT, status());
	EXPECT_EQ(inflight + 1, probe_stat("stat_inflight"));
	/* the host has read all that it needs */
	memset(buf->data, 0, TDREPORT_LEN);
	EXPECT_EQ(0, probe_set("quote_release", "1"));
	EXPECT_EQ(0, outcome());
	expect_quote();
	EXPECT_EQ(1, le64_to_cpu(buf->version));
	EXPECT_EQ(TDREPORT_LEN, le32_to_cpu(buf->in_len));
	EXPECT_EQ(inflight, probe_stat("stat_inflight"));
	EXPECT_EQ(quotes + 1, probe_stat("stat_quotes"));
}

/* What MAC and hashes protect, a byte at each end */
static void forged_reports_fail(void)
{
	static const unsigned int protected[] = {
		0, 2, 16, 31, 32, 79, 80, 127, 128, 191, 223, 224, 255, 256,
		494, 512, 1023
	};

	EXPECT_EQ(0, probe_set("quote_delay_ms", "0"));
	for (unsigned int i = 0; i < ARRAY_SIZE(protected); i++) {
		prepare(1, TDREPORT_LEN);
		buf->data[protected[i]] ^= 1;
		EXPECT_EQ(0, ask(0, LEN));
		EXPECT_EQ(QUOTE_ERROR, outcome());
		EXPECT_EQ(0, le32_to_cpu(buf->out_len));
	}
}

static void other_input_fails(void)
{
	static const u32 lens[] = { 0, 1023, 1025, LEN - 24 };

	for (unsigned int i = 0; i < ARRAY_SIZE(lens); i++) {
		prepare(1, lens[i]);
		EXPECT_EQ(0, ask(0, LEN));
		EXPECT_EQ(QUOTE_ERROR, outcome());
	}
}

static void hypercall_waits(void)
{
	EXPECT_EQ(0, probe_set("quote_sync", "1"));
	prepare(1, TDREPORT_LEN);
	EXPECT_EQ(0, ask(0, LEN));
	EXPECT_EQ(0, status());
	expect_quote();
}

/* From here on a test shares what it needs of the buffer itself. */

static int share(unsigned int page, int pages)
{
	return set_memory_decrypted((unsigned long)buf + page * PAGE_SIZE,
				    pages);
}

static int unshare(unsigned int page, int pages)
{
	return set_memory_encrypted((unsigned long)buf + page * PAGE_SIZE,
				    pages);
}

static void ask_with_two_pages(void)
{
	EXPECT_EQ(0, share(0, 2));
	prepare(1, TDREPORT_LEN);
	EXPECT_EQ(0, ask(0, 2 * PAGE_SIZE));
}

static void pages_are_counted_once(void)
{
	long before = probe_stat("stat_shared_pages");

	EXPECT_EQ(0, share(0, 2));
	EXPECT_EQ(0, share(1, 1));
	EXPECT_EQ(before + 2, probe_stat("stat_shared_pages"));
	EXPECT_EQ(0, unshare(0, 1));
	EXPECT_EQ(before + 1, probe_stat("stat_shared_pages"));
	EXPECT_EQ(0, unshare(0, 2));
}

static void made_private_in_flight(void)
{
	long inflight = probe_stat("stat_inflight");

	EXPECT_EQ(0, probe_set("quote_never", "1"));
	ask_with_two_pages();
	EXPECT_EQ(0, unshare(1, 1));
	EXPECT_EQ(inflight, probe_stat("stat_inflight"));
	EXPECT_EQ(0, probe_set("quote_release", "1"));
	msleep(100);
	EXPECT_EQ(IN_FLIGHT, status());
	EXPECT_EQ(0, unshare(0, 1));
}

static void freed_in_flight(void)
{
	struct quote_head *own = buf;
	long inflight = probe_stat("stat_inflight");

	buf = alloc_pages_exact(2 * PAGE_SIZE, GFP_KERNEL);
	EXPECT_TRUE(buf);
	if (buf) {
		EXPECT_EQ(0, probe_set("quote_never", "1"));
		ask_with_two_pages();
		free_pages_exact(buf, 2 * PAGE_SIZE);
	}
	EXPECT_EQ(inflight, probe_stat("stat_inflight"));
	buf = own;
}

/* The buffer is the guest's again once the status is final. */
static void taken_back_early(void)
{
	EXPECT_EQ(0, probe_set("quote_torn_us", "10000000"));
	ask_with_two_pages();
	EXPECT_EQ(0, outcome());
	EXPECT_EQ(0, le32_to_cpu(buf->out_len));
	EXPECT_EQ(0, unshare(0, 2));
}

static const struct probe_test shared_tests[] = {
	{ "a quote comes, of what was there at the hypercall", quote_comes },
	{ "a TDREPORT changed in any part gets no quote", forged_reports_fail },
	{ "what has not a TDREPORT's size gets no quote", other_input_fails },
	{ "the hypercall can wait for the quote", hypercall_waits },
};

static const struct probe_test private_tests[] = {
	{ "a shared page is counted once", pages_are_counted_once },
	{ "the host sees a page made private while IN_FLIGHT",
	  made_private_in_flight, 1 },
	/* each page, and the request */
	{ "the host sees two pages freed while IN_FLIGHT", freed_in_flight, 3 },
	{ "a buffer can be taken back once SUCCESS is seen", taken_back_early },
};

int probe_quotes(void)
{
	buf = alloc_pages_exact(BUF_PAGES * PAGE_SIZE, GFP_KERNEL | __GFP_ZERO);
	if (!buf)
		return -ENOMEM;
	share(0, BUF_PAGES - 1);
	for (unsigned int i = 0; i < ARRAY_SIZE(refusals); i++)
		refused(&refusals[i]);
	probe_run(shared_tests, ARRAY_SIZE(shared_tests));
	unshare(0, BUF_PAGES - 1);
	probe_run(private_tests, ARRAY_SIZE(private_tests));
	free_pages_exact(buf, BUF_PAGES * PAGE_SIZE);
	return 0;
}
