/* SPDX-License-Identifier: MIT */
/*
 * Requests of /dev/tdx_guest's GET_QUOTE, and the messages of Intel's quote
 * generation service in which libtdx_attest puts them.
 *
 * Intel DCAP: tdx_attest.c of libtdx_attest, qgs_msg_lib.h.
 */
#ifndef SELFTESTS_QGS_H
#define SELFTESTS_QGS_H

#include "quote.h"
#include "registers.h"

#define GET_QUOTE		0x80105404	/* _IOR('T', 4, 16) */
#define GET_QUOTE_V3		0xc0105404	/* _IOWR('T', 4, 16) */
#define GET_QUOTE_NR2		0xc0105402	/* _IOWR('T', 2, 16) */

/* Intel's struct tdx_quote_hdr and the words of its status, from the GHCI. */
struct quote_head {
	uint64_t version;
	uint64_t status;
	uint32_t in_len;
	uint32_t out_len;
};

struct quote_request {
	uint64_t buf;
	uint64_t len;
};

#define HEAD_LEN		24
#define STATUS_ERROR		0x8000000000000000ULL
#define STATUS_UNAVAILABLE	0x8000000000000001ULL
#define STATUS_GARBAGE		0x1111111111111111ULL

/*
 * qgs_msg_lib.h of Intel's DCAP: header {u16 major, minor; u32 type, size,
 * error_code}, two sizes, two bodies; before all that a big-endian length.
 */
#define BUFFER_LEN		(16 * 1024)
#define FRAME_LEN		4
#define MESSAGE_LEN		24
#define FRAMED_LEN		(FRAME_LEN + MESSAGE_LEN + TDREPORT_LEN)
#define QGS_REQ			0
#define QGS_RESP		1

static __maybe_unused void put_le32(uint8_t *p, uint32_t value)
{
	memcpy(p, &value, sizeof(value));
}

static __maybe_unused uint32_t get_be32(const uint8_t *p)
{
	return __builtin_bswap32(get_le32(p));
}

/* As qgs_msg_gen_get_quote_req() and its caller lay it out. */
static __maybe_unused size_t qgs_put_request(uint8_t *data,
					     const uint8_t *tdreport)
{
	const uint32_t size = MESSAGE_LEN + TDREPORT_LEN;

	put_le32(data, __builtin_bswap32(size));
	data += FRAME_LEN;
	put_le32(data, 1 | 1 << 16);	/* version 1.1 */
	put_le32(data + 4, QGS_REQ);
	put_le32(data + 8, size);
	put_le32(data + 12, 0);
	put_le32(data + 16, TDREPORT_LEN);
	put_le32(data + 20, 0);
	memcpy(data + MESSAGE_LEN, tdreport, TDREPORT_LEN);
	return FRAME_LEN + size;
}

/* libtdx_attest's checks of an answer; NULL, or which of them fails. */
static __maybe_unused const char *qgs_check_answer(const uint8_t *data,
						   uint32_t out_len,
						   const uint8_t *nonce)
{
	const uint8_t *message = data + FRAME_LEN;
	uint32_t size;

	if (out_len <= FRAME_LEN)
		return "no more than a frame";
	size = get_be32(data);
	if (size != out_len - FRAME_LEN)
		return "the frame does not have the length of the message";
	if (size < MESSAGE_LEN)
		return "shorter than a message";
	if (get_le16(message) != 1)
		return "not version 1";
	if (get_le32(message + 4) != QGS_RESP)
		return "not a GET_QUOTE_RESP";
	if (get_le32(message + 8) != size)
		return "the message does not have its own length";
	if (get_le32(message + 12))
		return "an error code";
	if (get_le32(message + 16))
		return "an id, which nobody asked for";
	if (get_le32(message + 20) != size - MESSAGE_LEN)
		return "not the length of the quote";
	return quote_check(message + MESSAGE_LEN, size - MESSAGE_LEN, nonce);
}

#endif /* SELFTESTS_QGS_H */
