// SPDX-License-Identifier: MIT
/* Chains of SNP keys that AMD did not make, or took back. */
#include "snp_forged.h"

#include <openssl/pem.h>

/* The same names in all, other keys: what a name says anybody can write. */
static void a_root_is_its_key(void)
{
	static struct forge_amd other;
	struct tsm_judgement j;
	struct tsm_verifier *v;
	struct tsm_blob report;

	forge_amd_init(&other, "Milan");
	other.ark.key = other.ark.signer = forge_key(FORGE_RSA, 5);
	forge_amd_make(&other);
	machine_begin("Milan", 3, false);
	m.root = &other.ark_der;
	machine_fails("root ");
	machine_says("root", "ARK-Milan has another key than each of AMD's roots");
	CHECK(!m.j.is_emulated && !m.j.signer[0]);
	/* and where no root was added at all */
	v = verifier_at(FORGE_NOW);
	machine_judge(v);
	fails(&m.j, "root ");
	tsm_verifier_free(v);
	/* the ASK below it, of the same name, signed no VCEK */
	machine_begin("Milan", 3, false);
	machine_make();
	report = (struct tsm_blob){ m.out.p, m.out.len };
	v = machine_verifier();
	give_certs(v, &(struct tsm_blob){ m.pki.vcek_der.p,
					  m.pki.vcek_der.len });
	other.ask.key = forge_key(FORGE_RSA, 6);
	forge_cert(&other.ask_der, &other.ask);
	judge_it(v, &report, &(struct tsm_blob){ other.ask_der.p,
						 other.ask_der.len }, &j);
	fails(&j, "chain ");
	CHECK(strstr(check_of(&j, "chain")->reason,
		     "SEV-VCEK under SEV-Milan: it was not signed by its issuer's key"));
	tsm_verifier_free(v);
}

/* AMD's public key, in a certificate that somebody else signed. */
static EVP_PKEY *key_of_amd(const char *file)
{
	struct tsm_blob blob;
	EVP_PKEY *key = NULL;
	BIO *bio;
	X509 *cert;

	if (!load_real(file, &blob))
		return NULL;
	bio = BIO_new_mem_buf(blob.data, (int)blob.len);
	/* the ASK comes first */
	cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	X509_free(cert);
	cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	if (cert)
		key = X509_get_pubkey(cert);
	X509_free(cert);
	BIO_free(bio);
	unload(&blob);
	return key;
}

static void the_key_of_a_root_is_not_enough(void)
{
	EVP_PKEY *milan = key_of_amd(CHAIN "milan.pem");
	EVP_PKEY *genoa = key_of_amd(CHAIN "genoa.pem");

	if (milan && genoa) {
		machine_begin("Milan", 3, false);
		m.pki.ark.key = milan;
		machine_fails("chain ");
		CHECK_EQ(TSM_CHECK_PASS, check_of(&m.j, "root")->verdict);
		CHECK(!m.j.signer[0] && !m.j.is_emulated);
		m.pki.ark.key = genoa;
		machine_fails("chain root ");
		machine_says("root", "ARK-Milan has the key of AMD's root for Genoa");
	}
	EVP_PKEY_free(milan);
	EVP_PKEY_free(genoa);
}

/* Evidence may bring a root of its own of the same name: it is not asked. */
static void a_false_root_beside_the_true_one_is_passed_over(void)
{
	static struct forge_amd other;
	struct tsm_blob ark;
	struct tsm_verifier *v;

	forge_amd_init(&other, "Milan");
	other.ark.key = other.ark.signer = forge_key(FORGE_RSA, 5);
	forge_amd_make(&other);
	machine_begin("Milan", 3, false);
	machine_make();
	v = machine_verifier();
	ark = (struct tsm_blob){ other.ark_der.p, other.ark_der.len };
	give_certs(v, &ark);
	machine_judge(v);
	fails(&m.j, "");
	tsm_verifier_free(v);
}

