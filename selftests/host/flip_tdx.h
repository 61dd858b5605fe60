/* SPDX-License-Identifier: MIT */
/*
 * Each bit of real quotes flipped, and each bit of the DER of each certificate in
 * them: whatever is covered by a signature, a hash or a length is never accepted
 * when it is another, and what is not covered is named here.
 *
 * All cores are used, one process each: what a process found is in memory that
 * they share. CA and root are the same in most quotes; their bits are flipped in the
 * first that has them.
 */
#ifndef TSM_HOST_FLIP_TDX_H
#define TSM_HOST_FLIP_TDX_H

#include "tdx_quotes.h"

#include <openssl/evp.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORKERS_MAX	16

/**
 * struct subject - a quote whose bits are flipped
 * @quote: as it came; a worker may change it
 * @v: by what it is judged
 * @parsed: points into @quote
 * @is_chain_given: the chain comes from beside it
 */
struct subject {
	struct loaded quote;
	struct tsm_verifier *v;
	struct tsm_quote parsed;
	bool is_chain_given;
};

/**
 * struct target - bits to be flipped
 * @bytes: how many bytes
 * @skip: tells bytes that are left out, or NULL
 * @flip: flips one bit of one of them, and flips it back if it is called again
 * @data: of @flip
 */
struct target {
	size_t bytes;
	bool (*skip)(const struct subject *s, size_t byte);
	void (*flip)(struct subject *s, void *data, size_t byte,
		     unsigned int bit);
	void *data;
};

static inline void open_subject(struct subject *s, const struct real_quote *real)
{
	struct tsm_judgement j;

	s->is_chain_given = false;
	s->quote = load(real->file);
	s->v = verifier_at(real->at,
			   real->is_debug ? TSM_VERIFY_ALLOW_DEBUG : 0);
	CHECK_EQ(0, tsm_quote_parse(s->quote.p, s->quote.len, &s->parsed,
				    NULL));
	judge_bytes(s->v, s->quote.p, s->quote.len, &j);
	CHECK_EQ(TSM_ACCEPTED, j.judged);
}

static inline void close_subject(struct subject *s)
{
	tsm_verifier_free(s->v);
	free(s->quote.p);
}

/* One process: @accepted has a byte for each byte of the target. */
static inline void work(struct subject *s, const struct target *target, size_t first,
		 size_t step, uint8_t *accepted)
{
	struct tsm_judgement j;
	unsigned int bit;
	size_t byte;

	for (byte = first; byte < target->bytes; byte += step) {
		if (target->skip && target->skip(s, byte))
			continue;
		for (bit = 0; bit < 8; bit++) {
			target->flip(s, target->data, byte, bit);
			judge_bytes(s->v, s->quote.p, s->quote.len, &j);
			if (j.judged != TSM_REJECTED)
				accepted[byte] |= (uint8_t)(1u << bit);
			target->flip(s, target->data, byte, bit);
		}
	}
}

