// SPDX-License-Identifier: MIT
/* Compares evidence with one item of a policy, and says what is short, or other
 * than it must be. */
#include "eventlog_text.h"
#include "lib_private.h"
#include "names.h"
#include "policy_private.h"
#include "verify.h"

/* What a check says: what @subject's item is, and whether that is right. */
struct finding {
	const struct policy_subject *subject;
	const struct policy_item *item;
	struct text text;
};

static bool tell(struct finding *f, bool right)
{
	char name[40];
	struct text full;

	tsm_text_begin(&full, name, sizeof(name));
	tsm_text_str(&full, "policy.");
	tsm_text_str(&full, f->item->name);
	judge_add(f->subject->j, name, right ? TSM_CHECK_PASS : TSM_CHECK_FAIL,
		  "%s", f->text.to);
	return true;
}

static bool tell_missing(struct finding *f, const char *why)
{
	tsm_text_str(&f->text, why);
	return tell(f, false);
}

/* REPORT_DATA is the guest's word only where the guest asked for the report. */
static bool is_of_host(const struct policy_subject *subject,
		       const struct policy_item *item)
{
	return item->at == offsetof(struct tsm_snp_report, report_data) &&
	       le32toh(subject->snp->report.vmpl) == TSM_SNP_VMPL_HOST;
}

/* Where the evidence has what is compared, or NULL and why it has none. */
static const uint8_t *find(const struct policy_subject *subject,
			   const struct policy_item *item, const char **why)
{
	switch (item->source) {
	case POLICY_OF_BODY15:
		*why = "a quote for TDX 1.0 does not have it";
		if (subject->quote->body_type < TSM_QUOTE_BODY_TD15)
			return NULL;
		/* fall through */
	case POLICY_OF_BODY:
		return (const uint8_t *)&subject->quote->body + item->at;
	case POLICY_OF_PCK:
		*why = "there is no PCK certificate to tell";
		if (!subject->pck)
			return NULL;
		return (const uint8_t *)subject->pck + item->at;
	case POLICY_OF_REPORT:
		*why = "it was asked for by the host, not by the guest";
		if (is_of_host(subject, item))
			return NULL;
		return (const uint8_t *)&subject->snp->report + item->at;
	}
	*why = "nothing tells";
	return NULL;
}

#define HEAD	8

static void tell_head(struct finding *f, const uint8_t *bytes, size_t len)
{
	tsm_text_bytes(&f->text, bytes, len < HEAD ? len : HEAD);
	if (len > HEAD)
		tsm_text_str(&f->text, "...");
}

/* A few bytes are enough to see, from where they are other ones. */
static void tell_difference(struct finding *f, const uint8_t *is,
			    const uint8_t *must, size_t count)
{
	const size_t size = f->item->size;
	size_t at = 0;

	while (at < size && is[at] == must[at])
		at++;
	at = at < HEAD ? 0 : at;
	if (at) {
		tsm_text_str(&f->text, "from byte ");
		tsm_text_dec(&f->text, at);
		tsm_text_str(&f->text, " on ");
	}
	tell_head(f, is + at, size - at);
	tsm_text_str(&f->text, ", not ");
	tell_head(f, must + at, size - at);
	if (count > 1) {
		tsm_text_str(&f->text, ", nor any other of the ");
		tsm_text_dec(&f->text, count);
		tsm_text_str(&f->text, " accepted values");
	}
}

static bool compare_bytes(struct finding *f, const struct policy_values *values,
			  const uint8_t *is)
{
	const size_t size = f->item->size;
	size_t i;

	for (i = 0; i < values->count; i++) {
		if (memcmp(values->bytes + i * size, is, size))
			continue;
		tell_head(f, is, size);
		tsm_text_str(&f->text, ", as it must be");
		return tell(f, true);
	}
	tell_difference(f, is, values->bytes, values->count);
	return tell(f, false);
}

static bool compare_values(struct finding *f,
			   const struct policy_values *values)
{
	const char *why = NULL;
	const uint8_t *is;

	if (!values->count)
		return false;
	is = find(f->subject, f->item, &why);
	return is ? compare_bytes(f, values, is) : tell_missing(f, why);
}

