// SPDX-License-Identifier: MIT
/* tsmctl load: our driver in the place of the kernel's own, or nothing changed. */
#include "swap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Its value as a parameter of our module has it now; false if it has none. */
static bool has_value(const struct swap *swap, const char *word)
{
	char now[1024], *name, *save, *end, *other;
	const size_t len = strcspn(word, "=") + 1;

	tsm_module_parameters(&swap->at, OURS, now, sizeof(now));
	for (name = strtok_r(now, " ", &save); name;
	     name = strtok_r(NULL, " ", &save)) {
		if (strncmp(name, word, len))
			continue;
		/* 0xf is 15 */
		if (strtol(name + len, &end, 0) ==
		    strtol(word + len, &other, 0) && !*end && !*other)
			return true;
		return !strcmp(name, word);
	}
	return false;
}

/* What is loaded already must be as it was asked for. */
static int refuse_values(struct swap *swap)
{
	char words[sizeof(swap->parameters)], *word, *save;

	memcpy(words, swap->parameters, sizeof(words));
	for (word = strtok_r(words, " ", &save); word;
	     word = strtok_r(NULL, " ", &save)) {
		if (!has_value(swap, word))
			return swap_fail(swap, OURS " is loaded, but not with %s: tsmctl unload first, or write to /sys/module/" OURS "/parameters what can be changed there",
					 word);
	}
	return DONE;
}

/* Our driver serves already. */
static int already(struct swap *swap)
{
	if (refuse_values(swap) || step_check(swap, true))
		return FAILED;
	out_note(swap->out, OURS " serves already: nothing to do");
	return DONE;
}

/* Which key the kernel's own driver has, or would have. A host may have left the
 * guest only that one; without the parameter, ours takes another. */
static bool own_vmpck(const struct swap *swap, char *value, size_t size)
{
	const struct intree *own = swap->intree;

	/* of kernels that do not know -1, 0 may be what nobody chose */
	if ((own->state.loaded || own->unloaded) &&
	    tsm_module_value(own->parameters, "vmpck_id", value, size) &&
	    strcmp(value, "0"))
		return true;
	return tsm_module_option(swap->modules, own->name, "vmpck_id", value,
				 size);
}

/* Whoever chose a key chose it for this guest, not for one of its drivers. */
static void keep_vmpck(struct swap *swap)
{
	const size_t used = strlen(swap->parameters);
	char value[8], *end;
	long id;

	if (swap->sys.tee != TSM_TEE_SNP ||
	    tsm_module_value(swap->parameters, "vmpck_id", value,
			     sizeof(value)) ||
	    tsm_module_option(swap->modules, OURS, "vmpck_id", value,
			      sizeof(value)) ||
	    !own_vmpck(swap, value, sizeof(value)))
		return;
	/* -1 leaves it to the driver, as none does */
	id = strtol(value, &end, 0);
	if (*end || id < 0 || id > 3 ||
	    used + sizeof(" vmpck_id=3") > sizeof(swap->parameters))
		return;
	sprintf(swap->parameters + used, "%svmpck_id=%ld", used ? " " : "",
		id);
}

/* Ours failed, or something before it: all as it was, if that can be had. */
static int give_back(struct swap *swap)
{
	const bool served = swap->intree[0].unloaded;
	struct tsm_module_state state;

	if (swap->intree[0].state.loaded && !served) {
		/* or else it would be put back even when it is not wanted */
		state_clear(swap);
		return swap_fail(swap, "nothing was changed: %s serves as before",
				 swap_provider(swap));
	}
	tsm_module_look(&swap->at, OURS, &state);
	if (state.loaded && step_unload(swap, OURS))
		return swap_fail(swap, OURS " stays loaded: see above");
	if (step_put_back(swap))
		return swap_fail(swap, "the kernel's own driver could not be put back: NO driver serves this guest now");
	state_clear(swap);
	if (served && step_check(swap, false))
		return swap_fail(swap, "%s was put back, but does not answer",
				 swap_provider(swap));
	if (served)
		return swap_fail(swap, "%s was put back, and answers",
				 swap_provider(swap));
	return swap_fail(swap, "no driver served before, and none does now; tsmctl unload loads the kernel's own");
}

static int exchange(struct swap *swap)
{
	int ret = step_unload_intree(swap);

	if (!ret)
		ret = step_load(swap, OURS, swap->parameters);
	/* udev, say; what it loaded serves, and is not taken away again */
	if (ret > 0 && refuse_values(swap))
		return FAILED;
	if (ret >= 0 && !step_check(swap, true))
		return DONE;
	return give_back(swap);
}

