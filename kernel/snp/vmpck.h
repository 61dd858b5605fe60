/* SPDX-License-Identifier: GPL-2.0-only */
/* Which VMPCK is used, and what has become of each. */
#ifndef _TSMG_SNP_VMPCK_H
#define _TSMG_SNP_VMPCK_H

struct attribute_group;

/* tsmg_vmpck_active - number of the one that requests use from now on */
unsigned int tsmg_vmpck_active(void);

/**
 * tsmg_vmpck_init - find out which one to use
 *
 * The channel must be ready.
 * Return: 0; after a message, -EINVAL if there is none of that number, -ENOKEY
 * if there is no key.
 */
int tsmg_vmpck_init(void);

/* tsmg_vmpck_exit - undo it: the module parameter cannot be set any more */
void tsmg_vmpck_exit(void);

/* Read-only attributes of /dev/sev-guest: vmpck/active, vmpck/state0 to 3. */
extern const struct attribute_group tsmg_vmpck_group;

#endif /* _TSMG_SNP_VMPCK_H */
