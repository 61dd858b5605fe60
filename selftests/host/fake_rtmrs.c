// SPDX-License-Identifier: MIT
/*
 * The entries of configfs tsm/rtmrs in fake_rtmrs.so, as the manual of them in
 * uapi/linux/tsm-guest.h has them.
 */
#include "fake_rtmrs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static struct open_attr attrs[16];

/* The real path of an entry, of tsm/rtmrs itself, or NULL for any other. */
const char *entry_path(const char *path, char real[PATH_SIZE])
{
	if (!getenv("FAKE_ROOT") || strncmp(path, ROOT, sizeof(ROOT) - 1))
		return NULL;
	if (!has("configfs"))
		return "/nonexistent";
	snprintf(real, PATH_SIZE, "%s/rtmrs%s", getenv("FAKE_ROOT"),
		 path + sizeof(ROOT) - 1);
	return real;
}

static long entry_number(const char *entry, const char *attr, long absent)
{
	char text[32] = "";

	return load(entry, attr, text, sizeof(text) - 1) > 0 ?
	       strtol(text, NULL, 0) : absent;
}

/* The entry behind a directory of which somebody has a descriptor; false if it
 * was removed. */
bool entry_of(int dir, char entry[128])
{
	char link[64], path[PATH_SIZE], rtmrs[PATH_SIZE];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", dir);
	n = readlink(link, path, sizeof(path) - 1);
	if (n < 0)
		return false;
	path[n] = '\0';
	state(rtmrs, NULL, "rtmrs");
	if (strncmp(path, rtmrs, strlen(rtmrs)))
		return false;
	snprintf(entry, 128, "%s", path + strlen(rtmrs) +
		 (path[strlen(rtmrs)] == '/'));
	return !strstr(path, " (deleted)");
}

/* A number of 32 bits, as C has them. Return: 0 or a positive errno. */
static int parse(const char *text, unsigned long *value)
{
	char *end;

	errno = 0;
	*value = strtoul(text, &end, 0);
	if (end == text || *text == '-' || (*end && strcmp(end, "\n")))
		return EINVAL;
	return errno || *value > UINT32_MAX ? ERANGE : 0;
}

static bool has_entry(unsigned long index)
{
	char path[PATH_SIZE];
	DIR *list = NEXT(opendir)(state(path, NULL, "rtmrs"));
	struct dirent *e;
	bool found = false;

	while (list && !found && (e = readdir(list)))
		found = entry_number(e->d_name, "index", -1) == (long)index;
	closedir(list);
	return found;
}

static int set_index(const char *entry, const char *text)
{
	/* the proposal, which has no event data, tells it otherwise */
	const int busy = has("event") ? EBUSY : EINVAL;
	unsigned long index;
	int err = parse(text, &index);

	if (err)
		return err;
	if (entry_number(entry, "index", -1) >= 0)
		return busy;
	if (index > 3)
		return EINVAL;
	if (times("taken", number("FAKE_TAKEN")) || has_entry(index))
		return busy;
	store(entry, "index", text, strlen(text), O_TRUNC);
	return 0;
}

/* Return: 0 or a positive errno; remembered as the last one. */
static int remember(const char *entry, int err)
{
	char text[16];

	snprintf(text, sizeof(text), "%d\n", err);
	store(entry, "last_errno", text, strlen(text), O_TRUNC);
	return err;
}

static int set_type(const char *entry, const char *text)
{
	unsigned long type;
	int err = parse(text, &type);

	/* EV_NO_ACTION */
	if (!err && type == 3)
		err = EINVAL;
	if (!err)
		store(entry, "event_type", text, strlen(text), O_TRUNC);
	return err;
}

static bool is_digest(const char *text)
{
	return strlen(text) == 2 * DIGEST &&
	       strspn(text, "0123456789abcdefABCDEF") == 2 * DIGEST;
}

static int measure(const char *entry, const char *text)
{
	static uint8_t event[EVENT_MAX];
	uint8_t digest[DIGEST];
	char hex[2 * DIGEST + 1];
	ssize_t len;
	int err;

	if (strcmp(text, "1") && !is_digest(text))
		return EINVAL;
	if (times("meddled", number("FAKE_MEDDLE")))
		store(entry, "event", "another", 7, O_TRUNC);
	if (times("forgotten", number("FAKE_FORGET")))
		forget(entry, "event");
	if (entry_number(entry, "index", -1) < 0)
		return ENXIO;
	len = load(entry, "event", event, sizeof(event));
	if (len <= 0)
		return ENODATA;
	SHA384(event, (size_t)len, digest);
	put_hex(hex, digest, DIGEST);
	if (strcmp(text, "1") && strcasecmp(text, hex))
		return EBADMSG;
	err = extend("configfs", (unsigned int)entry_number(entry, "index", 0),
		     digest, (unsigned long)entry_number(entry, "event_type", 6),
		     event, (size_t)len);
	if (!err)
		forget(entry, "event");
	return err;
}

