// SPDX-License-Identifier: MIT
/* The check event_log: what a log must explain of a quote, and what it may not claim. */
#include "forged_tdx.h"
#include "log_build.h"

#include "../../tools/lib/verify.h"

#include <errno.h>

#define AT_RTMR0	328	/* in a body, [DCAP] A.3.2 */

/**
 * struct scene - logs, and a quote of a TD that has these registers
 * @boot: firmware's log
 * @runtime: tsm_guest's log
 * @rtmr: registers
 */
static struct scene {
	struct bytes boot;
	struct bytes runtime;
	uint8_t rtmr[4][48];
} scene;

static const uint8_t (*registers(void))[48]
{
	return (const uint8_t (*)[48])scene.rtmr;
}

static void build(void)
{
	memset(&scene, 0, sizeof(scene));
	log_head(&scene.boot);
	log_text(&scene.boot, 1, EV_ACTION, "a");
	log_text(&scene.boot, 2, EV_ACTION, "b");
	log_text(&scene.boot, 1, EV_ACTION, "c");
	extend_text(scene.rtmr[0], "a");
	extend_text(scene.rtmr[1], "b");
	extend_text(scene.rtmr[0], "c");
	log_head(&scene.runtime);
	log_state(&scene.runtime, 0, 0, 0, 4, registers());
	log_text(&scene.runtime, 4, EV_ACTION, "d");
	extend_text(scene.rtmr[3], "d");
}

enum { BOOT = 1, RUNTIME = 2 };

/* With these logs the check fails with @part, or nothing does if that is empty. */
static void judge_logs(unsigned int logs, const char *part)
{
	struct forged *f = forged_new(5, 3);

	memcpy(f->quote.body + AT_RTMR0, scene.rtmr, sizeof(scene.rtmr));
	if (logs & BOOT)
		CHECK_EQ(0, tsm_verifier_add_log(f->v, scene.boot.p,
						 scene.boot.len, NULL));
	if (logs & RUNTIME)
		CHECK_EQ(0, tsm_verifier_add_log(f->v, scene.runtime.p,
						 scene.runtime.len, NULL));
	forged_fails(f, *part ? "event_log" : "", part);
	CHECK_EQ(*part ? TSM_REJECTED : TSM_ACCEPTED, f->j.judged);
	forged_free(f);
}

static void all_that_was_extended(void)
{
	build();
	judge_logs(BOOT | RUNTIME, "");
	/* one log may hold both */
	put(&scene.boot, scene.runtime.p + 65, scene.runtime.len - 65);
	judge_logs(BOOT, "");
	/* records of registers that no TD has are counted, and lead nowhere */
	log_text(&scene.boot, 9, EV_ACTION, "stray");
	judge_logs(BOOT, "");
}

static void what_is_missing(void)
{
	build();
	judge_logs(BOOT, "RTMR3 is");
	build();
	log_text(&scene.runtime, 3, EV_ACTION, "more");
	judge_logs(BOOT | RUNTIME,
		   "RTMR2 is 0000000000000000..., 1 record leads to");
	build();
	scene.rtmr[0][47] ^= 1;
	scene.rtmr[1][0] ^= 1;
	scene.rtmr[2][20] ^= 1;
	scene.rtmr[3][20] ^= 1;
	judge_logs(BOOT | RUNTIME, "; RTMR3 is");
	/* a log without records explains a TD that extended nothing */
	memset(&scene, 0, sizeof(scene));
	log_head(&scene.boot);
	judge_logs(BOOT, "");
	scene.rtmr[3][0] = 1;
	judge_logs(BOOT, "RTMR3 is 0100000000000000..., 0 records lead to 00");
}

/* Whoever writes a log can begin it with the values that are asked for. */
static void what_a_log_only_claims(void)
{
	build();
	judge_logs(RUNTIME,
		   "RTMR0 is not explained from its beginning (record 1 tells");
	build();
	memset(scene.rtmr[2], 0x42, 48);
	scene.runtime.len = 0;
	log_head(&scene.runtime);
	log_state(&scene.runtime, 0, 0, 2, 1, registers() + 2);
	memset(scene.rtmr[3], 0, 48);
	judge_logs(BOOT | RUNTIME,
		   "RTMR2 was extended outside the log (before record 4)");
}

static void what_is_no_log(void)
{
	size_t len;

	build();
	for (len = 1; len < 65; len++) {
		scene.boot.len = len;
		judge_logs(BOOT, " ");
	}
	build();
	scene.boot.len--;
	judge_logs(BOOT, " ");
	build();
	memset(scene.boot.p, 'x', scene.boot.len);
	judge_logs(BOOT | RUNTIME, " ");
	/* an extend without a digest that a TD could use */
	build();
	scene.boot.len = 0;
	log_spec(&scene.boot, 1, (const uint16_t[]){ SHA256_ID, 32 });
	put32(&scene.boot, 1);
	put32(&scene.boot, EV_ACTION);
	put32(&scene.boot, 1);
	put16(&scene.boot, SHA256_ID);
	fill(&scene.boot, 7, 32);
	put32(&scene.boot, 0);
	judge_logs(BOOT, "has no SHA-384 digest");
}

