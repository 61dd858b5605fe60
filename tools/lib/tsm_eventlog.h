/* SPDX-License-Identifier: MIT */
/*
 * libtsmguest, continued from tsm.h: event logs of firmware and of tsm_guest, in
 * TCG crypto-agile format.
 *
 * [PFP]  TCG PC Client Platform Firmware Profile Specification 1.05 rev. 23
 * [CC]   UEFI Specification 2.10, 38 "Confidential Computing"
 * [ACPI] ACPI Specification 6.5, 5.2.34 "CC Event Log ACPI Table"
 */
#include "tsm.h"

#ifndef TSM_EVENTLOG_H
#define TSM_EVENTLOG_H

#include <tsm/eventlog.h>

/* More algorithms than a header can name, or a record have digests of. */
#define TSM_LOG_ALGS_MAX	16

/* Registers that a record of tsm_guest can tell the value of, at most. */
#define TSM_LOG_STATES_MAX	8

/* eventlog.c: from bytes to records */

/**
 * struct tsm_log_alg - a hash algorithm, as the header names it
 * @id: TSM_ALG_*, or one that is not known
 * @size: bytes of its digests, at least 1
 */
struct tsm_log_alg {
	uint16_t id;
	uint16_t size;
};

/**
 * struct tsm_log_spec - what the Spec ID event says, [PFP] 10.4.5.1
 * @platform_class: 0 client, 1 server
 * @major: version of the specification
 * @minor: likewise
 * @errata: likewise
 * @uintn_size: 1 or 2: firmware of 32 or 64 bits
 * @algs: how many algorithms
 * @alg: no algorithm is there twice, and those known have their real sizes
 * @vendor: anything
 */
struct tsm_log_spec {
	uint32_t platform_class;
	uint8_t major;
	uint8_t minor;
	uint8_t errata;
	uint8_t uintn_size;
	unsigned int algs;
	struct tsm_log_alg alg[TSM_LOG_ALGS_MAX];
	struct tsm_blob vendor;
};

/**
 * struct tsm_log_digest - a digest of a record
 * @alg: one that the header names
 * @value: as long as the header says
 */
struct tsm_log_digest {
	uint16_t alg;
	struct tsm_blob value;
};

/**
 * struct tsm_log_record - a record
 * @number: 0 is the Spec ID header
 * @part: which log it is in, see tsm_chain_next(); otherwise 0
 * @offset: where it begins in that log
 * @mr_index: TSM_MR_*, or anything else
 * @type: TSM_EV_*, or anything else
 * @is_spec_id: it is a Spec ID header, which has the older form of a record
 * @digests: how many
 * @digest: no algorithm is there twice
 * @sha384: the one of SHA-384, or NULL
 * @event: event data
 * @bytes: all of the record
 */
struct tsm_log_record {
	unsigned int number;
	unsigned int part;
	size_t offset;
	uint32_t mr_index;
	uint32_t type;
	bool is_spec_id;
	unsigned int digests;
	struct tsm_log_digest digest[TSM_LOG_ALGS_MAX];
	const uint8_t *sha384;
	struct tsm_blob event;
	struct tsm_blob bytes;
};

/**
 * enum tsm_log_end - where a log ends
 * @TSM_LOG_GOES_ON: the end was not reached yet
 * @TSM_LOG_END_OF_BYTES: with its last byte
 * @TSM_LOG_END_ONES: where 0xff fill the rest of the log area, as EDK2 has it
 * @TSM_LOG_END_ZEROS: where 0x00 do, as td-shim has it
 */
enum tsm_log_end {
	TSM_LOG_GOES_ON,
	TSM_LOG_END_OF_BYTES,
	TSM_LOG_END_ONES,
	TSM_LOG_END_ZEROS,
};

/**
 * struct tsm_log - a position in a log
 * @bytes: the log
 * @spec: what the last Spec ID header said
 * @pos: offset of the next record, at the end of the end mark
 * @next: number of the next record
 * @end: whether it was reached, and how
 */
struct tsm_log {
	struct tsm_blob bytes;
	struct tsm_log_spec spec;
	size_t pos;
	unsigned int next;
	enum tsm_log_end end;
};

/* tsm_log_guess() - whether bytes open like a log; tsm_log_open() decides. */
bool tsm_log_guess(const void *data, size_t len);

/**
 * tsm_log_open() - look at the header of a log
 * @log: the result, before record 0
 * @data: the log, @len bytes, which must stay
 * @len: number of bytes
 * @err: what was wrong
 *
 * Return: 0; -ENODATA if there is nothing, or nothing but fill;
 * -EPROTONOSUPPORT if it does not begin with the header of a crypto-agile log;
 * -EBADMSG if that header is malformed.
 */
int tsm_log_open(struct tsm_log *log, const void *data, size_t len,
		 struct tsm_error *err);

/**
 * tsm_log_next() - go to the next record
 * @log: from tsm_log_open()
 * @record: the record, which points into the log
 * @err: what was wrong: record, offset and value
 *
 * A Spec ID header further down, where two logs were joined, is a record like
 * others; what it says of algorithms counts from there on.
 *
 * Return: 1; 0 at the end; -EBADMSG for a record that is cut short, or has more
 * digests than the header has algorithms, or one of an algorithm that the
 * header does not name, or two of the same.
 */
