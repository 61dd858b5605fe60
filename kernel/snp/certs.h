/* SPDX-License-Identifier: GPL-2.0-only */
/* Certificates that the host keeps for reports. */
#ifndef _TSMG_SNP_CERTS_H
#define _TSMG_SNP_CERTS_H

#include <linux/types.h>

/* What a host is given room for at first, and at most: 16 KiB and 1 MiB. */
#define SNP_CERTS_PAGES		4
#define SNP_CERTS_PAGES_MAX	256

struct snp_certs;

/**
 * struct snp_certs_room - where the host writes certificates
 * @data: shared with the host for as long as it exists; NULL before there is
 *	any. Kept between requests: to share pages and take them back costs more
 *	than a report
 * @pages: how many there are
 * @leaks: how often pages were lost when they were to be shared, or made private
 *
 * Guarded by whoever may call the host.
 */
struct snp_certs_room {
	u8 *data;
	unsigned int pages;
	unsigned int leaks;
};

/**
 * tsmg_certs_room_prepare - have room, without anything in it
 * @room: what there is
 * @pages: how many must be there at least, up to SNP_CERTS_PAGES_MAX
 *
 * The first @pages are zeroed: a host that writes nothing must not pass off
 * what it wrote last time.
 *
 * Context: process context; may sleep.
 * Return: 0; or, after a message, -ENOMEM, what sharing pages gave, or -EIO if
 * that was tried too often. @room is as before then.
 */
int tsmg_certs_room_prepare(struct snp_certs_room *room, unsigned int pages);

/**
 * tsmg_certs_take - copy what the host wrote to private memory
 * @room: where it is
 * @certs: @certs->pages are copied, and @certs->data and @certs->len are set
 *
 * Return: 0 or -ENOMEM.
 */
int tsmg_certs_take(const struct snp_certs_room *room, struct snp_certs *certs);

/* tsmg_certs_room_free - give it back to the kernel */
void tsmg_certs_room_free(struct snp_certs_room *room);

/**
 * tsmg_certs_table_len - how long a certificate table is
 * @data: private memory
 * @len: bytes there
 *
 * GHCB specification, SNP Extended Guest Request: entries of a GUID, an offset
 * from the beginning and a length, ended by one that is all 0.
 *
 * Return: bytes up to the end of the last certificate; 0 if there is none;
 * -EBADMSG if no entry ends the table, or one reaches into the entries or
 * beyond @len.
 */
ssize_t tsmg_certs_table_len(const u8 *data, size_t len);

#endif /* _TSMG_SNP_CERTS_H */
