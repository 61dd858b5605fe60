/* SPDX-License-Identifier: GPL-2.0-only */
/* The buffers through which the host is asked for quotes. */
#ifndef _TSMG_QUOTE_BUF_H
#define _TSMG_QUOTE_BUF_H

#include <linux/build_bug.h>
#include <linux/list.h>
#include <linux/types.h>

struct tsmg_nap;

/* The largest buffer that QEMU accepts. */
#define QUOTE_BUF_SIZE		(128 * 1024)

/*
 * Status words: GHCI, TDG.VP.VMCALL<GetQuote>, table "GetQuote Status Code".
 */
#define QUOTE_SUCCESS		0ULL
#define QUOTE_IN_FLIGHT		0xffffffffffffffffULL
#define QUOTE_ERROR		0x8000000000000000ULL
#define QUOTE_UNAVAILABLE	0x8000000000000001ULL

/**
 * struct quote_shared - what lies in the shared buffer
 * @version: 1
 * @status: one of the words above; the host's to write, at any time
 * @in_len: bytes of TDREPORT in @data
 * @out_len: bytes of quote in @data; the host's to write, at any time
 * @data: up to QUOTE_DATA_MAX bytes
 *
 * GHCI, TDG.VP.VMCALL<GetQuote>, table "GetQuote Shared Buffer Format".
 */
struct quote_shared {
	__le64 version;
	__le64 status;
	__le32 in_len;
	__le32 out_len;
	u8 data[];
};

static_assert(sizeof(struct quote_shared) == 24);

#define QUOTE_DATA_MAX		(QUOTE_BUF_SIZE - sizeof(struct quote_shared))

/**
 * struct quote_buf - one buffer shared with the host
 * @node: in the list of its state
 * @shared: QUOTE_BUF_SIZE bytes, shared with the host for as long as it exists
 */
struct quote_buf {
	struct list_head node;
	struct quote_shared *shared;
};

/**
 * tsmg_quote_buf_status - read the status word, before anything else is read
 * @buf: the buffer
 *
 * Return: the host's word; what it wrote earlier is visible after this.
 */
u64 tsmg_quote_buf_status(const struct quote_buf *buf);

/**
 * tsmg_quote_buf_get - take a buffer that the host does not hold
 * @nap: how long to wait for one
 *
 * Context: process context, no lock held; killable.
 * Return: a buffer to be given back by tsmg_quote_buf_put() or
 * tsmg_quote_buf_abandon(); or an ERR_PTR: -EBUSY if the host holds on to too
 * many abandoned ones, -EINTR when killed, -EIO if no more pages can be shared
 * with it, -ENOMEM, -ETIMEDOUT if others used all slots all the time.
 */
struct quote_buf *tsmg_quote_buf_get(struct tsmg_nap *nap);

/**
 * tsmg_quote_buf_put - give back a buffer that the host is done with
 * @buf: from tsmg_quote_buf_get(); never accepted by the host, or its final
 *	status was seen. What the status word says by now does not count.
 */
void tsmg_quote_buf_put(struct quote_buf *buf);

/**
 * tsmg_quote_buf_abandon - give back a buffer that the host still works on
 * @buf: from tsmg_quote_buf_get()
 *
 * Nobody gets it before its status is another than IN_FLIGHT.
 */
void tsmg_quote_buf_abandon(struct quote_buf *buf);

/**
 * tsmg_quote_buf_init - check the module parameters
 *
 * Return: 0, or -EINVAL if quote_slots makes no sense.
 */
int tsmg_quote_buf_init(void);

/**
 * tsmg_quote_buf_exit - make all buffers private again and free them
 *
 * Those that the host still holds are leaked, with a message. No buffer is in
 * use by anyone else any more.
 */
void tsmg_quote_buf_exit(void);

#endif /* _TSMG_QUOTE_BUF_H */