static int load(struct swap *swap)
{
	struct tsm_module_state state;
	struct tsm_module_file file;
	int code;

	tsm_module_look(&swap->at, OURS, &state);
	if (state.changing)
		return swap_fail(swap, OURS " is just being loaded or unloaded: try again");
	if (state.loaded)
		return already(swap);
	code = refuse_module(swap, &file);
	if (!code)
		code = refuse_kernel(swap);
	if (!code)
		code = refuse_built_in(swap);
	if (!code)
		code = refuse_users(swap, false);
	if (code)
		return code;

	keep_vmpck(swap);
	swap_begin(swap);
	/* what may fail before the other driver is gone comes before that */
	if (step_needs(swap, OURS) || step_configfs(swap))
		return swap_fail(swap, "no driver was changed");
	state_write(swap, file.path);
	return exchange(swap);
}

/* Words NAME=VALUE; to the kernel, a dash in a name is an underscore. None of
 * ours takes spaces or quotes. */
static int parse_parameters(const struct command *cmd, struct swap *swap,
			    char **words)
{
	size_t used = 0;
	char *p;
	int n;

	for (; *words; words++) {
		if (!strchr(*words, '=') || **words == '=' ||
		    strpbrk(*words, "\" \t\n"))
			return usage_error(cmd, "'%s' is no NAME=VALUE",
					   *words);
		p = swap->parameters + used;
		n = snprintf(p, sizeof(swap->parameters) - used, "%s%s",
			     used ? " " : "", *words);
		used += (size_t)n;
		if (used >= sizeof(swap->parameters))
			return usage_error(cmd, "too many parameters");
		for (; *p != '='; p++)
			if (*p == '-')
				*p = '_';
	}
	return DONE;
}

enum { OPT_SYSROOT = OPT_FIRST };

static const struct option options[] = {
	{ "module", required_argument, NULL, 'f' },
	{ "dry-run", no_argument, NULL, 'n' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "sysroot", required_argument, NULL, OPT_SYSROOT },
	COMMON_OPTIONS,
	{ 0 }
};

static const struct value values[] = {
	TAKES("module", "FILE", VALUE_FILE),
	TAKES("sysroot", "DIR", VALUE_DIR),
	ARGUMENTS("NAME=VALUE", VALUE_OTHER, .many = true),
	{ 0 }
};

static int run(const struct command *cmd, int argc, char **argv)
{
	struct swap swap = { .root = "/" };
	int option, code = DONE;

	while ((option = next_option(cmd, argc, argv, &code))) {
		if (option < 0)
			return code;
		if (option == 'f')
			swap.file = optarg;
		else if (option == 'n')
			swap.dry_run = true;
		else if (option == 'v')
			swap.verbose = true;
		else
			swap.root = optarg;
	}
	if (strcmp(swap.root, "/") && !swap.dry_run)
		return usage_error(cmd, "--sysroot goes with --dry-run only");
	code = parse_parameters(cmd, &swap, argv + optind);
	if (code)
		return code;
	code = swap_open(&swap);
	if (!code)
		code = load(&swap);
	return swap_close(&swap, code);
}

const struct command cmd_load = {
	.name = "load",
	.summary = "have tsm_guest serve, in place of the kernel's driver",
	.help =
"Usage: tsmctl load [-f FILE] [-n] [-v] [--json] [NAME=VALUE...]\n"
"\n"
"Loads tsm_guest, after unloading the kernel's own driver (tdx_guest or sev_guest,\n"
"and tsm or tsm_report) if that is loaded, and checks that it answers. Takes root.\n"
"If tsm_guest serves already, there is nothing to do.\n"
"\n"
"Nothing is changed where the kernel's driver is in use: who uses it is told, be\n"
"it a process with an open descriptor, a report item or another module. If\n"
"tsm_guest cannot be loaded or does not answer, the kernel's driver is put back as\n"
"it was. Once the first step is taken, Ctrl-C does not end this: it finishes, which\n"
"takes less than a second. If it is killed, run it again.\n"
"\n"
"configfs is mounted on /sys/kernel/config if it is mounted nowhere. Evidence is\n"
"not asked for: tsmctl report does that.\n"
"\n"
"  NAME=VALUE         a parameter of the module, such as quote_slots=4; it is added\n"
"                     to what modprobe.d has for it. In an SNP guest, tsm_guest takes\n"
"                     the vmpck_id of sev_guest, unless it is given one of its own\n"
"\n"
"Options:\n"
"  -f, --module FILE  load this file, such as tsm_guest.ko in a build tree, instead\n"
"                     of the one that is installed for this kernel\n"
"  -n, --dry-run      tell what would be done, and change nothing\n"
"  -v, --verbose      tell each step\n"
"      --sysroot DIR  with --dry-run: look at proc, sys, dev and lib/modules below\n"
"                     DIR, whose lib/modules has to be trusted\n"
"      --json         print JSON\n"
"  -h, --help         print this help\n"
"\n"
"Exit status: 0 tsm_guest serves; 1 it does not, and standard error says why;\n"
"2 wrong usage; 4 no TEE here.\n"
"\n"
"Examples:\n"
"  tsmctl load\n"
"  tsmctl load -v quote_slots=4\n"
"  tsmctl load --dry-run --module ./tsm_guest.ko\n",
	.options = options,
	.shorts = ":f:nvh",
	.values = values,
	.run = run,
};
