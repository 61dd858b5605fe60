// SPDX-License-Identifier: MIT
/* Reads a file, or all files below a directory, within bounds. */
#include "cmd_verify.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Enough for all that a vendor publishes, and not for a whole disk. */
#define FILES_MAX	4096
#define BYTES_MAX	(64u << 20)
#define DEPTH_MAX	16
#define DIRS_MAX	512

/**
 * struct walk - where we are
 * @visit, @arg: see walk_files()
 * @top: what was named, for complaints
 * @needs_all: see walk_files()
 * @entries: of all directories so far
 * @bytes: of all files so far
 * @seen: directories that were entered
 * @dirs: how many
 */
struct walk {
	int (*visit)(void *arg, const char *path, bool is_listed,
		     const uint8_t *data, size_t len);
	void *arg;
	const char *top;
	bool needs_all;
	size_t entries;
	size_t bytes;
	struct {
		dev_t dev;
		ino_t ino;
	} seen[DIRS_MAX];
	size_t dirs;
};

/*
 * Beside what we look for there may be keys that are root's, links to what is
 * gone and files of any size. Should one of them have been needed after all,
 * the verdict says what is missing.
 */
static bool may_pass_over(const struct walk *w, int error)
{
	return !w->needs_all && (error == EACCES || error == EPERM ||
				 error == ENOENT || error == ELOOP ||
				 error == EFBIG);
}

static int visit_file(struct walk *w, const char *path, bool is_listed)
{
	struct tsm_error err;
	uint8_t *data;
	size_t len;
	int ret, code;

	ret = tsm_file_read(path, TSM_EVIDENCE_MAX, &data, &len, &err);
	if (ret && !is_listed && may_pass_over(w, -ret))
		return DONE;
	if (ret) {
		complain("%s", err.text);
		return FAILED;
	}
	w->bytes += len;
	if (w->bytes > BYTES_MAX) {
		complain("%s: more than %u bytes in all files", w->top,
			 BYTES_MAX);
		code = FAILED;
	} else {
		code = w->visit(w->arg, path, is_listed, data, len);
	}
	free(data);
	return code;
}

/* A list of names that grows. */
struct names {
	char **name;
	size_t count;
	size_t room;
};

static bool add_name(struct names *names, const char *name)
{
	char **bigger;

	if (names->count == names->room) {
		names->room = names->room ? names->room * 2 : 32;
		bigger = reallocarray(names->name, names->room,
				      sizeof(*bigger));
		if (!bigger)
			return false;
		names->name = bigger;
	}
	names->name[names->count] = strdup(name);
	return names->name[names->count] && ++names->count;
}

static void free_names(struct names *names)
{
	while (names->count)
		free(names->name[--names->count]);
	free(names->name);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool is_dots(const char *name)
{
	return !strcmp(name, ".") || !strcmp(name, "..");
}

/* Names in a directory, sorted, or the errno of what went wrong. */
static int list_names(struct walk *w, const char *path, struct names *names)
{
	const struct dirent *entry;
	DIR *dir = opendir(path);
	int ret = 0;

	if (!dir)
		return errno;
	while (!ret) {
		errno = 0;
		entry = readdir(dir);
		ret = errno;
		if (!entry)
			break;
		if (is_dots(entry->d_name))
			continue;
		if (++w->entries > FILES_MAX)
			ret = EFBIG;
		else if (!add_name(names, entry->d_name))
			ret = ENOMEM;
	}
	closedir(dir);
	if (!ret && names->count)
		qsort(names->name, names->count, sizeof(*names->name),
		      compare_names);
	return ret;
}

/* Links may lead back; what was read need not be read again. */
static bool enter(struct walk *w, const struct stat *st)
{
	size_t i;

	for (i = 0; i < w->dirs; i++) {
		if (w->seen[i].dev == st->st_dev && w->seen[i].ino == st->st_ino)
			return false;
	}
	if (w->dirs < DIRS_MAX) {
		w->seen[w->dirs].dev = st->st_dev;
		w->seen[w->dirs++].ino = st->st_ino;
	}
	return true;
}

static int walk_dir(struct walk *w, const char *path, unsigned int depth);

static int walk_entry(struct walk *w, const char *dir, const char *name,
		      unsigned int depth)
{
	struct stat st;
	char *path;
	int code = DONE;

	if (asprintf(&path, "%s/%s", dir, name) < 0) {
		complain("out of memory");
		return FAILED;
	}
	if (stat(path, &st)) {
		if (!may_pass_over(w, errno)) {
			complain("%s: %m", path);
			code = FAILED;
		}
	} else if (S_ISREG(st.st_mode)) {
		code = visit_file(w, path, false);
	} else if (S_ISDIR(st.st_mode) && enter(w, &st)) {
		code = walk_dir(w, path, depth + 1);
	}
	free(path);
	return code;
}

static int walk_dir(struct walk *w, const char *path, unsigned int depth)
{
	struct names names = { NULL, 0, 0 };
	int ret, code = DONE;
	size_t i;

	if (depth > DEPTH_MAX || w->dirs == DIRS_MAX) {
		complain("%s: more than %d levels, or %d directories, in %s",
			 path, DEPTH_MAX, DIRS_MAX, w->top);
		return FAILED;
	}
	ret = list_names(w, path, &names);
	if (ret == EFBIG) {
		complain("%s: more than %d files", w->top, FILES_MAX);
		code = FAILED;
	} else if (ret && (depth == 1 || !may_pass_over(w, ret))) {
		complain("%s: %s", path, strerror(ret));
		code = FAILED;
	}
	for (i = 0; i < names.count && !code; i++)
		code = walk_entry(w, path, names.name[i], depth);
	free_names(&names);
	return code;
}

int walk_files(const char *path, bool needs_all,
	       int (*visit)(void *arg, const char *path, bool is_listed,
			    const uint8_t *data, size_t len),
	       void *arg)
{
	struct walk w = {
		.visit = visit, .arg = arg, .top = path, .needs_all = needs_all,
	};
	struct stat st;

	if (!strcmp(path, "-") || stat(path, &st) || !S_ISDIR(st.st_mode))
		return visit_file(&w, path, true);
	enter(&w, &st);
	return walk_dir(&w, path, 1);
}
