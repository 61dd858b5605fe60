/* SPDX-License-Identifier: MIT */
/*
 * The only writer to standard output: text for people or JSON for programs,
 * from the same calls.
 *
 * A name is printed as it is in text; in JSON it becomes a key: lower case,
 * everything that is no letter or digit an underscore. Keys are never renamed.
 * JSON is printed by out_close(), all of it or nothing; but for the items of a
 * stream, which are printed one by one, for there can be any number of them.
 */
#ifndef TSMCTL_OUT_H
#define TSMCTL_OUT_H

#include "lib/names.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct out;

/**
 * out_escape() - what may steer a terminal as \xNN
 * @to: the result, at most four times as long as @from
 * @from: text from elsewhere: a name of a file, an argument, evidence
 *
 * What is no ASCII is no better, for nobody knows the terminal's encoding.
 */
void out_escape(char *to, const char *from);

/* Colour is for a terminal, unless NO_COLOR is set. NULL if out of memory. */
struct out *out_open(bool json);

/* Return: 0 or a negative errno if anything could not be written. */
int out_close(struct out *out);

/* Closes without printing what JSON there is. Return: 0. */
int out_discard(struct out *out);

bool out_is_json(const struct out *out);

/* Whether bytes may go to standard output: not to a terminal. */
bool out_is_terminal(void);

/* An object below the current one, or in the current list, where its name is
 * for text only. */
void out_section(struct out *out, const char *name);
void out_end(struct out *out);
/* A list; what follows until out_list_end() are sections or rows. */
void out_list(struct out *out, const char *name);
void out_list_end(struct out *out);

/* A list in the outermost object, the items of which are printed, and forgotten,
 * when they end. */
void out_stream(struct out *out, const char *name);
void out_stream_end(struct out *out);
/* An object in a list, which shows in JSON only. */
void out_item(struct out *out);
void out_item_end(struct out *out);

void out_str(struct out *out, const char *name, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void out_num(struct out *out, const char *name, uint64_t value);
/* Words with ", " between them; in JSON a list. */
void out_words(struct out *out, const char *name, const char *words);
/* A number; text adds its meaning, JSON has it as NAME_name. */
void out_named(struct out *out, const char *name, uint64_t value,
	       const char *meaning);
void out_hex(struct out *out, const char *name, const void *data, size_t len);
/* Text: the hex value and the names; JSON: {"value": hex, "bits": [...]}. */
void out_bits(struct out *out, const char *name, uint64_t value,
	      const struct bit_name *names);
/* The same where the bits of @fields are numbers, which are told elsewhere. */
void out_flags(struct out *out, const char *name, uint64_t value,
	       uint64_t fields, const struct bit_name *names);
/* Text: @yes or @no, the latter in red; JSON: a boolean. */
void out_check(struct out *out, const char *name, bool ok, const char *yes,
	       const char *no);
/* How a verdict looks on a terminal. */
enum out_mood {
	OUT_GOOD,
	OUT_BAD,
	OUT_OPEN,
};

/* Text: all on a line; JSON: {"name": ..., "verdict": ..., "reason": ...} in a
 * list, the verdict in lower case. */
void out_verdict(struct out *out, const char *name, enum out_mood mood,
		 const char *verdict, const char *reason);
/* Text only: "name: verdict", and what follows it. */
void out_line(struct out *out, const char *name, enum out_mood mood,
	      const char *verdict, const char *rest);
/* Text: "name hex"; JSON: {"name": ..., "value": hex} in a list. */
void out_row(struct out *out, const char *name, const void *data, size_t len);
/* JSON only: what a section's name says in text already, and what is said in
 * other words there. */
void out_key(struct out *out, const char *name, const char *value);
void out_bool(struct out *out, const char *name, bool value);
/* Text only: a sentence; JSON only: bytes in base64. */
void out_note(struct out *out, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void out_base64(struct out *out, const char *name, const void *data,
		size_t len);

/* Without a struct out: help texts, and evidence as it is. */
void out_text(const char *text);
int out_bytes(const void *data, size_t len);
/* The same, with no copy left in the buffer of standard output. */
int out_secret(const void *data, size_t len);
/* Return: 0, or a negative errno if standard output could not be written. */
int out_flush(void);

#endif /* TSMCTL_OUT_H */
