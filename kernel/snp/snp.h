/* SPDX-License-Identifier: GPL-2.0-only */
/* What the legacy device may ask of the SNP backend. */
#ifndef _TSMG_SNP_H
#define _TSMG_SNP_H

#include "channel.h"

/* The backend's legacy device, see legacy/sev_guest.c. */
extern struct miscdevice tsmg_sev_misc;

/**
 * tsmg_snp_call - have the firmware answer a message
 * @exchange: the message; filled in
 *
 * Context: process context, no lock held; killable; takes at most
 * snp_timeout_ms.
 * Return: as tsmg_channel_call(); also -EIO, with the firmware's status code for
 * it, if @exchange->version is another than SNP_MSG_VERSION: nothing is sent then.
 */
int tsmg_snp_call(struct snp_exchange *exchange);

/**
 * tsmg_snp_status - the firmware's verdict on a request
 * @response: payload of an answer, 4 bytes at least
 *
 * SEV-SNP firmware ABI, MSG_KEY_RSP and MSG_REPORT_RSP: STATUS.
 *
 * Return: 0, or a status code of that specification.
 */
u32 tsmg_snp_status(const void *response);

#endif /* _TSMG_SNP_H */
