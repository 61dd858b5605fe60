// SPDX-License-Identifier: MIT
/* Forges what AMD issues, and SNP reports: 57230, 56860 and the GHCB. */
#include "forge.h"
#include "snp_build.h"

#include <stdio.h>

static bool is_turin(const struct forge_amd *pki)
{
	return !strcmp(pki->product, "Turin");
}

static void init_ext(struct forge_amd *pki)
{
	struct forge_snp *vcek = &pki->vcek_ext, *vlek = &pki->vlek_ext;

	vcek->version = is_turin(pki);
	vcek->product = strcmp(pki->product, "Milan") ? pki->product :
							"Milan-B0";
	vcek->spl[1] = 4;	/* boot loader */
	vcek->spl[2] = 1;	/* TEE */
	vcek->spl[3] = 21;	/* SNP */
	vcek->spl[8] = 217;	/* microcode */
	vcek->has_spl = 0x1fe;
	if (is_turin(pki)) {
		vcek->spl[9] = 1;	/* FMC, in the place of the fourth */
		vcek->has_spl = 0x3ee;
	}
	*vlek = *vcek;
	vlek->product = pki->product;
	vlek->csp_id = "CN=cc-forged-1.example.com";
	vcek->hw_id_len = is_turin(pki) ? 8 : 64;
	memset(vcek->hw_id, 0xc1, vcek->hw_id_len);
}

static void init_ca(struct forge_cert *cert, const char *subject,
		    const struct forge_cert *issuer, unsigned int number)
{
	cert->subject = subject;
	cert->issuer = issuer->subject;
	cert->key = forge_key(FORGE_RSA, number);
	cert->signer = issuer->key;
	cert->how = FORGE_PSS_TRAILER;
	cert->from = FORGE_FROM;
	cert->until = FORGE_UNTIL;
	cert->serial = (uint8_t)(number + 1);
	cert->ca = true;
	cert->path_len = 0;
	cert->usage = FORGE_CERT_SIGN;
}

/* AMD's leaves have neither basicConstraints nor keyUsage, and serial number 0. */
static void init_leaf(struct forge_cert *cert, const char *subject,
		      const struct forge_cert *issuer, unsigned int number,
		      const struct forge_snp *ext)
{
	cert->subject = subject;
	cert->issuer = issuer->subject;
	cert->key = forge_key(FORGE_P384, number);
	cert->signer = issuer->key;
	cert->from = FORGE_FROM;
	cert->until = FORGE_UNTIL;
	cert->path_len = -1;
	cert->snp = ext;
	cert->deviations = FORGE_NO_CONSTRAINTS | FORGE_NO_USAGE;
}

void forge_amd_init(struct forge_amd *pki, const char *product)
{
	memset(pki, 0, sizeof(*pki));
	pki->product = product;
	snprintf(pki->names[0], sizeof(pki->names[0]), "ARK-%s", product);
	snprintf(pki->names[1], sizeof(pki->names[1]), "SEV-%s", product);
	snprintf(pki->names[2], sizeof(pki->names[2]), "SEV-VLEK-%s", product);
	init_ext(pki);
	pki->ark.subject = pki->names[0];
	pki->ark.key = forge_key(FORGE_RSA, 0);
	init_ca(&pki->ark, pki->names[0], &pki->ark, 0);
	pki->ark.path_len = -1;
	pki->ark.usage |= FORGE_CRL_SIGN;
	init_ca(&pki->ask, pki->names[1], &pki->ark, 1);
	init_ca(&pki->asvk, pki->names[2], &pki->ark, 2);
	init_leaf(&pki->vcek, "SEV-VCEK", &pki->ask, 0, &pki->vcek_ext);
	init_leaf(&pki->vlek, "SEV-VLEK", &pki->asvk, 1, &pki->vlek_ext);
	pki->crl.issuer = pki->names[0];
	pki->crl.signer = pki->ark.key;
	pki->crl.how = FORGE_PSS_TRAILER;
	pki->crl.from = FORGE_LIST_FROM;
	pki->crl.until = FORGE_LIST_UNTIL;
}

void forge_amd_make(struct forge_amd *pki)
{
	forge_cert(&pki->ark_der, &pki->ark);
	forge_cert(&pki->ask_der, &pki->ask);
	forge_cert(&pki->asvk_der, &pki->asvk);
	forge_cert(&pki->vcek_der, &pki->vcek);
	forge_cert(&pki->vlek_der, &pki->vlek);
	forge_crl(&pki->crl_der, &pki->crl);
}

static void put_tcb(uint8_t tcb[8], const struct forge_amd *pki)
{
	const uint8_t *spl = pki->vcek_ext.spl;

	memset(tcb, 0, 8);
	tcb[7] = spl[8];
	if (is_turin(pki)) {
		tcb[0] = spl[9];
		memcpy(tcb + 1, spl + 1, 3);
	} else {
		memcpy(tcb, spl + 1, 2);
		tcb[6] = spl[3];
	}
}

