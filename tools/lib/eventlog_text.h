/* SPDX-License-Identifier: MIT */
/* Puts lines together for those who describe records; for the library alone. */
#ifndef TSM_EVENTLOG_TEXT_H
#define TSM_EVENTLOG_TEXT_H

#include "tsm_eventlog.h"

/**
 * struct text - a line that grows up to its buffer's size
 * @to: the buffer, a string at all times
 * @size: its size, at least 4
 * @len: length of the string
 * @is_cut: something did not fit; "..." stands at the end
 */
struct text {
	char *to;
	size_t size;
	size_t len;
	bool is_cut;
};

void tsm_text_begin(struct text *t, char *to, size_t size);
void tsm_text_str(struct text *t, const char *text);
void tsm_text_dec(struct text *t, uint64_t value);
/* "0x" and as many digits as it takes, or @digits of them */
void tsm_text_hex(struct text *t, uint64_t value, unsigned int digits);
/* two digits a byte, without "0x" */
void tsm_text_bytes(struct text *t, const uint8_t *data, size_t len);
/* [UEFI] 2.3.1: as it is written, of which three fields are little-endian */
void tsm_text_guid(struct text *t, const uint8_t guid[16]);
/* UTF-16LE up to a NUL; what is malformed becomes U+FFFD. */
void tsm_text_utf16(struct text *t, const struct tsm_blob *text);

/**
 * tsm_text_guess() - show bytes as the text that they are
 *
 * That is printable ASCII, UTF-8 or UTF-16LE, in lines, with or without NULs at
 * its end, and at least one character.
 * Return: whether they were.
 */
bool tsm_text_guess(struct text *t, const struct tsm_blob *bytes);

/* tsm_text_any() - the text that they are, else number and hex of the first. */
void tsm_text_any(struct text *t, const struct tsm_blob *bytes);

/* eventlog_path.c: [UEFI] 10.6.1.6. Return: whether it is well-formed. */
bool tsm_text_path(struct text *t, const struct tsm_blob *path);

/* eventlog_describe_efi.c: nothing was written if they return false */
bool tsm_describe_variable(struct text *t, const struct tsm_log_record *record);
bool tsm_describe_image(struct text *t, const struct tsm_blob *event);
bool tsm_describe_gpt(struct text *t, const struct tsm_blob *event);
bool tsm_describe_place(struct text *t, const struct tsm_blob *event,
			bool is_named);
bool tsm_describe_tables(struct text *t, const struct tsm_blob *event,
			 bool is_named);

#endif /* TSM_EVENTLOG_TEXT_H */
