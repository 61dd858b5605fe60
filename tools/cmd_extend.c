// SPDX-License-Identifier: MIT
/* tsmctl extend: puts a digest into a register, and says what it is of. */
#include "extend.h"
#include "lib/tsm_eventlog.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

static int explain(int ret, const struct order *order,
		   const struct outcome *outcome, const struct tsm_error *err)
{
	const char *meaning;

	if (ret == -EOPNOTSUPP && outcome->sys.tee != TSM_TEE_TDX) {
		complain("%s here, so there is no register to extend",
			 outcome->sys.tee == TSM_TEE_NONE ? "no TEE" :
			 "SEV-SNP, which has no RTMRs,");
		explain_hidden(&outcome->sys);
		return NO_TEE;
	}
	if (ret == -EOPNOTSUPP && order->via == WAY_ANY)
		complain("rtmr%u: neither configfs tsm/rtmrs, nor sysfs, nor the ioctl is there to extend it",
			 order->extend.index);
	else
		complain("rtmr%u: %s", order->extend.index, err->text);
	meaning = explain_extend(ret, order, outcome);
	if (meaning)
		complain("%s", meaning);
	return FAILED;
}

static void print_event(struct out *out, const struct order *order,
			const struct outcome *outcome)
{
	const char *name = tsm_event_type_name(order->extend.event_type);

	if (!order->event)
		return;
	out_check(out, "event recorded", outcome->done.recorded, "yes",
		  order->extend.index < 2 ?
		  "NO: only rtmr2 and rtmr3 take event data" :
		  "NO: only configfs tsm/rtmrs of tsm_guest takes event data");
	out_named(out, "event type", order->extend.event_type,
		  name ? name : "unknown");
	out_num(out, "event bytes", order->extend.event_len);
}

static void print_values(struct out *out, const struct order *order,
			 const struct tsm_extended *done)
{
	uint8_t next[TSM_RTMR_SIZE];

	if (done->has_before)
		out_hex(out, "old value", done->before, sizeof(done->before));
	if (!done->has_after) {
		out_note(out, "The new value could not be read.");
		return;
	}
	out_hex(out, "new value", done->after, sizeof(done->after));
	if (done->has_before &&
	    !tsm_rtmr_next(done->before, order->extend.digest, next))
		out_check(out, "as expected",
			  !memcmp(next, done->after, sizeof(next)),
			  "yes: SHA-384(old value, digest)",
			  "NO: something else extended it, too, in the same moment");
}

/* The register has moved for good: an error from here on must say so. */
static int print(struct out *out, const struct order *order,
		 const struct outcome *outcome)
{
	int ret;

	out_str(out, "register", "rtmr%u:sha384", order->extend.index);
	out_str(out, "via", "%s", way_name(outcome->way));
	out_hex(out, "digest", order->extend.digest,
		sizeof(order->extend.digest));
	print_event(out, order, outcome);
	print_values(out, order, &outcome->done);
	ret = out_close(out);
	if (!ret)
		return DONE;
	complain("rtmr%u was extended, but standard output: %s",
		 order->extend.index, strerror(-ret));
	return FAILED;
}

static int extend(const struct order *order)
{
	struct tsm_error err = { .text = "" };
	struct out *out = open_output();
	struct outcome outcome;
	int ret;

	if (!out)
		return FAILED;
	ret = order_extend(order, &outcome, &err);
	if (!ret)
		return print(out, order, &outcome);
	out_discard(out);
	return explain(ret, order, &outcome, &err);
}

enum {
	OPT_DIGEST = OPT_FIRST, OPT_DATA, OPT_AAEL, OPT_TYPE, OPT_TAG, OPT_VIA
};

static int parse_via(const struct command *cmd, const char *name,
		     enum way *via)
{
	for (*via = WAY_CONFIGFS; *via <= WAY_IOCTL; ++*via) {
		if (!strcmp(name, way_name(*via)))
			return DONE;
	}
	return usage_error(cmd, "--via takes configfs, sysfs or ioctl, not '%s'",
			   name);
}

static int set(const struct command *cmd, struct order *order, int option,
	       const char *value)
{
	switch (option) {
	case 'f':
		order->file = value;
		break;
	case OPT_DIGEST:
		order->digest = value;
		break;
	case OPT_DATA:
		order->data = value;
		break;
	case OPT_AAEL:
		order->aael = value;
		break;
	case OPT_TYPE:
		order->event_type = value;
		break;
	case OPT_TAG:
		order->tag = value;
		break;
	case OPT_VIA:
		return parse_via(cmd, value, &order->via);
	}
	return DONE;
}

static int check_register(const struct command *cmd, struct order *order,
			  int count, char **names)
{
	const int sources = !!order->digest + !!order->file + !!order->data +
			    !!order->aael;
	int index;

	if (count != 1)
		return usage_error(cmd, count ? "one register at a time" :
				   "which register: rtmr0, rtmr1, rtmr2 or rtmr3?");
	index = parse_rtmr(names[0]);
	if (index < 0)
		return usage_error(cmd, "'%s' is no register that can be extended: rtmr0 to rtmr3 can",
				   names[0]);
	if (sources != 1)
		return usage_error(cmd, sources ?
				   "--digest, --file, --data and --aael exclude each other" :
				   "extend with what: --digest, --file, --data or --aael?");
	order->extend.index = (unsigned int)index;
	return DONE;
}

