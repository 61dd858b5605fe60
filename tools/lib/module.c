// SPDX-License-Identifier: MIT
/*
 * Modules through libkmod, which knows modules.dep, modprobe.d, compressed files
 * and how this kernel wants to be given them.
 *
 * libkmod comes with two compression libraries. Linked in, they make tsmctl verify
 * run 6 % more instructions, and map three files more, for two commands that
 * hardly anybody runs twice. So it is opened when it is needed.
 */
#include "lib_private.h"
#include "module.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <libkmod.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#define LIBRARY	"libkmod.so.2"

/* What is called of it. */
#define KMOD_CALLS(call) \
	call(kmod_new) \
	call(kmod_unref) \
	call(kmod_set_log_fn) \
	call(kmod_list_next) \
	call(kmod_module_ref) \
	call(kmod_module_new_from_name) \
	call(kmod_module_new_from_path) \
	call(kmod_module_new_from_lookup) \
	call(kmod_module_unref) \
	call(kmod_module_unref_list) \
	call(kmod_module_get_module) \
	call(kmod_module_get_name) \
	call(kmod_module_get_path) \
	call(kmod_module_get_options) \
	call(kmod_module_get_dependencies) \
	call(kmod_module_get_initstate) \
	call(kmod_module_get_info) \
	call(kmod_module_info_get_key) \
	call(kmod_module_info_get_value) \
	call(kmod_module_info_free_list) \
	call(kmod_module_insert_module) \
	call(kmod_module_probe_insert_module) \
	call(kmod_module_remove_module)

struct kmod_calls {
#define CALL(name)	__typeof__(name) *name;
	KMOD_CALLS(CALL)
#undef CALL
};

/**
 * struct tsm_modules - libkmod, and the modules of one kernel
 * @library: from dlopen()
 * @k: its functions
 * @ctx: its context
 * @kernel: release of the kernel
 * @given: the module that comes from a file of the user's choice, or NULL;
 *	libkmod knows it by the name of the file
 * @given_name: its own name
 */
struct tsm_modules {
	void *library;
	struct kmod_calls k;
	struct kmod_ctx *ctx;
	char kernel[96];
	struct kmod_module *given;
	char given_name[TSM_MODULE_NAME];
};

static int load_library(struct tsm_modules *m, struct tsm_error *err)
{
	static const char *const names[] = {
#define CALL(name)	#name,
		KMOD_CALLS(CALL)
#undef CALL
	};
	void **to = (void **)&m->k;
	size_t i;

	_Static_assert(sizeof(m->k) == sizeof(names) &&
		       sizeof(*to) == sizeof(m->k.kmod_new),
		       "a pointer for each name");
	m->library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	if (!m->library)
		return tsm_error_set(err, -ENOPKG, "%s", dlerror());
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		to[i] = dlsym(m->library, names[i]);
		if (!to[i])
			return tsm_error_set(err, -ENOPKG, "%s", dlerror());
	}
	return 0;
}

/* What it has to say would go to standard error, past our caller. */
__attribute__((format(printf, 6, 0)))
static void say_nothing(void *data, int priority, const char *file, int line,
			const char *fn, const char *format, va_list args)
{
	(void)data;
	(void)priority;
	(void)file;
	(void)line;
	(void)fn;
	(void)format;
	(void)args;
}

/* Below another root, the kernel is the one that its /proc is of. */
static void find_release(char release[96], const char *root)
{
	struct root at = { .confined = true };
	struct utsname uts;
	char line[96];

	uname(&uts);
	snprintf(release, 96, "%s", uts.release);
	at.fd = strcmp(root, "/") ? open(root, O_PATH | O_CLOEXEC) : -1;
	if (at.fd < 0)
		return;
	root_line(&at, "proc/sys/kernel/osrelease", line, sizeof(line));
	close(at.fd);
	/* it becomes part of a path, which is to stay below @root */
	if (line[0] && line[0] != '.' && !strchr(line, '/'))
		memcpy(release, line, sizeof(line));
}

int tsm_modules_open(struct tsm_modules **modules, const char *root,
		     struct tsm_error *err)
{
	static const char *const none[] = { NULL };
	const bool here = !strcmp(root, "/");
	struct tsm_modules *m = calloc(1, sizeof(*m));
	char dir[512];
	int len, ret;