static void tell_quoted(struct finding *f, const char *text)
{
	tsm_text_str(&f->text, "'");
	tsm_text_str(&f->text, text);
	tsm_text_str(&f->text, "'");
}

/* Of which there is one so far: whom a VLEK was given to. */
static bool compare_strings(struct finding *f,
			    const struct policy_values *values)
{
	const struct tsm_snp_ext *ext = f->subject->ext;
	const size_t size = f->item->size;
	bool right = false;
	size_t i;

	if (!values->count)
		return false;
	if (!ext || !(ext->has & TSM_SNP_EXT_CSP_ID))
		return tell_missing(f, "the certificate names none, which that of a VLEK does");
	for (i = 0; i < values->count; i++)
		right |= !strncmp((const char *)values->bytes + i * size,
				  ext->csp_id, size);
	tell_quoted(f, ext->csp_id);
	tsm_text_str(&f->text, right ? ", as it must be" : ", not ");
	if (!right)
		tell_quoted(f, (const char *)values->bytes);
	if (!right && values->count > 1)
		tsm_text_str(&f->text, " nor another that is accepted");
	return tell(f, right);
}

/* Those in @bits by name, and what is wrong with them. */
static void tell_bits(struct finding *f, uint64_t bits, const char *what)
{
	const struct bit_name *name;
	const char *before = f->text.len ? "; " : "";

	if (!bits)
		return;
	for (name = f->item->names; name->name; name++) {
		if (!(bits >> name->bit & 1))
			continue;
		tsm_text_str(&f->text, before);
		tsm_text_str(&f->text, name->name);
		bits &= ~(UINT64_C(1) << name->bit);
		before = ", ";
	}
	if (bits) {
		tsm_text_str(&f->text, before);
		tsm_text_hex(&f->text, bits, 1);
	}
	tsm_text_str(&f->text, what);
}

static bool compare_bits(struct finding *f, const struct policy_bits *bits)
{
	const char *why = NULL;
	const uint8_t *at;
	uint64_t is, wrong;

	if (!bits->mask)
		return false;
	at = find(f->subject, f->item, &why);
	if (!at)
		return tell_missing(f, why);
	memcpy(&is, at, sizeof(is));
	is = le64toh(is);
	wrong = (is ^ bits->value) & bits->mask;
	tell_bits(f, wrong & bits->value, " required, but not set");
	tell_bits(f, wrong & ~bits->value, " set, but forbidden");
	if (!wrong) {
		tsm_text_hex(&f->text, is, 16);
		tsm_text_str(&f->text, " is as it must be");
	}
	return tell(f, !wrong);
}

/* "component 3 is 2, 1 less than 3" and so on. */
static void tell_short(struct finding *f, unsigned int is, unsigned int least)
{
	tsm_text_str(&f->text, " is ");
	tsm_text_dec(&f->text, is);
	tsm_text_str(&f->text, ", which is ");
	tsm_text_dec(&f->text, least - is);
	tsm_text_str(&f->text, " short of ");
	tsm_text_dec(&f->text, least);
}

/* Whatever was told so far is a component that is short. */
static bool tell_shortage(struct finding *f)
{
	const bool right = !f->text.len;

	if (right)
		tsm_text_str(&f->text, "no component is short");
	return tell(f, right);
}

static bool compare_svns(struct finding *f, const struct policy_svns *svns)
{
	const char *why = NULL;
	const uint8_t *is;
	unsigned int i;

	if (!svns->given)
		return false;
	is = find(f->subject, f->item, &why);
	if (!is)
		return tell_missing(f, why);
	for (i = 0; i < sizeof(svns->least); i++) {
		if (is[i] >= svns->least[i])
			continue;
		tsm_text_str(&f->text, f->text.len ? "; component " :
							 "component ");
		tsm_text_dec(&f->text, i);
		tell_short(f, is[i], svns->least[i]);
	}
	return tell_shortage(f);
}

/* That of the evidence with AMD's name for what a policy calls @name. */
static bool find_part(const struct tsm_snp_tcb_part *part, size_t parts,
		      const char *name, uint8_t *svn)
{
	size_t i;

	for (i = 0; i < parts; i++) {
		if (!strcasecmp(part[i].name, name)) {
			*svn = part[i].svn;
			return true;
		}
	}
	return false;
}