static void put_cpu(uint8_t cpuid[3], const struct forge_amd *pki)
{
	cpuid[0] = is_turin(pki) ? 0x1a : 0x19;
	cpuid[1] = is_turin(pki) ? 0x02 :
		   !strcmp(pki->product, "Genoa") ? 0x11 : 0x01;
	cpuid[2] = 1;
}

void forge_report_init(struct forge_report *report,
		       const struct forge_amd *pki, uint32_t version,
		       bool is_vlek)
{
	static const size_t tcbs[] = {
		SNP_CURRENT_TCB, SNP_REPORTED_TCB, SNP_COMMITTED_TCB,
		SNP_LAUNCH_TCB,
	};
	struct bytes b;
	size_t i;

	build_snp(&b, version);
	memset(report, 0, sizeof(*report));
	memcpy(report->bytes, b.p, sizeof(report->bytes));
	for (i = 0; i < FORGE_COUNT(tcbs); i++)
		put_tcb(report->bytes + tcbs[i], pki);
	if (version > 2)
		put_cpu(report->bytes + SNP_CPUID, pki);
	memset(report->bytes + SNP_PLATFORM_INFO, 0, 8);
	memset(report->bytes + SNP_CHIP_ID, 0, 64);
	/* bits 2 to 4: signed by a VLEK, whose reports name no chip */
	report->bytes[SNP_FLAGS] = is_vlek ? 1 << 2 : 0;
	if (!is_vlek)
		memcpy(report->bytes + SNP_CHIP_ID, pki->vcek_ext.hw_id, 64);
	report->signer = is_vlek ? pki->vlek.key : pki->vcek.key;
}

void forge_report(struct bytes *out, const struct forge_report *report)
{
	uint8_t sig[132];
	size_t i;

	forge_sign_raw(sig, report->signer, report->bytes, SNP_SIGNATURE);
	if (report->signature)
		memcpy(sig, report->signature, 96);
	out->len = 0;
	put(out, report->bytes, sizeof(report->bytes));
	/* R and S, little-endian, 72 bytes each */
	memset(out->p + SNP_SIGNATURE, 0, 512);
	for (i = 0; i < 48; i++) {
		out->p[SNP_SIGNATURE + i] = sig[47 - i];
		out->p[SNP_SIGNATURE + 72 + i] = sig[95 - i];
	}
}

/* In the order of RFC 4122, as hosts have been seen to write them */
static const uint8_t guid_vcek[16] = {
	0x63, 0xda, 0x75, 0x8d, 0xe6, 0x64, 0x45, 0x64,
	0xad, 0xc5, 0xf4, 0xb9, 0x3b, 0xe8, 0xac, 0xcd,
};

static const uint8_t guid_vlek[16] = {
	0xa8, 0x07, 0x4b, 0xc2, 0xa2, 0x5a, 0x48, 0x3e,
	0xaa, 0xe6, 0x39, 0xc0, 0x45, 0xa0, 0xb8, 0xa1,
};

static const uint8_t guid_ask[16] = {
	0x4a, 0xb7, 0xb3, 0x79, 0xbb, 0xac, 0x4f, 0xe4,
	0xa0, 0x2f, 0x05, 0xae, 0xf3, 0x27, 0xc7, 0x82,
};

static const uint8_t guid_ark[16] = {
	0xc0, 0xb4, 0x06, 0xa4, 0xa8, 0x03, 0x49, 0x52,
	0x97, 0x43, 0x3f, 0xb6, 0x01, 0x4c, 0xd0, 0xae,
};

void forge_table(struct bytes *out, const struct forge_amd *pki, bool is_vlek,
		 bool is_pem)
{
	const uint8_t *const guids[] = { is_vlek ? guid_vlek : guid_vcek,
					 guid_ask, guid_ark };
	const struct bytes *const ders[] = {
		is_vlek ? &pki->vlek_der : &pki->vcek_der,
		is_vlek ? &pki->asvk_der : &pki->ask_der, &pki->ark_der,
	};
	struct bytes bodies = { .len = 0 };
	size_t i, start;

	out->len = 0;
	for (i = 0; i < FORGE_COUNT(guids); i++) {
		start = bodies.len;
		if (is_pem)
			forge_pem(&bodies, "CERTIFICATE", ders[i]);
		else
			put(&bodies, ders[i]->p, ders[i]->len);
		put(out, guids[i], 16);
		put32(out, (uint32_t)(4 * 24 + start));
		put32(out, (uint32_t)(bodies.len - start));
	}
	fill(out, 0, 24);
	put(out, bodies.p, bodies.len);
}
