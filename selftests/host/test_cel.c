// SPDX-License-Identifier: MIT
/* Exported logs: the same records in TCG's three forms. */
#include "../../tools/lib/tsm_cel.h"

#include "log_build.h"
#include "tap.h"

#include <errno.h>
#include <stdio.h>

static struct bytes boot, runtime;
static struct tsm_log_part part[2];
static uint8_t *data;
static size_t len;

static void build(void)
{
	static const uint8_t values[1][48];

	boot.len = 0;
	log_head(&boot);
	log_text(&boot, 1, EV_EFI_ACTION, "boot");
	runtime.len = 0;
	log_head(&runtime);
	log_state(&runtime, 0, 0, 0, 1, values);
	log_text(&runtime, 4, 0x12345678, "\"\\\x1b");
}

/* @logs: 1 boot log, 2 runtime log, 3 both */
static int export(unsigned int logs, enum tsm_log_format format,
		  struct tsm_error *err)
{
	unsigned int count = 0;

	free(data);
	if (logs & 1)
		part[count++] = (struct tsm_log_part){
			.name = "boot", .bytes = { boot.p, boot.len },
		};
	if (logs & 2)
		part[count++] = (struct tsm_log_part){
			.name = "runtime", .bytes = { runtime.p, runtime.len },
		};
	return tsm_log_export(part, count, format, &data, &len, err);
}

static bool is(const struct bytes *expected)
{
	return CHECK_EQ(expected->len, len) &&
	       CHECK(!memcmp(expected->p, data, len));
}

static void one_tcg_log(void)
{
	static struct bytes expected;

	build();
	expected = boot;
	put(&expected, runtime.p + 65, runtime.len - 65);
	CHECK_EQ(0, export(3, TSM_LOG_TCG, NULL));
	is(&expected);
	/* without what fills the log area */
	fill(&boot, 0xff, 300);
	CHECK_EQ(0, export(3, TSM_LOG_TCG, NULL));
	is(&expected);
	boot.len -= 300;
	fill(&boot, 0, 300);
	put(&boot, "hidden", 6);
	CHECK_EQ(0, export(3, TSM_LOG_TCG, NULL));
	is(&expected);
	/* EDK2 gives its header another register than the specification */
	build();
	boot.p[0] = 1;
	CHECK_EQ(0, export(3, TSM_LOG_TCG, NULL));
	is(&expected);
	/* one log stays as it is */
	CHECK_EQ(0, export(2, TSM_LOG_TCG, NULL));
	is(&runtime);
	/* joined by hand, it becomes what it should be */
	build();
	put(&boot, runtime.p, runtime.len);
	CHECK_EQ(0, export(1, TSM_LOG_TCG, NULL));
	is(&expected);
}

static void be(struct bytes *b, uint64_t value, unsigned int bytes)
{
	while (bytes--)
		fill(b, (uint8_t)(value >> 8 * bytes), 1);
}

/* [CEL] 5.1, and go-eventlog for type 108: type, length, value, big-endian */
static void tlv_record(struct bytes *b, uint64_t number, uint8_t mr,
		       const uint8_t *digest, uint32_t type,
		       const uint8_t *event, uint32_t event_len)
{
	be(b, 0, 1);
	be(b, 8, 4);
	be(b, number, 8);
	be(b, 108, 1);
	be(b, 1, 4);
	be(b, mr, 1);
	be(b, 3, 1);
	be(b, 53, 4);
	be(b, 0x0c, 1);
	be(b, 48, 4);
	put(b, digest, 48);
	be(b, 5, 1);
	be(b, 5 + 4 + 5 + event_len, 4);
	be(b, 0, 1);
	be(b, 4, 4);
	be(b, type, 4);
	be(b, 1, 1);
	be(b, event_len, 4);
	put(b, event, event_len);
}