/* Returns which bits were accepted, to be released with munmap(). */
static inline uint8_t *flip_all(struct subject *s, const struct target *target)
{
	uint8_t *accepted = mmap(NULL, target->bytes, PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	const int workers = cores < 1 ? 1 : cores > WORKERS_MAX ?
			    WORKERS_MAX : (int)cores;
	pid_t pids[WORKERS_MAX];
	int status, i;

	if (accepted == MAP_FAILED)
		abort();
	fflush(stdout);
	for (i = 0; i < workers; i++) {
		pids[i] = fork();
		if (pids[i] < 0)
			abort();
		if (!pids[i]) {
			work(s, target, (size_t)i, (size_t)workers, accepted);
			fflush(stdout);
			_exit(tap_ok ? 0 : 1);
		}
	}
	for (i = 0; i < workers; i++)
		CHECK(waitpid(pids[i], &status, 0) == pids[i] && !status);
	return accepted;
}

/* The list of bits that nothing covers. */
static inline uint8_t uncovered(const struct subject *s, size_t byte)
{
	const uint8_t *at = s->quote.p + byte;
	const struct tsm_blob *trailing = &s->parsed.trailing;

	/* Behind the signature data: the quote has ended, and that there are such
	 * bytes is remarked on. All its lengths cover what is before. */
	if (at >= trailing->data && at < trailing->data + trailing->len)
		return 0xff;
	/* What is no chain in PEM is not looked at, nor what it calls itself. */
	if (s->is_chain_given && at >= s->parsed.certs.data &&
	    at < s->parsed.certs.data + s->parsed.certs.len)
		return 0xff;
	if (s->is_chain_given && at >= s->parsed.certs.data - 6 &&
	    at < s->parsed.certs.data - 4)
		return 0xff;
	/* Nothing else. The text of the chain is read so strictly that no byte
	 * of it, white space and the NUL at the end included, may be another. */
	return 0;
}

static inline void flip_quote(struct subject *s, void *data, size_t byte,
		       unsigned int bit)
{
	(void)data;
	s->quote.p[byte] ^= (uint8_t)(1u << bit);
}

/* Returns how many bits there are that nothing covers, as there should be. */
static inline size_t flip_quote_bits(struct subject *s, const char *name,
			      bool (*skip)(const struct subject *s, size_t byte))
{
	const struct target target = {
		.bytes = s->quote.len, .skip = skip, .flip = flip_quote,
	};
	uint8_t *accepted = flip_all(s, &target);
	size_t byte, free_bits = 0;

	for (byte = 0; byte < s->quote.len; byte++) {
		const uint8_t expected = uncovered(s, byte);

		free_bits += expected ? 8 : 0;
		if (!CHECK_EQ(expected, accepted[byte]))
			printf("# byte %zu (%#x) of %s\n", byte,
			       s->quote.p[byte], name);
	}
	munmap(accepted, s->quote.len);
	return free_bits;
}

/**
 * struct block - a certificate in the text of a chain
 * @text: its first line of base64
 * @text_len: bytes up to the dashes
 * @der: decoded
 * @der_len: its bytes
 */
struct block {
	uint8_t *text;
	size_t text_len;
	uint8_t der[4096];
	size_t der_len;
};

static inline void encode(const struct block *block)
{
	uint8_t base64[8192];
	size_t from = 0, to;

	EVP_EncodeBlock(base64, block->der, (int)block->der_len);
	for (to = 0; to < block->text_len; to++) {
		if (block->text[to] != '\n')
			block->text[to] = base64[from++];
	}
}

/* False if there is none behind @at. */
static inline bool next_block(const uint8_t **at, const uint8_t *end,
		       struct block *block)
{
	static const char begin[] = "-----BEGIN CERTIFICATE-----\n";
	const uint8_t *start, *stop;
	uint8_t base64[8192];
	size_t i, len = 0;

	start = memmem(*at, (size_t)(end - *at), begin, sizeof(begin) - 1);
	if (!start)
		return false;
	start += sizeof(begin) - 1;
	stop = memmem(start, (size_t)(end - start), "-----END", 8);
	block->text = (uint8_t *)(uintptr_t)start;
	block->text_len = (size_t)(stop - start);
	for (i = 0; i < block->text_len; i++) {
		if (start[i] != '\n')
			base64[len++] = start[i];
	}
	block->der_len = (size_t)EVP_DecodeBlock(block->der, base64, (int)len);
	while (len && base64[--len] == '=')
		block->der_len--;
	*at = stop;
	return true;
}

static inline void flip_der(struct subject *s, void *data, size_t byte,
		     unsigned int bit)
{
	struct block *block = data;

	(void)s;
	block->der[byte] ^= (uint8_t)(1u << bit);
	encode(block);
}

/* CA and root are the same in most quotes: once is enough. */
static inline bool is_new(const struct block *block)
{
	static struct block seen[2 * REAL_QUOTES + 1];
	static size_t count;
	size_t i;

	for (i = 0; i < count; i++) {
		if (seen[i].der_len == block->der_len &&
		    !memcmp(seen[i].der, block->der, block->der_len))
			return false;
	}
	if (count < sizeof(seen) / sizeof(seen[0]))
		seen[count++] = *block;
	return true;
}

/**
 * struct stretch - bytes that are left out
 * @first: offset in the quote
 * @end: likewise
 */
static struct stretch {
	size_t first;
	size_t end;
} seen_text[3];

static inline bool is_seen_text(const struct subject *s, size_t byte)
{
	size_t i;

	(void)s;
	for (i = 0; i < 3; i++) {
		if (byte >= seen_text[i].first && byte < seen_text[i].end)
			return true;
	}
	return false;
}

static inline void flip_certificate(struct subject *s, struct block *block)
{
	const struct target target = {
		.bytes = block->der_len, .flip = flip_der, .data = block,
	};
	uint8_t *accepted = flip_all(s, &target);
	size_t byte;

	for (byte = 0; byte < block->der_len; byte++) {
		if (!CHECK_EQ(0, accepted[byte]))
			printf("# byte %zu of %zu\n", byte, block->der_len);
	}
	munmap(accepted, block->der_len);
}

static inline void flip_quotes(uint16_t version)
{
	size_t i, found, bits = 0, free_bits = 0, certs = 0;
	const uint8_t *at, *end;
	struct block block;
	struct subject s;

	if (!have_data())
		return;
	for (i = 0; i < REAL_QUOTES; i++) {
		open_subject(&s, &real_quotes[i]);
		if (s.parsed.version != version) {
			close_subject(&s);
			continue;
		}
		at = s.parsed.certs.data;
		end = at + s.parsed.certs.len;
		memset(seen_text, 0, sizeof(seen_text));
		for (found = 0; next_block(&at, end, &block); found++) {
			if (is_new(&block)) {
				flip_certificate(&s, &block);
				certs++;
			} else if (CHECK(found < 3)) {
				seen_text[found].first =
					(size_t)(block.text - s.quote.p);
				seen_text[found].end = seen_text[found].first +
						       block.text_len;
			}
		}
		CHECK_EQ(3, found);
		free_bits += flip_quote_bits(&s, real_quotes[i].file,
					     is_seen_text);
		bits += 8 * s.quote.len;
		close_subject(&s);
	}
	printf("# %zu bits, %zu of them in trailing bytes, all others covered; and all of the DER of %zu certificates\n",
	       bits, free_bits, certs);
}

static inline void cut_quotes(uint16_t version)
{
	struct tsm_judgement j;
	size_t i, len, end;
	struct subject s;

	if (!have_data())
		return;
	for (i = 0; i < REAL_QUOTES; i++) {
		open_subject(&s, &real_quotes[i]);
		if (s.parsed.version != version) {
			close_subject(&s);
			continue;
		}
		end = s.quote.len - s.parsed.trailing.len;
		for (len = 0; len < end; len++) {
			judge_bytes(s.v, s.quote.p, len, &j);
			CHECK_EQ(TSM_REJECTED, j.judged);
		}
		/* and with fewer trailing bytes it is the same quote */
		for (; len <= s.quote.len; len += 97) {
			judge_bytes(s.v, s.quote.p, len, &j);
			CHECK_EQ(TSM_ACCEPTED, j.judged);
		}
		close_subject(&s);
	}
}

#endif /* TSM_HOST_FLIP_TDX_H */
