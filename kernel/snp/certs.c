// SPDX-License-Identifier: GPL-2.0-only
/* Certificates that the host keeps for reports. */
#define pr_fmt(fmt) KBUILD_MODNAME ": snp: " fmt

#include "certs.h"

#include <linux/build_bug.h>
#include <linux/err.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/string.h>

#include "../shared.h"
#include "channel.h"

/* Each report could lose more, and anybody may read reports. */
#define LEAKS_MAX	4

/**
 * struct cert_entry - an entry of the table
 * @guid: which certificate it is
 * @offset: of the certificate, from the beginning of the table
 * @length: of the certificate
 */
struct cert_entry {
	u8 guid[16];
	__le32 offset;
	__le32 length;
};

static_assert(sizeof(struct cert_entry) == 24);

static size_t bytes(unsigned int pages)
{
	return (size_t)pages * PAGE_SIZE;
}

static int grow(struct snp_certs_room *room, unsigned int pages)
{
	void *data = ERR_PTR(-EIO);

	if (room->leaks < LEAKS_MAX)
		data = tsmg_shared_alloc(bytes(pages));
	if (IS_ERR(data)) {
		room->leaks += data != ERR_PTR(-ENOMEM);
		pr_warn_ratelimited("no room for %u pages of certificates: %ld\n",
				    pages, PTR_ERR(data));
		return PTR_ERR(data);
	}
	tsmg_certs_room_free(room);
	room->data = data;
	room->pages = pages;
	return 0;
}

int tsmg_certs_room_prepare(struct snp_certs_room *room, unsigned int pages)
{
	int ret;

	if (room->pages < pages) {
		ret = grow(room, pages);
		if (ret)
			return ret;
	}
	if (pages)
		memset(room->data, 0, bytes(pages));
	return 0;
}

int tsmg_certs_take(const struct snp_certs_room *room, struct snp_certs *certs)
{
	if (!certs->pages)
		return 0;
	certs->data = kvmemdup(room->data, bytes(certs->pages), GFP_KERNEL);
	if (!certs->data)
		return -ENOMEM;
	certs->len = bytes(certs->pages);
	return 0;
}

void tsmg_certs_room_free(struct snp_certs_room *room)
{
	if (tsmg_shared_free(room->data, bytes(room->pages)))
		room->leaks++;
	room->data = NULL;
	room->pages = 0;
}

/* How many entries stand before the one that ends the table; -1: none does. */
static int count_entries(const u8 *data, size_t len)
{
	size_t at;

	for (at = 0; len - at >= sizeof(struct cert_entry);
	     at += sizeof(struct cert_entry))
		if (!memchr_inv(data + at, 0, sizeof(struct cert_entry)))
			return at / sizeof(struct cert_entry);
	return -1;
}

ssize_t tsmg_certs_table_len(const u8 *data, size_t len)
{
	const struct cert_entry *entry = (const struct cert_entry *)data;
	int count = count_entries(data, len);
	size_t first, last = 0;
	u64 offset, end;

	if (count < 0)
		return -EBADMSG;

	first = (count + 1) * sizeof(*entry);
	for (; count; count--, entry++) {
		offset = le32_to_cpu(entry->offset);
		end = offset + le32_to_cpu(entry->length);
		/* Without bytes it refers to nothing, wherever it says that is. */
		if (end == offset)
			continue;
		if (offset < first || end > len)
			return -EBADMSG;
		last = max_t(size_t, last, end);
	}
	return last;
}
