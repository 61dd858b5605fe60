// SPDX-License-Identifier: MIT
/* The command line of tsmctl derive-key. */
#include "derive_key.h"

#include <fcntl.h>
#include <getopt.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const struct bit_name key_field_names[] = {
	{ "policy", TSM_SNP_KEY_FIELD_POLICY },
	{ "image", TSM_SNP_KEY_FIELD_IMAGE_ID },
	{ "family", TSM_SNP_KEY_FIELD_FAMILY_ID },
	{ "measurement", TSM_SNP_KEY_FIELD_MEASUREMENT },
	{ "svn", TSM_SNP_KEY_FIELD_GUEST_SVN },
	{ "tcb", TSM_SNP_KEY_FIELD_TCB_VERSION },
	{ "mit", TSM_SNP_KEY_FIELD_LAUNCH_MIT },
	{ NULL, 0 }
};

/* Without them every guest on this chip could derive the same key. */
#define DEFAULT_FIELDS	(UINT64_C(1) << TSM_SNP_KEY_FIELD_POLICY | \
			 UINT64_C(1) << TSM_SNP_KEY_FIELD_MEASUREMENT)

/* @name: @len characters of a list */
static bool add_field(uint64_t *fields, const char *name, size_t len)
{
	const struct bit_name *f;

	for (f = key_field_names; f->name; f++) {
		if (strlen(f->name) != len || strncmp(f->name, name, len))
			continue;
		*fields |= UINT64_C(1) << f->bit;
		return true;
	}
	return false;
}

static int parse_fields(const struct command *cmd, const char *list,
			uint64_t *fields)
{
	const char *name;
	size_t len;

	*fields = 0;
	if (!strcmp(list, "none"))
		return DONE;
	for (name = list; ; name += len + 1) {
		len = strcspn(name, ",");
		if (!add_field(fields, name, len))
			return usage_error(cmd, "--fields: unknown field '%.*s'",
					   (int)len, name);
		if (!name[len])
			return DONE;
	}
}

static int parse_root(const struct command *cmd, const char *name,
		      uint32_t *root)
{
	if (!strcmp(name, "vcek"))
		*root = TSM_SNP_ROOT_KEY_VCEK;
	else if (!strcmp(name, "vmrk"))
		*root = TSM_SNP_ROOT_KEY_VMRK;
	else
		return usage_error(cmd, "--root takes vcek or vmrk, not '%s'",
				   name);
	return DONE;
}

/* Digits of @base alone, no sign and no blanks. */
static bool parse_number(const char *text, unsigned int base, uint64_t max,
			 uint64_t *value)
{
	static const char digits[] = "0123456789abcdef";
	const char *digit;
	unsigned int n;

	*value = 0;
	if (base == 16 && text[0] == '0' && (text[1] | 0x20) == 'x')
		text += 2;
	if (!*text)
		return false;
	for (; *text; text++) {
		digit = strchr(digits, *text >= 'A' && *text <= 'F' ?
				       *text | 0x20 : *text);
		if (!digit)
			return false;
		n = (unsigned int)(digit - digits);
		if (n >= base || n > max || *value > (max - n) / base)
			return false;
		*value = *value * base + n;
	}
	return true;
}

enum {
	OPT_ROOT = OPT_FIRST, OPT_FIELDS, OPT_VMPL, OPT_SVN, OPT_TCB, OPT_SIZE,
	OPT_FORCE,
};

