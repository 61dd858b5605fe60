/* SPDX-License-Identifier: MIT */
/*
 * A policy once it is decoded, and the tables of what can be demanded: each item
 * says how its JSON is read (policy_parse.c) and how it is compared
 * (policy_check.c), so that there is one place to add one.
 */
#ifndef TSM_POLICY_PRIVATE_H
#define TSM_POLICY_PRIVATE_H

#include "policy.h"

/* A bit that must be 1 or 0 is in @mask, what it must be in @value. */
struct policy_bits {
	uint64_t mask;
	uint64_t value;
};

/* @count accepted values one after the other; 0: nothing is demanded. */
struct policy_values {
	uint8_t *bytes;
	size_t count;
};

/* The least that each component must be, 0 where nothing is demanded. */
struct policy_svns {
	bool given;
	uint8_t least[16];
};

/* The least that a number must be; of a version, a byte a part. */
struct policy_number {
	bool given;
	uint32_t least;
};

/**
 * struct tsm_policy - what is accepted
 * @report_data: of either TEE
 * @has_tdx: there is a section on TDX, without which no quote is accepted
 * @tdx: that section
 * @has_snp: likewise
 * @snp: likewise
 */
struct tsm_policy {
	struct policy_values report_data;
	bool has_tdx;
	struct policy_tdx {
		struct policy_values mrtd, rtmr0, rtmr1, rtmr2, rtmr3;
		struct policy_values mrconfigid, mrowner, mrownerconfig;
		struct policy_values mrseam, mrsignerseam, mrservicetd;
		struct policy_values fmspc, pceid, ppid, platform_instance_id;
		struct policy_bits td_attributes, xfam;
		struct policy_svns minimum_tee_tcb_svn, minimum_sgx_tcb;
		struct policy_number minimum_pcesvn, minimum_qe_svn;
		uint32_t tcb_statuses;	/* bits by enum tsm_tcb_status */
		uint32_t sgx_types;	/* bits by struct tsm_pck's */
		bool allow_debug;
	} tdx;
	bool has_snp;
	struct policy_snp {
		struct policy_values measurement, host_data, family_id;
		struct policy_values image_id, report_id, report_id_ma;
		struct policy_values id_key_digest, author_key_digest, chip_id;
		struct policy_values csp_id;
		struct policy_bits policy, platform_info;
		struct policy_svns minimum_tcb, minimum_launch_tcb;
		struct policy_number minimum_guest_svn, minimum_abi;
		struct policy_number minimum_firmware;
		uint32_t vmpl, signers, products;	/* bits */
		bool allow_debug;
	} snp;
};

/**
 * struct policy_subject - evidence that a policy is applied to
 * @policy: what is applied
 * @j: gets the checks
 * @quote: NULL for a report
 * @pck: NULL if there is none
 * @snp: NULL for a quote
 * @ext: NULL if there is none
 * @product: line of a report's processor, or ""
 */
struct policy_subject {
	const struct tsm_policy *policy;
	struct tsm_judgement *j;
	const struct tsm_quote *quote;
	const struct tsm_pck *pck;
	const struct tsm_snp *snp;
	const struct tsm_snp_ext *ext;
	const char *product;
};

/* How an item is written, and what is demanded by it. */
enum policy_kind {
	POLICY_VALUES,		/* hex, or a list of such: one of them */
	POLICY_STRINGS,		/* the same of text */
	POLICY_BITS,		/* see struct policy_bits */
	POLICY_SVNS,		/* list of at most 16 numbers: at least these */
	POLICY_TCB,		/* object of components by name: at least these */
	POLICY_NUMBER,		/* at least this */
	POLICY_VERSION,		/* "major.minor.build": at least this */
	POLICY_CHOICES,		/* list of names: one of them */
	POLICY_NUMBERS,		/* list of numbers: one of them */
	POLICY_BOOL,		/* nothing is demanded, but something allowed */
};

/* Where what is compared is. */
enum policy_source {
	POLICY_OF_BODY,		/* of any quote, offset in its body */
	POLICY_OF_BODY15,	/* not of a body for TDX 1.0 */
	POLICY_OF_PCK,		/* offset in struct tsm_pck */
	POLICY_OF_REPORT,	/* offset in an SNP report */
};

/**
 * struct policy_item - something that a policy can demand
 * @name: key in JSON, and of the check behind "policy."
 * @kind: how it is written
 * @policy: offset in struct tsm_policy
 * @size: bytes of a value or string; parts of a version; of a number the most
 *	that it can be
 * @short_size: bytes of a value that may stand for one with zeros behind; or 0
 * @names: of POLICY_BITS a table of struct bit_name
 * @choice: of POLICY_CHOICES the name of a bit, NULL after the last
 * @refused: bits that cannot be chosen
 * @source: of values, bits and lists of numbers
 * @at: offset there
 * @number: of other kinds: what is compared. Return: NULL, or why there is none.
 */
struct policy_item {
	const char *name;
	enum policy_kind kind;
	size_t policy;
	size_t size;
	size_t short_size;
	const struct bit_name *names;
	const char *(*choice)(unsigned int bit);
	uint32_t refused;
	enum policy_source source;
	size_t at;
	const char *(*number)(const struct policy_subject *subject,
			      uint32_t *value);
};

/* policy_tdx.c, policy_snp.c: ended by one without a name */
extern const struct policy_item policy_tdx_items[], policy_snp_items[];

/* Components of an SNP TCB as policies name them: at most 16, at this index in
 * struct policy_svns; NULL beyond. */
const char *policy_tcb_name(unsigned int index);

/* policy_check.c: a check for each item of a table that is demanded, and the
 * sum. */
void policy_check(const struct policy_subject *subject,
		  const struct policy_item *items);

/* policy_compare.c: one item. Return: whether something was demanded, and so a
 * check was added. */
bool policy_compare(const struct policy_subject *subject,
		    const struct policy_item *item);

#endif /* TSM_POLICY_PRIVATE_H */
