/* SPDX-License-Identifier: MIT */
/*
 * What an extend must do: judged by a TDREPORT, which no driver can make up.
 */
#ifndef CLIENTS_RTMR_H
#define CLIENTS_RTMR_H

#include "../sha384.h"
#include "tdx.h"

/* How a client extends RTMR @index. */
typedef const char *(*extend_fn)(unsigned int index, const uint8_t *digest);

static const char *get_rtmr(unsigned int index, uint8_t *value)
{
	struct tdx_report report = { 0 };
	const char *why = get_report(&report, O_RDWR);

	memcpy(value, report.tdreport + REPORT_RTMR(index), RTMR_LEN);
	return why;
}

static const char *check_extend(unsigned int index, extend_fn extend)
{
	uint8_t data[2 * RTMR_LEN], expected[RTMR_LEN], nonce[NONCE_LEN];
	const char *why;

	make_nonce(nonce);
	memcpy(data + RTMR_LEN, nonce, RTMR_LEN);
	why = get_rtmr(index, data);
	if (!why)
		why = extend(index, nonce);
	if (why)
		return why;
	sha384(data, sizeof(data), expected);
	why = get_rtmr(index, data);
	if (!why && memcmp(data, expected, RTMR_LEN))
		why = "not what SHA-384 says";
	return why;
}

#endif /* CLIENTS_RTMR_H */
