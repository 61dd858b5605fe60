/* SPDX-License-Identifier: MIT */
/* What the parts of tsmctl status share: what is so, and what it means. */
#ifndef TSMCTL_STATUS_H
#define TSMCTL_STATUS_H

#include "tsmctl.h"

/* As many as can come together, and then some. */
#define FINDINGS_MAX	24

/**
 * struct finding - something to know, or that keeps attestation from working
 * @key: short and stable, for programs
 * @what: what is so
 * @mend: what helps, in words; empty if @command says it all
 * @command: the one command that mends it, to be executed as it stands by root;
 *	empty if there is none
 */
struct finding {
	const char *key;
	char what[320];
	char mend[320];
	char command[192];
};

/**
 * struct findings - a list of them
 * @count: how many
 * @item: they; the last one takes what does not fit
 */
struct findings {
	size_t count;
	struct finding item[FINDINGS_MAX + 1];
};

/**
 * struct status - what is printed
 * @sys: what can be seen
 * @provider: who answers at tsm/report; empty if that is not known
 * @provider_error: errno of asking; 0 if it answered, or is not to be asked;
 *	-EACCES if that takes root
 * @floor: lowest privilege level, as the provider tells; -1 if it does not
 */
struct status {
	struct tsm_system sys;
	char provider[64];
	int provider_error;
	int floor;
};

/* Something that is so. Return: it, to be told what helps. */
struct finding *find(struct findings *list, const char *key, const char *what,
		     ...) __attribute__((format(printf, 3, 4)));

/* What helps, in words. */
void helps(struct finding *f, const char *mend, ...)
	__attribute__((format(printf, 2, 3)));

/* What helps, as a command. */
void mended_by(struct finding *f, const char *command, ...)
	__attribute__((format(printf, 2, 3)));

/* status_find.c */

/* What keeps attestation from working. */
void find_problems(struct findings *list, const struct status *st);

/* Nothing that must be mended, but what people stumble over. */
void find_notes(struct findings *list, const struct status *st);

/* status_install.c */

/* Why tsm_guest cannot be loaded as things are, and why it was not. */
void find_obstacles(struct findings *list, const struct tsm_system *sys);

/* What keeps a driver from being loaded at boot. */
void find_blacklists(struct findings *list, const struct tsm_system *sys);

/* How to have tsm_guest serve. */
void mended_by_ours(struct finding *f, const struct tsm_system *sys);

/* How to have any driver serve. */
void mended_by_driver(struct finding *f, const struct tsm_system *sys);

/* status_driver.c */
void find_driver_problems(struct findings *list, const struct status *st);
void find_driver_notes(struct findings *list, const struct status *st);

/* status_tee.c */

/* Where who can know of a TEE do not agree. */
void find_tee_problems(struct findings *list, const struct tsm_system *sys);
void find_tee_notes(struct findings *list, const struct tsm_system *sys);

/* status_print.c */
const char *tee_name(enum tsm_tee tee);

/* Which TEE, and who says so. */
void print_tee(struct out *out, const struct tsm_system *sys);

/* The kernel, and what it would take. */
void print_kernel(struct out *out, const struct tsm_system *sys);

void print_findings(struct out *out, const struct findings *problems,
		    const struct findings *notes);

#endif /* TSMCTL_STATUS_H */