static void asks_are_for_vceks_and_asvks_for_vleks(void)
{
	machine_begin("Milan", 3, false);
	m.pki.vcek.issuer = m.pki.asvk.subject;
	m.pki.vcek.signer = m.pki.asvk.key;
	m.pki.ask = m.pki.asvk;
	machine_fails("chain ");
	machine_says("chain", "SEV-VLEK-Milan is not SEV-PRODUCT");
	machine_begin("Milan", 3, true);
	m.pki.vlek.issuer = m.pki.ask.subject;
	m.pki.vlek.signer = m.pki.ask.key;
	m.pki.asvk = m.pki.ask;
	machine_fails("chain ");
	machine_says("chain", "SEV-Milan is not SEV-VLEK-PRODUCT");
	/* the one is there where the other is needed */
	machine_begin("Milan", 3, false);
	m.pki.ask = m.pki.asvk;
	machine_fails("chain ");
	machine_says("chain", "the ASK that issued SEV-VCEK is missing");
	machine_begin("Milan", 3, true);
	m.pki.asvk = m.pki.ask;
	machine_fails("chain ");
	machine_says("chain", "/vlek/v1/Milan/cert_chain");
}

static void products_do_not_mix(void)
{
	machine_begin("Milan", 3, false);
	m.pki.ask.subject = m.pki.vcek.issuer = "SEV-Genoa";
	machine_fails("chain ");
	machine_says("chain", "SEV-Genoa is not of the product of its root, Milan");
	machine_begin("Milan", 3, false);
	m.pki.ask.subject = m.pki.vcek.issuer = "SEV-0123456789abcdef";
	machine_fails("chain ");
	machine_begin("Milan", 3, false);
	m.pki.ark.subject = m.pki.ark.issuer = m.pki.ask.issuer = "Milan";
	machine_fails("chain ");
	machine_says("chain", "Milan is not ARK-PRODUCT");
}

/* A leaf right below the root, or an ARK that is its own ASK. */
static void three_links_are_needed(void)
{
	machine_begin("Milan", 3, false);
	m.pki.vcek.issuer = m.pki.ark.subject;
	m.pki.vcek.signer = m.pki.ark.key;
	machine_fails("chain ");
	machine_says("chain", "ARK-Milan is not SEV-PRODUCT");
	machine_begin("Milan", 3, false);
	m.pki.vcek.issuer = m.pki.vcek.subject;
	m.pki.vcek.signer = m.pki.vcek.key;
	machine_fails("chain root ");
}

static void without_root(struct machine *machine)
{
	/* length of the third entry, which is the last */
	memset(machine->table + 2 * 24 + 20, 0, 4);
	machine->table_len -= machine->pki.ark_der.len;
}

static void a_missing_root_can_be_found(void)
{
	struct tsm_verifier *v;

	machine_begin("Turin", 5, false);
	m.edit = without_root;
	machine_fails("");
	v = verifier_at(FORGE_NOW);
	machine_judge(v);
	fails(&m.j, "chain ");
	machine_says("chain", "the ARK that issued SEV-Turin is missing: give it with --certs, AMD's KDS has it at /vcek/v1/Turin/cert_chain");
	tsm_verifier_free(v);
}

static void each_is_signed_as_amd_does(void)
{
	static const enum forge_signature ways[] = {
		FORGE_PSS_SHA256, FORGE_PSS_SALT32, FORGE_RSA_PKCS1,
	};
	struct forge_cert *const certs[] = { &m.pki.vcek, &m.pki.ask };
	size_t i, n;

	for (i = 0; i < FORGE_COUNT(ways); i++) {
		for (n = 0; n < FORGE_COUNT(certs); n++) {
			machine_begin("Genoa", 3, false);
			certs[n]->how = ways[i];
			machine_fails("chain ");
			machine_says("chain", "is not signed with RSASSA-PSS and SHA-384");
		}
	}
	/* by an ASK with the key of a leaf, which would be right at Intel */
	machine_begin("Genoa", 3, false);
	m.pki.ask.key = m.pki.vcek.signer = forge_key(FORGE_P384, 6);
	m.pki.vcek.how = FORGE_ECDSA_SHA384;
	machine_fails("chain ");
	machine_begin("Genoa", 3, false);
	m.pki.ask.key = m.pki.vcek.signer = forge_key(FORGE_RSA_WEAK, 0);
	machine_fails("chain ");
	machine_begin("Genoa", 3, false);
	m.pki.vcek.deviations |= FORGE_BAD_SIGNATURE;
	machine_fails("chain ");
	machine_begin("Genoa", 3, false);
	m.pki.ask.ca = false;
	machine_fails("chain ");
	machine_begin("Genoa", 3, false);
	m.pki.vcek.deviations |= FORGE_UNKNOWN_CRITICAL;
	machine_fails("chain ");
}

