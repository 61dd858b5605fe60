// SPDX-License-Identifier: MIT
/*
 * PID 1 of a test VM: sets the stage, runs one command, reports how it ended.
 *
 * What the command prints and the verdict leave by virtio ports of their own,
 * so that neither is mixed with the other or with the kernel's console.
 *
 * The verdict is one line:
 *   exit N       the command ended with status N
 *   signal N     the command was killed by signal N
 *   fail TEXT    the stage could not be set, so the command never ran, or it
 *                fell down under a command that took no notice
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "init.h"

#define READY_FILE	"/run/tsm-emud.ready"
#define READY_TRIES	3000	/* 10 ms each */
#define HUNG_TASK_SECS	"30"	/* below run.sh's own time limit */

static int verdict_port = -1;
static pid_t emud_pid = -1;

static void __attribute__((noreturn)) power_off(void)
{
	sync();
	reboot(RB_POWER_OFF);
	_exit(1);	/* the kernel panics, which ends the VM as well */
}

int write_all(int fd, const char *data, size_t len)
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

void verdict(const char *format, ...)
{
	char line[512];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line) - 1, format, args);
	va_end(args);
	fprintf(stderr, "init: verdict: %s\n", line);
	strcat(line, "\n");
	if (verdict_port >= 0)
		write_all(verdict_port, line, strlen(line));
	power_off();
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write_all(fd, text, strlen(text)))
		fprintf(stderr, "init: %s: %s\n", path, strerror(errno));
	close(fd);
}

static void mount_on(const char *type, const char *path)
{
	mkdir(path, 0755);
	if (mount(type, path, type, MS_NOSUID, NULL) && errno != EBUSY)
		verdict("fail mount %s: %s", path, strerror(errno));
}

pid_t spawn(const char *const argv[], int out, int err)
{
	pid_t pid = fork();
	int null;

	if (pid < 0)
		verdict("fail fork: %s", strerror(errno));
	if (pid > 0)
		return pid;

	null = open("/dev/null", O_RDONLY);
	dup2(null, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	setsid();
	execv(argv[0], (char **)argv);
	fprintf(stderr, "init: %s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

static int modprobe(const char *name)
{
	const char *const argv[] = { "/sbin/modprobe", name, NULL };
	pid_t pid = spawn(argv, STDERR_FILENO, STDERR_FILENO);
	int status;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

static void insmod(const char *path, const char *params)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || syscall(SYS_finit_module, fd, params, 0))
		verdict("fail insmod %s %s: %s", path, params, strerror(errno));
	close(fd);
}

/* There is no udev here: a port's name is read in sysfs. */
static int open_port(const char *want)
{
	char path[512], name[64];
	struct dirent *entry;
	int port = -1;
	DIR *dir = opendir("/sys/class/virtio-ports");

	while (dir && port < 0 && (entry = readdir(dir))) {
		FILE *file;

		snprintf(path, sizeof(path), "/sys/class/virtio-ports/%s/name",
			 entry->d_name);
		file = fopen(path, "r");
		if (!file)
			continue;
		if (fscanf(file, "%63s", name) == 1 && !strcmp(name, want)) {
			snprintf(path, sizeof(path), "/dev/%s", entry->d_name);
			port = open(path, O_RDWR | O_CLOEXEC);
		}
		fclose(file);
	}
	if (dir)
		closedir(dir);
	return port;
}

int wait_for_port(const char *name)
{
	const struct timespec pause = { .tv_nsec = 10 * 1000 * 1000 };
	int port, i;

	for (i = 0; i < 500; i++) {
		port = open_port(name);
		if (port >= 0)
			return port;
		nanosleep(&pause, NULL);
	}
	verdict("fail no virtio port %s", name);
}

static void read_environment(void)
{
	char *line = NULL;
	size_t size = 0;
	FILE *file = fopen("/tsm/env", "r");

	if (!file)
		verdict("fail /tsm/env: %s", strerror(errno));
	while (getline(&line, &size, file) > 0) {
		line[strcspn(line, "\n")] = '\0';
		putenv(strdup(line));
	}
	free(line);
	fclose(file);
}

static const char *setting(const char *name)
{
	const char *value = getenv(name);

	return value ? value : "";
}

/* What udev would add to devtmpfs. */
static void make_links(void)
{
	static const char *const links[][2] = {
		{ "/proc/self/fd", "/dev/fd" },
		{ "/proc/self/fd/0", "/dev/stdin" },
		{ "/proc/self/fd/1", "/dev/stdout" },
		{ "/proc/self/fd/2", "/dev/stderr" },
	};
	size_t i;

	for (i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		if (symlink(links[i][0], links[i][1]))
			fprintf(stderr, "init: %s: %s\n", links[i][1],
				strerror(errno));
}

static void set_up_system(void)
{
	mount_on("proc", "/proc");
	mount_on("sysfs", "/sys");
	mount_on("devtmpfs", "/dev");
	mount_on("tmpfs", "/run");
	mount_on("tmpfs", "/tmp");
	mount_on("securityfs", "/sys/kernel/security");
	mount_on("debugfs", "/sys/kernel/debug");
	mount_on("tracefs", "/sys/kernel/tracing");
	write_file("/proc/sys/kernel/hung_task_timeout_secs", HUNG_TASK_SECS);
	make_links();

	modprobe("virtio_pci");
	modprobe("virtio_console");
	verdict_port = wait_for_port("tsm.verdict");

	if (modprobe("configfs"))
		verdict("fail modprobe configfs");
	mount_on("configfs", "/sys/kernel/config");
}

static void start_emud(void)
{
	static const char *const argv[] = {
		"/usr/bin/tsm-emud", "--pki", "/etc/tsm-emu/pki", NULL
	};
	const struct timespec pause = { .tv_nsec = 10 * 1000 * 1000 };
	int status, i;

	emud_pid = spawn(argv, STDERR_FILENO, STDERR_FILENO);
	for (i = 0; i < READY_TRIES; i++) {
		if (!access(READY_FILE, F_OK))
			return;
		if (waitpid(emud_pid, &status, WNOHANG) == emud_pid)
			verdict("fail tsm-emud ended (wait status 0x%x)",
				status);
		nanosleep(&pause, NULL);
	}
	verdict("fail tsm-emud is not ready");
}

static void start_emulator(void)
{
	if (!strcmp(setting("TSM_TEE"), "none"))
		return;
	insmod("/tsm/tsm_emu.ko", setting("TSM_EMU_PARAMS"));
	start_emud();
}

static void load_driver(void)
{
	const char *driver = setting("TSM_DRIVER");
	const char *intree = setting("TSM_INTREE");

	if (!strcmp(driver, "tsm_guest"))
		insmod(setting("TSM_MODULE"), "");
	else if (!strcmp(driver, "intree") && modprobe(intree))
		verdict("fail modprobe %s", intree);
}

int main(void)
{
	int status, emud_status = 0;

	read_environment();
	set_up_system();
	start_emulator();
	load_driver();
	if (chdir("/put"))
		verdict("fail /put: %s", strerror(errno));
	fprintf(stderr, "init: the command starts\n");
	if (run_command(&status, emud_pid, &emud_status) && !status)
		verdict("fail tsm-emud ended under the command (wait status 0x%x)",
			emud_status);
	if (WIFSIGNALED(status))
		verdict("signal %d", WTERMSIG(status));
	verdict("exit %d", WEXITSTATUS(status));
}
