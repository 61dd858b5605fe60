/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the probe share: TDX and SEV-SNP as a guest finds them in
 * the specifications, and the means to test them.
 *
 * [ABI]  Intel TDX Module ABI Reference Specification
 * [BASE] Intel TDX Module Base Architecture Specification
 * [GHCI] Intel TDX Guest-Hypervisor Communication Interface
 * [FW]   AMD SEV-SNP Firmware ABI Specification
 * [GHCB] AMD SEV-ES Guest-Hypervisor Communication Block Standardization
 * [SVSM] AMD Secure VM Service Module for SEV-SNP Guests
 *
 * Read anew: an error that driver and emulator share is found only by one who
 * has looked at neither.
 */
#ifndef PROBE_H
#define PROBE_H

#include <linux/bits.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/types.h>

/*
 * Registers by number: of [ABI] operand ids in completion statuses, and of the
 * bits in the mask that TDG.VP.VMCALL takes in RCX.
 */
enum {
	RAX = 0, RCX = 1, RDX = 2, RSP = 4,
	R8 = 8, R9, R10, R11, R12, R13, R14, R15,
	NR_REGS
};

/* [ABI] leaves, RAX bits 15:0 */
#define VP_VMCALL		0
#define VP_INFO			1
#define MR_RTMR_EXTEND		2
#define MR_REPORT		4
#define MR_VERIFYREPORT		22

/* [ABI] completion status in RAX */
#define INVALID(operand)	(0xc0000100ULL << 32 | (operand))
#define CODE(rax)		((rax) >> 32)
#define CODE_BUSY		0x80000200ULL
#define INVALID_CPUSVN		(0xc0001000ULL << 32)
#define INVALID_REPORTMACSTRUCT	(0xc0001001ULL << 32)

/* [ABI] a guest physical address of 52 bits, whose top bit is the shared one */
#define GPA_WIDTH		52
#define GPA_SHARED		BIT_ULL(51)

/* [GHCI] sub-functions in R11, completion status in R10 */
#define GET_TDVMCALL_INFO	0x10000
#define GET_QUOTE		0x10002
#define R10_INVALID_OPERAND	0x8000000000000000ULL
#define R10_ALIGN_ERROR		0x8000000000000002ULL
#define R10_UNSUPPORTED		0x8000000000000003ULL
#define MASK_R10_R13		0x3c00ULL
#define MASK_R10_R15		0xfc00ULL

/* [BASE] TDREPORT_STRUCT */
#define TDREPORT_LEN		1024
#define REPORTDATA		128
#define REPORTDATA_LEN		64
#define REPORTMACSTRUCT_LEN	256
#define RTMRS			720
#define RTMR_LEN		48
#define NR_RTMRS		4

/* So far from any address in RAM that the sum is none. */
#define NO_RAM			BIT_ULL(45)

/* The guest's pages, of which one is shared */
#define RAM_PAGES		4
#define SHARED			PAGE_SIZE	/* offset of that page */
#define PRIVATE			(2 * PAGE_SIZE)
#define TDREPORT		(3 * PAGE_SIZE)

/**
 * struct probe_test - a test without arguments
 * @name: sentence
 * @run: makes the claims
 * @violations: how many the host has to complain of
 */
struct probe_test {
	const char *name;
	void (*run)(void);
	long violations;
};

/* main.c */

void probe_start(const char *name);
void probe_end(long violations);
void probe_run(const struct probe_test *tests, unsigned int count);
void probe_expect(const char *file, int line, const char *what, u64 want,
		  u64 got);

#define EXPECT_EQ(want, got) \
	probe_expect(__FILE__, __LINE__, #got, (u64)(want), (u64)(got))
#define EXPECT_TRUE(claim)	EXPECT_EQ(true, !!(claim))

/* guest.c: what a guest can do, and what only a test can */

extern u8 *probe_ram;

int probe_guest_init(void);
void probe_guest_exit(void);
void probe_tdcall(u64 regs[NR_REGS]);
u64 probe_leaf(u64 rax, u64 rcx, u64 rdx, u64 r8);
void probe_vmcall(u64 regs[NR_REGS]);
const u8 *probe_report(u8 tag);
int probe_set(const char *knob, const char *value);
int probe_get(const char *knob, char *text, size_t size);
long probe_stat(const char *name);
void probe_sha384(const void *data, unsigned int len, u8 digest[48]);

/* leaves.c, rtmr.c, verify.c, vmcall.c, quote.c: the tests */

void probe_leaves(void);
void probe_rtmrs(void);
void probe_verification(void);
void probe_vmcalls(void);
int probe_quotes(void);

/* [GHCB] guest requests: exit codes, errors in bits 63:32 of SW_EXITINFO2 */
#define GUEST_REQUEST		0x80000011
#define EXT_GUEST_REQUEST	0x80000012
#define HOST_INVALID_LEN	0x100000000ULL
#define HOST_BUSY		0x200000000ULL
/* [FW] status codes */
#define FW_PARAM		0x16
#define FW_KEY			0x27

/* [FW] guest message header, offsets; the tag is over 0x30 to 0x5f, payload */
#define HDR_TAG			0x00
#define HDR_SEQNO		0x20
#define HDR_ALGO		0x30
#define HDR_VERSION		0x31
#define HDR_SIZE		0x32
#define HDR_TYPE		0x34
#define HDR_MSG_VERSION		0x35
#define HDR_MSG_SIZE		0x36
#define HDR_VMPCK		0x3c
#define HDR_LEN			0x60

/* [FW] messages: types, sizes; offsets in responses */
#define KEY_REQ			3
#define KEY_REQ_LEN		32
#define KEY_RSP_LEN		64
#define REPORT_REQ		5
#define REPORT_REQ_LEN		96
#define REPORT_RSP_LEN		1216
#define RSP_STATUS		0
#define RSP_REPORT_LEN		4
#define RSP_BODY		32
#define SNP_REPORT_LEN		1184

#define PAYLOAD_LEN		4000

/**
 * struct snp_answer - what a guest request comes back with
 * @ret: of the kernel's function
 * @exitinfo2: SW_EXITINFO2
 * @npages: RBX of an extended request
 */
struct snp_answer {
	int ret;
	u64 exitinfo2;
	unsigned int npages;
};

/* snp_guest.c: an SNP guest's hands */

extern u8 *snp_request, *snp_response;
extern unsigned int snp_level;
extern u8 snp_plain[PAYLOAD_LEN];

int probe_snp_init(void);
void probe_snp_exit(void);
unsigned long probe_call(unsigned long function, u64 a, u64 b, u64 c);
u8 *snp_key(unsigned int vmpck);
u32 *snp_seqno(unsigned int vmpck);
u64 snp_firmware_seqno(unsigned int vmpck);
void snp_header(u8 type, unsigned int size);
void snp_seal(const void *payload);
struct snp_answer snp_ask(u64 req, u64 resp, u64 exit_code, u64 data,
			  unsigned int npages);
struct snp_answer snp_send(void);
struct snp_answer snp_send_ext(const void *buf, unsigned int npages);
int snp_open(const u8 *message);
void snp_exchange(u8 type, const void *payload, unsigned int size,
		  unsigned int rsp_size);
void snp_make_report(u8 tag, u32 vmpl, u32 key_sel);
void snp_report_again(u8 tag);
void snp_restart(void);

/* snp_message.c, snp_host.c, snp_pages.c, snp_report.c, snp_certs.c, snp_svsm.c */

void probe_snp_messages(void);
void probe_snp_host(void);
void probe_snp_pages(void);
void probe_snp_reports(void);
int probe_snp_certs(void);
int probe_snp_svsm(void);

#endif