static void each_is_valid_at_the_time(void)
{
	struct forge_cert *const certs[] = {
		&m.pki.vcek, &m.pki.ask, &m.pki.ark,
	};
	static const char *const names[] = {
		"SEV-VCEK", "SEV-Genoa", "ARK-Genoa",
	};
	char text[64];
	size_t i;

	for (i = 0; i < FORGE_COUNT(certs); i++) {
		machine_begin("Genoa", 3, false);
		certs[i]->until = FORGE_NOW - 1;
		machine_fails("validity ");
		snprintf(text, sizeof(text), "%s expired at 2025-05-31",
			 names[i]);
		machine_says("validity", text);
		certs[i]->until = FORGE_NOW;
		machine_fails("");
		certs[i]->from = FORGE_NOW + 1;
		certs[i]->until = FORGE_UNTIL;
		machine_fails("validity ");
		snprintf(text, sizeof(text), "%s is valid from 2025-06-01",
			 names[i]);
		machine_says("validity", text);
	}
	machine_begin("Genoa", 3, false);
	m.pki.vcek.until = m.pki.ask.until = m.pki.ark.until = FORGE_NOW - 1;
	machine_fails("validity ");
	machine_says("validity", "; ARK-Genoa expired");
	m.pki.vcek.until = m.pki.ask.until = m.pki.ark.until = INT64_MAX;
	machine_fails("");
	m.at = INT64_MIN;
	machine_fails("validity ");
	machine_says("validity", "judged at 0001-01-01T00:00:00Z");
}

/* @given: with --crl; else it is in the place of the root in the table */
static void judge_list(bool given, unsigned int flags, const char *want)
{
	m.crl = given ? &m.pki.crl_der : NULL;
	m.flags = TSM_VERIFY_ALLOW_EMULATED | flags;
	machine_fails(want);
}

static void list_for_root(struct machine *machine)
{
	const struct bytes *crl = &machine->pki.crl_der;

	if (machine->crl)
		return;
	/* length of the third entry; it is the last, and the root was added */
	memcpy(machine->table + 2 * 24 + 20,
	       (const uint8_t[]){ (uint8_t)crl->len, (uint8_t)(crl->len >> 8),
				  0, 0 }, 4);
	machine->table_len -= machine->pki.ark_der.len;
	memcpy(machine->table + machine->table_len, crl->p, crl->len);
	machine->table_len += crl->len;
}

static void begin_list(bool is_vlek)
{
	machine_begin("Genoa", 3, is_vlek);
	m.edit = list_for_root;
}

static void lists_revoke(void)
{
	begin_list(false);
	judge_list(true, TSM_VERIFY_NEED_CRLS, "");
	machine_says("revocation", "a current list of ARK-Genoa has none of the chain");
	judge_list(false, 0, "");
	machine_says("revocation", "a current list of ARK-Genoa");
	m.pki.crl.revoked[0] = 77;
	m.pki.crl.revoked[1] = m.pki.ask.serial;
	m.pki.crl.count = 2;
	judge_list(true, 0, "revocation ");
	machine_says("revocation", "SEV-Genoa is revoked");
	judge_list(false, 0, "revocation ");
	/* a list that ended still knows who was revoked */
	m.pki.crl.until = FORGE_NOW - 1;
	judge_list(false, 0, "revocation ");
	/* of the ASK, which no VLEK is below */
	begin_list(true);
	m.pki.crl.revoked[0] = m.pki.ask.serial;
	m.pki.crl.count = 1;
	judge_list(true, 0, "");
	m.pki.crl.revoked[0] = m.pki.asvk.serial;
	judge_list(true, 0, "revocation ");
	machine_says("revocation", "SEV-VLEK-Genoa is revoked");
}

