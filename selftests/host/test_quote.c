// SPDX-License-Identifier: MIT
/* TD quotes built here: each version and body, whole, cut and with lies in it. */
#include "../../tools/lib/tsm.h"

#include "bytes.h"
#include "tap.h"

#include <errno.h>
#include <openssl/sha.h>

/**
 * struct variant - a kind of quote, DCAP Quoting Library API A.3 and A.4
 * @version: of the header
 * @type: body type; 0 in version 4, which has no descriptor
 * @body: size of the body
 * @at_body: its offset
 */
struct variant {
	uint16_t version;
	uint16_t type;
	uint32_t body;
	size_t at_body;
};

static const struct variant variants[] = {
	{ 4, 0, 584, 48 },
	{ 5, 2, 584, 54 },
	{ 5, 3, 648, 54 },
	{ 5, 4, 885, 54 },
};

#define VARIANTS	(sizeof(variants) / sizeof(variants[0]))
#define AUTH		32
#define CERTS		100

/* Offsets behind the body, from the __le32 size of the signature data on. */
enum {
	SIG_SIZE = 0, SIGNATURE = 4, KEY = 68, OUTER_TYPE = 132,
	OUTER_SIZE = 134, QE = 138, QE_REPORTDATA = QE + 320, QE_SIG = 522,
	AUTH_SIZE = 586, AUTH_DATA = 588, INNER_TYPE = AUTH_DATA + AUTH,
	INNER_SIZE = INNER_TYPE + 2, CERT_DATA = INNER_SIZE + 4,
	END = CERT_DATA + CERTS,
};

/* Returns the offset of what follows the body. */
static size_t build(struct bytes *b, const struct variant *v)
{
	uint8_t bound[64 + AUTH];
	size_t tail, i;

	b->len = 0;
	put16(b, v->version);
	put16(b, 2);		/* ECDSA P-256 */
	put32(b, 0x81);		/* TDX */
	put32(b, 0);
	fill(b, 0x93, 16);
	fill(b, 0x20, 20);
	if (v->type) {
		put16(b, v->type);
		put32(b, v->body);
	}
	for (i = 0; i < v->body; i++)
		fill(b, (uint8_t)(i * 5 + i / 256), 1);
	tail = b->len;
	put32(b, END - SIGNATURE);
	fill(b, 0x51, 64);
	fill(b, 0x4b, 64);
	put16(b, 6);
	put32(b, END - QE);
	fill(b, 0x9e, 384);
	fill(b, 0x52, 64);
	put16(b, AUTH);
	fill(b, 0xa0, AUTH);
	put16(b, 5);
	put32(b, CERTS);
	fill(b, 'C', CERTS);

	memcpy(bound, b->p + tail + KEY, 64);
	memcpy(bound + 64, b->p + tail + AUTH_DATA, AUTH);
	SHA256(bound, sizeof(bound), b->p + tail + QE_REPORTDATA);
	memset(b->p + tail + QE_REPORTDATA + 32, 0, 32);
	return tail;
}

/* Parses an exact copy; outputs must be zero where it is refused. */
static int parse(const struct bytes *b, size_t len)
{
	uint8_t *copy = exact_copy(b->p, len);
	struct tsm_error err = { "" };
	struct tsm_quote q;
	int ret;

	memset(&q, 0x55, sizeof(q));
	ret = tsm_quote_parse(copy, len, &q, &err);
	CHECK_EQ(ret != 0, err.text[0] != '\0');
	if (ret) {
		CHECK_EQ(0, q.version);
		CHECK_EQ(0, q.certs.len);
		CHECK(q.certs.data == NULL);
	}
	free(copy);
	return ret;
}

