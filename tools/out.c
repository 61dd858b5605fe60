// SPDX-License-Identifier: MIT
/* The only writer to standard output, see out.h. */
#include "out.h"

#include "json_text.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COLUMN	22

#define BOLD	"\033[1m"
#define RED	"\033[1;31m"
#define GREEN	"\033[32m"
#define YELLOW	"\033[33m"
#define PLAIN	"\033[0m"

struct out {
	bool json;
	bool colour;
	bool failed;
	unsigned int indent;
	unsigned int stream;	/* depth of the list that is one, or 0 */
	struct json_text text;
};

bool out_is_terminal(void)
{
	return isatty(STDOUT_FILENO);
}

struct out *out_open(bool json)
{
	struct out *out = calloc(1, sizeof(*out));
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	if (!out)
		return NULL;
	out->json = json;
	out->colour = out_is_terminal() && !(no_color && *no_color) &&
		      !(term && !strcmp(term, "dumb"));
	if (json)
		json_text_open(&out->text, "", false);
	return out;
}

bool out_is_json(const struct out *out)
{
	return out->json;
}

/* What there is so far, and then forget it. */
static int print_json(struct out *out)
{
	int ret = 0;

	out->failed |= out->text.failed;
	if (out->failed)
		return -ENOMEM;
	if (fwrite(out->text.text, 1, out->text.len, stdout) != out->text.len)
		ret = -errno;
	out->text.len = 0;
	return ret;
}

int out_close(struct out *out)
{
	int ret = 0;

	if (out->json) {
		json_text_close(&out->text);
		ret = print_json(out);
		if (!ret)
			putchar('\n');
	} else if (out->failed) {
		ret = -ENOMEM;
	}
	out_discard(out);
	return ret ? ret : out_flush();
}

int out_discard(struct out *out)
{
	json_text_free(&out->text);
	free(out);
	return 0;
}

/* A name as a key. */
static const char *key_of(const char *name, char key[64])
{
	size_t i;

	for (i = 0; name[i] && i < 63; i++)
		key[i] = isalnum((unsigned char)name[i]) ?
			 (char)tolower((unsigned char)name[i]) : '_';
	key[i] = '\0';
	return key;
}

static void descend(struct out *out, const char *name, bool is_list)
{
	char key[64];

	if (out->json)
		json_text_open(&out->text, key_of(name, key), is_list);
}

static void ascend(struct out *out)
{
	if (out->json)
		json_text_close(&out->text);
}

static void put_string(struct out *out, const char *name, const char *value)
{
	char key[64];

	json_text_string(&out->text, key_of(name, key), value);
}

static void put_bool(struct out *out, const char *name, bool value)
{
	char key[64];

	json_text_bool(&out->text, key_of(name, key), value);
}

static void label(const struct out *out, const char *name)
{
	const int indent = (int)out->indent * 2;

	printf("%*s%-*s ", indent, "", COLUMN - indent, name);
}

void out_section(struct out *out, const char *name)
{
	if (!out->json)
		printf("%s%*s%s%s%s\n", out->indent ? "" : "\n",
		       (int)out->indent * 2, "", out->colour ? BOLD : "", name,
		       out->colour ? PLAIN : "");
	descend(out, name, false);
	out->indent++;
}

void out_end(struct out *out)
{
	ascend(out);
	out->indent--;
}

/* Lists show in JSON only: the titles of their items do in text. */
void out_list(struct out *out, const char *name)
{
	descend(out, name, true);
}

void out_list_end(struct out *out)
{
	ascend(out);
}

void out_stream(struct out *out, const char *name)
{
	descend(out, name, true);
	out->stream = out->text.depth;
}

void out_stream_end(struct out *out)
{
	ascend(out);
	out->stream = 0;
}

void out_item(struct out *out)
{
	descend(out, "", false);
}

void out_item_end(struct out *out)
{
	ascend(out);
	/* that it could not be printed is seen in the end, too */
	if (out->json && out->text.depth == out->stream)
		print_json(out);
}

