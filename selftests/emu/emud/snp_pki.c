// SPDX-License-Identifier: MIT
/* PKI of the emulated AMD platforms: a folder for each product below DIR/snp. */

#include "snp.h"

#include <err.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <pthread.h>
#include <time.h>

#define PATH_SIZE	4096
#define RSA_BITS	4096
#define CRL		"crl.der"	/* of the ARK, as at AMD for all */
#define SPARE_DAYS	30

static const struct { const char *cert, *key; } files[NR_SNP_CERTS] = {
	[SNP_ARK] = { "ark.pem", "ark.key" },
	[SNP_ASK] = { "ask.pem", "ask.key" },
	[SNP_ASVK] = { "asvk.pem", "asvk.key" },
	[SNP_VCEK] = { "vcek.pem", "vcek.key" },
	[SNP_VLEK] = { "vlek.pem", "vlek.key" },
};

static int product_dir(const char *dir, const struct snp_product *product,
		       char path[PATH_SIZE])
{
	char snp[PATH_SIZE];

	return pki_path(dir, "snp", snp, sizeof(snp)) ||
	       pki_path(snp, product->name, path, PATH_SIZE) ? -1 : 0;
}

static X509 *load_cert(const char *dir, const struct snp_product *product,
		       enum snp_cert which)
{
	char folder[PATH_SIZE], path[PATH_SIZE];
	X509 *cert = NULL;
	BIO *bio;

	if (product_dir(dir, product, folder) ||
	    pki_path(folder, files[which].cert, path, sizeof(path)))
		return NULL;
	bio = BIO_new_file(path, "r");
	if (bio)
		cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	if (!cert) {
		ossl_fail(path);
		warnx("%s: no certificate in it; make what lacks with --pki %s --init",
		      path, dir);
	}
	BIO_free(bio);
	return cert;
}

static EVP_PKEY *make_key(const char *dir, enum snp_cert which)
{
	EVP_PKEY *key = which == SNP_VCEK || which == SNP_VLEK ?
			EVP_EC_gen("P-384") : EVP_RSA_gen(RSA_BITS);

	if (!key) {
		ossl_fail("cannot make a key");
	} else if (pki_put_key(dir, files[which].key, key)) {
		EVP_PKEY_free(key);
		key = NULL;
	}
	return key;
}

static int make_keys(const char *dir, EVP_PKEY *keys[NR_SNP_CERTS])
{
	for (unsigned int i = 0; i < NR_SNP_CERTS; i++) {
		keys[i] = make_key(dir, i);
		if (!keys[i])
			return -1;
	}
	return 0;
}

/* The CRL comes last: where it is, all is. */
static int make_certs(const char *dir, const struct snp_product *product,
		      EVP_PKEY *const keys[NR_SNP_CERTS],
		      X509 *certs[NR_SNP_CERTS])
{
	for (unsigned int i = 0; i < NR_SNP_CERTS; i++) {
		const enum snp_cert issuer = snp_issuer_of(i);

		certs[i] = snp_cert_make(product, i, keys[i], certs[issuer],
					 keys[issuer]);
		if (!certs[i] ||
		    pki_put_certs(dir, files[i].cert, certs[i], NULL))
			return -1;
	}
	return pki_put_crl(dir, CRL, certs[SNP_ARK], keys[SNP_ARK]);
}

static int make_product(const char *dir, const struct snp_product *product)
{
	EVP_PKEY *keys[NR_SNP_CERTS] = { NULL };
	X509 *certs[NR_SNP_CERTS] = { NULL };
	char path[PATH_SIZE];
	int ret = -1;

	if (!product_dir(dir, product, path) && !pki_make_dir(path) &&
	    !make_keys(path, keys))
		ret = make_certs(path, product, keys, certs);

	for (unsigned int i = 0; i < NR_SNP_CERTS; i++) {
		X509_free(certs[i]);
		EVP_PKEY_free(keys[i]);
	}
	return ret;
}

/* A VLEK is good for a year only: one that soon ends is made again. */
static bool is_usable(const char *dir, const struct snp_product *product)
{
	time_t soon = time(NULL) + SPARE_DAYS * 24L * 60 * 60;
	char path[PATH_SIZE];
	bool ret = false;
	X509 *cert;

	if (product_dir(dir, product, path) || !pki_has(path, CRL))
		return false;
	cert = load_cert(dir, product, SNP_VLEK);
	if (cert)
		ret = X509_cmp_time(X509_get0_notAfter(cert), &soon) > 0;
	X509_free(cert);
	return ret;
}

/**
 * struct job - a product whose PKI a thread makes
 * @thread: does it
 * @dir: of the whole PKI
 * @product: which
 * @is_running: there is such a thread
 * @ret: how it went
 */
struct job {
	pthread_t thread;
	const char *dir;
	const struct snp_product *product;
	bool is_running;
	int ret;
};

static void *run(void *data)
{
	struct job *job = data;

	job->ret = make_product(job->dir, job->product);
	return NULL;
}

/**
 * snp_pki_init - makes the PKI of each product, unless it is there
 * @dir: of the whole PKI, which exists
 *
 * Nine RSA keys take their time: a thread for each product.
 */
int snp_pki_init(const char *dir)
{
	struct job jobs[NR_SNP_PRODUCTS] = { 0 };
	char snp[PATH_SIZE];
	int ret = 0;

	if (pki_path(dir, "snp", snp, sizeof(snp)) || pki_make_dir(snp))
		return -1;
	for (unsigned int i = 0; i < NR_SNP_PRODUCTS; i++) {
		struct job *job = &jobs[i];

		*job = (struct job) { .dir = dir, .product = &snp_products[i] };
		if (is_usable(dir, job->product))
			continue;
		job->is_running = !pthread_create(&job->thread, NULL, run, job);
		if (!job->is_running)
			run(job);
	}
	for (unsigned int i = 0; i < NR_SNP_PRODUCTS; i++) {
		if (jobs[i].is_running)
			pthread_join(jobs[i].thread, NULL);
		if (jobs[i].ret)
			ret = -1;
	}
	return ret;
}

/* One of the keys, which the caller owns, or NULL */
EVP_PKEY *snp_pki_key(const char *dir, const struct snp_product *product,
		      enum snp_cert which)
{
	char path[PATH_SIZE];

	if (product_dir(dir, product, path))
		return NULL;
	return pki_key(path, files[which].key);
}

/* One of the certificates, DER; @len: bytes of it */
int snp_pki_cert(const char *dir, const struct snp_product *product,
		 enum snp_cert which, uint8_t *der, size_t size, size_t *len)
{
	X509 *cert = load_cert(dir, product, which);
	int n = cert ? i2d_X509(cert, NULL) : -1, ret = -1;

	if (n > 0 && (size_t)n <= size) {
		*len = i2d_X509(cert, &der);
		ret = 0;
	} else if (cert) {
		warnx("%s of %s: longer than %zu bytes", files[which].cert,
		      product->name, size);
	}
	X509_free(cert);
	return ret;
}
