// SPDX-License-Identifier: GPL-2.0-only
/* The emulated SNP host: what it makes of a guest request. */

#include <linux/align.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "emu.h"
#include "snp_host.h"

/**
 * struct exchange - a guest request under way
 * @plan: what to do with it
 * @request: as it was when the hypercall came
 * @response: what the guest will find
 */
struct exchange {
	struct snp_plan plan;
	struct message *request;
	struct message *response;
};

/* As KVM's guest_req_mutex: one request at a time goes to the firmware. */
static DEFINE_MUTEX(request_lock);

/* The last response on each channel, and one on its way; under request_lock */
static struct message last[NR_VMPCKS], spare;

/* A real host would get nothing but ciphertext out of a private page. */
static bool may_use(const char *what, u64 gpa, u64 size)
{
	if (!IS_ALIGNED(gpa, PAGE_SIZE))
		emu_violation("guest request: %s 0x%llx is misaligned", what,
			      gpa);
	else if (!emu_gpa_is_ram(gpa, size))
		emu_violation("guest request: %s 0x%llx is no RAM", what, gpa);
	else if (!emu_gpa_all_shared(gpa, size))
		emu_violation("guest request: %s 0x%llx is private", what, gpa);
	else
		return true;
	return false;
}

static bool is_extended(const struct snp_call *call)
{
	return call->exit_code == EXIT_EXT_GUEST_REQUEST;
}

static u64 certs_size(const struct snp_call *call)
{
	return is_extended(call) ? call->npages * PAGE_SIZE : 0;
}

/* [GHCB] SNP (Extended) Guest Request: page-aligned, and not the same page */
static bool arguments_are_good(const struct snp_call *call)
{
	if (!is_extended(call) && call->exit_code != EXIT_GUEST_REQUEST) {
		emu_violation("guest request: exit code 0x%llx",
			      call->exit_code);
		return false;
	}
	if (call->req_gpa == call->resp_gpa) {
		emu_violation("guest request: request and response are both 0x%llx",
			      call->req_gpa);
		return false;
	}
	return may_use("request", call->req_gpa, PAGE_SIZE) &&
	       may_use("response", call->resp_gpa, PAGE_SIZE) &&
	       (!certs_size(call) ||
		may_use("certificate buffer", call->data_gpa,
			certs_size(call)));
}

/* [GHCB] INVALID_LEN: the firmware is not asked, RBX says how much it takes. */
static bool lacks_room(const struct exchange *ex, struct snp_call *call)
{
	u64 needed;

	if (!is_extended(call))
		return false;
	if (emu_snp_invalid_len(&call->npages))
		return true;
	needed = emu_certs_pages(&ex->plan);
	if (needed <= call->npages)
		return false;
	call->npages = needed;
	return true;
}

/* The host keeps what it has seen, for another time. */
static void replay(struct message *response, unsigned int vmpck)
{
	spare = last[vmpck];
	last[vmpck] = *response;
	if (emu_snp_replayed())
		*response = spare;
}

static void put_answer(const struct exchange *ex, const struct snp_call *call)
{
	memcpy(__va(call->resp_gpa), ex->response, sizeof(*ex->response));
	if (certs_size(call))
		emu_certs_put(&ex->plan, __va(call->data_gpa),
			      certs_size(call));
	if (ex->plan.mutate_ms)
		emu_mutate_start(call->resp_gpa, call->data_gpa,
				 certs_size(call), ex->plan.mutate_ms);
}

static u64 ask_firmware(struct exchange *ex, const struct snp_call *call)
{
	unsigned int vmpck = ex->request->header.vmpck;
	u64 exitinfo2;
	u32 status;

	guard(mutex)(&request_lock);
	status = emu_psp_message(&ex->plan, ex->request, ex->response);
	if (status)
		return status;
	replay(ex->response, vmpck);
	if (emu_snp_lost(&exitinfo2))
		return exitinfo2;
	emu_snp_spoil(ex->response);
	put_answer(ex, call);
	return 0;
}

/*
 * Under which key a message was made, only the cipher tells: one that is late,
 * under the key before, says nothing about the numbers of this one.
 */
static void remember(struct exchange *ex)
{
	guard(mutex)(&request_lock);
	*ex->response = *ex->request;
	if (emu_psp_authentic(ex->response))
		emu_seen_message(ex->request);
}

static u64 handle(struct exchange *ex, struct snp_call *call)
{
	u64 exitinfo2;

	emu_snp_plan(&ex->plan);
	/* The guest may write there meanwhile: the copy is what was sent. */
	memcpy(ex->request, __va(call->req_gpa), sizeof(*ex->request));
	remember(ex);
	call->failed = emu_snp_exit_failed();
	if (call->failed)
		return 0;
	if (emu_snp_refused(&exitinfo2))
		return exitinfo2;
	if (lacks_room(ex, call))
		return VMM_ERROR(VMM_INVALID_LEN);
	return ask_firmware(ex, call);
}

/**
 * emu_snp_hypercall - [GHCB] SNP Guest Request, SNP Extended Guest Request
 * @call: arguments; RBX after it in @call->npages
 *
 * Return: SW_EXITINFO2, which means nothing if @call->failed.
 */
u64 emu_snp_hypercall(struct snp_call *call)
{
	struct exchange ex;
	u64 exitinfo2;

	atomic_long_inc(&emu_stat.snp_hypercalls);
	if (!arguments_are_good(call))
		return VMM_ERROR(VMM_GENERIC);
	emu_mutate_stop(call->resp_gpa, call->data_gpa);
	/* A host does not run out of its guest's memory. */
	ex.request = kzalloc(sizeof(*ex.request), GFP_KERNEL | __GFP_NOFAIL);
	ex.response = kzalloc(sizeof(*ex.response), GFP_KERNEL | __GFP_NOFAIL);
	exitinfo2 = handle(&ex, call);
	kfree(ex.response);
	kfree(ex.request);
	return exitinfo2;
}
