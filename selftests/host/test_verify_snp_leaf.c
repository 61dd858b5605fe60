// SPDX-License-Identifier: MIT
/* Leaves that are of another machine than the report, or of no key of AMD. */
#include "snp_forged.h"

static void a_masked_chip_is_let_be(void)
{
	machine_begin("Genoa", 3, false);
	poke(SNP_FLAGS, 2);
	memset(m.report.bytes + SNP_CHIP_ID, 0, 64);
	machine_fails("");
	CHECK_EQ(TSM_CHECK_SKIPPED, check_of(&m.j, "chip_id")->verdict);
	machine_says("chip_id", "masked");
	/* a single byte is no mask */
	m.report.bytes[SNP_CHIP_ID + 63] = 1;
	machine_fails("chip_id ");
}

static void another_chip_is_rejected(void)
{
	size_t at;

	for (at = 0; at < 64; at += 7) {
		machine_begin("Genoa", 3, false);
		m.report.bytes[SNP_CHIP_ID + at] ^= 1;
		machine_fails("chip_id ");
		machine_begin("Turin", 5, false);
		m.report.bytes[SNP_CHIP_ID + at] ^= 1;
		machine_fails("chip_id ");
	}
}

/* Only version 2 has to guess by the chip, and the others know. */
static void another_product_is_rejected(void)
{
	static const struct {
		const char *product;
		uint8_t family;
		uint8_t model;
		const char *fails;
	} cpus[] = {
		{ "Milan", 0x19, 0x00, "" }, { "Milan", 0x19, 0x0f, "" },
		{ "Milan", 0x19, 0x11, "product " },
		{ "Genoa", 0x19, 0x01, "product " },
		{ "Genoa", 0x19, 0x10, "" }, { "Genoa", 0x19, 0xa0, "" },
		{ "Genoa", 0x19, 0xaf, "" }, { "Genoa", 0x19, 0xb0, "product " },
		{ "Genoa", 0x17, 0x11, "product " },
		{ "Turin", 0x1a, 0x00, "" }, { "Turin", 0x1a, 0x11, "" },
		{ "Turin", 0x1a, 0x12, "product " },
		{ "Turin", 0x1a, 0x50, "product " },
		{ "Turin", 0x1a, 0xc0, "product " },
		/* and their TCB has another layout, too */
		{ "Turin", 0x19, 0x01, "product tcb " },
		{ "Milan", 0x1a, 0x02, "product tcb " },
	};
	size_t i;

	for (i = 0; i < FORGE_COUNT(cpus); i++) {
		machine_begin(cpus[i].product, 3, false);
		m.report.bytes[SNP_CPUID] = cpus[i].family;
		m.report.bytes[SNP_CPUID + 1] = cpus[i].model;
		if (!machine_fails(cpus[i].fails))
			printf("# %s, model 0x%x\n", cpus[i].product,
			       cpus[i].model);
	}
}

/* Each part of the TCB, in each direction, and what is said of it. */
static void another_tcb_is_rejected(void)
{
	static const struct {
		const char *product;
		size_t at;
		int by;
		const char *reason;
	} tcbs[] = {
		{ "Genoa", 0, -1, "BOOT_LOADER is 3 in the report and 4 in the certificate: 1 short" },
		{ "Genoa", 1, 2, "TEE is 3 in the report and 1 in the certificate: 2 more" },
		{ "Genoa", 2, 1, "SPL4 is 1 in the report and 0 in the certificate: 1 more" },
		{ "Genoa", 5, 1, "SPL7 is 1" },
		{ "Genoa", 6, -20, "SNP is 1 in the report and 21 in the certificate: 20 short" },
		{ "Genoa", 7, -217, "MICROCODE is 0 in the report and 217 in the certificate: 217 short" },
		{ "Turin", 0, -1, "FMC is 0 in the report and 1 in the certificate: 1 short" },
		{ "Turin", 1, 1, "BOOT_LOADER is 5" },
		{ "Turin", 2, 1, "TEE is 2" },
		{ "Turin", 3, 1, "SNP is 22" },
		{ "Turin", 4, 1, "SPL5 is 1" },
		{ "Turin", 6, 1, "SPL7 is 1" },
		{ "Turin", 7, 1, "MICROCODE is 218" },
	};
	uint8_t *svn;
	size_t i;

	for (i = 0; i < FORGE_COUNT(tcbs); i++) {
		machine_begin(tcbs[i].product, 5, false);
		svn = &m.report.bytes[SNP_REPORTED_TCB + tcbs[i].at];
		*svn = (uint8_t)(*svn + tcbs[i].by);
		machine_fails("tcb ");
		machine_says("tcb", tcbs[i].reason);
	}
}

static void extensions_are_there(void)
{
	static const unsigned int required[] = { 1, 2, 3, 8 };
	size_t i;

	for (i = 0; i < FORGE_COUNT(required); i++) {
		machine_begin("Milan", 3, i % 2);
		m.pki.vcek_ext.has_spl &= ~(1u << required[i]);
		m.pki.vlek_ext.has_spl &= ~(1u << required[i]);
		machine_fails("tcb ");
		machine_says("tcb", "missing in the certificate");
	}
	machine_begin("Turin", 5, false);
	m.pki.vcek_ext.has_spl &= ~(1u << 9);
	machine_fails("tcb ");
	machine_says("tcb", "FMC is 1 in the report and missing");
	/* the reserved ones may be left out */
	machine_begin("Milan", 3, false);
	m.pki.vcek_ext.has_spl &= 0x10e;
	machine_fails("");
	machine_begin("Milan", 3, false);
	m.pki.vcek_ext.product = NULL;
	machine_fails("product ");
	machine_begin("Milan", 3, false);
	m.pki.vcek_ext.hw_id_len = 0;
	machine_fails("chip_id ");
}