static int run(const struct command *cmd, int argc, char **argv)
{
	struct order order = { .via = WAY_ANY };
	int option, code = DONE;

	while ((option = next_option(cmd, argc, argv, &code))) {
		if (option > 0)
			code = set(cmd, &order, option, optarg);
		if (option < 0 || code)
			return code;
	}
	code = check_register(cmd, &order, argc - optind, argv + optind);
	if (!code)
		code = order_event(cmd, &order);
	if (!code)
		code = extend(&order);
	free(order.event);
	return code;
}

static const struct option options[] = {
	{ "digest", required_argument, NULL, OPT_DIGEST },
	{ "file", required_argument, NULL, 'f' },
	{ "data", required_argument, NULL, OPT_DATA },
	{ "aael", required_argument, NULL, OPT_AAEL },
	{ "event-type", required_argument, NULL, OPT_TYPE },
	{ "tag", required_argument, NULL, OPT_TAG },
	{ "via", required_argument, NULL, OPT_VIA },
	COMMON_OPTIONS,
	{ 0 }
};

static const struct value values[] = {
	TAKES("digest", "HEX", VALUE_OTHER),
	TAKES("file", "FILE", VALUE_FILE),
	TAKES("data", "TEXT", VALUE_OTHER),
	TAKES("aael", "TEXT", VALUE_OTHER),
	TAKES("event-type", "TYPE", VALUE_EVENT),
	TAKES("tag", "ID", VALUE_OTHER),
	TAKES("via", "WAY", VALUE_WORD, .words = "configfs sysfs ioctl"),
	ARGUMENTS("REGISTER", VALUE_WORD, .words = "rtmr0 rtmr1 rtmr2 rtmr3"),
	{ 0 }
};

const struct command cmd_extend = {
	.name = "extend",
	.summary = "put a digest into a measurement register",
	.help =
"Usage: tsmctl extend REGISTER --data TEXT | --file FILE [--event-type TYPE]\n"
"       tsmctl extend REGISTER --data TEXT | --file FILE --tag ID\n"
"       tsmctl extend REGISTER --aael 'DOMAIN OPERATION CONTENT'\n"
"       tsmctl extend REGISTER --digest HEX\n"
"\n"
"Extends a runtime measurement register of this TD, rtmr0 to rtmr3 (\":sha384\" may\n"
"follow): new value = SHA-384(old value, digest). That cannot be undone. Takes\n"
"root. Where tsm_guest serves, its runtime log records each extend (tsmctl log).\n"
"\n"
"What is measured:\n"
"      --data TEXT  these bytes, as they are\n"
"  -f, --file FILE  the bytes of the file, 65536 at most; - is standard input\n"
"      --aael TEXT  an event of Confidential Containers: domain, operation and\n"
"                   content, with one space between them, as its attestation agent\n"
"                   records it (EV_EVENT_TAG with the tag 0x4141454c)\n"
"      --digest HEX\n"
"                   a SHA-384 made elsewhere, 96 hex digits, without event data\n"
"\n"
"The digest is always SHA-384 of the event data as they are recorded. With --data\n"
"and --file these are just the bytes given, so sha384sum FILE tells the digest.\n"
"\n"
"Options:\n"
"      --event-type TYPE  TCG event type of the record, a number or a name such as\n"
"                         EV_IPL, which it is if not given: what boot loaders use\n"
"                         for data of any kind. EV_EVENT_TAG takes data that begin\n"
"                         with a tag and their length; EV_NO_ACTION is refused\n"
"      --tag ID           put tag and length before the data, 8 bytes, and record\n"
"                         it all as EV_EVENT_TAG\n"
"      --via WAY          by this way alone: configfs, sysfs or ioctl\n"
"      --json             print JSON\n"
"  -h, --help             print this help\n"
"\n"
"Without --via: rtmr2 and rtmr3 with event data go through configfs tsm/rtmrs of\n"
"tsm_guest, which records them. All else goes through sysfs, then the ioctl of\n"
"/dev/tdx_guest, by digest alone: so do event data of rtmr0 and rtmr1, and those\n"
"for other drivers; \"event recorded\" says so. Another way is taken where one is\n"
"not there, never where one failed. No entry is left in tsm/rtmrs, however the\n"
"command ends.\n"
"\n"
"Exit status: 0 done; 1 could not, or nobody can tell: standard error says which;\n"
"2 wrong usage; 4 no TDX here.\n"
"\n"
"Examples:\n"
"  tsmctl extend rtmr3 --data \"app started\"\n"
"  tsmctl extend rtmr3 --file /etc/app.conf\n"
"  tsmctl extend rtmr3 --aael 'example.org load sha256:0123abcd'\n"
"  tsmctl extend rtmr2 --digest $(sha384sum </boot/vmlinuz | cut -c-96)\n",
	.options = options,
	.shorts = ":hf:",
	.values = values,
	.run = run,
};
