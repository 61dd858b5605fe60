// SPDX-License-Identifier: MIT
/*
 * Judges a TD quote or SNP report as a service would that lets a guest in:
 *
 *	cc verify.c $(pkg-config --cflags --libs libtsmguest) -o verify
 *	./verify EVIDENCE POLICY [CERTIFICATES]
 *
 * Exit status: 0 accepted, 1 not, 2 could not.
 */
#include <stdio.h>
#include <stdlib.h>
#include <tsm.h>

static struct tsm_error err;

static struct tsm_blob read_file(const char *path)
{
	struct tsm_blob file;
	uint8_t *data;

	if (tsm_file_read(path, TSM_EVIDENCE_MAX, &data, &file.len, &err)) {
		fprintf(stderr, "%s\n", err.text);
		exit(2);
	}
	file.data = data;
	return file;
}

int main(int argc, char **argv)
{
	static struct tsm_judgement judgement;
	struct tsm_blob evidence, policy, certs = { NULL, 0 };
	struct tsm_verifier *verifier;
	size_t i;

	if (argc < 3 || argc > 4)
		return 2;
	evidence = read_file(argv[1]);
	policy = read_file(argv[2]);
	if (argc == 4)
		certs = read_file(argv[3]);
	if (tsm_verifier_new(&verifier))
		return 2;
	if (tsm_verifier_set_policy(verifier, (const char *)policy.data,
				    policy.len, &err) ||
	    tsm_verify(verifier, evidence.data, evidence.len, &certs,
		       &judgement, &err)) {
		fprintf(stderr, "%s\n", err.text);
		return 2;
	}
	for (i = 0; i < judgement.checks; i++) {
		if (judgement.check[i].verdict != TSM_CHECK_PASS)
			printf("%s: %s\n", judgement.check[i].name,
			       judgement.check[i].reason);
	}
	tsm_verifier_free(verifier);
	return judgement.judged == TSM_ACCEPTED ? 0 : 1;
}
