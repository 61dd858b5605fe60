/* SPDX-License-Identifier: MIT */
/*
 * What tsmctl load and tsmctl unload share: one driver goes, another one comes.
 *
 * Whatever can be known to fail is found before the first step. From then on no
 * signal ends the program, and what fails is undone; what SIGKILL leaves half
 * done, the next load or unload finishes.
 */
#ifndef TSMCTL_SWAP_H
#define TSMCTL_SWAP_H

#include "lib/module.h"
#include "tsmctl.h"

#define OURS		"tsm_guest"
#define INTREE_MAX	3
#define SWAP_PARAMETERS	512
#define STEPS_MAX	24
#define USERS_MAX	16

/**
 * struct intree - a module of the kernel's own driver
 * @name: its name
 * @state: as it was found
 * @parameters: that it had, words NAME=VALUE
 * @unloaded: we did that, or a run that was killed, so it is ours to put back
 */
struct intree {
	const char *name;
	struct tsm_module_state state;
	char parameters[256];
	bool unloaded;
};

/**
 * struct step - one thing that was done, or would be
 * @name: what, "unload tdx_guest"
 * @result: "done", "failed" or "would"
 * @error: errno, or 0
 * @detail: what there is to say about it; may be empty
 */
struct step {
	char name[80];
	const char *result;
	int error;
	char detail[256];
};

/**
 * struct user - who keeps a module from being unloaded
 * @kind: "item", "descriptor", "module" or "references"
 * @object: path or name of it
 * @process: of a descriptor
 */
struct user {
	const char *kind;
	char object[320];
	struct tsm_module_user process;
};

/**
 * struct swap - all about one run
 * @out: where results go
 * @root: directory to look below, "/" as a rule
 * @at: the same
 * @dry_run: nothing is changed
 * @verbose: tell each step
 * @sys: what was found in the beginning
 * @modules: of this kernel
 * @intree: the kernel's own for this TEE, in the order of unloading; the first
 *	is the driver
 * @file: of our module, if it is not to be looked for; or NULL
 * @parameters: words for our module, or empty
 * @steps: what was done
 * @nr_steps: number of them
 * @users: who is in the way
 * @nr_users: number of them
 * @error: the first complaint, or empty
 * @from: the file that our module was loaded from the last time; or empty
 * @state_fd: the file of swap_state.c, or -1
 * @log_fd: the kernel's log since swap_begin(); -1 if it cannot be read
 */
struct swap {
	struct out *out;
	const char *root;
	struct root at;
	bool dry_run;
	bool verbose;
	struct tsm_system sys;
	struct tsm_modules *modules;
	struct intree intree[INTREE_MAX];
	const char *file;
	char parameters[SWAP_PARAMETERS];
	struct step steps[STEPS_MAX];
	size_t nr_steps;
	struct user users[USERS_MAX];
	size_t nr_users;
	char error[512];
	char from[512];
	int state_fd;
	int log_fd;
};

/* swap.c */

/* Looks; nothing is changed. Return: DONE, or what to end with after
 * swap_close(). */
int swap_open(struct swap *swap);

/* Tells what was done and who serves now, and releases everything.
 * Return: @code, or FAILED if it could not be told. */
int swap_close(struct swap *swap, int code);

/* From here on no signal ends us, and the kernel's log is kept an eye on. */
void swap_begin(struct swap *swap);

/* A line to standard error, the first of which is kept. Return: FAILED. */
int swap_fail(struct swap *swap, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* What the kernel's own driver is called in tsm/report, and in /dev. */
const char *swap_provider(const struct swap *swap);
const char *swap_device(const struct swap *swap);

/* Whether one of the kernel's own modules is loaded. */
bool swap_has_intree(const struct swap *swap);

/* swap_step.c: each does one thing, or tells that it would. A failure has been
 * complained of when they return. Return: 0 or a negative errno. */
int step_needs(struct swap *swap, const char *module);
int step_configfs(struct swap *swap);
int step_unload(struct swap *swap, const char *module);

/* Likewise, but 1 if others were faster, who know nothing of @parameters. */
int step_load(struct swap *swap, const char *module, const char *parameters);

/* The same with parameters that were read from it, and a name for the step. */
int step_reload(struct swap *swap, const char *verb, const char *module,
		const char *parameters);

/* Notes what was done, or failed: @error is 0 or a negative errno, which is
 * returned. */
int step_note(struct swap *swap, const char *verb, const char *object,
	      int error, const char *detail);

/* All of the kernel's own that are loaded; those that were unloaded. */
int step_unload_intree(struct swap *swap);
int step_put_back(struct swap *swap);

/* swap_state.c: what is kept from run to run */

/* Waits until nobody else is at it. Return: DONE, or FAILED and a complaint. */
int state_open(struct swap *swap);
void state_read(struct swap *swap);

/* Before the first module goes; @file: where ours comes from. */
void state_write(struct swap *swap, const char *file);

/* When the kernel's own are as they were, or are not wanted. */
void state_clear(struct swap *swap);

/* swap_check.c: whether the interfaces of the driver that serves now answer. */
int step_check(struct swap *swap, bool ours);

/* swap_refuse.c: all complain, and return DONE or FAILED. */

/* Whether our module can be loaded, as far as that can be known; @file is it. */
int refuse_module(struct swap *swap, struct tsm_module_file *file);

/* Whether modules can go and come here; whether the kernel's own can go. */
int refuse_kernel(struct swap *swap);
int refuse_built_in(struct swap *swap);

/* swap_users.c: finds who uses our module, or the kernel's own, and complains.
 * Return: DONE if nobody does, else FAILED. */
int refuse_users(struct swap *swap, bool ours);

/* swap_explain.c */

/* Complains about what the kernel had to say about a module since
 * swap_begin(), and what an errno of loading it means and what helps. */
void explain_load(struct swap *swap, const char *module, int error);

#endif /* TSMCTL_SWAP_H */
