/* SPDX-License-Identifier: MIT */
/* Measurement registers of this machine or of evidence, wherever they are. */
#ifndef TSMCTL_REGISTERS_H
#define TSMCTL_REGISTERS_H

#include "tsmctl.h"

/* A TD has 8, an SNP guest 7; the kernel's interface is not for TDs alone. */
#define REGISTERS_MAX		32

/* SHA-512, the largest digest that the kernel's interface knows. */
#define REGISTER_SIZE_MAX	64

/**
 * struct reg - a register
 * @name: what Linux calls it, with the algorithm behind a colon if there is one
 * @value: its value
 * @len: bytes of it
 */
struct reg {
	char name[64];
	uint8_t value[REGISTER_SIZE_MAX];
	size_t len;
};

/**
 * struct registers - those of one source
 * @source: "sysfs", "tdreport", "report", "configfs" or "file"
 * @count: how many
 * @reg: they; those that are known first, in the order of mainline or of uapi/ABI
 */
struct registers {
	const char *source;
	size_t count;
	struct reg reg[REGISTERS_MAX];
};

/* registers.c */

/* Whether a name is one that Linux gives to a register of a TD, or we to what is
 * in an SNP report, or that the kernel has in sysfs here, or the part of one up to
 * the colon. */
bool register_known(const struct tsm_system *sys, const char *name);

/* "rtmr0" is as good as "rtmr0:sha384". */
bool register_named(const struct reg *reg, const char *name);

/**
 * registers_from_bytes() - those of a TDREPORT, a quote or an SNP report
 *
 * Nothing is verified.
 * Return: 0 or a negative errno.
 */
int registers_from_bytes(struct registers *regs, const uint8_t *data,
			 size_t len, struct tsm_error *err);

/**
 * registers_from_system() - those of this machine
 * @regs: the result
 * @sys: from tsm_system_probe()
 * @err: what was wrong
 *
 * From sysfs where the kernel has them there, which takes no root; else, in an SNP
 * guest, from a report; else from a TDREPORT; else from configfs tsm/rtmrs, which
 * has RTMRs only.
 * Return: 0; -EOPNOTSUPP if they are nowhere; what the kernel gave.
 */
int registers_from_system(struct registers *regs, const struct tsm_system *sys,
			  struct tsm_error *err);

#endif /* TSMCTL_REGISTERS_H */