/* "0" is no attempt to extend: nothing of it is remembered. */
static int set_measure(const char *entry, const char *text)
{
	char wish[256];

	snprintf(wish, sizeof(wish), "%s", text);
	if (*wish && wish[strlen(wish) - 1] == '\n')
		wish[strlen(wish) - 1] = '\0';
	if (strcmp(wish, "0") || !has("drop"))
		return remember(entry, measure(entry, wish));
	forget(entry, "event");
	return 0;
}

int write_text(const struct open_attr *a, const char *text)
{
	if (!strcmp(a->attr, "index"))
		return set_index(a->entry, text);
	if (!strcmp(a->attr, "measure"))
		return set_measure(a->entry, text);
	if (!strcmp(a->attr, "event_type"))
		return set_type(a->entry, text);
	return EACCES;
}

static void commit_digest(const char *entry, const uint8_t *data, size_t len)
{
	static uint8_t event[EVENT_MAX];
	const long index = entry_number(entry, "index", -1);
	ssize_t n = load(entry, "event", event, sizeof(event));
	static const uint8_t others[DIGEST] = { 1 };
	int err;

	if (is("FAKE_LOSE", "moved"))
		advance((unsigned int)index, others);
	if (getenv("FAKE_LOSE")) {
		store(NULL, "attempts", "1\n", 2, O_APPEND);
		return;
	}
	err = index < 0 ? ENXIO : len != DIGEST ? EINVAL :
	      extend("digest", (unsigned int)index, data,
		     n > 0 ? (unsigned long)entry_number(entry, "event_type", 6)
			   : 0xc, event, n > 0 ? (size_t)n : 0);
	remember(entry, err);
	if (!err)
		forget(entry, "event");
}

/* What close() does, and does not tell. */
void commit(const struct open_attr *a, const uint8_t *data, size_t len)
{
	if (!strcmp(a->attr, "digest"))
		commit_digest(a->entry, data, len);
	else if (len)
		store(a->entry, a->attr, data, len, O_TRUNC);
	else
		forget(a->entry, a->attr);
}

bool is_binary(const char *attr)
{
	return !strcmp(attr, "digest") || !strcmp(attr, "event");
}

int text_fd(const void *text, size_t len)
{
	int fd = memfd_create("fake", MFD_CLOEXEC);

	if (pwrite(fd, text, len, 0) < 0)
		abort();
	return fd;
}

/* What reading an attribute gives. */
static int read_fd(const char *entry, const char *attr)
{
	const long index = entry_number(entry, "index", -1);
	uint8_t value[DIGEST];
	char text[64];

	if ((!strcmp(attr, "index") || !strcmp(attr, "digest")) && index < 0)
		return fail(ENXIO);
	if (!strcmp(attr, "digest")) {
		value_of((unsigned int)index, value);
		return text_fd(value, sizeof(value));
	}
	if (!strcmp(attr, "event_type"))
		snprintf(text, sizeof(text), "0x%08lx\n",
			 entry_number(entry, attr, 6));
	else
		snprintf(text, sizeof(text), "%ld\n",
			 entry_number(entry, attr, 0));
	return text_fd(text, strlen(text));
}

int track(int fd, const char *entry, const char *attr)
{
	size_t i;

	for (i = 0; attrs[i].fd; i++)
		;
	attrs[i].fd = fd;
	attrs[i].written = false;
	snprintf(attrs[i].entry, sizeof(attrs[i].entry), "%s", entry);
	snprintf(attrs[i].attr, sizeof(attrs[i].attr), "%s", attr);
	return fd;
}

struct open_attr *tracked(int fd)
{
	size_t i;

	for (i = 0; fd > 0 && i < sizeof(attrs) / sizeof(attrs[0]); i++) {
		if (attrs[i].fd == fd)
			return &attrs[i];
	}
	return NULL;
}

void remove_entry(const char *entry)
{
	static const char *const all[] = {
		"index", "event", "event_type", "last_errno",
	};
	char path[PATH_SIZE], name[160];
	size_t i;

	snprintf(name, sizeof(name), "rtmrs/%s", entry);
	NEXT(rmdir)(state(path, NULL, name));
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		forget(entry, all[i]);
}

int open_attr(const char *entry, const char *attr, int flags)
{
	static const char *const with_event[] = {
		"event", "event_type", "measure",
	};
	size_t i;

	if (is("FAKE_VANISH", attr) && (flags & O_ACCMODE) == O_WRONLY &&
	    times("vanished", 1)) {
		remove_entry(entry);
		return fail(ENOENT);
	}
	if (is("FAKE_NOMEM", attr) && (flags & O_ACCMODE) == O_WRONLY &&
	    times("nomem", 1))
		return fail(ENOMEM);
	for (i = 0; i < 3; i++) {
		if (!strcmp(attr, with_event[i]) && !has("event"))
			return fail(ENOENT);
	}
	if (!strcmp(attr, "last_errno") && !has("last"))
		return fail(ENOENT);
	if ((flags & O_ACCMODE) == O_RDONLY)
		return read_fd(entry, attr);
	return track(memfd_create("fake", MFD_CLOEXEC), entry, attr);
}