void out_escape(char *to, const char *from)
{
	for (; *from; from++) {
		if (*from >= 0x20 && *from <= 0x7e)
			*to++ = *from;
		else
			to += sprintf(to, "\\x%02x", (unsigned char)*from);
	}
	*to = '\0';
}

static char *escaped(struct out *out, const char *text)
{
	char *safe = malloc(4 * strlen(text) + 1);

	if (safe)
		out_escape(safe, text);
	else
		out->failed = true;
	return safe;
}

static void put_text(struct out *out, const char *name, const char *text)
{
	char *safe;

	if (out->json) {
		put_string(out, name, text);
		return;
	}
	safe = escaped(out, text);
	if (!safe)
		return;
	label(out, name);
	puts(safe);
	free(safe);
}

void out_str(struct out *out, const char *name, const char *fmt, ...)
{
	char *text;
	va_list args;
	int len;

	va_start(args, fmt);
	len = vasprintf(&text, fmt, args);
	va_end(args);
	if (len < 0) {
		out->failed = true;
		return;
	}
	put_text(out, name, text);
	free(text);
}

void out_num(struct out *out, const char *name, uint64_t value)
{
	char key[64];

	if (out->json) {
		json_text_number(&out->text, key_of(name, key), value);
		return;
	}
	label(out, name);
	printf("%" PRIu64 "\n", value);
}

void out_named(struct out *out, const char *name, uint64_t value,
	       const char *meaning)
{
	char key[64];

	if (out->json) {
		snprintf(key, sizeof(key), "%s_name", name);
		out_num(out, name, value);
		out_str(out, key, "%s", meaning);
		return;
	}
	label(out, name);
	printf("%" PRIu64 " (%s)\n", value, meaning);
}

static char *hex(const void *data, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *p = data;
	char *text = malloc(2 * len + 1);
	size_t i;

	for (i = 0; text && i < len; i++) {
		text[2 * i] = digits[p[i] >> 4];
		text[2 * i + 1] = digits[p[i] & 15];
	}
	if (text)
		text[2 * len] = '\0';
	return text;
}

void out_hex(struct out *out, const char *name, const void *data, size_t len)
{
	char *text = hex(data, len);

	if (text)
		out_str(out, name, "%s", text);
	else
		out->failed = true;
	free(text);
}

void out_row(struct out *out, const char *name, const void *data, size_t len)
{
	char *text;

	if (out->json) {
		out_section(out, name);
		out_str(out, "name", "%s", name);
		out_hex(out, "value", data, len);
		out_end(out);
		return;
	}
	text = hex(data, len);
	if (text)
		printf("%s %s\n", name, text);
	else
		out->failed = true;
	free(text);
}

void out_flags(struct out *out, const char *name, uint64_t value,
	       uint64_t fields, const struct bit_name *names)
{
	const uint64_t flags = value & ~fields;
	uint64_t rest = flags;
	const char *sep = " (";

	if (out->json) {
		out_section(out, name);
		out_str(out, "value", "0x%016" PRIx64, value);
		out_list(out, "bits");
	} else {
		label(out, name);
		printf("0x%016" PRIx64, value);
	}
	for (; names->name; names++) {
		if (!(flags >> names->bit & 1))
			continue;
		rest &= ~(UINT64_C(1) << names->bit);
		if (out->json)
			put_string(out, "", names->name);
		else
			printf("%s%s", sep, names->name);
		sep = ", ";
	}
	if (!out->json) {
		if (rest)
			printf("%sunnamed 0x%" PRIx64, sep, rest);
		puts(flags ? ")" : "");
		return;
	}
	out_list_end(out);
	out_end(out);
}

void out_bits(struct out *out, const char *name, uint64_t value,
	      const struct bit_name *names)
{
	out_flags(out, name, value, 0, names);
}

void out_check(struct out *out, const char *name, bool ok, const char *yes,
	       const char *no)
{
	const bool red = out->colour && !ok;

	if (out->json) {
		put_bool(out, name, ok);
		return;
	}
	label(out, name);
	printf("%s%s%s\n", red ? RED : "", ok ? yes : no, red ? PLAIN : "");
}