int tsm_log_next(struct tsm_log *log, struct tsm_log_record *record,
		 struct tsm_error *err);

/* tsm_log_hidden() - how many bytes behind the end mark are no fill. */
size_t tsm_log_hidden(const struct tsm_log *log);

/* tsm_log_spec_parse() - decode a Spec ID event. Return: whether it is one. */
bool tsm_log_spec_parse(const struct tsm_blob *event,
			struct tsm_log_spec *spec);

/**
 * struct tsm_log_state - values of registers, as tsm_guest tells them
 * @reason: TSM_STATE_*
 * @values: how many
 * @mr_index: whose; none is there twice
 * @value: TSM_SHA384_SIZE bytes each
 */
struct tsm_log_state {
	uint8_t reason;
	unsigned int values;
	uint32_t mr_index[TSM_LOG_STATES_MAX];
	const uint8_t *value[TSM_LOG_STATES_MAX];
};

/**
 * tsm_log_state_parse() - decode a struct tsm_state, if a record has one
 * @record: any record
 * @state: the result
 * @err: what was wrong
 *
 * Return: 1; 0 if it is another record; -EBADMSG if it has the signature, but
 * not the layout.
 */
int tsm_log_state_parse(const struct tsm_log_record *record,
			struct tsm_log_state *state, struct tsm_error *err);

/* eventlog_chain.c: several logs read as one */

/**
 * struct tsm_log_part - one of them
 * @name: what errors call it
 * @bytes: the log
 * @settled: how much of it was there before the registers were read; what
 *	comes behind may or may not be in them
 */
struct tsm_log_part {
	const char *name;
	struct tsm_blob bytes;
	size_t settled;
};

/**
 * struct tsm_chain - a position in them
 * @part: the logs, in order
 * @parts: how many
 * @at: which one
 * @is_open: @log is in it
 * @log: the position
 * @next: number of the next record
 */
struct tsm_chain {
	const struct tsm_log_part *part;
	unsigned int parts;
	unsigned int at;
	bool is_open;
	struct tsm_log log;
	unsigned int next;
};

void tsm_chain_begin(struct tsm_chain *chain, const struct tsm_log_part *part,
		     unsigned int parts);

/**
 * tsm_chain_next() - go to the next record of all logs
 * @chain: from tsm_chain_begin()
 * @record: the result
 * @err: what was wrong
 *
 * Records are numbered on; the headers of the second log and those after it are
 * left out, as they are where logs are joined into one.
 * Return: as tsm_log_next() and, for another log, tsm_log_open().
 */
int tsm_chain_next(struct tsm_chain *chain, struct tsm_log_record *record,
		   struct tsm_error *err);

/* eventlog_names.c. NULL for what is not known. */
const char *tsm_event_type_name(uint32_t type);
const char *tsm_log_alg_name(uint16_t id);
uint16_t tsm_log_alg_size(uint16_t id);
const char *tsm_cc_type_name(unsigned int type);

/* eventlog_describe.c */

/**
 * tsm_event_describe() - say what a record says, in one line
 * @record: any record
 * @text: the line, cut to @size and then with "..." at its end; UTF-8 of
 *	whatever characters the log has, so it is to be escaped
 * @size: bytes of room there, at least 4
 *
 * What cannot be decoded is said to be so, or shown as text or in hex.
 */
void tsm_event_describe(const struct tsm_log_record *record, char *text,
			size_t size);

/* eventlog_digest.c */

/**
 * tsm_event_measured() - which bytes of a record its digests are of
 * @record: any record
 * @bytes: those bytes
 *
 * For many types it is something that is not in the log, a program for example,
 * or it is not defined.
 * Return: whether it is defined and in the record.
 */
bool tsm_event_measured(const struct tsm_log_record *record,
			struct tsm_blob *bytes);

enum tsm_event_check { TSM_EVENT_UNCHECKED, TSM_EVENT_OK, TSM_EVENT_WRONG };

/**
 * tsm_event_check() - compare the SHA-384 digest of a record with its data
 * @record: any record
 * @check: what came out
 *
 * Return: 0, or -ENOMEM if no digest could be computed.
 */
int tsm_event_check(const struct tsm_log_record *record,
		    enum tsm_event_check *check);

/* eventlog_ccel.c */

/**
 * struct tsm_ccel - the ACPI table that tells where firmware's log is
 * @cc_type: TSM_CC_TYPE_TDX
 * @cc_subtype: 0
 * @laml: bytes of the log area
 * @lasa: its physical address
 */
struct tsm_ccel {
	uint8_t cc_type;
	uint8_t cc_subtype;
	uint64_t laml;
	uint64_t lasa;
};

#define TSM_CC_TYPE_SEV		1
#define TSM_CC_TYPE_TDX		2

/**
 * tsm_ccel_parse() - decode it
 * @data: the table, @len bytes
 * @len: number of bytes
 * @ccel: the result
 * @err: what was wrong
 *
 * Return: 0; -EBADMSG if signature, length or checksum are wrong;
 * -EPROTONOSUPPORT if the log is not one of a TD.
 */
int tsm_ccel_parse(const void *data, size_t len, struct tsm_ccel *ccel,
		   struct tsm_error *err);

#endif /* TSM_EVENTLOG_H */
