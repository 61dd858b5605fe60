/* SPDX-License-Identifier: GPL-2.0-only */
/* How messages get to the firmware: through the host, and two shared pages. */
#ifndef _TSMG_SNP_TRANSPORT_H
#define _TSMG_SNP_TRANSPORT_H

#include <linux/types.h>

struct tsmg_nap;

/**
 * struct snp_parcel - one hypercall
 * @message: a page of private memory: the encrypted message, and where the
 *	host's answer is copied to, which nobody vouches for
 * @extended: the host is asked for certificates, too
 * @certs_pages: how many pages it may fill with them. After -ENOSPC: how many
 *	it wants
 * @certs: guest physical address of those pages
 * @exitinfo2: out: what the host answered
 */
struct snp_parcel {
	void *message;
	bool extended;
	unsigned int certs_pages;
	phys_addr_t certs;
	u64 exitinfo2;
};

/**
 * tsmg_transport_send - show the host a message and wait for its answer
 * @parcel: filled in
 * @nap: how long it may ask to be asked again
 *
 * While the host is busy it gets the very same message again and again. GHCB
 * specification, SNP Guest Request and SNP Extended Guest Request.
 *
 * Context: process context; one caller at a time; killable.
 * Return: 0 when the host claims that the firmware answered; -EINTR when
 * killed; -EIO when host or firmware refused; -ENOSPC when the host wants more
 * room for certificates, and did nothing; -ETIMEDOUT.
 */
int tsmg_transport_send(struct snp_parcel *parcel, struct tsmg_nap *nap);

/**
 * tsmg_transport_init - share the pages for request and response
 *
 * Return: 0 or -errno.
 */
int tsmg_transport_init(void);

/* tsmg_transport_exit - make them private again */
void tsmg_transport_exit(void);

#endif /* _TSMG_SNP_TRANSPORT_H */