	*modules = NULL;
	if (!m)
		return tsm_error_set(err, -ENOMEM, "out of memory");
	find_release(m->kernel, root);
	len = snprintf(dir, sizeof(dir), "%s/lib/modules/%s", here ? "" : root,
		       m->kernel);
	ret = -ENAMETOOLONG;
	if (len < 0 || (size_t)len >= sizeof(dir))
		tsm_error_set(err, ret, "%s: %s", root, strerror(-ret));
	else
		ret = load_library(m, err);
	if (!ret) {
		m->ctx = m->k.kmod_new(dir, here ? NULL : none);
		if (!m->ctx)
			ret = tsm_error_set(err, -ENOMEM, "out of memory");
	}
	if (ret) {
		tsm_modules_close(m);
		return ret;
	}
	m->k.kmod_set_log_fn(m->ctx, say_nothing, NULL);
	*modules = m;
	return 0;
}

void tsm_modules_close(struct tsm_modules *modules)
{
	if (!modules)
		return;
	if (modules->given)
		modules->k.kmod_module_unref(modules->given);
	if (modules->ctx)
		modules->k.kmod_unref(modules->ctx);
	if (modules->library)
		dlclose(modules->library);
	free(modules);
}

const char *tsm_modules_kernel(const struct tsm_modules *modules)
{
	return modules->kernel;
}

/* A reference to a module of that name, as modprobe.d and the kernel know it. */
static int get_named(struct tsm_modules *m, const char *name,
		     struct kmod_module **mod, struct tsm_error *err)
{
	int ret = m->k.kmod_module_new_from_name(m->ctx, name, mod);

	if (ret)
		tsm_error_set(err, ret, "%s: %s", name, strerror(-ret));
	return ret;
}

/* The same, with the file that it is to be loaded from. */
static int get_module(struct tsm_modules *m, const char *name,
		      struct kmod_module **mod, struct tsm_error *err)
{
	if (!m->given || strcmp(name, m->given_name))
		return get_named(m, name, mod, err);
	*mod = m->k.kmod_module_ref(m->given);
	return 0;
}

/* Calls @each for every line of a module's own description. */
static int read_info(struct tsm_modules *m, struct kmod_module *mod,
		     void (*each)(const char *key, const char *value,
				  void *data), void *data)
{
	struct kmod_list *list = NULL, *l;
	int ret = m->k.kmod_module_get_info(mod, &list);

	if (ret < 0)
		return ret;
	for (l = list; l; l = m->k.kmod_list_next(list, l))
		each(m->k.kmod_module_info_get_key(l),
		     m->k.kmod_module_info_get_value(l), data);
	m->k.kmod_module_info_free_list(list);
	return 0;
}

static void describe(const char *key, const char *value, void *data)
{
	struct tsm_module_file *file = data;

	if (!strcmp(key, "name"))
		snprintf(file->name, sizeof(file->name), "%s", value);
	else if (!strcmp(key, "version"))
		snprintf(file->version, sizeof(file->version), "%s", value);
	else if (!strcmp(key, "vermagic"))
		snprintf(file->kernel, sizeof(file->kernel), "%.*s",
			 (int)strcspn(value, " "), value);
	else if (!strcmp(key, "sig_id"))
		file->is_signed = true;
}

int tsm_module_use_file(struct tsm_modules *modules, const char *name,
			const char *path, struct tsm_error *err)
{
	struct tsm_module_file file = { .is_signed = false };
	struct kmod_module *mod;
	int ret;

	ret = modules->k.kmod_module_new_from_path(modules->ctx, path, &mod);
	if (ret)
		return tsm_error_set(err, ret, "%s: %s", path, strerror(-ret));
	ret = read_info(modules, mod, describe, &file);
	if (ret)
		tsm_error_set(err, ret, "%s: no module: %s", path,
			      strerror(-ret));
	else if (strcmp(file.name, name))
		ret = tsm_error_set(err, -EINVAL, "%s: this is %s, not %s",
				    path, file.name, name);
	if (ret) {
		modules->k.kmod_module_unref(mod);
		return ret;
	}
	modules->given = mod;
	snprintf(modules->given_name, sizeof(modules->given_name), "%s", name);
	return 0;
}

