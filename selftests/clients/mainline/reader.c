// SPDX-License-Identifier: MIT
/*
 * Reads measurement registers as samples/tsm-mr and the tsm-mr library of Linux
 * mean them to be read: a folder "measurements" below whatever misc device has
 * one, files NAME:HASH or NAME, each as long as its hash, written to only where
 * the mode says so, and then extended by what is written.
 */
#include <dirent.h>
#include <glob.h>

#include "../sha384.h"
#include "client.h"

#define FOLDERS		"/sys/class/misc/*/measurements"
#define DIGEST_MAX	64

struct hash {
	const char *name;
	size_t len;
};

static const struct hash hashes[] = {
	{ "sha1", 20 }, { "sha256", 32 }, { "sha384", 48 }, { "sha512", 64 },
};

struct found {
	unsigned int registers;
	unsigned int extended;
};

/* How long the value must be: what the name's hash says, or the file's size. */
static size_t length_of(const char *name, const struct stat *st)
{
	const char *hash = strchr(name, ':');
	size_t i;

	for (i = 0; hash && i < sizeof(hashes) / sizeof(*hashes); i++)
		if (!strcmp(hash + 1, hashes[i].name))
			return hashes[i].len;
	return hash ? 0 : st->st_size;
}

static const char *check_register(const char *path, const char *name,
				  uint8_t *value, size_t *len)
{
	struct stat st;

	if (stat(path, &st))
		return failed(name);
	*len = length_of(name, &st);
	if (!*len || *len > DIGEST_MAX || (size_t)st.st_size != *len)
		return because("%s: not as long as its hash", name);
	if ((st.st_mode & 07777) != (st.st_mode & 0200 ? 0644 : 0444))
		return because("%s: mode %o", name, st.st_mode & 07777);
	if (read_once(path, value, DIGEST_MAX) != (ssize_t)*len)
		return because("%s: not read whole", name);
	return NULL;
}

/* Hash of old value and data, and back from the register at the next read. */
static const char *extend_register(const char *path, const char *name,
				   uint8_t *value, size_t len)
{
	uint8_t data[2 * DIGEST_MAX], expected[DIGEST_MAX];
	uint8_t nonce[NONCE_LEN];

	if (len != SHA384_LEN)
		return because("%s: a hash that nobody has", name);
	make_nonce(nonce);
	memcpy(data, value, len);
	memcpy(data + len, nonce, len);
	sha384(data, 2 * len, expected);
	if (!write_once(path, O_WRONLY, nonce, len))
		return failed(name);
	if (read_once(path, value, DIGEST_MAX) != (ssize_t)len)
		return failed(name);
	return memcmp(value, expected, len) ? because("%s: wrong value", name) :
					      NULL;
}

/* By its mode: access(2) tells root that all are. */
static bool is_writable(const char *path)
{
	struct stat st;

	return !stat(path, &st) && st.st_mode & 0200;
}

static const char *check_folder(const char *folder, bool extend,
				struct found *found)
{
	uint8_t value[DIGEST_MAX];
	const struct dirent *entry;
	const char *why = NULL;
	char path[400];
	size_t len = 0;
	DIR *dir;

	dir = opendir(folder);
	if (!dir)
		return failed("opendir");
	while (!why && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		why = check_register(path, entry->d_name, value, &len);
		found->registers++;
		if (why || !extend || !is_writable(path))
			continue;
		why = extend_register(path, entry->d_name, value, len);
		found->extended++;
	}
	closedir(dir);
	return why;
}

static const char *check(bool extend, struct found *found)
{
	const char *why = NULL;
	glob_t folders;
	size_t i;

	*found = (struct found) { 0 };
	if (glob(FOLDERS, 0, NULL, &folders))
		return ABSENT "no folder measurements";
	for (i = 0; !why && i < folders.gl_pathc; i++)
		why = check_folder(folders.gl_pathv[i], extend, found);
	globfree(&folders);
	if (!why && !found->registers)
		why = "no registers";
	return why;
}

int main(int argc, char **argv)
{
	const bool is_td = argc == 2 && !strcmp(argv[1], "tdx");
	struct found found;
	const char *why;

	row("tsm-mr reader: all registers", check(false, &found));
	if (!is_td)
		return 0;
	why = check(true, &found);
	if (!why && found.extended != 4)
		why = because("%u registers extended", found.extended);
	row("tsm-mr reader: extends", why);
	return 0;
}
