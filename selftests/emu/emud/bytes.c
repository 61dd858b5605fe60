// SPDX-License-Identifier: MIT
/* Bytes in bounded buffers, in hexadecimal, and in files. */

#include "emud.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void out_bytes(struct out *out, const void *bytes, size_t len)
{
	if (out->len <= out->size && len <= out->size - out->len) {
		memcpy(out->data + out->len, bytes, len);
		out->len += len;
	} else {
		out->len = out->size + 1;
	}
}

void out_zero(struct out *out, size_t len)
{
	static const uint8_t zero[256];

	for (; len > sizeof(zero); len -= sizeof(zero))
		out_bytes(out, zero, sizeof(zero));
	out_bytes(out, zero, len);
}

void out_le(struct out *out, uint64_t value, unsigned int bytes)
{
	uint8_t le[8];

	put_le64(le, value);
	out_bytes(out, le, bytes);
}

bool out_fits(const struct out *out)
{
	return out->len <= out->size;
}

void put_le64(uint8_t *to, uint64_t value)
{
	for (unsigned int i = 0; i < 8; i++)
		to[i] = value >> (8 * i);
}

/* @text takes 2 * @len + 1 characters and is returned. */
char *hex_of(const uint8_t *bytes, size_t len, char *text)
{
	text[0] = '\0';
	for (size_t i = 0; i < len; i++)
		sprintf(text + 2 * i, "%02x", bytes[i]);
	return text;
}

int hex_parse(const char *text, uint8_t *bytes, size_t size, size_t *len)
{
	size_t digits = strlen(text);

	if (digits % 2 || digits / 2 > size ||
	    strspn(text, "0123456789abcdefABCDEF") != digits) {
		warnx("'%s': want an even number of hex digits, at most %zu",
		      text, 2 * size);
		return -1;
	}
	*len = digits / 2;
	for (size_t i = 0; i < *len; i++)
		sscanf(text + 2 * i, "%2hhx", &bytes[i]);
	return 0;
}

static int write_all(int fd, const uint8_t *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		data += n;
		len -= n;
	}
	return 0;
}

static int write_to(const char *path, unsigned int mode, const void *data,
		    size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	int ret;

	if (fd < 0)
		return -1;
	ret = write_all(fd, data, len);
	return close(fd) || ret ? -1 : 0;
}

/*
 * To a regular file by way of another name, so that nobody ever reads half a
 * key; to anything else, like a pipe, directly.
 */
int file_write(const char *path, unsigned int mode, const void *data,
	       size_t len)
{
	char temp[4096];
	struct stat st;
	bool direct = !stat(path, &st) && !S_ISREG(st.st_mode);
	int n;

	n = snprintf(temp, sizeof(temp), "%s%s", path, direct ? "" : ".new");
	if (n < 0 || (size_t)n >= sizeof(temp)) {
		warnx("%s: path is too long", path);
		return -1;
	}
	if (write_to(temp, mode, data, len) ||
	    (!direct && rename(temp, path))) {
		warn("%s: cannot write", temp);
		return -1;
	}
	return 0;
}

/* At most @size bytes: who must not miss any asks for one more. */
int file_read(const char *path, void *data, size_t size, size_t *len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0) {
		warn("%s: cannot open", path);
		return -1;
	}
	*len = 0;
	do {
		n = read(fd, (uint8_t *)data + *len, size - *len);
		if (n > 0)
			*len += n;
	} while (n > 0 && *len < size);
	if (n < 0)
		warn("%s: cannot read", path);
	close(fd);
	return n < 0 ? -1 : 0;
}