static void cel_tlv(void)
{
	static struct bytes expected;
	const uint8_t none[48] = { 0 };
	uint8_t digest[48];

	build();
	expected.len = 0;
	SHA384((const uint8_t *)"boot", 4, digest);
	tlv_record(&expected, 0, 1, digest, 0x80000007, (const uint8_t *)"boot",
		   4);
	tlv_record(&expected, 1, 0, none, 3, runtime.p + 65 + 66, 20 + 52);
	SHA384((const uint8_t *)"\"\\\x1b", 3, digest);
	tlv_record(&expected, 2, 4, digest, 0x12345678,
		   (const uint8_t *)"\"\\\x1b", 3);
	CHECK_EQ(0, export(3, TSM_LOG_CEL_TLV, NULL));
	is(&expected);
}

static void hex(char *text, const uint8_t *bytes, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++)
		sprintf(text + 2 * i, "%02x", bytes[i]);
}

static void cel_json(void)
{
	static struct bytes expected;
	char digest_hex[97], state_hex[145], line[600];
	uint8_t digest[48];

	build();
	expected.len = 0;
	SHA384((const uint8_t *)"boot", 4, digest);
	hex(digest_hex, digest, 48);
	sprintf(line, "[{\"recnum\":0,\"ccmr\":1,\"digests\":[{\"hashAlg\":\"sha384\",\"digest\":\"%s\"}],\"content_type\":\"pcclient_std\",\"content\":{\"event_type\":\"EV_EFI_ACTION\",\"event_data\":\"626f6f74\"}},\n",
		digest_hex);
	put(&expected, line, strlen(line));
	hex(state_hex, runtime.p + 65 + 66, 72);
	sprintf(line, "{\"recnum\":1,\"ccmr\":0,\"digests\":[{\"hashAlg\":\"sha384\",\"digest\":\"%096d\"}],\"content_type\":\"pcclient_std\",\"content\":{\"event_type\":\"EV_NO_ACTION\",\"event_data\":\"%s\"}},\n",
		0, state_hex);
	put(&expected, line, strlen(line));
	SHA384((const uint8_t *)"\"\\\x1b", 3, digest);
	hex(digest_hex, digest, 48);
	sprintf(line, "{\"recnum\":2,\"ccmr\":4,\"digests\":[{\"hashAlg\":\"sha384\",\"digest\":\"%s\"}],\"content_type\":\"pcclient_std\",\"content\":{\"event_type\":305419896,\"event_data\":\"225c1b\"}}]\n",
		digest_hex);
	put(&expected, line, strlen(line));
	CHECK_EQ(0, export(3, TSM_LOG_CEL_JSON, NULL));
	is(&expected);
	/* no records, no commas */
	boot.len = 65;
	CHECK_EQ(0, export(1, TSM_LOG_CEL_JSON, NULL));
	CHECK(len == 3 && !memcmp(data, "[]\n", 3));
	CHECK_EQ(0, export(1, TSM_LOG_CEL_TLV, NULL));
	CHECK_EQ(0, len);
}

static void other_algorithms(void)
{
	static const uint16_t algs[] = { SHA384_ID, 48, 0x7777, 2, SM3_ID, 32 };
	struct tsm_error err;

	build();
	boot.len = 0;
	log_spec(&boot, 3, algs);
	put32(&boot, 1);
	put32(&boot, EV_ACTION);
	put32(&boot, 2);
	put16(&boot, SM3_ID);
	fill(&boot, 0xaa, 32);
	put16(&boot, 0x7777);
	put(&boot, "\1\2", 2);
	put32(&boot, 0);
	CHECK_EQ(0, export(1, TSM_LOG_CEL_JSON, NULL));
	CHECK(memmem(data, len, "\"hashAlg\":\"sm3_256\",\"digest\":\"aaaa", 34));
	CHECK(memmem(data, len, "{\"hashAlg\":\"0x7777\",\"digest\":\"0102\"}]",
		     37));
	CHECK_EQ(-ERANGE, export(1, TSM_LOG_CEL_TLV, &err));
	CHECK(strstr(err.text, "record 1: algorithm 0x7777 has no number"));
	CHECK(!data && !len);
	/* a later header may name fewer algorithms, not others */
	CHECK_EQ(0, export(3, TSM_LOG_TCG, NULL));
	runtime.len = 0;
	log_spec(&runtime, 1, (const uint16_t[]){ SHA256_ID, 32 });
	put32(&runtime, 1);
	put32(&runtime, EV_ACTION);
	put32(&runtime, 0);
	put32(&runtime, 0);
	CHECK_EQ(-EPROTONOSUPPORT, export(3, TSM_LOG_TCG, &err));
	CHECK(strstr(err.text, "algorithm 0x000b with 32 bytes"));
	CHECK_EQ(0, export(3, TSM_LOG_CEL_JSON, NULL));
	runtime.len = 0;
	log_spec(&runtime, 1, (const uint16_t[]){ 0x7777, 3 });
	put32(&runtime, 1);
	put32(&runtime, EV_ACTION);
	put32(&runtime, 0);
	put32(&runtime, 0);
	CHECK_EQ(-EPROTONOSUPPORT, export(3, TSM_LOG_TCG, &err));
}

