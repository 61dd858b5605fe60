// SPDX-License-Identifier: MIT
/* Where the values of measurement registers come from. */
#include "registers.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLACE(name, field) \
	{ name, offsetof(struct tsm_tdx_tdinfo, field), \
	  offsetof(struct tsm_quote_td10, field) }

/**
 * struct place - where evidence has a register
 * @name: what Linux calls it
 * @in_tdinfo: offset in TDINFO of a TDREPORT
 * @in_body: offset in the body of a quote
 */
static const struct place {
	const char *name;
	size_t in_tdinfo;
	size_t in_body;
} places[] = {
	PLACE("rtmr0:sha384", rtmr[0]),
	PLACE("rtmr1:sha384", rtmr[1]),
	PLACE("rtmr2:sha384", rtmr[2]),
	PLACE("rtmr3:sha384", rtmr[3]),
	PLACE("mrtd:sha384", mrtd),
	PLACE("mrconfigid", mrconfigid),
	PLACE("mrowner", mrowner),
	PLACE("mrownerconfig", mrownerconfig),
};

#undef PLACE

#define PLACES	(sizeof(places) / sizeof(places[0]))

/**
 * struct snp_place - where a report has what tsm_guest shows of an SNP guest
 * @name: name of its file in sysfs
 * @offset: offset in the report
 * @size: its bytes
 */
static const struct snp_place {
	const char *name;
	size_t offset;
	size_t size;
} snp_places[] = {
#define SNP_PLACE(field) \
	{ #field, offsetof(struct tsm_snp_report, field), \
	  sizeof(((struct tsm_snp_report *)NULL)->field) }
	SNP_PLACE(measurement),
	SNP_PLACE(host_data),
	SNP_PLACE(id_key_digest),
	SNP_PLACE(author_key_digest),
	SNP_PLACE(report_id),
	SNP_PLACE(family_id),
	SNP_PLACE(image_id),
#undef SNP_PLACE
};

#define SNP_PLACES	(sizeof(snp_places) / sizeof(snp_places[0]))

static bool matches(const char *full, const char *name)
{
	const size_t len = strlen(name);

	return len && !strncmp(full, name, len) &&
	       (!full[len] || full[len] == ':');
}

bool register_named(const struct reg *reg, const char *name)
{
	return matches(reg->name, name);
}

static void add(struct registers *regs, const char *name, const void *value,
		size_t len)
{
	struct reg *reg = &regs->reg[regs->count];

	if (regs->count == REGISTERS_MAX || len > sizeof(reg->value) ||
	    strlen(name) >= sizeof(reg->name))
		return;
	regs->count++;
	strcpy(reg->name, name);
	memcpy(reg->value, value, len);
	reg->len = len;
}

static void from_tdinfo(struct registers *regs, const struct tsm_tdx_tdinfo *td)
{
	size_t i;

	for (i = 0; i < PLACES; i++)
		add(regs, places[i].name,
		    (const uint8_t *)td + places[i].in_tdinfo, TSM_TDX_MR_SIZE);
}

static void from_body(struct registers *regs, const struct tsm_quote_td10 *td)
{
	size_t i;

	for (i = 0; i < PLACES; i++)
		add(regs, places[i].name,
		    (const uint8_t *)td + places[i].in_body, TSM_TDX_MR_SIZE);
}

static void from_snp(struct registers *regs, const struct tsm_snp_report *report)
{
	size_t i;

	for (i = 0; i < SNP_PLACES; i++)
		add(regs, snp_places[i].name,
		    (const uint8_t *)report + snp_places[i].offset,
		    snp_places[i].size);
}

int registers_from_bytes(struct registers *regs, const uint8_t *data,
			 size_t len, struct tsm_error *err)
{
	struct tsm_tdx_report report;
	struct tsm_quote quote;
	struct tsm_snp snp;
	int ret = -EPROTONOSUPPORT;

	*regs = (struct registers){ .source = "file" };
	switch (tsm_evidence_guess(data, len)) {
	case TSM_EVIDENCE_TDREPORT:
		ret = tsm_tdreport_parse(data, len, &report, err);
		if (!ret)
			from_tdinfo(regs, &report.td);
		return ret;
	case TSM_EVIDENCE_QUOTE:
		ret = tsm_quote_parse(data, len, &quote, err);
		if (!ret)
			from_body(regs, &quote.body.td15.td10);
		return ret;
	case TSM_EVIDENCE_SNP_REPORT:
		ret = tsm_snp_parse(data, len, &snp, err);
		if (!ret)
			from_snp(regs, &snp.report);
		return ret;
	default:
		snprintf(err->text, sizeof(err->text),
			 UNKNOWN_EVIDENCE " nor an SNP report", len);
		return ret;
	}
}

static int read_sysfs(struct registers *regs, const char *dir, const char *name,
		      struct tsm_error *err)
{
	char path[512];
	uint8_t *value;
	size_t len;
	int ret;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	ret = tsm_file_read(path, REGISTER_SIZE_MAX, &value, &len, err);
	if (!ret)
		add(regs, name, value, len);
	free(value);
	return ret;
}

/* The place of a name among those that are known; behind them, by the alphabet.
 * No guest has those of both TEEs. */
