// SPDX-License-Identifier: MIT
/*
 * Does what Intel's libtdx_attest does, call by call, where that matters to a
 * driver: the entry that all processes share and that stays, two descriptors of
 * its inblob, a lock on one, generation polled until it moves, 8 KiB of outblob,
 * and the ioctls of Intel's own drivers, of both encodings.
 *
 * usage: libtdx first|again
 */
#include <endian.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <time.h>

#include "rtmr.h"

#define ENTRY		REPORTS "/com.intel.dcap"
#define VSOCK_CONFIG	"/etc/tdx-attest.conf"
#define EXTEND_PATH	"/sys/class/misc/tdx_guest/measurements/rtmr%u:sha384"

#define TRIES		3
#define BUSY_SECONDS	10
#define PATIENCE	20	/* seconds; the library's is without end */

/* tdx_guest of Intel's kernels. */
struct extend_req {
	uint8_t data[RTMR_LEN];
	uint8_t index;
};

struct quote_req {
	uint64_t buf;
	uint64_t len;
};

_Static_assert(sizeof(struct extend_req) == 49, "the size is in the number");

#define EXTEND_RTMR	_IOR('T', 3, struct extend_req)
#define EXTEND_RTMR_V3	_IOW('T', 3, struct extend_req)
#define GET_QUOTE	_IOR('T', 4, struct quote_req)
#define GET_QUOTE_V3	_IOWR('T', 4, struct quote_req)
#define GET_QUOTE_NR2	_IOWR('T', 2, struct quote_req)	/* go-tdx-guest's */

/* Before it a length of all that follows, in big-endian. */
struct qgs_message {
	uint16_t major;
	uint16_t minor;
	uint32_t type;
	uint32_t size;
	uint32_t error;
	uint32_t first_size;	/* of the TDREPORT; of an id, in an answer */
	uint32_t second_size;	/* of ids; of the quote, in an answer */
	uint8_t body[];
};

struct quote_buffer {
	uint64_t version;
	uint64_t status;
	uint32_t in_len;
	uint32_t out_len;
	uint32_t frame;
	struct qgs_message message;
};

#define BUFFER_LEN	(16 * 1024)
#define BEFORE_FRAME	offsetof(struct quote_buffer, frame)

static const char *read_generation(unsigned long *generation)
{
	char text[32];

	if (!read_text(ENTRY "/generation", text, sizeof(text)))
		return failed("generation");
	*generation = strtoul(text, NULL, 10);
	return NULL;
}

/* The library waits for ever; a commit that is lost is told here. */
static const char *wait_for_generation(unsigned long before)
{
	const time_t end = time(NULL) + PATIENCE;
	unsigned long now;
	const char *why;

	do {
		why = read_generation(&now);
		if (why)
			return why;
		usleep(0);
	} while (now == before && time(NULL) < end);
	if (now == before)
		return "generation stays";
	return now == before + 1 ? NULL : "generation moves by more than 1";
}

/* Not O_CLOEXEC, and committed by close(2). */
static const char *write_inblob(const uint8_t *nonce)
{
	int tries;

	for (tries = 0; tries < TRIES; tries++) {
		if (write_once(ENTRY "/inblob", O_WRONLY, nonce, NONCE_LEN))
			return NULL;
		if (errno != EBUSY)
			break;
		sleep(BUSY_SECONDS);
	}
	return failed("inblob");
}

static const char *read_outblob(uint8_t *quote, ssize_t *len)
{
	int tries;

	for (tries = 0; tries < TRIES; tries++) {
		*len = read_once(ENTRY "/outblob", quote, QUOTE_MAX);
		if (*len >= 0)
			return NULL;
		if (errno == EBUSY)
			sleep(BUSY_SECONDS);
		else if (errno != EINTR && errno != ETIMEDOUT)
			break;
	}
	return failed("outblob");
}

