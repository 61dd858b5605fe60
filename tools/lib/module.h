/* SPDX-License-Identifier: MIT */
/*
 * Kernel modules: what is loaded, who uses it, loading and unloading.
 *
 * This is for tsmctl alone: whoever asks for evidence has no need of it, and so
 * it is in neither of the libraries for others.
 */
#ifndef TSM_MODULE_H
#define TSM_MODULE_H

#include "system_private.h"

/* Names of modules have at most 55 bytes, see MODULE_NAME_LEN. */
#define TSM_MODULE_NAME	64

/* module.c: through libkmod */

struct tsm_modules;

/**
 * struct tsm_module_file - a module's file, and what it says about itself
 * @path: where it is
 * @name: name of the module inside
 * @version: its version; empty if it has none
 * @kernel: release of the kernel that it was built for; empty if unknown
 * @is_signed: it carries a signature, whoever made that
 */
struct tsm_module_file {
	char path[512];
	char name[TSM_MODULE_NAME];
	char version[64];
	char kernel[96];
	bool is_signed;
};

/**
 * tsm_modules_open() - be ready for modules of one kernel
 * @modules: the result, to be released with tsm_modules_close()
 * @root: directory with lib/modules and proc; its modprobe.d counts only where
 *	it is "/". Of all that is read below it, only what libkmod reads, in
 *	lib/modules, has to be trusted.
 * @err: what was wrong
 *
 * Return: 0; -ENOPKG if there is no libkmod here; -ENOMEM; -ENAMETOOLONG.
 */
int tsm_modules_open(struct tsm_modules **modules, const char *root,
		     struct tsm_error *err);
void tsm_modules_close(struct tsm_modules *modules);

/* Release of the kernel that they are for, as uname -r prints it. */
const char *tsm_modules_kernel(const struct tsm_modules *modules);

/**
 * tsm_module_use_file() - have the module of that name loaded from a file
 * @modules: from tsm_modules_open(); nothing must have been asked of it yet
 * @name: the module
 * @path: its file, not to be looked for in lib/modules
 * @err: what was wrong
 *
 * Return: 0, or what reading it gave; -EINVAL if it is another module.
 */
int tsm_module_use_file(struct tsm_modules *modules, const char *name,
			const char *path, struct tsm_error *err);

/**
 * tsm_module_find() - the file of a module, and what it says about itself
 * @modules: from tsm_modules_open()
 * @name: the module
 * @file: the result
 * @err: what was wrong
 *
 * Return: 0; -ENOENT if this kernel has no such module; -EBUSY if it is built
 * into the kernel; or what reading it gave.
 */
int tsm_module_find(struct tsm_modules *modules, const char *name,
		    struct tsm_module_file *file, struct tsm_error *err);

/**
 * tsm_module_has_parameter() - whether a module knows a parameter
 * @modules: from tsm_modules_open()
 * @name: the module
 * @parameter: its name, @len bytes
 * @len: number of bytes
 *
 * Return: 1 or 0, or what reading the module gave.
 */
int tsm_module_has_parameter(struct tsm_modules *modules, const char *name,
			     const char *parameter, size_t len);

/**
 * tsm_module_option() - what modprobe.d and the command line have for a parameter
 * @modules: from tsm_modules_open()
 * @name: the module
 * @parameter: its name
 * @value: the result
 * @size: room for it
 *
 * Return: whether they have one.
 */
bool tsm_module_option(struct tsm_modules *modules, const char *name,
		       const char *parameter, char *value, size_t size);

/* How a module is loaded: all that it needs, itself, or both. */
enum tsm_module_part {
	TSM_MODULE_NEEDS = 1,
	TSM_MODULE_ITSELF = 2,
};

/**
 * tsm_module_load() - load a module
 * @modules: from tsm_modules_open()
 * @name: the module
 * @parts: of enum tsm_module_part
 * @parameters: words NAME=VALUE, which add to those of modprobe.d; or NULL
 * @err: what was wrong, such as which module that it needs cannot be loaded
 *
 * Neither aliases nor "blacklist" and "install" lines of modprobe.d keep it
 * from being loaded.
 * Return: 0; -EEXIST if it is loaded already, with whatever parameters; or what
 * else the kernel gave.
 */
int tsm_module_load(struct tsm_modules *modules, const char *name,
		    unsigned int parts, const char *parameters,
		    struct tsm_error *err);

/**
 * tsm_module_unload() - unload a module unless it is in use
 * @modules: from tsm_modules_open()
 * @name: the module
 * @err: what was wrong
 *
 * Return: 0, also if it is not loaded; -EAGAIN if it is in use, -EBUSY if it
 * is just being loaded or cannot be unloaded; or what else the kernel gave.
 */
int tsm_module_unload(struct tsm_modules *modules, const char *name,
		      struct tsm_error *err);

/* module_state.c: from /sys/module */

/**
 * struct tsm_module_state - a module as it is in the kernel
 * @loaded: it is there, and can be used
 * @changing: it is just being loaded or unloaded
 * @built_in: it is part of the kernel, of which the kernel tells only if it
 *	has parameters
 * @references: how many times it is in use, by modules among others; -1 if
 *	this kernel cannot unload modules
 * @holders: modules that use it, with spaces between them
 * @nr_holders: how many those are
 */
struct tsm_module_state {
	bool loaded;
	bool changing;
	bool built_in;
	long references;
	char holders[256];
	unsigned int nr_holders;
};

/* The first line of a file below @root; empty if it cannot be read.
 * Return: whether it could. */
bool tsm_module_read(const struct root *root, const char *path, char *line,
		     size_t size);

/* @root: a directory with sys in it */
void tsm_module_look(const struct root *root, const char *name,
		     struct tsm_module_state *state);

/**
 * tsm_module_parameters() - the parameters that a module has now
 * @root: a directory with sys in it
 * @name: the module
 * @text: the result, words NAME=VALUE as tsm_module_load() takes them
 * @size: room for it
 *
 * Those that cannot be read, or do not fit, are left out.
 */
void tsm_module_parameters(const struct root *root, const char *name,
			   char *text, size_t size);

/**
 * tsm_module_value() - the value of one parameter
 * @words: NAME=VALUE, with spaces between them
 * @name: of the parameter
 * @value: the result; the last one, as for the kernel
 * @size: room for it
 *
 * Return: whether there is one that fits.
 */
bool tsm_module_value(const char *words, const char *name, char *value,
		      size_t size);

/* module_users.c: from /proc */

/**
 * struct tsm_module_user - a process with an open file of a driver
 * @pid: of it
 * @command: its name
 * @fd: its descriptor
 * @path: what is open
 */
struct tsm_module_user {
	long pid;
	char command[32];
	int fd;
	char path[192];
};

/**
 * tsm_module_users() - who has files of a driver open
 * @root: a directory with proc and sys in it
 * @misc: name of its device in sys/class/misc, whatever it is called in /dev
 * @prefix: paths of other files of it begin so; ended by NULL
 * @users: the result, room for @max
 * @max: number of them
 *
 * Of other people's processes only root is told. Below a confined root, a device
 * is known by its usual name only: what links there lead to is not looked at.
 * Return: how many there are, which may be more than @max.
 */
size_t tsm_module_users(const struct root *root, const char *misc,
			const char *const *prefix,
			struct tsm_module_user *users, size_t max);

#endif /* TSM_MODULE_H */