static size_t rank(const char *name)
{
	size_t i;

	for (i = 0; i < SNP_PLACES; i++) {
		if (!strcmp(snp_places[i].name, name))
			return i;
	}
	for (i = 0; i < PLACES && strcmp(places[i].name, name); i++)
		;
	return i;
}

static int compare(const struct dirent **a, const struct dirent **b)
{
	const size_t rank_a = rank((*a)->d_name), rank_b = rank((*b)->d_name);

	if (rank_a != rank_b)
		return rank_a < rank_b ? -1 : 1;
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_register(const struct dirent *e)
{
	return e->d_name[0] != '.' && e->d_type == DT_REG;
}

bool register_known(const struct tsm_system *sys, const char *name)
{
	struct dirent **list = NULL;
	bool known = false;
	int count = 0, i;

	for (i = 0; i < (int)PLACES && !known; i++)
		known = matches(places[i].name, name);
	for (i = 0; i < (int)SNP_PLACES && !known; i++)
		known = matches(snp_places[i].name, name);
	if (!known && sys->measurements)
		count = scandir(sys->measurements, &list, is_register, NULL);
	for (i = 0; i < count; i++) {
		known = known || matches(list[i]->d_name, name);
		free(list[i]);
	}
	free(list);
	return known;
}

static int from_sysfs(struct registers *regs, const char *dir,
		      struct tsm_error *err)
{
	struct dirent **list;
	int count, i, ret = 0;

	*regs = (struct registers){ .source = "sysfs" };
	count = scandir(dir, &list, is_register, compare);
	if (count < 0) {
		ret = -errno;
		snprintf(err->text, sizeof(err->text), "%s: %s", dir,
			 strerror(-ret));
		return ret;
	}
	for (i = 0; i < count; i++) {
		if (!ret)
			ret = read_sysfs(regs, dir, list[i]->d_name, err);
		free(list[i]);
	}
	free(list);
	return ret;
}

static int from_device(struct registers *regs, struct tsm_error *err)
{
	static const uint8_t reportdata[TSM_TDX_REPORTDATA_SIZE];
	struct tsm_tdx_report report;
	int ret = tsm_tdreport_get(reportdata, &report, err);

	*regs = (struct registers){ .source = "tdreport" };
	if (!ret)
		from_tdinfo(regs, &report.td);
	return ret;
}

static int read_entry(struct registers *regs, const char *entry,
		      unsigned int index, struct tsm_error *err)
{
	uint8_t value[TSM_RTMR_SIZE];
	struct tsm_rtmr rtmr;
	int ret;

	ret = tsm_rtmr_enter(&rtmr, TSM_RTMR_ROOT, entry, index, err);
	if (ret)
		return ret;
	ret = tsm_rtmr_value(&rtmr, value, err);
	if (!ret)
		add(regs, places[index].name, value, sizeof(value));
	tsm_rtmr_leave(&rtmr, NULL);
	return ret;
}

static int from_configfs(struct registers *regs, struct tsm_error *err)
{
	char name[64], path[sizeof(TSM_RTMR_ROOT) + sizeof(name)];
	const struct watch_task task = { .remove = path, .restore = -1 };
	struct watch watch;
	unsigned int i;
	int ret;

	*regs = (struct registers){ .source = "configfs" };
	entry_name(name, sizeof(name));
	snprintf(path, sizeof(path), "%s/%s", TSM_RTMR_ROOT, name);
	ret = watch_start(&watch, &task, err);
	if (ret)
		return ret;
	for (i = 0; i < TSM_RTMRS && !ret; i++)
		ret = read_entry(regs, name, i, err);
	watch_end(&watch);
	return ret;
}

/* Of an SNP guest, from a fresh report: what it carries is of no interest. */
static int from_report(struct registers *regs, struct tsm_error *err)
{
	static const uint8_t reportdata[TSM_SNP_REPORTDATA_SIZE];
	const struct tsm_report_options plain = TSM_REPORT_PLAIN;
	struct tsm_entry entry = { .path = "" };
	struct tsm_report report;
	struct watch watch;
	struct tsm_snp snp;
	int ret;

	*regs = (struct registers){ .source = "report" };
	ret = watch_entry(&entry, &watch, err);
	if (ret)
		return ret;
	ret = tsm_entry_report(&entry, reportdata, sizeof(reportdata), &plain,
			       &report, err);
	unwatch_entry(&entry, &watch);
	if (!ret)
		ret = tsm_snp_parse(report.out, report.out_len, &snp, err);
	if (!ret)
		from_snp(regs, &snp.report);
	tsm_report_free(&report);
	return ret;
}

int registers_from_system(struct registers *regs, const struct tsm_system *sys,
			  struct tsm_error *err)
{
	int ret;

	if (sys->measurements)
		return from_sysfs(regs, sys->measurements, err);
	if (sys->tee == TSM_TEE_SNP)
		return sys->report_dir[0] ? from_report(regs, err) : -EOPNOTSUPP;
	ret = from_device(regs, err);
	if (ret == -ENOENT)
		ret = sys->rtmrs_dir[0] ? from_configfs(regs, err) :
					  -EOPNOTSUPP;
	return ret;
}