static const char *quote_under_lock(const uint8_t *nonce, uint8_t *quote,
				    ssize_t *len)
{
	static const char prefix[] = "tdx_guest";
	unsigned long before, after;
	char provider[32];
	const char *why;

	if (!read_text(ENTRY "/provider", provider, sizeof(provider)))
		return failed("provider");
	if (strncmp(provider, prefix, strlen(prefix)))
		return "not the provider";
	why = read_generation(&before);
	if (!why)
		why = write_inblob(nonce);
	if (!why)
		why = wait_for_generation(before);
	if (!why)
		why = read_outblob(quote, len);
	if (!why)
		why = read_generation(&after);
	if (!why && after != before + 1)
		why = "somebody else wrote";
	return why;
}

static const char *quote_by_configfs(const uint8_t *nonce, uint8_t *quote,
				     ssize_t *len)
{
	const char *why;
	int lock;

	if (!is_there(REPORTS))
		return ABSENT "no tsm/report";
	if (mkdir(ENTRY, 0770) && errno != EEXIST)
		return failed("mkdir");
	lock = open(ENTRY "/inblob", O_WRONLY);
	if (lock < 0)
		return failed("open of inblob");
	if (flock(lock, LOCK_EX))
		why = failed("flock");
	else
		why = quote_under_lock(nonce, quote, len);
	close(lock);
	return why;
}

static void fill_request(struct quote_buffer *buffer, const uint8_t *tdreport)
{
	const uint32_t size = sizeof(struct qgs_message) + TDREPORT_LEN;

	buffer->version = 1;
	buffer->status = 0;
	buffer->in_len = sizeof(buffer->frame) + size;
	buffer->out_len = BUFFER_LEN - BEFORE_FRAME;
	buffer->frame = htobe32(size);
	buffer->message = (struct qgs_message) {
		.major = 1, .minor = 1, .size = size,
		.first_size = TDREPORT_LEN,
	};
	memcpy(buffer->message.body, tdreport, TDREPORT_LEN);
}

static const char *take_answer(const struct quote_buffer *buffer, uint8_t *quote,
			       ssize_t *len)
{
	const struct qgs_message *message = &buffer->message;
	uint32_t size = be32toh(buffer->frame);

	if (buffer->status)
		return because("status 0x%llx",
			       (unsigned long long)buffer->status);
	if (buffer->out_len > BUFFER_LEN - BEFORE_FRAME ||
	    size != buffer->out_len - sizeof(buffer->frame))
		return "frame and length differ";
	if (message->major != 1 || message->type != 1 || message->error)
		return "not a good answer of QGS";
	if (message->size != size || message->first_size ||
	    message->second_size != size - sizeof(*message) ||
	    message->second_size > QUOTE_MAX)
		return "lengths in the message";
	*len = message->second_size;
	memcpy(quote, message->body, *len);
	return NULL;
}

static const char *quote_by_ioctl(const struct tdx_report *report,
				  unsigned long command, uint8_t *quote,
				  ssize_t *len)
{
	struct quote_buffer *buffer = malloc(BUFFER_LEN);
	struct quote_req req = {
		.buf = (uintptr_t)buffer, .len = BUFFER_LEN,
	};
	const char *why;
	int fd;

	fd = open(TDX_DEVICE, O_RDWR | O_SYNC);
	fill_request(buffer, report->tdreport);
	if (fd < 0)
		why = failed_or_absent("open", ENOENT);
	else if (ioctl(fd, command, &req))
		why = failed_or_absent("ioctl", ENOTTY);
	else
		why = take_answer(buffer, quote, len);
	if (fd >= 0)
		close(fd);
	free(buffer);
	return why;
}

static const char *get_quote_by_ioctl(unsigned long command)
{
	struct tdx_report report;
	uint8_t quote[QUOTE_MAX];
	ssize_t len = 0;
	const char *why;

	make_nonce(report.data);
	why = get_report(&report, O_RDWR | O_SYNC);
	if (!why)
		why = quote_by_ioctl(&report, command, quote, &len);
	return why ? why : check_quote(quote, len, report.data);
}

