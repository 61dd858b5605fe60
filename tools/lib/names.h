/* SPDX-License-Identifier: MIT */
/* Names that the specifications give to bits (names.c): what is printed, and what
 * policies are written with, is the same. */
#ifndef TSM_NAMES_H
#define TSM_NAMES_H

/**
 * struct bit_name - a named bit
 * @name: as in the specification; NULL ends a table
 * @bit: its number
 */
struct bit_name {
	const char *name;
	unsigned int bit;
};

extern const struct bit_name td_attribute_bits[], xfam_bits[];
extern const struct bit_name snp_policy_bits[], snp_platform_bits[];

#endif /* TSM_NAMES_H */