/* Return: an exit code, DONE to go on. */
static int take_option(const struct command *cmd, struct key_order *order,
		       int option)
{
	struct tsm_snp_key_request *r = &order->request;
	uint64_t number;

	switch (option) {
	case 'o':
		order->output = optarg;
		break;
	case OPT_ROOT:
		return parse_root(cmd, optarg, &r->root);
	case OPT_FIELDS:
		return parse_fields(cmd, optarg, &r->fields);
	case OPT_VMPL:
		if (!parse_number(optarg, 10, TSM_SNP_VMPL_COUNT - 1, &number))
			return usage_error(cmd, "--vmpl takes 0, 1, 2 or 3, not '%s'",
					   optarg);
		r->vmpl = (uint32_t)number;
		order->has_vmpl = true;
		break;
	case OPT_SVN:
		if (!parse_number(optarg, 10, UINT32_MAX, &number))
			return usage_error(cmd, "--svn takes a number of 32 bits, not '%s'",
					   optarg);
		r->guest_svn = (uint32_t)number;
		order->has_svn = true;
		break;
	case OPT_TCB:
		if (!parse_number(optarg, 16, UINT64_MAX, &r->tcb_version))
			return usage_error(cmd, "--tcb takes up to 16 hex digits, not '%s'",
					   optarg);
		order->has_tcb = true;
		break;
	case OPT_SIZE:
		if (!parse_number(optarg, 10, TSM_SNP_EXPANDED_SIZE, &number) ||
		    (number != TSM_SNP_DERIVED_KEY_SIZE &&
		     number != TSM_SNP_EXPANDED_SIZE))
			return usage_error(cmd, "--size takes 32 or 64, not '%s'",
					   optarg);
		order->size = number;
		break;
	case OPT_FORCE:
		order->force = true;
		break;
	}
	return DONE;
}

/* A terminal has a name, too. */
static bool is_terminal(const char *path)
{
	struct stat st;
	bool terminal;
	int fd;

	if (!strcmp(path, "-"))
		return out_is_terminal();
	if (stat(path, &st) || !S_ISCHR(st.st_mode))
		return false;
	fd = open(path, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	terminal = fd >= 0 && isatty(fd);
	if (fd >= 0)
		close(fd);
	return terminal;
}

static int check_order(const struct command *cmd, const struct key_order *order)
{
	if (order->has_svn && !has_field(order, TSM_SNP_KEY_FIELD_GUEST_SVN))
		return usage_error(cmd, "--svn goes with svn among --fields");
	if (order->has_tcb && !has_field(order, TSM_SNP_KEY_FIELD_TCB_VERSION))
		return usage_error(cmd, "--tcb goes with tcb among --fields");
	if (json_wanted && !strcmp(order->output, "-"))
		return usage_error(cmd, "--json goes with -o FILE: a key is not printed as JSON");
	if (!order->force && is_terminal(order->output))
		return usage_error(cmd, "a key does not go to a terminal: -o FILE, a pipe, or --force");
	return DONE;
}

const struct option key_options[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "root", required_argument, NULL, OPT_ROOT },
	{ "fields", required_argument, NULL, OPT_FIELDS },
	{ "vmpl", required_argument, NULL, OPT_VMPL },
	{ "svn", required_argument, NULL, OPT_SVN },
	{ "tcb", required_argument, NULL, OPT_TCB },
	{ "size", required_argument, NULL, OPT_SIZE },
	{ "force", no_argument, NULL, OPT_FORCE },
	COMMON_OPTIONS,
	{ 0 }
};

const struct value key_values[] = {
	TAKES("output", "FILE", VALUE_FILE),
	TAKES("root", "vcek|vmrk", VALUE_WORD, .words = "vcek vmrk"),
	TAKES("fields", "LIST", VALUE_WORDS,
	      .words = "policy image family measurement svn tcb mit none"),
	TAKES("vmpl", "N", VALUE_WORD, .words = "0 1 2 3"),
	TAKES("svn", "N", VALUE_OTHER),
	TAKES("tcb", "HEX", VALUE_OTHER),
	TAKES("size", "32|64", VALUE_WORD, .words = "32 64"),
	{ 0 }
};

int parse_key_order(const struct command *cmd, int argc, char **argv,
		    struct key_order *order)
{
	int option, code = DONE;

	*order = (struct key_order){
		.request.fields = DEFAULT_FIELDS,
		.size = TSM_SNP_DERIVED_KEY_SIZE,
		.output = "-",
	};
	while ((option = next_option(cmd, argc, argv, &code))) {
		if (option < 0)
			return code == DONE ? -1 : code;
		code = take_option(cmd, order, option);
		if (code)
			return code;
	}
	if (optind != argc)
		return usage_error(cmd, "unexpected argument '%s'",
				   argv[optind]);
	return check_order(cmd, order);
}