/* Registers vouch for digests: what a record says must be what they are of. */
static void what_was_not_measured(void)
{
	build();
	log_measured(&scene.runtime, 3, EV_ACTION, "forged", 6, "e");
	extend_text(scene.rtmr[2], "e");
	judge_logs(BOOT | RUNTIME, "record 6 does not say what was measured");
	log_measured(&scene.runtime, 3, EV_SEPARATOR, "\0\0\0\1", 4, "f");
	extend_text(scene.rtmr[2], "f");
	judge_logs(BOOT | RUNTIME,
		   "2 records, the first of them record 6, do not say");
	/* a mismatch comes first, and is not all */
	scene.rtmr[1][0] ^= 1;
	judge_logs(BOOT | RUNTIME, "; 2 records, the first");
	/* nor is a register that no TD has a place to say anything */
	build();
	log_measured(&scene.runtime, 9, EV_ACTION, "forged", 6, "e");
	judge_logs(BOOT | RUNTIME, "record 6 does not say");
	/* what such a type measures is not in the log */
	build();
	log_measured(&scene.runtime, 3, EV_COMPACT_HASH, "a name", 6, "e");
	extend_text(scene.rtmr[2], "e");
	judge_logs(BOOT | RUNTIME, "");
}

/* With @flags that is the verdict, and @part in what is said of it. */
static void judge_hidden(unsigned int flags, enum tsm_check_verdict verdict,
			 const char *part)
{
	struct forged *f = forged_new(5, 3);

	memcpy(f->quote.body + AT_RTMR0, scene.rtmr, sizeof(scene.rtmr));
	tsm_verifier_set_flags(f->v, flags | TSM_VERIFY_ALLOW_EMULATED);
	CHECK_EQ(0, tsm_verifier_add_log(f->v, scene.boot.p, scene.boot.len,
					 NULL));
	CHECK_EQ(0, tsm_verifier_add_log(f->v, scene.runtime.p,
					 scene.runtime.len, NULL));
	forged_judge(f);
	CHECK_EQ(verdict, check_of(&f->j, "event_log")->verdict);
	CHECK(strstr(check_of(&f->j, "event_log")->reason, part));
	CHECK_EQ(verdict == TSM_CHECK_PASS ? TSM_ACCEPTED : TSM_REJECTED,
		 f->j.judged);
	forged_free(f);
}

static void records_of_no_register(void)
{
	build();
	log_text(&scene.boot, 9, EV_ACTION, "stray");
	judge_hidden(0, TSM_CHECK_PASS,
		     "1 is for registers that no TD has, and nothing vouches for it");
	judge_hidden(TSM_VERIFY_STRICT, TSM_CHECK_FAIL, "1 is for registers");
	log_text(&scene.boot, 9, EV_ACTION, "stray");
	judge_hidden(0, TSM_CHECK_PASS, "2 are for registers");
}

static void what_is_behind_the_end_mark(void)
{
	build();
	fill(&scene.boot, 0xff, 200);
	judge_hidden(TSM_VERIFY_STRICT, TSM_CHECK_PASS, " extends");
	fill(&scene.boot, 'x', 20);
	fill(&scene.runtime, 0, 100);
	judge_hidden(TSM_VERIFY_STRICT, TSM_CHECK_FAIL, "20 bytes behind");
	judge_hidden(0, TSM_CHECK_PASS,
		     " extends; 20 bytes behind an end mark are no part");
	/* of all logs */
	fill(&scene.runtime, 'x', 1);
	judge_hidden(0, TSM_CHECK_PASS, "; 21 bytes behind");
	scene.boot.len -= 20;
	judge_hidden(0, TSM_CHECK_PASS, "; 1 byte behind an end mark is no");
	judge_hidden(TSM_VERIFY_STRICT, TSM_CHECK_FAIL, "1 byte behind");
}

static void an_snp_report_has_no_registers(void)
{
	struct tsm_verifier *v = verifier_at(FORGE_NOW, 0);
	struct tsm_judgement j;
	struct judge judge = { .v = v, .j = &j };

	memset(&j, 0, sizeof(j));
	CHECK_EQ(0, judge_log(&judge, NULL));
	CHECK_EQ(TSM_CHECK_SKIPPED, check_of(&j, "event_log")->verdict);
	build();
	CHECK_EQ(0, tsm_verifier_add_log(v, scene.boot.p, scene.boot.len,
					 NULL));
	j.checks = 0;
	CHECK_EQ(0, judge_log(&judge, NULL));
	check_failed(&j, "event_log", "an SNP report has no runtime registers");
	tsm_verifier_free(v);
}

static void no_more_logs_than_there_is_room_for(void)
{
	struct tsm_verifier *v = verifier_at(FORGE_NOW, 0);
	unsigned int i;

	build();
	for (i = 0; i < TSM_VERIFY_LOGS; i++)
		CHECK_EQ(0, tsm_verifier_add_log(v, scene.boot.p,
						 scene.boot.len, NULL));
	CHECK_EQ(-EFBIG, tsm_verifier_add_log(v, scene.boot.p, scene.boot.len,
					  NULL));
	tsm_verifier_free(v);
}

static const struct tap_test tests[] = {
	{ "logs that lead to the registers explain them",
	  all_that_was_extended },
	{ "what was extended and is not in the log is told",
	  what_is_missing },
	{ "what a log only claims explains nothing", what_a_log_only_claims },
	{ "what is no log explains nothing", what_is_no_log },
	{ "data that were not measured are told", what_was_not_measured },
	{ "records of registers that no TD has are told", records_of_no_register },
	{ "bytes behind an end mark are told", what_is_behind_the_end_mark },
	{ "an SNP report has no registers", an_snp_report_has_no_registers },
	{ "there is room for four logs",
	  no_more_logs_than_there_is_room_for },
};

TAP_MAIN(tests)
