// SPDX-License-Identifier: MIT
/* Why a module could not be loaded: what the kernel logged, and what helps. */
#include "swap.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINES_MAX	4

/* That a module is from elsewhere is said of each, and is no reason. */
static bool is_reason(const char *text, const char *module)
{
	if (strstr(text, "taint"))
		return false;
	return strstr(text, module) || strstr(text, "odule");
}

/* A record is "LEVEL,NUMBER,TIME,FLAGS;TEXT\n" and more lines. Return: whether it
 * is about a parameter, which says it all. */
static bool tell_log(struct swap *swap, const char *module)
{
	char record[1024], *text;
	bool parameter = false;
	int lines = 0;
	ssize_t n;

	while (swap->log_fd >= 0) {
		n = read(swap->log_fd, record, sizeof(record) - 1);
		if (n < 0 && (errno == EPIPE || errno == EINTR))
			continue;
		if (n <= 0)
			break;
		record[n] = '\0';
		text = strchr(record, ';');
		if (!text || !is_reason(text, module) || lines == LINES_MAX)
			continue;
		text[strcspn(text, "\n")] = '\0';
		swap_fail(swap, "the kernel says: %s", text + 1);
		parameter |= strstr(text, "for parameter") != NULL;
		lines++;
	}
	return parameter;
}

static const char *meaning(int error)
{
	switch (-error) {
	case EBUSY:
		return "something else has its names: tsm in configfs, or the device; lsmod tells what is loaded";
	case ENODEV:
		return "the kernel sees no TEE that this driver knows";
	case EKEYREJECTED:
	case ENOKEY:
		return "Secure Boot: its signature is of a key that this machine does not trust; enrol that (mokutil --import) and restart";
	case EPERM:
		return "Secure Boot (lockdown) refuses what is not signed, or kernel.modules_disabled is set, or a sandbox keeps root from loading modules";
	case ENOEXEC:
		return "it was built for another kernel: build it for this one";
	case ENOENT:
		return "it needs something that this kernel does not have: build it for this one";
	case EINVAL:
		return "a value of a parameter was refused";
	case ENOMEM:
		return "out of memory";
	}
	return NULL;
}

void explain_load(struct swap *swap, const char *module, int error)
{
	const char *text = meaning(error);

	if (!tell_log(swap, module) && text)
		swap_fail(swap, "%s: %s", module, text);
}
