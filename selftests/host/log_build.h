/* SPDX-License-Identifier: MIT */
/*
 * Event logs built by the tests themselves, in TCG crypto-agile format.
 *
 * Numbers are written out from the specifications, as in bytes.h:
 * [PFP]  TCG PC Client Platform Firmware Profile Specification 1.05 rev. 23
 * [UEFI] UEFI Specification 2.10
 */
#ifndef TSM_HOST_LOG_BUILD_H
#define TSM_HOST_LOG_BUILD_H

#include "bytes.h"

#include <openssl/sha.h>

/* [PFP] 10.4.1, and mrIndex of a TD, [UEFI] 38.4.1: RTMR n is n + 1 */
enum {
	EV_NO_ACTION = 0x3, EV_SEPARATOR = 0x4, EV_ACTION = 0x5,
	EV_EVENT_TAG = 0x6, EV_CONFIG_FLAGS = 0xa, EV_COMPACT_HASH = 0xc,
	EV_IPL = 0xd,
};
#define EV_VARIABLE	0x80000001u
#define EV_BOOT		0x80000002u
#define EV_APPLICATION	0x80000003u
#define EV_GPT		0x80000006u
#define EV_EFI_ACTION	0x80000007u
#define EV_BLOB2	0x8000000au
#define EV_TABLES2	0x8000000bu
#define EV_AUTHORITY	0x800000e0u

enum { SHA1_ID = 4, SHA256_ID = 0xb, SHA384_ID = 0xc, SM3_ID = 0x12 };

static inline void put64(struct bytes *b, uint64_t v)
{
	put32(b, (uint32_t)v);
	put32(b, (uint32_t)(v >> 32));
}

/* [PFP] 10.2.1, 10.4.5.1: ids and sizes in turn */
static inline void log_spec(struct bytes *b, uint32_t count,
			    const uint16_t *algs)
{
	uint32_t i;

	put32(b, 0);
	put32(b, EV_NO_ACTION);
	fill(b, 0, 20);
	put32(b, 16 + 4 + 4 + 4 + 4 * count + 1);
	put(b, "Spec ID Event03", 16);
	put32(b, 0);
	put(b, (const uint8_t[]){ 0, 2, 0, 2 }, 4);
	put32(b, count);
	for (i = 0; i < 2 * count; i++)
		put16(b, algs[i]);
	fill(b, 0, 1);
}

static inline void log_head(struct bytes *b)
{
	log_spec(b, 1, (const uint16_t[]){ SHA384_ID, 48 });
}

static inline void log_event(struct bytes *b, uint32_t mr, uint32_t type,
			     const uint8_t *digest, const void *data,
			     size_t len)
{
	put32(b, mr);
	put32(b, type);
	put32(b, 1);
	put16(b, SHA384_ID);
	put(b, digest, 48);
	put32(b, (uint32_t)len);
	put(b, data, len);
}

/* With the digest of @measured, or of the event data. */
static inline void log_measured(struct bytes *b, uint32_t mr, uint32_t type,
				const void *data, size_t len,
				const char *measured)
{
	uint8_t digest[48];

	if (measured)
		SHA384((const uint8_t *)measured, strlen(measured), digest);
	else
		SHA384(data, len, digest);
	log_event(b, mr, type, digest, data, len);
}

static inline void log_text(struct bytes *b, uint32_t mr, uint32_t type,
			    const char *text)
{
	log_measured(b, mr, type, text, strlen(text), NULL);
}

static inline void extend(uint8_t *value, const uint8_t *digest)
{
	uint8_t both[96];

	memcpy(both, value, 48);
	memcpy(both + 48, digest, 48);
	SHA384(both, sizeof(both), value);
}

/* As log_text() does with a register. */
static inline void extend_text(uint8_t *value, const char *text)
{
	uint8_t digest[48];

	SHA384((const uint8_t *)text, strlen(text), digest);
	extend(value, digest);
}

/* tsm_guest's records: values of @count registers from RTMR @first on */
static inline void log_state(struct bytes *b, uint32_t mr, uint8_t reason,
			     unsigned int first, unsigned int count,
			     const uint8_t (*values)[48])
{
	static const uint8_t none[48];
	struct bytes s = { .len = 0 };
	unsigned int i;

	put(&s, "tsm_guest state", 16);
	fill(&s, reason, 1);
	fill(&s, (uint8_t)count, 1);
	fill(&s, 0, 2);
	for (i = 0; i < count; i++) {
		put32(&s, first + i + 1);
		put(&s, values[i], 48);
	}
	log_event(b, mr, EV_NO_ACTION, none, s.p, s.len);
}

static inline void wide(struct bytes *b, const char *text)
{
	for (; *text; text++)
		put16(b, (uint8_t)*text);
}

static inline void guid(struct bytes *b, uint8_t first)
{
	uint8_t i;

	for (i = 0; i < 16; i++)
		fill(b, (uint8_t)(first + i), 1);
}

/* [UEFI] 3.3: EFI_GLOBAL_VARIABLE */
static inline void global_guid(struct bytes *b)
{
	put(b, "\x61\xdf\xe4\x8b\xca\x93\xd2\x11"
	       "\xaa\x0d\x00\xe0\x98\x03\x2b\x8c", 16);
}

/* [PFP] UEFI_VARIABLE_DATA */
static inline void variable(struct bytes *b, const char *name,
			    const void *data, size_t len)
{
	global_guid(b);
	put64(b, strlen(name));
	put64(b, len);
	wide(b, name);
	put(b, data, len);
}

/* [UEFI] 10.3: a node of a device path */
static inline void node(struct bytes *b, uint8_t type, uint8_t subtype,
			const void *data, size_t len)
{
	fill(b, type, 1);
	fill(b, subtype, 1);
	put16(b, (uint16_t)(4 + len));
	put(b, data, len);
}

static inline void end_path(struct bytes *b)
{
	node(b, 0x7f, 0xff, NULL, 0);
}

#endif /* TSM_HOST_LOG_BUILD_H */
