/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What tsm_emu.ko and tsm-emud say to each other through /dev/tsm_emu.
 *
 * read(2) returns exactly one struct emu_request and blocks until there is one;
 * poll(2) works. write(2) takes one struct emu_reply followed by @len bytes of
 * quote. A reply to a request that the host has given up is accepted and
 * dropped. One process may hold the device open: while it does, the emulated
 * platform has a quoting service.
 */
#ifndef EMU_WIRE_H
#define EMU_WIRE_H

#include <linux/types.h>

#define EMU_DEV_NAME		"tsm_emu"
#define EMU_TDREPORT_SIZE	1024
#define EMU_QUOTE_MAX		(16 * 1024)

/**
 * struct emu_request - a TDREPORT to be quoted
 * @id: names the request in the reply
 * @version: quote version wanted, 4 or 5
 * @reserved: 0
 * @tdreport: TDREPORT_STRUCT, whose MAC the TDX module found good
 */
struct emu_request {
	__u64 id;
	__u32 version;
	__u32 reserved;
	__u8 tdreport[EMU_TDREPORT_SIZE];
};

/**
 * struct emu_reply - head of an answer
 * @id: of the request
 * @len: bytes of quote that follow, at most EMU_QUOTE_MAX; 0: refused
 * @reserved: 0
 */
struct emu_reply {
	__u64 id;
	__u32 len;
	__u32 reserved;
};

#endif