int tsm_module_find(struct tsm_modules *modules, const char *name,
		    struct tsm_module_file *file, struct tsm_error *err)
{
	const struct kmod_calls *k = &modules->k;
	struct kmod_module *mod;
	const char *path;
	int ret;

	memset(file, 0, sizeof(*file));
	ret = get_module(modules, name, &mod, err);
	if (ret)
		return ret;
	path = k->kmod_module_get_path(mod);
	if (path) {
		snprintf(file->path, sizeof(file->path), "%s", path);
		ret = read_info(modules, mod, describe, file);
		if (ret)
			tsm_error_set(err, ret, "%s: %s", path, strerror(-ret));
	} else if (k->kmod_module_get_initstate(mod) == KMOD_MODULE_BUILTIN) {
		ret = tsm_error_set(err, -EBUSY, "%s: built into Linux %s",
				    name, modules->kernel);
	} else {
		ret = tsm_error_set(err, -ENOENT,
				    "%s: no such module for Linux %s", name,
				    modules->kernel);
	}
	k->kmod_module_unref(mod);
	if (ret)
		memset(file, 0, sizeof(*file));
	return ret;
}

struct sought {
	const char *parameter;
	size_t len;
	bool found;
};

/* Every parameter has a type, NAME:TYPE, but not all have a description. */
static void seek(const char *key, const char *value, void *data)
{
	struct sought *sought = data;

	if ((!strcmp(key, "parmtype") || !strcmp(key, "parm")) &&
	    !strncmp(value, sought->parameter, sought->len) &&
	    value[sought->len] == ':')
		sought->found = true;
}

int tsm_module_has_parameter(struct tsm_modules *modules, const char *name,
			     const char *parameter, size_t len)
{
	struct sought sought = { .parameter = parameter, .len = len };
	struct kmod_module *mod;
	int ret;

	ret = get_module(modules, name, &mod, NULL);
	if (ret)
		return ret;
	ret = read_info(modules, mod, seek, &sought);
	modules->k.kmod_module_unref(mod);
	return ret ? ret : sought.found;
}

bool tsm_module_option(struct tsm_modules *modules, const char *name,
		       const char *parameter, char *value, size_t size)
{
	struct kmod_module *named;
	const char *usual;
	bool found;

	if (get_named(modules, name, &named, NULL))
		return false;
	usual = modules->k.kmod_module_get_options(named);
	found = usual && tsm_module_value(usual, parameter, value, size);
	modules->k.kmod_module_unref(named);
	return found;
}

/* A module with what it needs, whatever modprobe.d says of its name. */
static int probe(struct tsm_modules *m, struct kmod_module *mod,
		 struct tsm_error *err)
{
	int ret = m->k.kmod_module_probe_insert_module(mod,
			KMOD_PROBE_IGNORE_COMMAND, NULL, NULL, NULL, NULL);

	return ret < 0 ? tsm_error_set(err, ret, "%s: %s",
				       m->k.kmod_module_get_name(mod),
				       strerror(-ret)) : 0;
}

/* What a module says that it needs: "depends" must be there, "softdep" had
 * better be, and has aliases such as "pre: crypto-gcm". */
struct needs {
	char *depends;
	char *softdep;
};

static void keep_needs(const char *key, const char *value, void *data)
{
	struct needs *needs = data;
	char *more;

	if (!strcmp(key, "depends")) {
		free(needs->depends);
		needs->depends = strdup(value);
	} else if (!strcmp(key, "softdep") &&
		   asprintf(&more, "%s %s", needs->softdep ?
			    needs->softdep : "", value) >= 0) {
		free(needs->softdep);
		needs->softdep = more;
	}
}

/* modules.dep knows what an installed module needs. */
static int load_listed(struct tsm_modules *m, struct kmod_module *mod,
		       struct tsm_error *err)
{
	struct kmod_list *list = m->k.kmod_module_get_dependencies(mod), *l;
	struct kmod_module *need;
	int ret = 0;

	for (l = list; l && !ret; l = m->k.kmod_list_next(list, l)) {
		need = m->k.kmod_module_get_module(l);
		ret = probe(m, need, err);
		m->k.kmod_module_unref(need);
	}
	m->k.kmod_module_unref_list(list);
	return ret;
}