static void whole_quotes_are_read(void)
{
	struct tsm_quote q;
	struct bytes b;
	size_t i, tail;
	bool binds;

	for (i = 0; i < VARIANTS; i++) {
		const struct variant *v = &variants[i];
		const uint8_t *body = b.p + v->at_body;

		tail = build(&b, v);
		if (!CHECK_EQ(0, tsm_quote_parse(b.p, b.len, &q, NULL)))
			continue;
		CHECK_EQ(v->version, q.version);
		CHECK_EQ(v->type ? v->type : 2, q.body_type);
		CHECK_EQ(v->body, q.body_size);
		CHECK(!memcmp(&q.body, body, v->body));
		CHECK(!memcmp(q.body.td15.td10.mrtd, body + 136, 48));
		CHECK(!memcmp(q.body.td15.td10.rtmr[3], body + 472, 48));
		CHECK(!memcmp(q.body.td15.td10.reportdata, body + 520, 64));
		CHECK(q.signed_part.data == b.p);
		CHECK_EQ(tail, q.signed_part.len);
		CHECK(!memcmp(q.ecdsa.signature, b.p + tail + SIGNATURE, 64));
		CHECK(!memcmp(q.ecdsa.attestation_key, b.p + tail + KEY, 64));
		CHECK(!memcmp(&q.qe.report, b.p + tail + QE, 384));
		CHECK(!memcmp(q.qe.signature, b.p + tail + QE_SIG, 64));
		CHECK(q.auth.data == b.p + tail + AUTH_DATA);
		CHECK_EQ(AUTH, q.auth.len);
		CHECK_EQ(5, q.cert_type);
		CHECK(q.certs.data == b.p + tail + CERT_DATA);
		CHECK_EQ(CERTS, q.certs.len);
		CHECK_EQ(0, q.trailing.len);
		CHECK_EQ(0, tsm_quote_consistent(&q, &binds));
		CHECK(binds);
	}
}

static void fields_of_the_longer_bodies(void)
{
	struct tsm_quote q;
	struct bytes b;
	const uint8_t *body = b.p + 54;

	build(&b, &variants[2]);
	CHECK_EQ(0, tsm_quote_parse(b.p, b.len, &q, NULL));
	CHECK(!memcmp(q.body.td15.tee_tcb_svn2, body + 584, 16));
	CHECK(!memcmp(q.body.td15.mrservicetd, body + 600, 48));
	/* type 3 ends here; nothing of the signature may show up behind it */
	CHECK_EQ(0, q.body.vmid);
	CHECK_EQ(0, q.body.cur_servtd_attr);

	build(&b, &variants[3]);
	CHECK_EQ(0, tsm_quote_parse(b.p, b.len, &q, NULL));
	CHECK_EQ(body[648], q.body.vmid);
	CHECK(!memcmp(q.body.td_id, body + 649, 32));
	CHECK(!memcmp(q.body.devinfo, body + 681, 48));
	CHECK(!memcmp(q.body.init_servtd_hash, body + 729, 48));
	CHECK(!memcmp(&q.body.init_servtd_attr, body + 777, 8));
	CHECK(!memcmp(q.body.init_cpusvn, body + 785, 16));
	CHECK(!memcmp(q.body.init_tee_tcb_svn, body + 801, 16));
	CHECK(!memcmp(q.body.init_fmspc, body + 817, 12));
	CHECK(!memcmp(q.body.cur_servtd_hash, body + 829, 48));
	CHECK(!memcmp(&q.body.cur_servtd_attr, body + 877, 8));
}

static void cut_at_every_byte(void)
{
	struct bytes b;
	size_t i, len;

	for (i = 0; i < VARIANTS; i++) {
		build(&b, &variants[i]);
		for (len = 0; len < b.len; len++)
			CHECK_EQ(-EBADMSG, parse(&b, len));
		CHECK_EQ(0, parse(&b, b.len));
	}
}

