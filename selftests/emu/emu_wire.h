/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What tsm_emu.ko and tsm-emud say to each other through /dev/tsm_emu.
 *
 * read(2) returns exactly one struct emu_request and blocks until there is one;
 * poll(2) works. write(2) takes one struct emu_reply followed by @len bytes of
 * answer. A reply to a request that the host has given up is accepted and
 * dropped. One process may hold the device open: while it does, the emulated
 * platform has somebody who signs.
 */
#ifndef EMU_WIRE_H
#define EMU_WIRE_H

#include <linux/types.h>

#define EMU_DEV_NAME		"tsm_emu"
#define EMU_TDREPORT_SIZE	1024
#define EMU_SNP_REPORT_SIZE	1184
#define EMU_BODY_SIZE		EMU_SNP_REPORT_SIZE
#define EMU_ANSWER_MAX		(16 * 1024)

/**
 * enum emu_kind - what is asked for
 * @EMU_TD_QUOTE: the body is a TDREPORT whose MAC the TDX module found good;
 *	the answer is a quote of version emu_request.version, 4 or 5
 * @EMU_SNP_REPORT: the body is an SNP attestation report of version
 *	emu_request.version (2, 3 or 5) whose signature, its last 512 bytes, is
 *	0; the answer is the report, 1184 bytes, signed with the key that
 *	SIGNING_KEY in the report names (0 VCEK, 1 VLEK) of the product that
 *	goes with the version: 2 Milan, 3 Genoa, 5 Turin
 * @EMU_SNP_CERTS: no body; the answer is the GUID certificate table of the
 *	product that goes with emu_request.version, with a VCEK if
 *	emu_request.signing_key is 0 and a VLEK if it is 1
 */
enum emu_kind {
	EMU_TD_QUOTE,
	EMU_SNP_REPORT,
	EMU_SNP_CERTS,
};

/**
 * struct emu_request - something to be signed or handed out
 * @id: names the request in the reply
 * @kind: enum emu_kind
 * @version: see there
 * @signing_key: see there
 * @reserved: 0
 * @body: see there; 0 behind what is there
 */
struct emu_request {
	__u64 id;
	__u32 kind;
	__u32 version;
	__u32 signing_key;
	__u32 reserved;
	__u8 body[EMU_BODY_SIZE];
};

/**
 * struct emu_reply - head of an answer
 * @id: of the request
 * @len: bytes of answer that follow, at most EMU_ANSWER_MAX; 0: refused
 * @reserved: 0
 */
struct emu_reply {
	__u64 id;
	__u32 len;
	__u32 reserved;
};

#endif