/* A file from elsewhere says it itself: "configfs,crypto_engine". */
static int load_named(struct tsm_modules *m, char *names,
		      struct tsm_error *err)
{
	struct kmod_module *need;
	char *name, *save;
	int ret = 0;

	for (name = strtok_r(names, ",", &save); name && !ret;
	     name = strtok_r(NULL, ",", &save)) {
		ret = get_module(m, name, &need, err);
		if (ret)
			break;
		ret = probe(m, need, err);
		m->k.kmod_module_unref(need);
	}
	return ret;
}

/* Without these the kernel would call modprobe, if it has one. */
static void load_soft(struct tsm_modules *m, char *names)
{
	struct kmod_list *list, *l;
	struct kmod_module *need;
	char *name, *save;

	for (name = strtok_r(names, " ", &save); name;
	     name = strtok_r(NULL, " ", &save)) {
		list = NULL;
		if (!strcmp(name, "post:"))
			break;
		if (!strcmp(name, "pre:") ||
		    m->k.kmod_module_new_from_lookup(m->ctx, name, &list))
			continue;
		for (l = list; l; l = m->k.kmod_list_next(list, l)) {
			need = m->k.kmod_module_get_module(l);
			probe(m, need, NULL);
			m->k.kmod_module_unref(need);
		}
		m->k.kmod_module_unref_list(list);
	}
}

static int load_needs(struct tsm_modules *m, struct kmod_module *mod,
		      struct tsm_error *err)
{
	struct needs needs = { .depends = NULL };
	const char *path = m->k.kmod_module_get_path(mod);
	int ret;

	ret = path ? read_info(m, mod, keep_needs, &needs) : -ENOENT;
	if (ret)
		tsm_error_set(err, ret, "%s: %s", path ? path :
			      m->k.kmod_module_get_name(mod), strerror(-ret));
	else if (mod != m->given)
		ret = load_listed(m, mod, err);
	else if (needs.depends)
		ret = load_named(m, needs.depends, err);
	if (!ret && needs.softdep)
		load_soft(m, needs.softdep);
	free(needs.depends);
	free(needs.softdep);
	return ret;
}

/* What modprobe.d and the kernel's command line have for it comes first. */
static int insert(struct tsm_modules *m, struct kmod_module *mod,
		  const char *name, const char *parameters,
		  struct tsm_error *err)
{
	struct kmod_module *named;
	const char *usual;
	char *all;
	int ret;

	ret = get_named(m, name, &named, err);
	if (ret)
		return ret;
	usual = m->k.kmod_module_get_options(named);
	ret = asprintf(&all, "%s%s%s", usual ? usual : "", usual ? " " : "",
		       parameters ? parameters : "");
	m->k.kmod_module_unref(named);
	if (ret < 0)
		return tsm_error_set(err, -ENOMEM, "out of memory");
	ret = m->k.kmod_module_insert_module(mod, 0, all);
	free(all);
	if (ret)
		tsm_error_set(err, ret, "%s: %s", name, strerror(-ret));
	return ret;
}

int tsm_module_load(struct tsm_modules *modules, const char *name,
		    unsigned int parts, const char *parameters,
		    struct tsm_error *err)
{
	struct kmod_module *mod;
	int ret;

	ret = get_module(modules, name, &mod, err);
	if (ret)
		return ret;
	if (parts & TSM_MODULE_NEEDS)
		ret = load_needs(modules, mod, err);
	if (!ret && parts & TSM_MODULE_ITSELF)
		ret = insert(modules, mod, name, parameters, err);
	modules->k.kmod_module_unref(mod);
	return ret;
}

int tsm_module_unload(struct tsm_modules *modules, const char *name,
		      struct tsm_error *err)
{
	struct kmod_module *mod;
	int ret;

	ret = get_named(modules, name, &mod, err);
	if (ret)
		return ret;
	ret = modules->k.kmod_module_remove_module(mod, KMOD_REMOVE_NOLOG);
	modules->k.kmod_module_unref(mod);
	if (ret == -ENOENT)
		ret = 0;
	if (ret)
		tsm_error_set(err, ret, "%s: %s", name, strerror(-ret));
	return ret;
}