void out_key(struct out *out, const char *name, const char *value)
{
	if (out->json)
		put_string(out, name, value);
}

void out_bool(struct out *out, const char *name, bool value)
{
	if (out->json)
		put_bool(out, name, value);
}

void out_words(struct out *out, const char *name, const char *words)
{
	char word[128];
	size_t len;

	if (!out->json) {
		out_str(out, name, "%s", words);
		return;
	}
	out_list(out, name);
	for (; *words; words += len + strspn(words + len, ", ")) {
		len = strcspn(words, ",");
		snprintf(word, sizeof(word), "%.*s", (int)len, words);
		put_string(out, "", word);
	}
	out_list_end(out);
}

static void put_mood(const struct out *out, enum out_mood mood, int width,
		     const char *word)
{
	static const char *const colours[] = {
		[OUT_GOOD] = GREEN, [OUT_BAD] = RED, [OUT_OPEN] = YELLOW,
	};

	printf("%s%-*s%s", out->colour ? colours[mood] : "", width, word,
	       out->colour ? PLAIN : "");
}

void out_verdict(struct out *out, const char *name, enum out_mood mood,
		 const char *verdict, const char *reason)
{
	char *safe, *p;

	if (out->json) {
		char word[16] = "";

		strncpy(word, verdict, sizeof(word) - 1);
		for (p = word; *p; p++)
			*p = (char)tolower((unsigned char)*p);
		out_item(out);
		out_key(out, "name", name);
		out_key(out, "verdict", word);
		out_key(out, "reason", reason);
		out_item_end(out);
		return;
	}
	safe = escaped(out, reason);
	if (!safe)
		return;
	label(out, name);
	put_mood(out, mood, *safe ? 8 : 0, verdict);
	puts(safe);
	free(safe);
}

void out_line(struct out *out, const char *name, enum out_mood mood,
	      const char *verdict, const char *rest)
{
	char *safe_name, *safe_rest;

	if (out->json)
		return;
	safe_name = escaped(out, name);
	safe_rest = escaped(out, rest);
	if (safe_name && safe_rest) {
		printf("%s: ", safe_name);
		put_mood(out, mood, 0, verdict);
		puts(safe_rest);
	}
	free(safe_name);
	free(safe_rest);
}

void out_note(struct out *out, const char *fmt, ...)
{
	va_list args;

	if (out->json)
		return;
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
}

void out_base64(struct out *out, const char *name, const void *data, size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const uint8_t *p = data;
	char *text, *t;
	uint32_t word;
	size_t i;

	if (!out->json)
		return;
	text = t = malloc((len + 2) / 3 * 4 + 1);
	if (!text) {
		out->failed = true;
		return;
	}
	for (i = 0; i < len; i += 3) {
		word = (uint32_t)p[i] << 16;
		word |= i + 1 < len ? (uint32_t)p[i + 1] << 8 : 0;
		word |= i + 2 < len ? p[i + 2] : 0;
		*t++ = digits[word >> 18];
		*t++ = digits[word >> 12 & 63];
		*t++ = i + 1 < len ? digits[word >> 6 & 63] : '=';
		*t++ = i + 2 < len ? digits[word & 63] : '=';
	}
	*t = '\0';
	put_string(out, name, text);
	free(text);
}

void out_text(const char *text)
{
	fputs(text, stdout);
}

int out_bytes(const void *data, size_t len)
{
	if (fwrite(data, 1, len, stdout) != len)
		return -errno;
	return out_flush();
}

int out_secret(const void *data, size_t len)
{
	const char *p = data;
	int ret = out_flush();

	while (!ret && len) {
		const ssize_t n = write(STDOUT_FILENO, p, len);

		if (n < 0 && errno != EINTR)
			ret = -errno;
		if (n > 0) {
			p += n;
			len -= (size_t)n;
		}
	}
	return ret;
}

int out_flush(void)
{
	if (fflush(stdout))
		return -errno;
	return ferror(stdout) ? -EIO : 0;
}