/* tdx_att_get_quote(): the TDREPORT always, and ioctl where no configfs is. */
static const char *get_quote(void)
{
	struct tdx_report report;
	uint8_t quote[QUOTE_MAX];
	ssize_t len = 0;
	const char *why;

	make_nonce(report.data);
	why = get_report(&report, O_RDWR | O_SYNC);
	if (why)
		return why;
	if (is_there(VSOCK_CONFIG))
		return VSOCK_CONFIG " asks for vsock";
	why = quote_by_configfs(report.data, quote, &len);
	if (why && !strncmp(why, ABSENT, strlen(ABSENT)))
		why = quote_by_ioctl(&report, GET_QUOTE, quote, &len);
	return why ? why : check_quote(quote, len, report.data);
}

static const char *get_quotes(int number)
{
	const char *why = NULL;

	while (!why && number--)
		why = get_quote();
	return why;
}

/* Both want the entry; each must get the quotes that it asked for. */
static const char *two_at_once(void)
{
	enum { QUOTES = 3 };
	const char *why;
	int status;
	pid_t pid;

	pid = fork();
	if (pid < 0)
		return failed("fork");
	why = get_quotes(QUOTES);
	if (!pid) {
		if (why)
			printf("the second process: %s\n", why);
		fflush(stdout);
		_exit(!!why);
	}
	if (waitpid(pid, &status, 0) != pid || status)
		why = why ? why : "the second process fails";
	return why;
}

static const char *extend_by_sysfs(unsigned int index, const uint8_t *digest)
{
	char path[100];

	snprintf(path, sizeof(path), EXTEND_PATH, index);
	if (!write_once(path, O_WRONLY, digest, RTMR_LEN))
		return failed_or_absent("rtmr", ENOENT);
	return NULL;
}

static const char *extend_by(unsigned long command, unsigned int index,
			     const uint8_t *digest)
{
	struct extend_req req = { .index = index };
	int fd = open(TDX_DEVICE, O_RDWR | O_SYNC);
	const char *why = NULL;

	memcpy(req.data, digest, RTMR_LEN);
	if (fd < 0)
		return failed_or_absent("open", ENOENT);
	if (ioctl(fd, command, &req))
		why = failed_or_absent("ioctl", ENOTTY);
	close(fd);
	return why;
}

static const char *extend_by_ioctl(unsigned int index, const uint8_t *digest)
{
	return extend_by(EXTEND_RTMR, index, digest);
}

static const char *extend_by_ioctl_v3(unsigned int index, const uint8_t *digest)
{
	return extend_by(EXTEND_RTMR_V3, index, digest);
}

/* tdx_att_extend() */
static const char *extend(unsigned int index, const uint8_t *digest)
{
	const char *why = extend_by_sysfs(index, digest);

	if (why && !strncmp(why, ABSENT, strlen(ABSENT)))
		why = extend_by_ioctl(index, digest);
	return why;
}

static const char *get_one_report(void)
{
	struct tdx_report report;

	make_nonce(report.data);
	return get_report(&report, O_RDWR | O_SYNC);
}

static void first(void)
{
	row("tdx_att_get_report", get_one_report());
	row("tdx_att_get_quote", get_quote());
	row("quote by ioctl 4, _IOR", get_quote_by_ioctl(GET_QUOTE));
	row("quote by ioctl 4, _IOWR", get_quote_by_ioctl(GET_QUOTE_V3));
	row("quote by ioctl 2, _IOWR", get_quote_by_ioctl(GET_QUOTE_NR2));
	row("tdx_att_extend RTMR 2", check_extend(2, extend));
	row("tdx_att_extend RTMR 3", check_extend(3, extend));
	row("extend through sysfs", check_extend(3, extend_by_sysfs));
	row("extend by ioctl 3, _IOR", check_extend(2, extend_by_ioctl));
	row("extend by ioctl 3, _IOW", check_extend(3, extend_by_ioctl_v3));
}

static void again(void)
{
	row("quote, its entry left behind",
	    is_there(REPORTS) && !is_there(ENTRY) ? "entry is gone" : get_quote());
	row("quotes of 2 processes, locked", two_at_once());
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "first"))
		first();
	else if (argc == 2 && !strcmp(argv[1], "again"))
		again();
	else
		return 2;
	return 0;
}