static void every_length_field_lying(void)
{
	static const struct {
		size_t at;
		uint32_t honest;
	} fields[] = {
		{ SIG_SIZE, END - SIGNATURE },
		{ OUTER_SIZE, END - QE },
		{ INNER_SIZE, CERTS },
	};
	struct bytes b;
	size_t v, f, l, tail;

	for (v = 0; v < VARIANTS; v++) {
		for (f = 0; f < sizeof(fields) / sizeof(fields[0]); f++) {
			const uint32_t honest = fields[f].honest;
			const uint32_t lies[] = {
				0, 1, honest - 1, honest + 1, 0xffff,
				0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff,
			};

			for (l = 0; l < sizeof(lies) / sizeof(lies[0]); l++) {
				tail = build(&b, &variants[v]);
				poke32(&b, tail + fields[f].at, lies[l]);
				CHECK_EQ(-EBADMSG, parse(&b, b.len));
			}
		}
	}
}

static void every_authentication_size(void)
{
	struct bytes b;
	size_t tail;
	unsigned int size;
	int ret;

	for (size = 0; size <= 0xffff; size++) {
		tail = build(&b, &variants[0]);
		b.p[tail + AUTH_SIZE] = (uint8_t)size;
		b.p[tail + AUTH_SIZE + 1] = (uint8_t)(size >> 8);
		ret = parse(&b, b.len);
		CHECK_EQ(size == AUTH ? 0 : -EBADMSG, ret);
		if (size > 300)
			size += 251;
	}
}

static void empty_authentication_and_certificates(void)
{
	struct tsm_quote q;
	struct bytes b;
	size_t tail;

	tail = build(&b, &variants[1]);
	b.len = tail + AUTH_DATA;
	b.p[tail + AUTH_SIZE] = 0;
	put16(&b, 5);
	put32(&b, 0);
	poke32(&b, tail + SIG_SIZE, (uint32_t)(b.len - tail - SIGNATURE));
	poke32(&b, tail + OUTER_SIZE, (uint32_t)(b.len - tail - QE));
	CHECK_EQ(0, tsm_quote_parse(b.p, b.len, &q, NULL));
	CHECK_EQ(0, q.auth.len);
	CHECK_EQ(0, q.certs.len);
}

static void trailing_bytes_are_kept_apart(void)
{
	struct tsm_quote q;
	struct bytes b;
	size_t end;

	build(&b, &variants[2]);
	end = b.len;
	fill(&b, 0xee, 39);
	CHECK_EQ(0, tsm_quote_parse(b.p, b.len, &q, NULL));
	CHECK_EQ(39, q.trailing.len);
	CHECK(q.trailing.data == b.p + end);
	CHECK_EQ(CERTS, q.certs.len);
}

static void bytes_left_over_inside_are_refused(void)
{
	struct bytes b;
	size_t tail;

	/* between the inner certificates and the end of the outer data */
	tail = build(&b, &variants[0]);
	fill(&b, 0, 1);
	poke32(&b, tail + SIG_SIZE, END - SIGNATURE + 1);
	poke32(&b, tail + OUTER_SIZE, END - QE + 1);
	CHECK_EQ(-EBADMSG, parse(&b, b.len));
	/* between the outer data and the end of the signature data */
	tail = build(&b, &variants[0]);
	fill(&b, 0, 1);
	poke32(&b, tail + SIG_SIZE, END - SIGNATURE + 1);
	CHECK_EQ(-EBADMSG, parse(&b, b.len));
}

