// SPDX-License-Identifier: GPL-2.0-only
/* What the host leaves in a certificate buffer, and how much room it wants. */

#include <linux/kernel.h>
#include <linux/math.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "emu.h"
#include "emu_wire.h"
#include "snp_host.h"

/**
 * struct table - the certificates as the host's administrator stored them
 * @data: what tsm-emud gave, NULL: nothing as yet
 * @len: bytes in it
 * @version: of the reports that they are for
 * @vlek: with the VLEK
 */
struct table {
	u8 *data;
	u32 len;
	unsigned int version;
	bool vlek;
};

static struct table table;
static DEFINE_MUTEX(table_lock);

static void forget(void)
{
	kfree(table.data);
	table = (struct table) { };
}

void emu_certs_exit(void)
{
	forget();
}

/* Under table_lock. Return: bytes, 0: there are no certificates. */
static u32 load(const struct snp_plan *plan)
{
	const struct emu_ask ask = {
		.kind = EMU_SNP_CERTS,
		.version = plan->report_version,
		.signing_key = plan->vlek ? SIGNING_KEY_VLEK : SIGNING_KEY_VCEK,
	};

	if (table.data && table.version == plan->report_version &&
	    table.vlek == plan->vlek)
		return table.len;
	forget();
	table.data = emu_ask_wait(&ask, &table.len);
	table.version = plan->report_version;
	table.vlek = plan->vlek;
	return table.len;
}

/**
 * emu_certs_pages - how many pages the host says it takes
 * @plan: of the request
 */
unsigned int emu_certs_pages(const struct snp_plan *plan)
{
	unsigned int pages;

	if (emu_snp_certs(&pages) == CERTS_NOTHING || pages)
		return pages;
	guard(mutex)(&table_lock);
	return DIV_ROUND_UP(load(plan), PAGE_SIZE);
}

static bool ends(const struct cert_entry *entry)
{
	return !memchr_inv(entry, 0, sizeof(*entry));
}

/**
 * emu_certs_copy - the honest table
 * @plan: which
 * @buf: private memory of the guest's, or the host's own
 * @room: bytes there; nothing is copied if they are not enough
 *
 * Return: bytes in the table, 0: there are no certificates.
 */
u32 emu_certs_copy(const struct snp_plan *plan, u8 *buf, u32 room)
{
	u32 len;

	guard(mutex)(&table_lock);
	len = load(plan);
	if (len && len <= room)
		memcpy(buf, table.data, len);
	return len;
}

/* The last entry before the one that ends a table; there is at least one. */
static struct cert_entry *last_of(u8 *buf, size_t size)
{
	struct cert_entry *entry = (void *)buf;

	while ((u8 *)(entry + 3) <= buf + size && !ends(entry + 1))
		entry++;
	return entry;
}

/* Not a zero in it, and at the end a certificate of a kind. */
static void put_endless(u8 *buf, size_t size)
{
	struct cert_entry *entry = (void *)buf;
	unsigned int count = size / sizeof(*entry);
	u32 rest = size % sizeof(*entry) ? : sizeof(*entry);

	for (unsigned int i = 1; i < count; i++)
		entry[i] = entry[0];
	for (unsigned int i = 0; i < count; i++) {
		entry[i].offset = cpu_to_le32(size - rest);
		entry[i].length = cpu_to_le32(rest);
	}
	if (rest < sizeof(*entry))
		memset(buf + size - rest, 0xee, rest);
}

static void put_many(u8 *buf, size_t size)
{
	struct cert_entry *entry = (void *)buf, first = *entry;
	u32 length = min_t(u32, le32_to_cpu(first.length), size / 2);
	unsigned int count = (size - length) / sizeof(*entry) - 1;

	memmove(buf + size - length, buf + le32_to_cpu(first.offset), length);
	first.offset = cpu_to_le32(size - length);
	first.length = cpu_to_le32(length);
	memset(buf, 0, size - length);
	for (unsigned int i = 0; i < count; i++)
		entry[i] = first;
}

static void put_empty(u8 *buf, size_t size)
{
	struct cert_entry *entry, *last = last_of(buf, size);

	for (entry = (void *)buf; entry <= last; entry++)
		entry->length = 0;
}

static void spoil(enum snp_certs how, u8 *buf, size_t size)
{
	struct cert_entry *last = last_of(buf, size);

	switch (how) {
	case CERTS_ENDLESS:
		put_endless(buf, size);
		break;
	case CERTS_PAST_END:
		last->length = cpu_to_le32(size + 1 -
					   le32_to_cpu(last->offset));
		break;
	case CERTS_WRAPPED:
		last->offset = cpu_to_le32(0xfffff000);
		last->length = cpu_to_le32(0x2000);
		break;
	case CERTS_INSIDE:
		last->offset = cpu_to_le32(sizeof(*last));
		break;
	case CERTS_MANY:
		put_many(buf, size);
		break;
	case CERTS_EMPTY:
		put_empty(buf, size);
		break;
	default:
		break;
	}
}

/**
 * emu_certs_put - leaves certificates in the guest's buffer
 * @plan: of the request
 * @buf: shared, whole pages
 * @size: of it
 */
void emu_certs_put(const struct snp_plan *plan, u8 *buf, size_t size)
{
	unsigned int pages;
	enum snp_certs how = emu_snp_certs(&pages);
	u32 len;

	if (how == CERTS_NOTHING)
		return;
	guard(mutex)(&table_lock);
	len = load(plan);
	if (how == CERTS_ZERO || len < 2 * sizeof(struct cert_entry)) {
		memset(buf, 0, how == CERTS_ZERO ? size :
		       sizeof(struct cert_entry));
		return;
	}
	memcpy(buf, table.data, min_t(size_t, len, size));
	spoil(how, buf, size);
}