/* AMD gives all leaves the number 0, which a list would mean all of by. */
static void leaves_have_no_number(void)
{
	begin_list(true);
	m.pki.crl.revoked[0] = 0;
	m.pki.crl.count = 1;
	judge_list(true, TSM_VERIFY_NEED_CRLS, "");
	m.pki.vlek.serial = 9;
	judge_list(true, TSM_VERIFY_NEED_CRLS, "");
	m.pki.crl.revoked[0] = 9;
	judge_list(true, TSM_VERIFY_NEED_CRLS, "revocation ");
	machine_says("revocation", "SEV-VLEK is revoked");
	/* the list of the ARK is not for VCEKs */
	begin_list(false);
	m.pki.vcek.serial = 9;
	m.pki.crl.revoked[0] = 9;
	m.pki.crl.count = 1;
	judge_list(true, TSM_VERIFY_NEED_CRLS, "");
}

/* Once lists are asked for, what the host brings is not enough. */
static void lists_are_current_and_of_the_root(void)
{
	machine_begin("Genoa", 3, false);
	judge_list(false, TSM_VERIFY_NEED_CRLS, "revocation ");
	machine_says("revocation", "no list of ARK-Genoa was given: AMD's KDS has it at /vcek/v1/Genoa/crl");
	begin_list(false);
	judge_list(false, TSM_VERIFY_NEED_CRLS, "revocation ");
	m.pki.crl.until = FORGE_NOW - 1;
	judge_list(true, TSM_VERIFY_NEED_CRLS, "revocation ");
	machine_says("revocation", "only lists of another time");
	judge_list(false, 0, "");
	CHECK_EQ(TSM_CHECK_SKIPPED, check_of(&m.j, "revocation")->verdict);
	begin_list(false);
	m.pki.crl.from = FORGE_NOW + 1;
	judge_list(true, TSM_VERIFY_NEED_CRLS, "revocation ");
	begin_list(false);
	m.pki.crl.signer = m.pki.ask.key;
	judge_list(true, TSM_VERIFY_NEED_CRLS, "revocation ");
	machine_says("revocation", "that it did not sign");
	judge_list(false, 0, "");
	CHECK_EQ(TSM_CHECK_SKIPPED, check_of(&m.j, "revocation")->verdict);
	begin_list(false);
	m.pki.crl.issuer = "ARK-Milan";
	judge_list(true, TSM_VERIFY_NEED_CRLS, "revocation ");
}

/* What a host writes into a name reaches people's terminals. */
static void names_are_printable(void)
{
	machine_begin("Genoa", 3, false);
	m.pki.ask.subject = m.pki.vcek.issuer = "SEV-\033[2J\n";
	machine_fails("chain ");
	machine_says("chain", "SEV-?[2J?");
}

int main(void)
{
	static const struct tap_test tests[] = {
		{ "a root is its key, not its name", a_root_is_its_key },
		{ "the key of a root, in another's certificate, is not enough",
		  the_key_of_a_root_is_not_enough },
		{ "a false root beside the true one is passed over",
		  a_false_root_beside_the_true_one_is_passed_over },
		{ "an ASK is for VCEKs and an ASVK for VLEKs",
		  asks_are_for_vceks_and_asvks_for_vleks },
		{ "products do not mix in a chain", products_do_not_mix },
		{ "a chain has three certificates", three_links_are_needed },
		{ "without a root the reason says where to get it",
		  a_missing_root_can_be_found },
		{ "each certificate is signed as AMD does",
		  each_is_signed_as_amd_does },
		{ "each certificate is valid at the time",
		  each_is_valid_at_the_time },
		{ "who is in a list of the root is revoked", lists_revoke },
		{ "the number 0 that all leaves have revokes none",
		  leaves_have_no_number },
		{ "a list that is asked for is current, and of the root",
		  lists_are_current_and_of_the_root },
		{ "names are shown without what would steer a terminal",
		  names_are_printable },
	};

	return tap_run(tests, sizeof(tests) / sizeof(tests[0]));
}
