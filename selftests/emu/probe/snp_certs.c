// SPDX-License-Identifier: GPL-2.0-only
/* Tests of extended requests: certificate tables, and room for them. */

#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/set_memory.h>
#include <linux/string.h>

#include "probe.h"

#define BUF_PAGES	8
#define OFFERED		4
#define BUF_LEN		(OFFERED * PAGE_SIZE)
#define HONEST_ENTRIES	3

/* [GHCB] entry of a certificate table; one of zeros is the last */
struct entry {
	u8 guid[16];
	u32 offset, length;
};

static u8 *buf;
static struct entry *table;

static bool is_end(const struct entry *entry)
{
	return !memchr_inv(entry, 0, sizeof(*entry));
}

/* Entries up to the last one, or as many as there could be. */
static unsigned int count(void)
{
	unsigned int i;

	for (i = 0; (i + 1) * sizeof(*table) <= BUF_LEN; i++)
		if (is_end(&table[i]))
			break;
	return i;
}

static void ask(const char *certs)
{
	struct snp_answer answer;

	EXPECT_EQ(0, probe_set("snp_certs", certs));
	memset(buf, 0xdd, BUF_PAGES * PAGE_SIZE);
	snp_report_again(1);
	answer = snp_send_ext(buf, OFFERED);
	EXPECT_EQ(0, answer.ret);
	EXPECT_EQ(0, answer.exitinfo2);
	EXPECT_EQ(OFFERED, answer.npages);
	EXPECT_EQ(REPORT_RSP_LEN, snp_open(snp_response));
	*snp_seqno(snp_level) += 2;
	EXPECT_TRUE(!memchr_inv(buf + BUF_LEN, 0xdd,
				(BUF_PAGES - OFFERED) * PAGE_SIZE));
}

static bool is_inside(const struct entry *entry, unsigned int entries)
{
	u64 end = (u64)entry->offset + entry->length;

	return entry->length && entry->offset >= entries * sizeof(*entry) &&
	       end <= BUF_LEN;
}

static void honest(void)
{
	ask("1");
	EXPECT_EQ(HONEST_ENTRIES, count());
	for (unsigned int i = 0; i < HONEST_ENTRIES; i++)
		EXPECT_TRUE(is_inside(&table[i], HONEST_ENTRIES + 1));
	EXPECT_EQ(0, probe_set("snp_sign", "1"));
	ask("1");
	EXPECT_EQ(HONEST_ENTRIES, count());
}

static void untouched(void)
{
	ask("0");
	EXPECT_TRUE(!memchr_inv(buf, 0xdd, BUF_LEN));
}

static void endless(void)
{
	ask("2");
	EXPECT_EQ(BUF_LEN / sizeof(*table), count());
	for (unsigned int i = 0; i < count(); i++)
		EXPECT_TRUE(is_inside(&table[i], 0));
}

static void past_the_end(void)
{
	ask("3");
	EXPECT_EQ(HONEST_ENTRIES, count());
	EXPECT_EQ(BUF_LEN + 1, (u64)table[HONEST_ENTRIES - 1].offset +
		  table[HONEST_ENTRIES - 1].length);
}

static void wraps(void)
{
	const struct entry *last = &table[HONEST_ENTRIES - 1];

	ask("4");
	EXPECT_EQ(HONEST_ENTRIES, count());
	EXPECT_TRUE(last->offset + last->length < BUF_LEN);
	EXPECT_TRUE((u64)last->offset + last->length > U32_MAX);
}

static void inside_the_entries(void)
{
	ask("5");
	EXPECT_EQ(HONEST_ENTRIES, count());
	EXPECT_TRUE(table[HONEST_ENTRIES - 1].offset <
		    HONEST_ENTRIES * sizeof(*table));
	EXPECT_TRUE(is_inside(&table[HONEST_ENTRIES - 1], 0));
}

static void many(void)
{
	ask("6");
	EXPECT_TRUE(count() > 100 && count() < BUF_LEN / sizeof(*table));
	for (unsigned int i = 0; i < count(); i++) {
		EXPECT_EQ(table[0].offset, table[i].offset);
		EXPECT_TRUE(is_inside(&table[i], count() + 1));
	}
	/* not one more would fit */
	EXPECT_TRUE(table[0].offset < (count() + 2) * sizeof(*table));
}

static void without_length(void)
{
	ask("7");
	EXPECT_EQ(HONEST_ENTRIES, count());
	for (unsigned int i = 0; i < HONEST_ENTRIES; i++) {
		EXPECT_EQ(0, table[i].length);
		EXPECT_TRUE(table[i].offset);
	}
}

static void zeros(void)
{
	ask("8");
	EXPECT_TRUE(!memchr_inv(buf, 0, BUF_LEN));
}

/* Not passed on; RBX says what it would take. */
static void expect_no_room(unsigned int offered, unsigned int needed)
{
	u64 seqno = snp_firmware_seqno(snp_level);
	struct snp_answer answer = snp_send_ext(buf, offered);

	EXPECT_EQ(-ENOSPC, answer.ret);
	EXPECT_EQ(HOST_INVALID_LEN, answer.exitinfo2);
	EXPECT_EQ(needed, answer.npages);
	EXPECT_EQ(seqno, snp_firmware_seqno(snp_level));
}

