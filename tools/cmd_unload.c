// SPDX-License-Identifier: MIT
/* tsmctl unload: the kernel's own driver in the place of ours. */
#include "swap.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* What it takes to have our module back: its file, and its parameters but for
 * the one that only tells something. */
static void keep_ours(struct swap *swap)
{
	char words[SWAP_PARAMETERS], *word, *save;
	size_t used = 0;

	if (swap->from[0])
		tsm_module_use_file(swap->modules, OURS, swap->from, NULL);
	tsm_module_parameters(&swap->at, OURS, words, sizeof(words));
	for (word = strtok_r(words, " ", &save); word;
	     word = strtok_r(NULL, " ", &save)) {
		if (!strncmp(word, "quote_abandoned=", 16))
			continue;
		used += (size_t)snprintf(swap->parameters + used,
					 sizeof(swap->parameters) - used,
					 "%s%s", used ? " " : "", word);
	}
}

static int give_back(struct swap *swap, bool had_ours)
{
	struct intree *m;

	for (m = swap->intree; m < swap->intree + INTREE_MAX; m++)
		tsm_module_look(&swap->at, m->name, &m->state);
	if (step_unload_intree(swap) ||
	    (had_ours && step_reload(swap, "put back", OURS,
				     swap->parameters)) ||
	    (had_ours && step_check(swap, true)))
		return swap_fail(swap, OURS " could not be put back: NO driver serves this guest now");
	if (had_ours)
		return swap_fail(swap, OURS " was put back, and answers; --no-intree unloads it all the same");
	return swap_fail(swap, "NO driver serves this guest now; tsmctl load loads " OURS);
}

/* The kernel's own driver, with the parameters that it had when it went. */
static int bring_intree(struct swap *swap, bool had_ours)
{
	const struct intree *m = swap->intree;

	if (step_reload(swap, "load", m->name, m->parameters) ||
	    step_check(swap, false))
		return give_back(swap, had_ours);
	state_clear(swap);
	return DONE;
}

/* Whether there is one to load, before ours goes. */
static int find_driver(struct swap *swap, bool *found)
{
	struct tsm_module_file file;
	struct tsm_error err;
	const int ret = tsm_module_find(swap->modules, swap_provider(swap),
					&file, &err);

	*found = !ret;
	if (!ret || ret == -ENOENT)
		return DONE;
	swap_fail(swap, "%s", err.text);
	return swap_fail(swap, "nothing was changed; --no-intree unloads " OURS " all the same");
}

static int unload(struct swap *swap, bool no_intree)
{
	struct tsm_module_state state;
	bool found = false;

	tsm_module_look(&swap->at, OURS, &state);
	if (state.changing)
		return swap_fail(swap, OURS " is just being loaded or unloaded: try again");
	if (!state.loaded && (no_intree || swap->intree[0].state.loaded ||
			      swap->sys.driver == TSM_DRIVER_INTREE)) {
		out_note(swap->out, OURS " is not loaded: nothing to do");
		return DONE;
	}
	if (refuse_kernel(swap))
		return FAILED;
	if (state.loaded && refuse_users(swap, true))
		return FAILED;
	if (!no_intree && find_driver(swap, &found))
		return FAILED;
	keep_ours(swap);
	swap_begin(swap);
	if (state.loaded && step_unload(swap, OURS))
		return swap_fail(swap, "nothing was changed");
	if (found)
		return bring_intree(swap, state.loaded);
	if (!no_intree)
		out_note(swap->out, "this kernel has no %s: no driver serves now",
			 swap_provider(swap));
	state_clear(swap);
	return DONE;
}

enum { OPT_SYSROOT = OPT_FIRST };

static const struct option options[] = {
	{ "no-intree", no_argument, NULL, 'N' },
	{ "dry-run", no_argument, NULL, 'n' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "sysroot", required_argument, NULL, OPT_SYSROOT },
	COMMON_OPTIONS,
	{ 0 }
};

static const struct value values[] = {
	TAKES("sysroot", "DIR", VALUE_DIR),
	{ 0 }
};

static int run(const struct command *cmd, int argc, char **argv)
{
	struct swap swap = { .root = "/" };
	int option, code = DONE;
	bool no_intree = false;

	while ((option = next_option(cmd, argc, argv, &code))) {
		if (option < 0)
			return code;
		if (option == 'N')
			no_intree = true;
		else if (option == 'n')
			swap.dry_run = true;
		else if (option == 'v')
			swap.verbose = true;
		else
			swap.root = optarg;
	}
	if (optind != argc)
		return usage_error(cmd, "unexpected argument '%s'",
				   argv[optind]);
	if (strcmp(swap.root, "/") && !swap.dry_run)
		return usage_error(cmd, "--sysroot goes with --dry-run only");
	code = swap_open(&swap);
	if (!code)
		code = unload(&swap, no_intree);
	return swap_close(&swap, code);
}

const struct command cmd_unload = {
	.name = "unload",
	.summary = "have the kernel's driver serve instead of tsm_guest",
	.help =
"Usage: tsmctl unload [-N] [-n] [-v] [--json]\n"
"\n"
"Unloads tsm_guest, loads the kernel's own driver (tdx_guest or sev_guest) if this\n"
"kernel has it, and checks that it answers. Takes root.\n"
"\n"
"Nothing is changed where tsm_guest is in use: who uses it is told, be it a process\n"
"with an open descriptor, a report item, or an entry for a register.\n"
"\n"
"Options:\n"
"  -N, --no-intree    leave no driver\n"
"  -n, --dry-run      tell what would be done, and change nothing\n"
"  -v, --verbose      tell each step\n"
"      --sysroot DIR  with --dry-run: look at proc, sys, dev and lib/modules below\n"
"                     DIR, whose lib/modules has to be trusted\n"
"      --json         print JSON\n"
"  -h, --help         print this help\n"
"\n"
"Exit status: 0 done, or tsm_guest was not loaded; 1 could not; 2 wrong usage;\n"
"4 no TEE here.\n"
"\n"
"Examples:\n"
"  tsmctl unload\n"
"  tsmctl unload --dry-run\n",
	.options = options,
	.shorts = ":Nnvh",
	.values = values,
	.run = run,
};
