// SPDX-License-Identifier: MIT
/* The beginning and the end of tsmctl load and tsmctl unload. */
#include "swap.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int swap_fail(struct swap *swap, const char *fmt, ...)
{
	char text[sizeof(swap->error)];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	complain("%s", text);
	if (!swap->error[0])
		memcpy(swap->error, text, sizeof(text));
	return FAILED;
}

const char *swap_provider(const struct swap *swap)
{
	return swap->sys.tee == TSM_TEE_TDX ? "tdx_guest" : "sev_guest";
}

const char *swap_device(const struct swap *swap)
{
	return swap->sys.tee == TSM_TEE_TDX ? "tdx_guest" : "sev-guest";
}

bool swap_has_intree(const struct swap *swap)
{
	size_t i;

	for (i = 0; i < INTREE_MAX; i++)
		if (swap->intree[i].state.loaded)
			return true;
	return false;
}

/* tsm is called tsm_report since Linux 6.16. */
static void find_intree(struct swap *swap)
{
	const char *const names[INTREE_MAX] = {
		swap_provider(swap), "tsm_report", "tsm"
	};
	struct intree *m;
	size_t i;

	for (i = 0; i < INTREE_MAX; i++) {
		m = swap->intree + i;
		m->name = names[i];
		tsm_module_look(&swap->at, m->name, &m->state);
		if (m->state.loaded)
			tsm_module_parameters(&swap->at, m->name,
					      m->parameters,
					      sizeof(m->parameters));
	}
}

int swap_open(struct swap *swap)
{
	struct tsm_error err;

	swap->log_fd = swap->at.fd = swap->state_fd = -1;
	swap->out = open_output();
	if (!swap->out)
		return FAILED;
	if (geteuid() != 0 && !swap->dry_run)
		return swap_fail(swap, "this takes root; --dry-run does not");
	/* before looking: who is at it changes what there is to see */
	if (state_open(swap))
		return FAILED;
	if (tsm_system_probe(swap->root, &swap->sys, &err))
		return swap_fail(swap, "%s", err.text);
	if (swap->sys.tee == TSM_TEE_NONE) {
		swap_fail(swap, swap->sys.view.hidden ?
			  "no TEE that a driver could serve: a paravisor keeps it to itself; tsmctl status tells more" :
			  "no TEE: this machine is no TDX or SEV-SNP guest");
		return NO_TEE;
	}
	swap->at.confined = strcmp(swap->root, "/");
	swap->at.fd = open(swap->root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (swap->at.fd < 0)
		return swap_fail(swap, "%s: %s", swap->root, strerror(errno));
	if (tsm_modules_open(&swap->modules, swap->root, &err))
		return swap_fail(swap, "%s: install libkmod2", err.text);
	find_intree(swap);
	state_read(swap);
	return DONE;
}

void swap_begin(struct swap *swap)
{
	sigset_t all;

	if (swap->dry_run)
		return;
	/* SIGPIPE is among them: who reads our output must not end us, either */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	swap->log_fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (swap->log_fd >= 0)
		lseek(swap->log_fd, 0, SEEK_END);
}

static void print_steps(const struct swap *swap)
{
	const struct step *s;
	const char *name;

	out_list(swap->out, "steps");
	for (s = swap->steps; s < swap->steps + swap->nr_steps; s++) {
		out_item(swap->out);
		out_key(swap->out, "name", s->name);
		out_key(swap->out, "result", s->result);
		/* the kernel has some that user space has no name for */
		name = strerrorname_np(s->error);
		if (s->error && name)
			out_key(swap->out, "errno", name);
		else if (s->error)
			out_str(swap->out, "errno", "%d", s->error);
		if (s->detail[0])
			out_key(swap->out, "detail", s->detail);
		out_item_end(swap->out);
	}
	out_list_end(swap->out);
}

static void print_users(const struct swap *swap)
{
	const struct user *u;

	out_list(swap->out, "users");
	for (u = swap->users; u < swap->users + swap->nr_users; u++) {
		out_item(swap->out);
		out_key(swap->out, "kind", u->kind);
		out_key(swap->out, "object", u->object);
		if (u->process.pid) {
			out_num(swap->out, "pid", (uint64_t)u->process.pid);
			out_key(swap->out, "command", u->process.command);
		}
		out_item_end(swap->out);
	}
	out_list_end(swap->out);
}

static const char *server(const struct tsm_system *sys)
{
	return sys->driver == TSM_DRIVER_NONE ? "none" : sys->driver_name;
}

static void print_driver(struct swap *swap, int code)
{
	struct tsm_system now;

	if (tsm_system_probe(swap->root, &now, NULL))
		now = swap->sys;
	if (out_is_json(swap->out)) {
		out_key(swap->out, "tee", swap->sys.tee == TSM_TEE_TDX ?
			"tdx" : "snp");
		out_key(swap->out, "driver", server(&now));
	} else if (code == DONE && !swap->dry_run) {
		out_str(swap->out, "driver", "%s", server(&now));
	}
}

/* @tee: there is one, so that there is something to tell of it */
static void print_end(struct swap *swap, int code, bool tee)
{
	if (tee)
		print_driver(swap, code);
	if (!out_is_json(swap->out))
		return;
	out_bool(swap->out, "done", code == DONE);
	out_bool(swap->out, "dry_run", swap->dry_run);
	if (swap->error[0])
		out_key(swap->out, "error", swap->error);
	print_steps(swap);
	print_users(swap);
}

int swap_close(struct swap *swap, int code)
{
	tsm_modules_close(swap->modules);
	if (swap->out)
		print_end(swap, code, swap->at.fd >= 0);
	if (swap->log_fd >= 0)
		close(swap->log_fd);
	if (swap->at.fd >= 0)
		close(swap->at.fd);
	if (swap->state_fd >= 0)
		close(swap->state_fd);
	return swap->out ? written(out_close(swap->out), code) : code;
}
