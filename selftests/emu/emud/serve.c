// SPDX-License-Identifier: MIT
/* Serves the emulated host: reports in, signed ones out, one after the other. */

#include "snp.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "emu_wire.h"

#define DEVICE	"/dev/" EMU_DEV_NAME

/* Who signs: one for each vendor. */
struct signers {
	struct enclave *enclave;
	const struct asp *asp;
};

static volatile sig_atomic_t stopping;

static void on_signal(int signal)
{
	(void)signal;
	stopping = 1;
}

/* They are let in while waiting alone; @normal is the mask for that. */
static void catch_signals(sigset_t *normal)
{
	const struct sigaction action = { .sa_handler = on_signal };
	sigset_t ours;

	sigemptyset(&ours);
	sigaddset(&ours, SIGTERM);
	sigaddset(&ours, SIGINT);
	sigprocmask(SIG_BLOCK, &ours, normal);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
}

/*
 * A real quoting enclave runs on the host's time: load inside the VM must not
 * slow this one. Without the privilege it is merely less true to life.
 */
static void run_like_a_host(void)
{
	setpriority(PRIO_PROCESS, 0, -20);
}

static int open_device(void)
{
	int fd = open(DEVICE, O_RDWR | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0)
		return fd;
	if (errno == ENOENT)
		warnx(DEVICE ": not there; load tsm_emu.ko first");
	else if (errno == EBUSY)
		warnx(DEVICE ": another tsm-emud serves it; stop that first");
	else
		warn(DEVICE ": cannot open");
	return -1;
}

static int sign_report(const struct asp *asp, const struct emu_request *req,
		       uint8_t *answer, size_t *len)
{
	/* Versions are below 256, in the first byte of a report. */
	if (req->body[0] != req->version) {
		warnx("SNP report: version %u, not %u as its request says",
		      req->body[0], req->version);
		return -1;
	}
	memcpy(answer, req->body, SNP_REPORT_SIZE);
	*len = SNP_REPORT_SIZE;
	return snp_report_sign(asp, answer);
}

static int copy_table(const struct asp *asp, const struct emu_request *req,
		      uint8_t *answer, size_t *len)
{
	const struct asp_signer *signer;

	signer = asp_signer_of(asp, req->version, req->signing_key);
	if (!signer)
		return -1;
	memcpy(answer, signer->table, signer->table_len);
	*len = signer->table_len;
	return 0;
}

static int make_answer(const struct signers *signers,
		       const struct emu_request *req,
		       uint8_t answer[EMU_ANSWER_MAX], size_t *len)
{
	switch (req->kind) {
	case EMU_TD_QUOTE:
		return quote_make(signers->enclave, req->body, req->version,
				  answer, EMU_ANSWER_MAX, len);
	case EMU_SNP_REPORT:
		return sign_report(signers->asp, req, answer, len);
	case EMU_SNP_CERTS:
		return copy_table(signers->asp, req, answer, len);
	}
	warnx(DEVICE ": request of kind %u", req->kind);
	return -1;
}

/* What cannot be signed is refused with an empty answer, and serving goes on. */
static int answer(int fd, const struct signers *signers,
		  const struct emu_request *req)
{
	struct {
		struct emu_reply head;
		uint8_t answer[EMU_ANSWER_MAX];
	} reply = { .head.id = req->id };
	size_t len = 0;

	if (make_answer(signers, req, reply.answer, &len))
		len = 0;
	reply.head.len = len;
	len += sizeof(reply.head);
	if (write(fd, &reply, len) == (ssize_t)len)
		return 0;
	warn(DEVICE ": cannot answer request %llu", (unsigned long long)req->id);
	return -1;
}

static int loop(int fd, const struct signers *signers, const sigset_t *normal)
{
	struct pollfd request = { .fd = fd, .events = POLLIN };
	struct emu_request req;

	while (!stopping) {
		ssize_t n;

		if (ppoll(&request, 1, NULL, normal) < 0 && errno == EINTR)
			continue;
		n = read(fd, &req, sizeof(req));
		/* The guest took its buffer away before we looked. */
		if (n < 0 && errno == EAGAIN)
			continue;
		if (n != sizeof(req)) {
			warn(DEVICE ": cannot read a request");
			return -1;
		}
		if (answer(fd, signers, &req))
			return -1;
	}
	return 0;
}

/**
 * serve - answers requests until SIGTERM or SIGINT
 * @enclave: started
 * @asp: started
 */
int serve(struct enclave *enclave, const struct asp *asp)
{
	const struct signers signers = { enclave, asp };
	sigset_t normal;
	int fd, ret = -1;

	catch_signals(&normal);
	run_like_a_host();
	fd = open_device();
	if (fd < 0)
		return -1;
	if (!ready_tell()) {
		ret = loop(fd, &signers, &normal);
		ready_withdraw();
	}
	close(fd);
	return ret;
}
