// SPDX-License-Identifier: MIT
/* Says when tsm-emud serves: to the service manager, or by a file. */

#include "emud.h"

#include <err.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define READY	"/run/tsm-emud.ready"

/* sd_notify(3): one datagram; a name that begins with @ is an abstract one */
static int notify(const char *path)
{
	static const char text[] = "READY=1";
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	const size_t len = strlen(path);
	int fd, ret;

	if (len >= sizeof(addr.sun_path)) {
		warnx("NOTIFY_SOCKET: too long");
		return -1;
	}
	memcpy(addr.sun_path, path, len);
	if (path[0] == '@')
		addr.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0) {
		warn("NOTIFY_SOCKET: no socket");
		return -1;
	}
	ret = sendto(fd, text, strlen(text), 0, (struct sockaddr *)&addr,
		     offsetof(struct sockaddr_un, sun_path) + len) < 0 ? -1 : 0;
	if (ret)
		warn("%s: cannot send to the service manager", path);
	close(fd);
	return ret;
}

/**
 * ready_tell - from now on requests are answered
 *
 * A service manager that asks to be told is told, and no file is made then: it
 * may well have taken away the right to.
 */
int ready_tell(void)
{
	const char *path = getenv("NOTIFY_SOCKET");

	if (path && path[0])
		return notify(path);
	return file_write(READY, 0644, "", 0);
}

/**
 * ready_withdraw - from now on they are not
 */
void ready_withdraw(void)
{
	unlink(READY);
}
