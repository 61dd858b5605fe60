/* SPDX-License-Identifier: MIT */
/*
 * TCB infos and QE identities as text, written by the tests, from the API of
 * Intel's Provisioning Certification Service, version 4.
 */
#ifndef TSM_HOST_TCB_TEXT_H
#define TSM_HOST_TCB_TEXT_H

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/**
 * struct text - a growing text
 * @s: NUL-terminated
 * @len: without the NUL
 */
struct text {
	char s[32768];
	size_t len;
};

static inline void say(struct text *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static inline void say(struct text *t, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(t->s + t->len, sizeof(t->s) - t->len, fmt, args);
	va_end(args);
	if (n < 0 || (size_t)n >= sizeof(t->s) - t->len)
		abort();
	t->len += (size_t)n;
}

/* A copy in which the first @from is @to; @from must be there. */
static inline void change(struct text *out, const struct text *in,
			  const char *from, const char *to)
{
	const char *at = strstr(in->s, from);

	if (!at) {
		printf("Bail out! no %s\n", from);
		exit(1);
	}
	out->len = 0;
	say(out, "%.*s%s%s", (int)(at - in->s), in->s, to, at + strlen(from));
}

/**
 * struct level_text - a level of a TCB info
 * @sgx, @pcesvn, @tdx: what it asks for; of the components the first eight
 * @status, @date, @advisories: what is said of it; the last is JSON, or NULL
 */
struct level_text {
	unsigned int sgx[8];
	unsigned int pcesvn;
	unsigned int tdx[8];
	const char *status;
	const char *date;
	const char *advisories;
};

static inline void say_components(struct text *t, const unsigned int svn[8],
				  const char *const type[8])
{
	int i;

	for (i = 0; i < 16; i++) {
		say(t, "%s{\"svn\":%u", i ? "," : "[", i < 8 ? svn[i] : 0);
		if (i < 8 && type[i])
			say(t, ",\"category\":\"OS/VMM\",\"type\":\"%s\"",
			    type[i]);
		say(t, "}");
	}
	say(t, "]");
}

static inline void say_level(struct text *t, const struct level_text *level)
{
	static const char *const sgx[8] = {
		"Early Microcode Update", "SGX Late Microcode Update",
		[7] = "SEAMLDR ACM",
	};
	static const char *const tdx[8] = {
		"TDX Module", "TDX Module", "TDX Late Microcode Update",
	};

	say(t, "{\"tcb\":{\"sgxtcbcomponents\":");
	say_components(t, level->sgx, sgx);
	say(t, ",\"pcesvn\":%u,\"tdxtcbcomponents\":", level->pcesvn);
	say_components(t, level->tdx, tdx);
	say(t, "},\"tcbDate\":\"%s\",\"tcbStatus\":\"%s\"", level->date,
	    level->status);
	if (level->advisories)
		say(t, ",\"advisoryIDs\":%s", level->advisories);
	say(t, "}");
}

#define MODULE_48_ZEROS \
	"00000000000000000000000000000000000000000000000000000000000000000000000000000000" \
	"0000000000000000"

#define MODULE_TEXT \
	"\"mrsigner\":\"" MODULE_48_ZEROS "\",\"attributes\":" \
	"\"0000000000000000\",\"attributesMask\":\"FFFFFFFFFFFFFFFF\""

/* Levels of SVN 6, UpToDate, and 4 and 2, OutOfDate, for module version 1. */
#define IDENTITIES_TEXT \
	"[{\"id\":\"TDX_03\"," MODULE_TEXT ",\"tcbLevels\":[" \
	"{\"tcb\":{\"isvsvn\":3},\"tcbDate\":\"2024-11-13T00:00:00Z\"," \
	"\"tcbStatus\":\"UpToDate\"}]}," \
	"{\"id\":\"TDX_01\"," MODULE_TEXT ",\"tcbLevels\":[" \
	"{\"tcb\":{\"isvsvn\":6},\"tcbDate\":\"2024-11-13T00:00:00Z\"," \
	"\"tcbStatus\":\"UpToDate\"}," \
	"{\"tcb\":{\"isvsvn\":4},\"tcbDate\":\"2024-03-13T00:00:00Z\"," \
	"\"tcbStatus\":\"OutOfDate\",\"advisoryIDs\":" \
	"[\"INTEL-SA-00001\",\"INTEL-SA-00003\"]}," \
	"{\"tcb\":{\"isvsvn\":2},\"tcbDate\":\"2023-08-09T00:00:00Z\"," \
	"\"tcbStatus\":\"Revoked\"}]}]"

/**
 * struct info_text - a TCB info
 * @issued, @next, @fmspc, @pceid, @evaluation: in its head
 * @identities: JSON of tdxModuleIdentities; NULL leaves them out
 * @level, @levels: tcbLevels
 */
struct info_text {
	const char *issued;
	const char *next;
	const char *fmspc;
	const char *pceid;
	unsigned int evaluation;
	const char *identities;
	const struct level_text *level;
	size_t levels;
};

/* What the platform that forge.h makes is UpToDate by, and two below that. */
static const struct level_text common_levels[] = {
	{ { 7, 7, 2, 2, 3, 1, 0, 5 }, 13, { 5, 0, 3 }, "UpToDate",
	  "2024-11-13T00:00:00Z", NULL },
	{ { 6, 6, 2, 2, 3, 1, 0, 5 }, 13, { 4, 0, 2 }, "OutOfDate",
	  "2024-03-13T00:00:00Z", "[\"INTEL-SA-00001\",\"INTEL-SA-00002\"]" },
	{ { 6, 6, 2, 2, 3, 1, 0, 5 }, 5, { 4, 0, 2 }, "Revoked",
	  "2018-01-04T00:00:00Z", NULL },
};

static inline struct info_text common_info(void)
{
	return (struct info_text){
		.issued = "2025-05-20T10:00:00Z",
		.next = "2025-06-19T10:00:00Z",
		.fmspc = "00806f050000",
		.pceid = "0000",
		.evaluation = 17,
		.identities = IDENTITIES_TEXT,
		.level = common_levels,
		.levels = 3,
	};
}

static inline void say_info(struct text *t, const struct info_text *info)
{
	size_t i;

	say(t, "{\"id\":\"TDX\",\"version\":3,\"issueDate\":\"%s\",", info->issued);
	say(t, "\"nextUpdate\":\"%s\",\"fmspc\":\"%s\",\"pceId\":\"%s\",",
	    info->next, info->fmspc, info->pceid);
	say(t, "\"tcbType\":0,\"tcbEvaluationDataNumber\":%u,",
	    info->evaluation);
	say(t, "\"tdxModule\":{" MODULE_TEXT "},");
	if (info->identities)
		say(t, "\"tdxModuleIdentities\":%s,", info->identities);
	say(t, "\"tcbLevels\":[");
	for (i = 0; i < info->levels; i++) {
		say(t, i ? "," : "");
		say_level(t, &info->level[i]);
	}
	say(t, "]}");
}

#define QE_MRSIGNER_TEXT \
	"dc9e2a7c6f948f17474e34a7fc43ed030f7c1563f1babddf6340c82e0e54a8c5"

#define QE_TEXT \
	"{\"id\":\"TD_QE\",\"version\":2," \
	"\"issueDate\":\"2025-05-20T10:00:00Z\"," \
	"\"nextUpdate\":\"2025-06-19T10:00:00Z\"," \
	"\"tcbEvaluationDataNumber\":17,\"miscselect\":\"00000000\"," \
	"\"miscselectMask\":\"FFFFFFFF\"," \
	"\"attributes\":\"11000000000000000000000000000000\"," \
	"\"attributesMask\":\"FBFFFFFFFFFFFFFF0000000000000000\"," \
	"\"mrsigner\":\"" QE_MRSIGNER_TEXT "\",\"isvprodid\":2,\"tcbLevels\":[" \
	"{\"tcb\":{\"isvsvn\":6},\"tcbDate\":\"2024-11-13T00:00:00Z\"," \
	"\"tcbStatus\":\"UpToDate\"}," \
	"{\"tcb\":{\"isvsvn\":4},\"tcbDate\":\"2024-03-13T00:00:00Z\"," \
	"\"tcbStatus\":\"OutOfDate\",\"advisoryIDs\":[\"INTEL-SA-00004\"]}," \
	"{\"tcb\":{\"isvsvn\":2},\"tcbDate\":\"2023-08-09T00:00:00Z\"," \
	"\"tcbStatus\":\"Revoked\"}]}"

#endif /* TSM_HOST_TCB_TEXT_H */
