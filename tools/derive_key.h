/* SPDX-License-Identifier: MIT */
/* What the parts of tsmctl derive-key share: the order, and how it is read. */
#ifndef TSMCTL_DERIVE_KEY_H
#define TSMCTL_DERIVE_KEY_H

#include "tsmctl.h"

/**
 * struct key_order - what the command line asks for
 * @request: which key
 * @has_vmpl: --vmpl was given
 * @has_svn: --svn was given
 * @has_tcb: --tcb was given
 * @size: bytes wanted
 * @output: argument of -o, or NULL
 * @force: --force was given
 */
struct key_order {
	struct tsm_snp_key_request request;
	bool has_vmpl;
	bool has_svn;
	bool has_tcb;
	size_t size;
	const char *output;
	bool force;
};

/* What can be mixed into a key, by the names that --fields takes. */
extern const struct bit_name key_field_names[];

static inline bool has_field(const struct key_order *order, unsigned int bit)
{
	return order->request.fields >> bit & 1;
}

/* derive_key_args.c: the command line. Return: an exit code, DONE to go on; -1 to
 * end with DONE. */
extern const struct option key_options[];
extern const struct value key_values[];
int parse_key_order(const struct command *cmd, int argc, char **argv,
		    struct key_order *order);

#endif /* TSMCTL_DERIVE_KEY_H */