/* What a generation does not have is missed if it is demanded. */
static void compare_part(struct finding *f, const struct tsm_snp_tcb_part *part,
			 size_t parts, const char *name, unsigned int least)
{
	uint8_t svn = 0;
	const bool there = find_part(part, parts, name, &svn);

	if (svn >= least)
		return;
	tsm_text_str(&f->text, f->text.len ? "; " : "");
	tsm_text_str(&f->text, name);
	if (there)
		tell_short(f, svn, least);
	else
		tsm_text_str(&f->text, " is no component of this processor");
}

static bool compare_tcb(struct finding *f, const struct policy_svns *svns)
{
	const struct tsm_snp *snp = f->subject->snp;
	struct tsm_snp_tcb_part part[TSM_SNP_TCB_PARTS];
	union tsm_snp_tcb tcb;
	const char *name;
	unsigned int i;
	size_t parts;

	if (!svns->given)
		return false;
	memcpy(&tcb, (const uint8_t *)&snp->report + f->item->at, sizeof(tcb));
	parts = tsm_snp_tcb_parts(&tcb, snp->turin_tcb, part);
	for (i = 0; (name = policy_tcb_name(i)); i++)
		compare_part(f, part, parts, name, svns->least[i]);
	return tell_shortage(f);
}

static void tell_number(struct finding *f, uint32_t value)
{
	size_t part = f->item->size;

	if (f->item->kind != POLICY_VERSION) {
		tsm_text_dec(&f->text, value);
		return;
	}
	while (part--) {
		tsm_text_dec(&f->text, value >> 8 * part & 255);
		tsm_text_str(&f->text, part ? "." : "");
	}
}

static bool compare_number(struct finding *f,
			   const struct policy_number *number)
{
	const char *why;
	uint32_t is = 0;

	if (!number->given)
		return false;
	why = f->item->number(f->subject, &is);
	if (why)
		return tell_missing(f, why);
	tell_number(f, is);
	tsm_text_str(&f->text, is < number->least ? ", which is below " :
						    ", at least ");
	tell_number(f, number->least);
	return tell(f, is >= number->least);
}

static void tell_choice(struct finding *f, uint32_t choice)
{
	const char *name = NULL;

	if (f->item->choice)
		name = f->item->choice(choice);
	else if (choice > f->item->size)
		name = "";
	if (name && *name)
		tsm_text_str(&f->text, name);
	else
		tsm_text_dec(&f->text, choice);
}

static bool compare_choice(struct finding *f, const uint32_t *accepted)
{
	const char *before = ", not ";
	const char *why;
	uint32_t is = 0, i;
	bool right;

	if (!*accepted)
		return false;
	why = f->item->number(f->subject, &is);
	if (why)
		return tell_missing(f, why);
	right = is < 32 && *accepted >> is & 1;
	tell_choice(f, is);
	if (right)
		tsm_text_str(&f->text, ", which is accepted");
	for (i = 0; i < 32 && !right; i++) {
		if (!(*accepted >> i & 1))
			continue;
		tsm_text_str(&f->text, before);
		tell_choice(f, i);
		before = " or ";
	}
	return tell(f, right);
}

bool policy_compare(const struct policy_subject *subject,
		    const struct policy_item *item)
{
	const void *demand = (const uint8_t *)subject->policy + item->policy;
	char reason[TSM_REASON_SIZE];
	struct finding f = {
		.subject = subject,
		.item = item,
	};

	tsm_text_begin(&f.text, reason, sizeof(reason));
	switch (item->kind) {
	case POLICY_VALUES:
		return compare_values(&f, demand);
	case POLICY_STRINGS:
		return compare_strings(&f, demand);
	case POLICY_BITS:
		return compare_bits(&f, demand);
	case POLICY_SVNS:
		return compare_svns(&f, demand);
	case POLICY_TCB:
		return compare_tcb(&f, demand);
	case POLICY_NUMBER:
	case POLICY_VERSION:
		return compare_number(&f, demand);
	case POLICY_CHOICES:
	case POLICY_NUMBERS:
		return compare_choice(&f, demand);
	case POLICY_BOOL:
		return false;
	}
	return false;
}
