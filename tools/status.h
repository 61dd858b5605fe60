/* SPDX-License-Identifier: MIT */
/* What the parts of tsmctl status share: what is so, and what it means. */
#ifndef TSMCTL_STATUS_H
#define TSMCTL_STATUS_H

#include "tsmctl.h"

/* As many as can come together, and then some. */
#define FINDINGS_MAX	16

/**
 * struct finding - something to know, or that keeps attestation from working
 * @key: short and stable, for programs
 * @what: what is so
 * @mend: what helps
 */
struct finding {
	const char *key;
	const char *what;
	char mend[256];
};

/**
 * struct findings - a list of them
 * @count: how many
 * @item: they
 */
struct findings {
	size_t count;
	struct finding item[FINDINGS_MAX];
};

/**
 * struct status - what is printed
 * @sys: what can be seen
 * @provider: who answers at tsm/report; empty if that is not known
 * @provider_error: errno of asking, 0 if it answered, -EACCES if not asked
 * @floor: lowest privilege level, as the provider tells; -1 if it does not
 */
struct status {
	struct tsm_system sys;
	char provider[64];
	int provider_error;
	int floor;
};

/* status_find.c */

/* What keeps attestation from working. */
void find_problems(struct findings *list, const struct status *st);

/* Nothing that must be mended, but what people stumble over. */
void find_notes(struct findings *list, const struct status *st);

#endif /* TSMCTL_STATUS_H */