static void registers_without_a_number(void)
{
	struct tsm_error err;

	build();
	log_text(&boot, 255, EV_ACTION, "x");
	CHECK_EQ(0, export(1, TSM_LOG_CEL_TLV, NULL));
	log_text(&boot, 256, EV_ACTION, "x");
	CHECK_EQ(-ERANGE, export(1, TSM_LOG_CEL_TLV, &err));
	CHECK(strstr(err.text, "record 3: register 256 has no number"));
	CHECK_EQ(0, export(1, TSM_LOG_CEL_JSON, NULL));
	CHECK_EQ(0, export(1, TSM_LOG_TCG, NULL));
}

static void malformed_logs_are_not_exported(void)
{
	static const enum tsm_log_format formats[] = {
		TSM_LOG_TCG, TSM_LOG_CEL_TLV, TSM_LOG_CEL_JSON,
	};
	struct tsm_error err;
	size_t i, cut;

	for (i = 0; i < 3; i++) {
		for (cut = 1; cut < 69; cut++) {
			build();
			runtime.len -= cut;
			CHECK_EQ(-EBADMSG, export(3, formats[i], &err));
			CHECK(strstr(err.text, "runtime: record 2"));
			CHECK(!data && !len);
		}
	}
}

/* Larger than what is allocated at first, by a record of 64 KiB. */
static void large_records(void)
{
	static uint8_t event[65536];
	static struct { uint8_t p[65 + 66 + sizeof(event)]; } log_bytes;
	const uint8_t digest[48] = { 1 };
	struct tsm_log_part one = { .name = "large" };
	struct bytes b = { .len = 0 };
	size_t i;

	for (i = 0; i < sizeof(event); i++)
		event[i] = (uint8_t)(i * 7);
	log_head(&b);
	log_event(&b, 4, EV_EVENT_TAG, digest, NULL, 0);
	poke32(&b, 65 + 62, sizeof(event));
	memcpy(log_bytes.p, b.p, b.len);
	memcpy(log_bytes.p + b.len, event, sizeof(event));
	one.bytes = (struct tsm_blob){ log_bytes.p, sizeof(log_bytes.p) };
	free(data);
	CHECK_EQ(0, tsm_log_export(&one, 1, TSM_LOG_TCG, &data, &len, NULL));
	CHECK(len == sizeof(log_bytes.p) && !memcmp(data, log_bytes.p, len));
	free(data);
	CHECK_EQ(0, tsm_log_export(&one, 1, TSM_LOG_CEL_TLV, &data, &len,
				   NULL));
	CHECK(len > sizeof(event) &&
	      !memcmp(data + len - sizeof(event), event, sizeof(event)));
	free(data);
	CHECK_EQ(0, tsm_log_export(&one, 1, TSM_LOG_CEL_JSON, &data, &len,
				   NULL));
	CHECK(len > 2 * sizeof(event));
}

static const struct tap_test tests[] = {
	{ "two logs become one in TCG format", one_tcg_log },
	{ "CEL-TLV has each byte where it belongs", cel_tlv },
	{ "CEL-JSON has each member as it should be", cel_json },
	{ "other algorithms keep their digests", other_algorithms },
	{ "registers beyond a byte have no place in CEL-TLV",
	  registers_without_a_number },
	{ "malformed logs are not exported", malformed_logs_are_not_exported },
	{ "records of 64 KiB are", large_records },
};

TAP_MAIN(tests)
