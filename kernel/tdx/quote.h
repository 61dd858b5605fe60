/* SPDX-License-Identifier: GPL-2.0-only */
/* From a TDREPORT to a quote, by way of the host. */
#ifndef _TSMG_QUOTE_H
#define _TSMG_QUOTE_H

#include <linux/types.h>

struct tsmg_blob;

/**
 * tsmg_quote_get - have the host turn a TDREPORT into a quote
 * @tdreport: 1024 bytes
 * @quote: gets the quote, in private memory
 *
 * Context: process context, no lock held; waits for the host, killably, until
 * quote_timeout_ms have passed. Any number of tasks at once, of which
 * quote_slots have a request with the host.
 *
 * Return: 0, or
 * -EBUSY	the host holds on to too many buffers of abandoned requests
 * -EFBIG	it claims a quote larger than the buffer
 * -EHOSTUNREACH it cannot reach a quoting service now
 * -EINTR	the caller was killed
 * -EIO		it refused the request, says the quote cannot be made, or
 *		would not share a buffer
 * -ENODATA	it claims success and gives no quote
 * -ENOMEM	no memory
 * -EPROTO	it answered with a status that the GHCI does not define
 * -ETIMEDOUT	it did not finish in time
 */
int tsmg_quote_get(const u8 *tdreport, struct tsmg_blob *quote);

#endif /* _TSMG_QUOTE_H */