/* A VCEK is of a chip, and a VLEK of a provider. */
static void chip_or_provider(void)
{
	machine_begin("Genoa", 3, false);
	m.pki.vcek_ext.csp_id = "CN=cc.example.com";
	machine_fails("chip_id ");
	machine_says("chip_id", "names a provider, CN=cc.example.com");
	machine_begin("Genoa", 3, true);
	m.pki.vlek_ext.csp_id = NULL;
	machine_fails("chip_id ");
	machine_begin("Genoa", 3, true);
	m.pki.vlek_ext.hw_id_len = 64;
	machine_fails("chip_id ");
	machine_begin("Genoa", 3, true);
	machine_fails("");
	machine_says("chip_id", "CN=cc-forged-1.example.com");
}

static void the_product_of_the_certificate_counts(void)
{
	static const struct {
		const char *line;
		const char *name;
		const char *fails;
	} names[] = {
		{ "Milan", "Milan", "" }, { "Milan", "Milan-B1", "" },
		{ "Milan", "Genoa", "product " }, { "Milan", "", "product " },
		{ "Milan", "Mila", "product " }, { "Milan", "Milano", "product " },
		{ "Milan", "-B0", "product " }, { "Genoa", "Genoa-B2", "" },
		{ "Genoa", "Bergamo", "" }, { "Genoa", "Siena-A0", "" },
		{ "Milan", "Bergamo", "product " }, { "Genoa", "Sien", "product " },
		{ "Turin", "Turin-C1", "" }, { "Turin", "Venice", "product " },
	};
	size_t i;

	for (i = 0; i < FORGE_COUNT(names); i++) {
		machine_begin(names[i].line, 3, false);
		m.pki.vcek_ext.product = names[i].name;
		if (!machine_fails(names[i].fails))
			printf("# %s\n", names[i].name);
	}
}

static void other_keys_are_rejected(void)
{
	static const enum forge_kind kinds[] = {
		FORGE_P256, FORGE_P521, FORGE_RSA,
	};
	size_t i;

	for (i = 0; i < FORGE_COUNT(kinds); i++) {
		machine_begin("Milan", 3, false);
		m.pki.vcek.key = forge_key(kinds[i], 5);
		machine_fails("signature ");
		machine_says("signature", "the key of SEV-VCEK is not one of P-384");
	}
	machine_begin("Milan", 3, false);
	m.pki.vcek.key = forge_key(FORGE_P384, 5);
	machine_fails("signature ");
	machine_says("signature", "(1 tried)");
	machine_says("certificates", "did not sign it, but fits best, out of 1");
	CHECK(!m.j.signer[0]);
}

/* A name that is none of AMD's makes no leaf, whatever it has signed. */
static void other_names_are_no_leaf(void)
{
	static const char *const names[] = {
		"SEV-VCEK2", "sev-vcek", "SEV-VCE", "VCEK", "", "SEV-",
		"SEV-Milan", "ARK-Milan",
	};
	size_t i;

	for (i = 0; i < FORGE_COUNT(names); i++) {
		machine_begin("Milan", 3, false);
		m.pki.vcek.subject = names[i];
		machine_fails("certificates ");
	}
}

/* Certified twice, and the host gives both: the one that is valid counts. */
static void the_certificate_that_is_valid_counts(void)
{
	static struct bytes old;
	struct tsm_verifier *v;
	size_t added;

	machine_begin("Milan", 3, false);
	m.pki.vcek.until = FORGE_NOW - 1;
	machine_fails("validity ");
	machine_says("validity", "SEV-VCEK expired at 2025-05-31T23:59:59Z; judged at 2025-06-01T00:00:00Z");
	old = m.pki.vcek_der;
	m.pki.vcek.until = FORGE_NOW;
	machine_make();
	v = machine_verifier();
	CHECK_EQ(0, tsm_verifier_add_certs(v, old.p, old.len, &added, NULL));
	machine_judge(v);
	fails(&m.j, "");
	machine_says("certificates", "out of 2");
	tsm_verifier_free(v);
}

int main(void)
{
	static const struct tap_test tests[] = {
		{ "a chip id that is masked is passed over",
		  a_masked_chip_is_let_be },
		{ "the chip is that of the certificate",
		  another_chip_is_rejected },
		{ "the product is that of the chain", another_product_is_rejected },
		{ "the TCB is that of the certificate, part by part",
		  another_tcb_is_rejected },
		{ "what a certificate must say it says", extensions_are_there },
		{ "a VCEK names a chip and a VLEK a provider",
		  chip_or_provider },
		{ "the product in the certificate is that of its chain",
		  the_product_of_the_certificate_counts },
		{ "a key of another kind, or another key, signed nothing",
		  other_keys_are_rejected },
		{ "what is not called VCEK or VLEK is no leaf",
		  other_names_are_no_leaf },
		{ "of two certificates of one key the valid one counts",
		  the_certificate_that_is_valid_counts },
	};

	return tap_run(tests, sizeof(tests) / sizeof(tests[0]));
}
