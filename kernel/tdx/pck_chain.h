/* SPDX-License-Identifier: GPL-2.0-only */
/* The certificates inside a TD quote. */
#ifndef _TSMG_PCK_CHAIN_H
#define _TSMG_PCK_CHAIN_H

struct tsmg_blob;

/**
 * tsmg_pck_chain_get - copy the PCK certificate chain out of a quote
 * @quote: a quote as the host gave it; not changed, not trusted
 * @chain: gets the PEM text, without a terminating NUL; stays empty if @quote
 *	has no such chain or is no TD quote of version 4 or 5
 *
 * Nothing is verified here: that is the business of whoever gets the quote.
 *
 * Return: 0 or -ENOMEM.
 */
int tsmg_pck_chain_get(const struct tsmg_blob *quote, struct tsmg_blob *chain);

#endif /* _TSMG_PCK_CHAIN_H */
