// SPDX-License-Identifier: MIT
/* Measures what an SNP report through configfs tsm/report costs, on any driver. */
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

#define ITEM		"/sys/kernel/config/tsm/report/bench"
#define CONVERSIONS	"/sys/module/tsm_emu/parameters/stat_conversions"
#define NONCE_LEN	64
#define REPORT_LEN	1184
#define REPORTS_MAX	10000
#define WARM_UP		5

static uint64_t ns[REPORTS_MAX];

static void die(const char *what, const char *path)
{
	fprintf(stderr, "snp_bench: %s %s: %s\n", what, path, strerror(errno));
	exit(1);
}

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

static void write_nonce(unsigned int number)
{
	unsigned char nonce[NONCE_LEN] = {};
	int fd = open(ITEM "/inblob", O_WRONLY);

	memcpy(nonce, &number, sizeof(number));
	if (fd < 0 || write(fd, nonce, sizeof(nonce)) != sizeof(nonce))
		die("write", ITEM "/inblob");
	close(fd);
}

static void read_report(void)
{
	char buf[2 * REPORT_LEN];
	size_t total = 0;
	ssize_t n;
	int fd;

	fd = open(ITEM "/outblob", O_RDONLY);
	if (fd < 0)
		die("open", ITEM "/outblob");
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		total += (size_t)n;
	if (n < 0)
		die("read", ITEM "/outblob");
	if (total != REPORT_LEN) {
		errno = EPROTO;
		die("read", ITEM "/outblob");
	}
	close(fd);
}

static unsigned long conversions(void)
{
	FILE *file = fopen(CONVERSIONS, "r");
	unsigned long count;

	if (!file || fscanf(file, "%lu", &count) != 1)
		die("read", CONVERSIONS);
	fclose(file);
	return count;
}

static void ask(unsigned int number, uint64_t *took)
{
	uint64_t start;

	write_nonce(number);
	start = now_ns();
	read_report();
	*took = now_ns() - start;
}

int main(int argc, char **argv)
{
	unsigned int i, reports = argc == 3 ? atoi(argv[2]) : 0;
	unsigned long before;
	uint64_t unused;

	if (!reports || reports > REPORTS_MAX) {
		fprintf(stderr, "usage: snp_bench DRIVER REPORTS\n\n"
			"Prints a line for each report, DRIVER_ns and how long it took,\n"
			"and how many pages were converted for all of them.\n");
		return 2;
	}
	if (mkdir(ITEM, 0755))
		die("mkdir", ITEM);
	for (i = 0; i < WARM_UP; i++)
		ask(reports + i, &unused);
	before = conversions();
	for (i = 0; i < reports; i++)
		ask(i, &ns[i]);
	printf("%s_conversions %lu\n", argv[1], conversions() - before);
	for (i = 0; i < reports; i++)
		printf("%s_ns %llu\n", argv[1], (unsigned long long)ns[i]);
	if (rmdir(ITEM))
		die("rmdir", ITEM);
	return 0;
}
