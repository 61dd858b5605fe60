// SPDX-License-Identifier: MIT
/* Measures what extending an RTMR through sysfs costs, on any driver. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define REGISTER	"/sys/class/misc/tdx_guest/measurements/rtmr3:sha384"
#define LOG		"/sys/kernel/security/tsm_guest/binary_runtime_measurements"
#define LOG_MAX_KB	"/sys/module/tsm_guest/parameters/log_max_kb"
#define DIGEST_LEN	48
#define EXTENDS_MAX	100000
#define WARM_UP		200
/* So many extends around the first and the last are looked at. */
#define WINDOW		500
/* A quarter of a GiB, for which the VM's memory is too small anyway. */
#define LOG_ROOM	"262144"

static uint64_t ns[EXTENDS_MAX];
static uint64_t sorted[EXTENDS_MAX];

static void die(const char *what, const char *path)
{
	fprintf(stderr, "extend_bench: %s %s: %s\n", what, path,
		strerror(errno));
	exit(1);
}

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

static void write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		die("write", path);
	close(fd);
}

static size_t log_size(void)
{
	static char buf[1 << 16];
	size_t size = 0;
	ssize_t n;
	int fd;

	fd = open(LOG, O_RDONLY);
	if (fd < 0)
		return 0;
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		size += (size_t)n;
	close(fd);
	return size;
}

/* Compaction first: it takes back what each CPU keeps for itself. */
static long free_pages(void)
{
	char line[128];
	long pages = -1;
	FILE *file;

	write_text("/proc/sys/vm/compact_memory", "1");
	file = fopen("/proc/vmstat", "r");
	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "nr_free_pages %ld", &pages) == 1)
			break;
	if (file)
		fclose(file);
	if (pages < 0)
		die("read", "/proc/vmstat");
	return pages;
}

static void extend(int fd, unsigned int number)
{
	unsigned char digest[DIGEST_LEN] = {};

	memcpy(digest, &number, sizeof(number));
	if (pwrite(fd, digest, sizeof(digest), 0) != sizeof(digest))
		die("write", REGISTER);
}

static int compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static uint64_t quantile(int first, int count, int percent)
{
	memcpy(sorted, ns + first, (size_t)count * sizeof(*sorted));
	qsort(sorted, (size_t)count, sizeof(*sorted), compare);
	return sorted[(size_t)count * (size_t)percent / 100];
}

static void print(const char *name, double value)
{
	printf("%s %.1f\n", name, value);
}

static void bench(int count)
{
	int fd, i;

	fd = open(REGISTER, O_WRONLY);
	if (fd < 0)
		die("open", REGISTER);
	for (i = 0; i < WARM_UP; i++)
		extend(fd, 0);
	for (i = 0; i < count; i++) {
		ns[i] = now_ns();
		extend(fd, (unsigned int)i);
		ns[i] = now_ns() - ns[i];
	}
	close(fd);

	print("extend_ns_p50", quantile(0, count, 50));
	print("extend_ns_p99", quantile(0, count, 99));
	print("first_ns_p50", quantile(0, WINDOW, 50));
	print("last_ns_p50", quantile(count - WINDOW, WINDOW, 50));
}

/* So many that what else the kernel takes and gives meanwhile is little. */
static void bench_memory(void)
{
	const int count = 500000;
	size_t size = log_size();
	long pages;
	int fd, i;

	fd = open(REGISTER, O_WRONLY);
	if (fd < 0)
		die("open", REGISTER);
	pages = free_pages();
	for (i = 0; i < count; i++)
		extend(fd, (unsigned int)i);
	pages -= free_pages();
	close(fd);

	print("log_bytes", (double)(log_size() - size) / count);
	print("memory_bytes", (double)pages * (double)sysconf(_SC_PAGESIZE) /
			      count);
}

int main(int argc, char **argv)
{
	char *end;
	long count;

	count = argc == 2 ? strtol(argv[1], &end, 10) : 0;
	if (argc != 2 || *end || count < 2 * WINDOW || count > EXTENDS_MAX) {
		fprintf(stderr, "usage: extend_bench EXTENDS (%d to %d)\n",
			2 * WINDOW, EXTENDS_MAX);
		return 2;
	}
	if (!access(LOG_MAX_KB, W_OK))
		write_text(LOG_MAX_KB, LOG_ROOM);
	bench((int)count);
	if (!access(LOG, R_OK))
		bench_memory();
	return 0;
}
