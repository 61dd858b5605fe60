// SPDX-License-Identifier: MIT
/* Whether this kernel takes modules that nobody has signed, and who signed ours. */
#include "signer.h"
#include "system_private.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define EFIVARS		"sys/firmware/efi/efivars/"
#define SHIM		"-605dab50-e046-4300-abb6-3dd810dd8b23"
#define MOK_PUB		"var/lib/dkms/mok.pub"

#define KEYS_MAX	(256u << 10)
#define SIGNATURE_MAX	(64u << 10)
#define CERT_MAX	(16u << 10)

/* Linux, include/linux/module_signature.h */
#define MAGIC		"~Module signature appended~\n"
#define ID_PKCS7	2

struct signature_tail {
	uint8_t algo, hash, id_type, signer_len, key_id_len, pad[3];
	uint32_t size;		/* big endian */
	char magic[sizeof(MAGIC) - 1];
};

/* Where keys are that this kernel takes: the owner's, and those of firmware,
 * which Debian's takes, too. */
static const char *const key_lists[] = {
	EFIVARS "MokListRT" SHIM,
	EFIVARS "db-d719b2cb-3d3a-4596-a3bc-dad00e67656f",
};

/* A variable's attributes come before its only byte. */
static enum tsm_answer secure_boot(const struct root *root)
{
	size_t len;
	uint8_t *data = root_data(root, EFIVARS
		"SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c", 8, &len);
	enum tsm_answer answer = TSM_ANSWER_UNKNOWN;

	if (data && len == 5)
		answer = data[4] == 1 ? TSM_ANSWER_YES : TSM_ANSWER_NO;
	free(data);
	return answer;
}

/* "none [integrity] confidentiality" */
static void read_lockdown(const struct root *root, char *word, size_t size)
{
	char line[128], *begin;

	root_line(root, "sys/kernel/security/lockdown", line, sizeof(line));
	begin = strchr(line, '[');
	if (begin)
		snprintf(word, size, "%.*s", (int)strcspn(begin + 1, "]"),
			 begin + 1);
}

/* /proc/keys, for root: "... asymmetri NAME: ID: X509.rsa ..." */
static enum tsm_answer in_keyrings(const struct root *root, const char *name)
{
	char *text = root_text(root, "proc/keys", KEYS_MAX), wanted[128];
	enum tsm_answer answer = TSM_ANSWER_UNKNOWN;

	snprintf(wanted, sizeof(wanted), " asymmetri %s: ", name);
	if (text && strstr(text, " asymmetri "))
		answer = strstr(text, wanted) ? TSM_ANSWER_YES : TSM_ANSWER_NO;
	free(text);
	return answer;
}

/* Unknown if no list can be read. */
static enum tsm_answer in_lists(const struct root *root,
				const struct signer *signer)
{
	enum tsm_answer answer = TSM_ANSWER_UNKNOWN;
	uint8_t *list;
	size_t i, len;

	for (i = 0; i < sizeof(key_lists) / sizeof(key_lists[0]); i++) {
		list = root_data(root, key_lists[i], KEYS_MAX, &len);
		if (list && answer != TSM_ANSWER_YES)
			answer = signer_listed(signer, list, len) ?
				 TSM_ANSWER_YES : TSM_ANSWER_NO;
		free(list);
	}
	return answer;
}

/* Whether DKMS's certificate is the one, and how it is called. */
static bool is_dkms_key(const struct root *root, const struct signer *signer)
{
	size_t len;
	uint8_t *cert = root_data(root, MOK_PUB, CERT_MAX, &len);
	const bool same = cert && signer_listed(signer, cert, len);

	free(cert);
	return same;
}

static void read_signer(const struct root *root, const uint8_t *data,
			size_t len, struct tsm_signing *signing)
{
	struct signer signer;
	enum tsm_answer known;

	if (!signer_parse(data, len, &signer))
		return;
	if (signer.name.len)
		snprintf(signing->signer, sizeof(signing->signer), "%.*s",
			 (int)signer.name.len, (const char *)signer.name.data);
	signing->by_dkms = is_dkms_key(root, &signer);
	signing->enrolled = in_lists(root, &signer);
	known = signing->signer[0] ? in_keyrings(root, signing->signer) :
				     TSM_ANSWER_UNKNOWN;
	if (signing->enrolled != TSM_ANSWER_YES &&
	    known != TSM_ANSWER_UNKNOWN)
		signing->enrolled = known;
}

/* A signature is at the end of the file. */
static void read_signature(const struct root *root, int fd,
			   struct tsm_signing *signing)
{
	struct signature_tail tail;
	struct stat st;
	uint8_t *data;
	size_t size;
	off_t end;

	if (fstat(fd, &st))
		return;
	signing->is_signed = TSM_ANSWER_NO;
	if (st.st_size < (off_t)sizeof(tail))
		return;
	end = st.st_size - (off_t)sizeof(tail);
	if (pread(fd, &tail, sizeof(tail), end) != sizeof(tail) ||
	    memcmp(tail.magic, MAGIC, sizeof(tail.magic)))
		return;
	signing->is_signed = TSM_ANSWER_YES;
	size = be32toh(tail.size);
	if (tail.id_type != ID_PKCS7 || size > SIGNATURE_MAX ||
	    (off_t)size > end)
		return;
	data = malloc(size);
	if (data && pread(fd, data, size, end - (off_t)size) == (ssize_t)size)
		read_signer(root, data, size, signing);
	free(data);
}

/* Of a compressed module the signature is not seen; DKMS signs what it makes, if
 * it has a key. */
static void assume_dkms(const struct root *root, const char *path,
			struct tsm_signing *signing)
{
	uint8_t *cert, *list;
	size_t i, len, cert_len;

	if (!strstr(path, "/updates/dkms/"))
		return;
	cert = root_data(root, MOK_PUB, CERT_MAX, &cert_len);
	if (!cert || !cert_len) {
		free(cert);
		return;
	}
	signing->by_dkms = true;
	for (i = 0; i < sizeof(key_lists) / sizeof(key_lists[0]); i++) {
		list = root_data(root, key_lists[i], KEYS_MAX, &len);
		if (list && signing->enrolled != TSM_ANSWER_YES)
			signing->enrolled = memmem(list, len, cert, cert_len) ?
					    TSM_ANSWER_YES : TSM_ANSWER_NO;
		free(list);
	}
	free(cert);
}

void signing_probe(const struct root *root, struct tsm_system *sys)
{
	struct tsm_signing *signing = &sys->signing;
	const char *const path = sys->install.ours;
	const char *const dot = strrchr(path, '.');
	char text[8];
	int fd;

	signing->secure_boot = secure_boot(root);
	read_lockdown(root, signing->lockdown, sizeof(signing->lockdown));
	root_line(root, "sys/module/module/parameters/sig_enforce", text,
		  sizeof(text));
	signing->required = text[0] == 'Y' ||
			    !strcmp(signing->lockdown, "integrity") ||
			    !strcmp(signing->lockdown, "confidentiality");
	signing->pending = root_exists(root, EFIVARS "MokNew" SHIM);
	if (!path[0])
		return;
	if (!dot || strcmp(dot, ".ko")) {
		assume_dkms(root, path, signing);
		return;
	}
	fd = root_open(root, path + 1, 0);
	if (fd >= 0) {
		read_signature(root, fd, signing);
		close(fd);
	}
}
