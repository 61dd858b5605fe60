/* SPDX-License-Identifier: MIT */
/*
 * Builds PCK extensions, right and wrong: "Intel SGX PCK Certificate and
 * Certificate Revocation List Profile Specification", section 1.3.5.
 */
#ifndef TSM_HOST_PCK_BUILD_H
#define TSM_HOST_PCK_BUILD_H

#include "bytes.h"

#include <stdbool.h>

/* 1.2.840.113741.1.13.1 */
#define OID	0x2a, 0x86, 0x48, 0x86, 0xf8, 0x4d, 0x01, 0x0d, 0x01

/* Lengths take one byte more than DER allows. */
static bool overlong;

static void tlv(struct bytes *to, uint8_t tag, const struct bytes *value)
{
	fill(to, tag, 1);
	if (value->len >= 0x100) {
		fill(to, 0x82, 1);
		fill(to, (uint8_t)(value->len >> 8), 1);
	} else if (value->len >= 0x80 || overlong) {
		fill(to, 0x81, 1);
	}
	fill(to, (uint8_t)value->len, 1);
	put(to, value->p, value->len);
}

/* SEQUENCE { OID, tag value } with one or two last components. */
static void field(struct bytes *to, const uint8_t *arcs, size_t n, uint8_t tag,
		  const void *data, size_t len)
{
	struct bytes oid = { .len = 0 }, value = { .len = 0 },
		     pair = { .len = 0 };

	put(&oid, (const uint8_t[]){ OID }, 9);
	put(&oid, arcs, n);
	put(&value, data, len);
	tlv(&pair, 0x06, &oid);
	tlv(&pair, tag, &value);
	tlv(to, 0x30, &pair);
}

/**
 * struct shape - what to build into an extension
 * @without: field not to write, 0 for none; 200 + n means .2.n
 * @twice: field to write twice, likewise
 * @fmspc_size: size of .4
 * @component: DER of component .2.1
 * @component_size: its size
 */
struct shape {
	unsigned int without;
	unsigned int twice;
	size_t fmspc_size;
	uint8_t component[4];
	size_t component_size;
};

static const struct shape honest_pck = {
	.fmspc_size = 6, .component = { 7 }, .component_size = 1,
};

static void once_or_twice(const struct shape *s, unsigned int id,
			  struct bytes *to, const uint8_t *arcs, size_t n,
			  uint8_t tag, const void *data, size_t len)
{
	if (s->without != id)
		field(to, arcs, n, tag, data, len);
	if (s->twice == id)
		field(to, arcs, n, tag, data, len);
}

static void build_pck(struct bytes *b, const struct shape *s)
{
	static const uint8_t raw[16] = {
		0xb0, 0xb1, 0xb2, 0xb3, 0xb4, 0xb5, 0xb6, 0xb7,
		0xb8, 0xb9, 0xba, 0xbb, 0xbc, 0xbd, 0xbe, 0xbf,
	};
	struct bytes tcb = { .len = 0 }, all = { .len = 0 };
	uint8_t arc, n;

	for (n = 1; n <= 16; n++)
		once_or_twice(s, 200u + n, &tcb, (const uint8_t[]){ 2, n }, 2,
			      0x02, n == 1 ? s->component : &n,
			      n == 1 ? s->component_size : 1);
	once_or_twice(s, 217, &tcb, (const uint8_t[]){ 2, 17 }, 2, 0x02,
		      (const uint8_t[]){ 0x01, 0x0b }, 2);
	once_or_twice(s, 218, &tcb, (const uint8_t[]){ 2, 18 }, 2, 0x04, raw,
		      16);

	arc = 1;
	once_or_twice(s, 1, &all, &arc, 1, 0x04, raw, 16);
	arc = 2;
	once_or_twice(s, 2, &all, &arc, 1, 0x30, tcb.p, tcb.len);
	arc = 3;
	once_or_twice(s, 3, &all, &arc, 1, 0x04, "\x12\x34", 2);
	arc = 4;
	once_or_twice(s, 4, &all, &arc, 1, 0x04, raw, s->fmspc_size);
	arc = 5;
	once_or_twice(s, 5, &all, &arc, 1, 0x0a, "\x01", 1);
	arc = 6;
	once_or_twice(s, 6, &all, &arc, 1, 0x04, raw, 16);
	b->len = 0;
	tlv(b, 0x30, &all);
}

#endif /* TSM_HOST_PCK_BUILD_H */