static void only_known_versions_types_and_keys(void)
{
	struct bytes b;
	unsigned int n;
	size_t tail;

	for (n = 0; n < 0x10000; n = n < 16 ? n + 1 : n * 2 + 1) {
		build(&b, &variants[0]);
		b.p[0] = (uint8_t)n;
		b.p[1] = (uint8_t)(n >> 8);
		if (n != 4 && n != 5)
			CHECK_EQ(-EPROTONOSUPPORT, parse(&b, b.len));

		build(&b, &variants[0]);
		b.p[2] = (uint8_t)n;
		b.p[3] = (uint8_t)(n >> 8);
		CHECK_EQ(n == 2 ? 0 : -EPROTONOSUPPORT, parse(&b, b.len));

		build(&b, &variants[1]);
		b.p[48] = (uint8_t)n;
		b.p[49] = (uint8_t)(n >> 8);
		if (n < 2 || n > 4)
			CHECK_EQ(-EPROTONOSUPPORT, parse(&b, b.len));
		else
			CHECK_EQ(n == 2 ? 0 : -EBADMSG, parse(&b, b.len));

		tail = build(&b, &variants[0]);
		b.p[tail + OUTER_TYPE] = (uint8_t)n;
		b.p[tail + OUTER_TYPE + 1] = (uint8_t)(n >> 8);
		CHECK_EQ(n == 6 ? 0 : -EPROTONOSUPPORT, parse(&b, b.len));
	}
	build(&b, &variants[0]);
	poke32(&b, 4, 0);	/* an SGX quote */
	CHECK_EQ(-EPROTONOSUPPORT, parse(&b, b.len));
}

static void a_body_size_must_be_its_types(void)
{
	static const uint32_t sizes[] = {
		0, 1, 384, 583, 584, 585, 648, 885, 886, 0xffffffff,
	};
	struct bytes b;
	size_t v, s;

	for (v = 1; v < VARIANTS; v++) {
		for (s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
			build(&b, &variants[v]);
			poke32(&b, 50, sizes[s]);
			CHECK_EQ(sizes[s] == variants[v].body ? 0 : -EBADMSG,
				 parse(&b, b.len));
		}
	}
}

static void other_certificate_data_is_passed_on(void)
{
	struct tsm_quote q;
	struct bytes b;
	size_t tail;

	tail = build(&b, &variants[0]);
	b.p[tail + INNER_TYPE] = 3;	/* encrypted PPID */
	CHECK_EQ(0, tsm_quote_parse(b.p, b.len, &q, NULL));
	CHECK_EQ(3, q.cert_type);
	CHECK_EQ(CERTS, q.certs.len);
}

static void a_foreign_key_is_noticed(void)
{
	static const size_t flips[] = {
		KEY, KEY + 63, AUTH_DATA, AUTH_DATA + AUTH - 1, QE_REPORTDATA,
		QE_REPORTDATA + 31, QE_REPORTDATA + 32, QE_REPORTDATA + 63,
	};
	struct tsm_quote q;
	struct bytes b;
	size_t i, tail;
	bool binds;

	for (i = 0; i < sizeof(flips) / sizeof(flips[0]); i++) {
		tail = build(&b, &variants[0]);
		b.p[tail + flips[i]] ^= 0x80;
		CHECK_EQ(0, tsm_quote_parse(b.p, b.len, &q, NULL));
		CHECK_EQ(0, tsm_quote_consistent(&q, &binds));
		CHECK(!binds);
	}
}

static const struct tap_test tests[] = {
	{ "quotes v4 and v5 types 2, 3, 4 are read whole",
	  whole_quotes_are_read },
	{ "fields of types 3 and 4 are at their offsets",
	  fields_of_the_longer_bodies },
	{ "a quote cut at any byte is refused", cut_at_every_byte },
	{ "a quote with any length field lying is refused",
	  every_length_field_lying },
	{ "only the right authentication data size fits",
	  every_authentication_size },
	{ "authentication data and certificates may be empty",
	  empty_authentication_and_certificates },
	{ "trailing bytes are kept apart", trailing_bytes_are_kept_apart },
	{ "bytes left over inside the signature data are refused",
	  bytes_left_over_inside_are_refused },
	{ "only known versions, key, TEE, body and certificate types pass",
	  only_known_versions_types_and_keys },
	{ "a body must have the size of its type",
	  a_body_size_must_be_its_types },
	{ "other certification data is passed on as it is",
	  other_certificate_data_is_passed_on },
	{ "a QE report that names another key is noticed",
	  a_foreign_key_is_noticed },
};

TAP_MAIN(tests)
