// SPDX-License-Identifier: MIT
/* Measures what SNP reports and derived keys cost, on any driver. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <linux/sev-guest.h>

#define DEVICE		"/dev/sev-guest"
#define ITEM		"/sys/kernel/config/tsm/report/bench"
#define CONVERSIONS	"/sys/module/tsm_emu/parameters/stat_conversions"
#define NONCE_LEN	64
#define REPORT_LEN	1184
#define ROUNDS_MAX	10000
#define WARM_UP		5

static uint64_t ns[ROUNDS_MAX];

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

static void print_all(const char *driver, const char *name,
		      unsigned int rounds)
{
	unsigned int i;

	for (i = 0; i < rounds; i++)
		printf("%s_%s %llu\n", driver, name,
		       (unsigned long long)ns[i]);
}

static uint64_t ask_for_report(unsigned int number)
{
	uint64_t start;

	write_nonce(number);
	start = now_ns();
	read_report();
	return now_ns() - start;
}

static void bench_reports(const char *driver, unsigned int rounds)
{
	unsigned long before;
	unsigned int i;

	if (mkdir(ITEM, 0755))
		die("mkdir", ITEM);
	for (i = 0; i < WARM_UP; i++)
		ask_for_report(rounds + i);
	before = conversions();
	for (i = 0; i < rounds; i++)
		ns[i] = ask_for_report(i);
	printf("%s_pages %lu\n", driver, conversions() - before);
	print_all(driver, "report_ns", rounds);
	if (rmdir(ITEM))
		die("rmdir", ITEM);
}

static uint64_t ask_for_key(int fd)
{
	struct snp_derived_key_req req = { .guest_field_select = 1 };
	struct snp_derived_key_resp resp = {};
	struct snp_guest_request_ioctl arg = {
		.msg_version = 1,
		.req_data = (uintptr_t)&req,
		.resp_data = (uintptr_t)&resp,
	};
	uint64_t start = now_ns(), end;

	if (ioctl(fd, SNP_GET_DERIVED_KEY, &arg))
		die("SNP_GET_DERIVED_KEY", DEVICE);
	end = now_ns();
	if (resp.data[0]) {
		errno = EPROTO;
		die("SNP_GET_DERIVED_KEY", DEVICE);
	}
	return end - start;
}

/* Nobody signs those: what is left is drivers, cipher and emulator. */
static void bench_keys(const char *driver, unsigned int rounds)
{
	int fd = open(DEVICE, O_RDWR);
	unsigned int i;

	if (fd < 0)
		die("open", DEVICE);
	for (i = 0; i < WARM_UP; i++)
		ask_for_key(fd);
	for (i = 0; i < rounds; i++)
		ns[i] = ask_for_key(fd);
	print_all(driver, "key_ns", rounds);
	close(fd);
}

int main(int argc, char **argv)
{
	unsigned int rounds = argc == 3 ? atoi(argv[2]) : 0;

	if (!rounds || rounds > ROUNDS_MAX) {
		fprintf(stderr, "usage: snp_bench DRIVER ROUNDS\n\n"
			"Prints a line for each report, DRIVER_report_ns and how long it took,\n"
			"how many pages were converted for all of them, DRIVER_pages, and a\n"
			"line for each derived key, DRIVER_key_ns.\n");
		return 2;
	}
	bench_reports(argv[1], rounds);
	bench_keys(argv[1], rounds);
	return 0;
}
