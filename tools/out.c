// SPDX-License-Identifier: MIT
/* The only writer to standard output, see out.h. */
#include "out.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEPTH	8
#define COLUMN	22

#define BOLD	"\033[1m"
#define RED	"\033[1;31m"
#define PLAIN	"\033[0m"

struct out {
	bool json;
	bool colour;
	bool failed;
	unsigned int depth;
	unsigned int indent;
	json_t *level[DEPTH];
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
	if (json) {
		out->level[0] = json_object();
		out->failed = !out->level[0];
	}
	return out;
}

/* By way of a string, since json_dumpf() does not tell why it failed. */
static int print_json(const json_t *value)
{
	char *text = json_dumps(value, JSON_INDENT(2) | JSON_ENSURE_ASCII);
	int ret = 0;

	if (!text)
		return -ENOMEM;
	if (puts(text) < 0)
		ret = -errno;
	free(text);
	return ret;
}

int out_close(struct out *out)
{
	int ret = out->failed ? -ENOMEM : 0;

	if (out->json && !ret)
		ret = print_json(out->level[0]);
	json_decref(out->level[0]);
	free(out);
	return ret ? ret : out_flush();
}

int out_discard(struct out *out)
{
	json_decref(out->level[0]);
	free(out);
	return 0;
}

/* Adds @value, whose reference it takes, to the current object or list. */
static void put(struct out *out, const char *name, json_t *value)
{
	json_t *to = out->level[out->depth];
	char key[64];
	size_t i;

	if (json_is_array(to)) {
		out->failed |= json_array_append_new(to, value) != 0;
		return;
	}
	for (i = 0; name[i] && i < sizeof(key) - 1; i++)
		key[i] = isalnum((unsigned char)name[i]) ?
			 (char)tolower((unsigned char)name[i]) : '_';
	key[i] = '\0';
	out->failed |= json_object_set_new(to, key, value) != 0;
}

static void descend(struct out *out, const char *name, json_t *value)
{
	if (out->depth + 1 == DEPTH)
		abort();
	if (out->json)
		put(out, name, value);
	/* a NULL level makes every later put() fail, not crash */
	out->level[++out->depth] = value;
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
	descend(out, name, out->json ? json_object() : NULL);
	out->indent++;
}

void out_end(struct out *out)
{
	out->depth--;
	out->indent--;
}

/* Lists show in JSON only: the titles of their items do in text. */
void out_list(struct out *out, const char *name)
{
	descend(out, name, out->json ? json_array() : NULL);
}

void out_list_end(struct out *out)
{
	out->depth--;
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

static void put_text(struct out *out, const char *name, const char *text,
		     const char *safe)
{
	json_t *value;

	if (!out->json) {
		label(out, name);
		puts(safe);
		return;
	}
	/* JSON has escapes of its own, but for bytes that are no UTF-8. */
	value = json_string(text);
	put(out, name, value ? value : json_string(safe));
}

void out_str(struct out *out, const char *name, const char *fmt, ...)
{
	char *text, *safe;
	va_list args;
	int len;

	va_start(args, fmt);
	len = vasprintf(&text, fmt, args);
	va_end(args);
	if (len < 0) {
		out->failed = true;
		return;
	}
	safe = malloc(4 * (size_t)len + 1);
	if (safe) {
		out_escape(safe, text);
		put_text(out, name, text, safe);
	} else {
		out->failed = true;
	}
	free(safe);
	free(text);
}

void out_num(struct out *out, const char *name, uint64_t value)
{
	if (out->json) {
		put(out, name, json_integer((json_int_t)value));
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
			put(out, "", json_string(names->name));
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
		put(out, name, json_boolean(ok));
		return;
	}
	label(out, name);
	printf("%s%s%s\n", red ? RED : "", ok ? yes : no, red ? PLAIN : "");
}

void out_key(struct out *out, const char *name, const char *value)
{
	if (out->json)
		put(out, name, json_string(value));
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
	put(out, name, json_string(text));
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
