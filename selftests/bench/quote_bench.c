// SPDX-License-Identifier: MIT
/* Measures what a user of configfs tsm/report waits for, on any driver. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define REPORT_DIR	"/sys/kernel/config/tsm/report"
#define NONCE_LEN	64
#define AT_ONCE		8
#define ROUNDS_MAX	10000

struct item {
	char dir[128];
	unsigned int nonce;
	pthread_barrier_t *start;
};

static void die(const char *what, const char *path)
{
	fprintf(stderr, "quote_bench: %s %s: %s\n", what, path,
		strerror(errno));
	exit(1);
}

static uint64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}

static void path_of(const struct item *item, const char *file, char *path,
		    size_t size)
{
	snprintf(path, size, "%s/%s", item->dir, file);
}

static void make_item(struct item *item, int id)
{
	snprintf(item->dir, sizeof(item->dir), REPORT_DIR "/bench-%d-%d",
		 (int)getpid(), id);
	if (mkdir(item->dir, 0755))
		die("mkdir", item->dir);
}

static void write_nonce(struct item *item)
{
	unsigned char nonce[NONCE_LEN] = {};
	char path[192];
	int fd;

	item->nonce++;
	memcpy(nonce, &item->nonce, sizeof(item->nonce));
	path_of(item, "inblob", path, sizeof(path));
	fd = open(path, O_WRONLY);
	if (fd < 0 || write(fd, nonce, sizeof(nonce)) != sizeof(nonce))
		die("write", path);
	close(fd);
}

static void read_file(const struct item *item, const char *file)
{
	static _Thread_local char buf[256 * 1024];
	size_t total = 0;
	char path[192];
	ssize_t n;
	int fd;

	path_of(item, file, path, sizeof(path));
	fd = open(path, O_RDONLY);
	if (fd < 0)
		die("open", path);
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		total += (size_t)n;
	if (n < 0)
		die("read", path);
	if (!total) {
		errno = ENODATA;
		die("read", path);
	}
	close(fd);
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* Nearest rank: the smallest sample that @percent of all do not exceed. */
static uint64_t percentile(const uint64_t *sorted, int n, int percent)
{
	int rank = (n * percent + 99) / 100;

	return sorted[rank ? rank - 1 : 0];
}

static void print_spread(const char *name, uint64_t *us, int n)
{
	qsort(us, (size_t)n, sizeof(*us), compare);
	printf("%s_min %llu\n", name, (unsigned long long)us[0]);
	printf("%s_p50 %llu\n", name,
	       (unsigned long long)percentile(us, n, 50));
	printf("%s_p99 %llu\n", name,
	       (unsigned long long)percentile(us, n, 99));
	printf("%s_max %llu\n", name, (unsigned long long)us[n - 1]);
}

static void bench_one(int rounds)
{
	static uint64_t us[ROUNDS_MAX];
	struct item item = {};
	uint64_t start;
	int i;

	make_item(&item, 0);
	for (i = -1; i < rounds; i++) {	/* the first one warms up */
		write_nonce(&item);
		start = now_us();
		read_file(&item, "outblob");
		if (i >= 0)
			us[i] = now_us() - start;
	}
	rmdir(item.dir);
	print_spread("quote_us", us, rounds);
}

static void *quote_once(void *arg)
{
	struct item *item = arg;

	pthread_barrier_wait(item->start);
	read_file(item, "outblob");
	return NULL;
}

static uint64_t round_at_once(struct item *items)
{
	pthread_t threads[AT_ONCE];
	uint64_t start;
	int i;

	for (i = 0; i < AT_ONCE; i++) {
		write_nonce(&items[i]);
		if (pthread_create(&threads[i], NULL, quote_once, &items[i]))
			die("pthread_create", "");
	}
	pthread_barrier_wait(items[0].start);
	start = now_us();
	for (i = 0; i < AT_ONCE; i++)
		pthread_join(threads[i], NULL);
	return now_us() - start;
}

static void bench_at_once(int rounds)
{
	struct item items[AT_ONCE] = {};
	static uint64_t us[ROUNDS_MAX];
	pthread_barrier_t start;
	int i;

	pthread_barrier_init(&start, NULL, AT_ONCE + 1);
	for (i = 0; i < AT_ONCE; i++) {
		items[i].start = &start;
		make_item(&items[i], i);
	}
	round_at_once(items);
	for (i = 0; i < rounds; i++)
		us[i] = round_at_once(items);
	for (i = 0; i < AT_ONCE; i++)
		rmdir(items[i].dir);
	print_spread("at_once_us", us, rounds);
}

static atomic_bool stop;

static void *quote_on_and_on(void *arg)
{
	struct item *item = arg;

	while (!atomic_load(&stop)) {
		write_nonce(item);
		read_file(item, "outblob");
	}
	return NULL;
}

/* How long an item's generation takes to read while another one quotes. */
static void bench_bystander(int rounds)
{
	struct item busy = {}, bystander = {};
	static uint64_t us[ROUNDS_MAX];
	pthread_t thread;
	uint64_t start;
	int i;

	make_item(&busy, 0);
	make_item(&bystander, 1);
	if (pthread_create(&thread, NULL, quote_on_and_on, &busy))
		die("pthread_create", "");
	for (i = -1; i < rounds; i++) {	/* the first one warms up */
		usleep(7000);
		start = now_us();
		read_file(&bystander, "generation");
		if (i >= 0)
			us[i] = now_us() - start;
	}
	atomic_store(&stop, true);
	pthread_join(thread, NULL);
	rmdir(busy.dir);
	rmdir(bystander.dir);
	print_spread("bystander_us", us, rounds);
}

static int parse_rounds(const char *text)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (!*text || *end || n < 1 || n > ROUNDS_MAX) {
		fprintf(stderr, "quote_bench: rounds '%s': not 1 to %d\n",
			text, ROUNDS_MAX);
		exit(2);
	}
	return (int)n;
}

int main(int argc, char **argv)
{
	if (argc != 4) {
		fprintf(stderr, "usage: quote_bench QUOTES ROUNDS-OF-8 BYSTANDER-READS\n");
		return 2;
	}
	bench_one(parse_rounds(argv[1]));
	bench_at_once(parse_rounds(argv[2]));
	bench_bystander(parse_rounds(argv[3]));
	return 0;
}
