// SPDX-License-Identifier: MIT
/* What the kernel's log says of a driver that it did not take. */
#include "system_private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* Linux, Documentation/admin-guide/devices.txt */
#define KMSG_DEVICE	makedev(1, 11)

/* More than any log has, so that one that goes on for ever ends. */
#define RECORDS_MAX	100000u

/* The kernel, kernel/module/; it names the module in some of them only. */
static const char *const refusals[] = {
	"Loading of unsigned module is rejected",
	"Loading of module with unsupported crypto is rejected",
	"Loading of module with unavailable key is rejected",
	"unsigned module loading is restricted",
	"Module tsm_guest is blacklisted",
	"tsm_guest: version magic ",
	"tsm_guest: disagrees about version of symbol ",
	"tsm_guest: Unknown symbol ",
	" is taken: unload the in-tree drivers ",
	"tsm_guest: no TEE: ",
};

/* "PREFIX;TEXT"; the last one counts. */
static void look_at(const char *line, char *refusal, size_t size)
{
	const char *text = strchr(line, ';');
	size_t i;

	for (i = 0; text && i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		if (strstr(text, refusals[i]))
			snprintf(refusal, size, "%s", text + 1);
	}
}

void kernel_log_probe(const struct root *root, struct tsm_system *sys)
{
	int fd = root_open(root, "dev/kmsg", KMSG_DEVICE);
	char record[8192], *line, *save;
	unsigned int i;
	ssize_t n;

	/* a read is a record; EPIPE is for those that are lost by now */
	for (i = 0; fd >= 0 && i < RECORDS_MAX; i++) {
		n = read(fd, record, sizeof(record) - 1);
		if (n == 0 || (n < 0 && errno != EPIPE))
			break;
		if (n < 0)
			continue;
		record[n] = '\0';
		for (line = strtok_r(record, "\n", &save); line;
		     line = strtok_r(NULL, "\n", &save))
			look_at(line, sys->refusal, sizeof(sys->refusal));
	}
	if (fd >= 0)
		close(fd);
}
