/* SPDX-License-Identifier: MIT */
/*
 * What sparse 0.6.4, Debian's newest, does not know of Linux 7.3's headers.
 *
 * It stops checking a file at the first expression it cannot parse; only types
 * and address spaces matter to it, so near meanings are good enough.
 */
#define __typeof_unqual__	__typeof__
#define __builtin_strlen(s)	(sizeof(s) - 1)