static void then_the_same_without(void)
{
	long reuse = probe_stat("stat_snp_iv_reuse");

	EXPECT_EQ(0, snp_send().ret);
	EXPECT_EQ(REPORT_RSP_LEN, snp_open(snp_response));
	*snp_seqno(snp_level) += 2;
	EXPECT_EQ(reuse, probe_stat("stat_snp_iv_reuse"));
}

static void no_room(void)
{
	snp_report_again(2);
	expect_no_room(1, 2);
	expect_no_room(0, 2);
	then_the_same_without();
	snp_report_again(2);
	EXPECT_EQ(0, snp_send_ext(buf, 2).ret);
	*snp_seqno(snp_level) += 2;
	/* who has nothing needs no room for it */
	EXPECT_EQ(0, probe_set("snp_certs", "0"));
	snp_report_again(3);
	EXPECT_EQ(0, snp_send_ext(buf, 0).ret);
	*snp_seqno(snp_level) += 2;
}

static void more_room(void)
{
	EXPECT_EQ(0, probe_set("snp_certs_pages", "7"));
	snp_report_again(4);
	expect_no_room(4, 7);
	EXPECT_EQ(0, snp_send_ext(buf, 7).ret);
	*snp_seqno(snp_level) += 2;
	EXPECT_EQ(HONEST_ENTRIES, count());
}

static void any_room(void)
{
	static const struct {
		const char *text;
		unsigned int npages;
	} counts[] = {
		{ "0", 0 }, { "4", 4 }, { "100001", 0x100001 },
		{ "ffffffffffffffff", U32_MAX }, { "100000004", 4 },
	};

	snp_report_again(5);
	for (unsigned int i = 0; i < ARRAY_SIZE(counts); i++) {
		EXPECT_EQ(0, probe_set("snp_invalid_len_pages",
				       counts[i].text));
		EXPECT_EQ(0, probe_set("snp_invalid_len", "1"));
		expect_no_room(OFFERED, counts[i].npages);
	}
	then_the_same_without();
}

static void change_under_the_eyes(void)
{
	unsigned int changes = 0;
	struct entry first;

	ask("1");
	first = table[0];
	EXPECT_EQ(0, probe_set("snp_mutate_ms", "300"));
	snp_report_again(7);
	EXPECT_EQ(0, snp_send_ext(buf, OFFERED).ret);
	*snp_seqno(snp_level) += 2;
	for (unsigned int i = 0; i < 2000; i++) {
		changes += !!memcmp(&first, buf, sizeof(first));
		usleep_range(50, 100);
	}
	EXPECT_TRUE(changes);
	msleep(600);
	EXPECT_EQ(0, memcmp(&first, buf, sizeof(first)));
	EXPECT_EQ(REPORT_RSP_LEN, snp_open(snp_response));
}

static void refused(const u8 *where, unsigned int npages)
{
	u64 seqno = snp_firmware_seqno(snp_level);
	struct snp_answer answer = snp_send_ext(where, npages);

	EXPECT_EQ(-EIO, answer.ret);
	EXPECT_EQ(seqno, snp_firmware_seqno(snp_level));
}

/* Every page that was announced, not only those that are needed. */
static void private_buffer(void)
{
	snp_report_again(6);
	refused(probe_ram, 2);
	refused(buf + 128, 2);
	EXPECT_EQ(0, set_memory_encrypted((unsigned long)buf + 3 * PAGE_SIZE,
					  1));
	refused(buf, 4);
	EXPECT_EQ(0, snp_send_ext(buf, 3).ret);
	EXPECT_EQ(0, set_memory_decrypted((unsigned long)buf + 3 * PAGE_SIZE,
					  1));
	*snp_seqno(snp_level) += 2;
}

static const struct probe_test tests[] = {
	{ "certificates come with a report, each inside the buffer", honest },
	{ "a host can have none at all", untouched },
	{ "a table can be without an end", endless },
	{ "an entry can reach past the buffer", past_the_end },
	{ "an entry's offset and length can wrap", wraps },
	{ "an entry can lie inside the table", inside_the_entries },
	{ "a table can have as many entries as fit", many },
	{ "entries can be without length", without_length },
	{ "a table can be nothing but zeros", zeros },
	{ "a buffer too small is told how large it has to be", no_room },
	{ "a host can want more room than it takes", more_room },
	{ "a host can want any room of whatever is offered", any_room },
	{ "certificates can change for a while, and are good in the end",
	  change_under_the_eyes },
	{ "a certificate buffer that is not shared throughout is refused",
	  private_buffer, 3 },
};

int probe_snp_certs(void)
{
	unsigned long addr;

	buf = alloc_pages_exact(BUF_PAGES * PAGE_SIZE, GFP_KERNEL | __GFP_ZERO);
	if (!buf)
		return -ENOMEM;
	table = (void *)buf;
	addr = (unsigned long)buf;
	set_memory_decrypted(addr, BUF_PAGES);
	probe_run(tests, ARRAY_SIZE(tests));
	set_memory_encrypted(addr, BUF_PAGES);
	free_pages_exact(buf, BUF_PAGES * PAGE_SIZE);
	return 0;
}
