// SPDX-License-Identifier: GPL-2.0-only
/* configfs tsm/report: a nonce in, evidence out, one directory for each user. */
#include <linux/cleanup.h>
#include <linux/configfs.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/sysfs.h>
#include <linux/wait.h>

#include "backend.h"
#include "configfs.h"
#include "evidence.h"
#include "trace.h"

/* What mainline allows since 7.0; quotes of DICE hosts are about 100 KiB. */
#define OUTBLOB_MAX	(16 * 1024 * 1024)

/**
 * struct failure - an answer that was an error
 * @error: -errno; 0 if there never was one
 * @generation: what it answers
 * @answer: its number among the answers of the item
 */
struct failure {
	int error;
	unsigned long generation;
	unsigned int answer;
};

/**
 * struct report_item - one directory below tsm/report
 * @cfg: the directory; its reference count keeps the item alive
 * @lock: guards everything up to @failure; nothing sleeps under it, so no
 *	reader or writer ever waits for the host here
 * @request: what the user wants signed
 * @generation: how many writes were accepted, for the user to compare
 * @evidence: the answer to the latest generation that has one; or NULL
 * @asked: the latest generation that the backend was asked about
 * @asking: its answer is still to come; who is content with it waits for it
 * @answers: how many answers came, errors included, to whatever generation
 * @failure: the last answer that was an error, if there was any
 * @answered: woken when @answers grows
 * @readings: reads between their two configfs calls
 */
struct report_item {
	struct config_item cfg;
	spinlock_t lock;
	struct tsmg_request request;
	unsigned long generation;
	struct tsmg_evidence *evidence;
	unsigned long asked;
	bool asking;
	unsigned int answers;
	struct failure failure;
	wait_queue_head_t answered;
	struct tsmg_readings readings;
};

static struct report_item *to_item(struct config_item *cfg)
{
	return container_of(cfg, struct report_item, cfg);
}

static bool is_before(unsigned long generation, unsigned long other)
{
	return (long)(generation - other) < 0;
}

int tsmg_report_write(struct config_item *cfg,
		      void (*change)(struct tsmg_request *request,
				     const void *value, size_t len),
		      const void *value, size_t len)
{
	struct report_item *item = to_item(cfg);
	int ret = 0;

	scoped_guard(spinlock, &item->lock) {
		/*
		 * One more write, and evidence half the number range old would
		 * pass for newer than the request.
		 */
		if (item->evidence && is_before(item->generation + 1,
						item->evidence->generation)) {
			ret = -EBUSY;
		} else {
			change(&item->request, value, len);
			WRITE_ONCE(item->generation, item->generation + 1);
		}
	}
	return ret;
}

static void set_inblob(struct tsmg_request *request, const void *value,
		       size_t len)
{
	memcpy(request->inblob, value, len);
	request->inblob_len = len;
}

static ssize_t tsm_report_inblob_write(struct config_item *cfg,
				       const void *buf, size_t count)
{
	/*
	 * configfs commits at close even when it refused the only write with
	 * EFBIG, and then commits nothing at all.
	 */
	if (!count || count > TSMG_INBLOB_MAX)
		return -EINVAL;
	return tsmg_report_write(cfg, set_inblob, buf, count) ?: count;
}
CONFIGFS_BIN_ATTR_WO(tsm_report_, inblob, NULL, TSMG_INBLOB_MAX);

static ssize_t tsm_report_generation_show(struct config_item *cfg, char *buf)
{
	return sysfs_emit(buf, "%lu\n", READ_ONCE(to_item(cfg)->generation));
}
CONFIGFS_ATTR_RO(tsm_report_, generation);

static ssize_t tsm_report_provider_show(struct config_item *cfg, char *buf)
{
	return sysfs_emit(buf, "%s\n", tsmg_provider()->name);
}
CONFIGFS_ATTR_RO(tsm_report_, provider);

/**
 * struct question - what one reader found when it looked at its item
 * @evidence: recent enough, with a reference for the reader; or NULL
 * @ask: nobody is asking for anything as recent, so this reader does now
 * @wait: somebody is: the reader waits until another answer has come
 * @answers: how many had come
 * @request: what to ask
 * @generation: of @request
 */
struct question {
	struct tsmg_evidence *evidence;
	bool ask;
	bool wait;
	unsigned int answers;
	struct tsmg_request request;
	unsigned long generation;
};

/* Did a question that the reader waited for fail while it waited? */
static bool has_failed(const struct report_item *item,
		       const struct question *q, unsigned long wanted)
{
	const struct failure *failure = &item->failure;

	return q->wait && failure->error &&
	       (int)(failure->answer - q->answers) > 0 &&
	       !is_before(failure->generation, wanted);
}

/* @q is all 0 or what the reader's last look at @item found. */
static int look(struct report_item *item, unsigned long wanted,
		struct question *q)
{
	int ret = 0;

	scoped_guard(spinlock, &item->lock) {
		if (!item->request.inblob_len) {
			ret = -EINVAL;
		} else if (item->evidence &&
			   !is_before(item->evidence->generation, wanted)) {
			q->evidence = tsmg_evidence_get(item->evidence);
		} else if (has_failed(item, q, wanted)) {
			ret = item->failure.error;
		} else if (item->asking && !is_before(item->asked, wanted)) {
			q->wait = true;
			q->answers = item->answers;
		} else {
			item->asking = true;
			item->asked = item->generation;
			q->ask = true;
			q->request = item->request;
			q->generation = item->generation;
		}
	}
	return ret;
}

/* Keep @fresh for other readers, unless the answer to a later one came first. */
static struct tsmg_evidence *replace(struct report_item *item,
				     struct tsmg_evidence *fresh)
{
	struct tsmg_evidence *old = item->evidence;

	if (old && is_before(fresh->generation, old->generation))
		return NULL;
	item->evidence = tsmg_evidence_get(fresh);
	return old;
}

static struct tsmg_evidence *ask(struct report_item *item,
				 const struct question *q)
{
	struct tsmg_evidence *fresh, *old = NULL;

	fresh = tsmg_evidence_ask(tsmg_provider(), &q->request, q->generation);

	scoped_guard(spinlock, &item->lock) {
		WRITE_ONCE(item->answers, item->answers + 1);
		if (item->asked == q->generation)
			item->asking = false;
		if (!IS_ERR(fresh))
			old = replace(item, fresh);
		else if (fresh != ERR_PTR(-EINTR))
			item->failure = (struct failure) {
				.error = PTR_ERR(fresh),
				.generation = q->generation,
				.answer = item->answers,
			};
	}
	wake_up_all(&item->answered);
	tsmg_evidence_put(old);
	trace_tsm_guest_report(q->generation, q->request.inblob_len,
			       IS_ERR(fresh) ? 0 :
			       fresh->report.blob[TSMG_OUTBLOB].len,
			       PTR_ERR_OR_ZERO(fresh));
	return fresh;
}

/*
 * Evidence for what the request was when the reader came, or for a later one.
 * Readers who are content with the same question share it and its error, else
 * each would wait for a silent host after the other. Only when who asked was
 * killed does one of them ask again. One who wants a later answer does not wait
 * for the earlier: that may never come.
 */
static struct tsmg_evidence *current_evidence(struct report_item *item)
{
	unsigned long wanted = READ_ONCE(item->generation);
	struct question q = {};
	int ret;

	for (;;) {
		ret = look(item, wanted, &q);
		if (ret)
			return ERR_PTR(ret);
		if (q.evidence)
			return q.evidence;
		if (q.ask)
			return ask(item, &q);
		if (wait_event_killable(item->answered,
					READ_ONCE(item->answers) != q.answers))
			return ERR_PTR(-EINTR);
	}
}

static ssize_t blob_size(struct report_item *item, enum tsmg_blob_id id)
{
	struct tsmg_evidence *evidence;
	size_t size;
	int ret = 0;

	evidence = current_evidence(item);
	if (IS_ERR(evidence))
		return PTR_ERR(evidence);

	size = evidence->report.blob[id].len;
	if (size > OUTBLOB_MAX)
		ret = -EFBIG;
	else if (size)
		ret = tsmg_readings_pin(&item->readings, evidence);
	tsmg_evidence_put(evidence);
	return ret ?: size;
}

static ssize_t blob_bytes(struct report_item *item, enum tsmg_blob_id id,
			  void *buf, size_t size)
{
	struct tsmg_evidence *evidence;
	const struct tsmg_blob *blob;
	ssize_t ret = -EIO;

	evidence = tsmg_readings_take(&item->readings);
	if (!evidence)
		return -EIO;

	blob = &evidence->report.blob[id];
	if (blob->len == size) {
		memcpy(buf, blob->data, size);
		ret = size;
	}
	tsmg_evidence_put(evidence);
	return ret;
}

/* configfs passes no buffer when it asks for the size of the blob. */
static ssize_t blob_read(struct config_item *cfg, enum tsmg_blob_id id,
			 void *buf, size_t size)
{
	struct report_item *item = to_item(cfg);

	return buf ? blob_bytes(item, id, buf, size) : blob_size(item, id);
}

static ssize_t tsm_report_outblob_read(struct config_item *cfg, void *buf,
				       size_t size)
{
	return blob_read(cfg, TSMG_OUTBLOB, buf, size);
}
CONFIGFS_BIN_ATTR_RO(tsm_report_, outblob, NULL, OUTBLOB_MAX);

static ssize_t tsm_report_auxblob_read(struct config_item *cfg, void *buf,
				       size_t size)
{
	return blob_read(cfg, TSMG_AUXBLOB, buf, size);
}
CONFIGFS_BIN_ATTR_RO(tsm_report_, auxblob, NULL, OUTBLOB_MAX);

static ssize_t tsm_report_manifestblob_read(struct config_item *cfg, void *buf,
					    size_t size)
{
	return blob_read(cfg, TSMG_MANIFESTBLOB, buf, size);
}
CONFIGFS_BIN_ATTR_RO(tsm_report_, manifestblob, NULL, OUTBLOB_MAX);

#define REPORT_ATTRS_MAX	7

/* Those that every TEE has; tsmg_report_group() adds what this one has. */
static struct configfs_attribute *report_attrs[REPORT_ATTRS_MAX + 1] = {
	&tsm_report_attr_generation,
	&tsm_report_attr_provider,
};

/* The last one ends the list. */
static struct configfs_bin_attribute *report_bin_attrs[5] = {
	&tsm_report_attr_inblob,
	&tsm_report_attr_outblob,
	&tsm_report_attr_auxblob,
};

static void report_item_release(struct config_item *cfg)
{
	struct report_item *item = to_item(cfg);

	tsmg_readings_drop_all(&item->readings);
	tsmg_evidence_put(item->evidence);
	kfree(item);
}

static struct configfs_item_operations report_item_ops = {
	.release = report_item_release,
};

static const struct config_item_type report_item_type = {
	.ct_owner = THIS_MODULE,
	.ct_item_ops = &report_item_ops,
	.ct_attrs = report_attrs,
	.ct_bin_attrs = report_bin_attrs,
};

static struct config_item *report_make_item(struct config_group *group,
					    const char *name)
{
	struct report_item *item;

	if (!tsmg_provider())
		return ERR_PTR(-ENXIO);

	item = kzalloc_obj(*item);
	if (!item)
		return ERR_PTR(-ENOMEM);

	spin_lock_init(&item->lock);
	init_waitqueue_head(&item->answered);
	item->request.privlevel = -1;
	tsmg_readings_init(&item->readings);
	config_item_init_type_name(&item->cfg, name, &report_item_type);
	return &item->cfg;
}

static struct configfs_group_operations report_group_ops = {
	.make_item = report_make_item,
};

static const struct config_item_type report_group_type = {
	.ct_owner = THIS_MODULE,
	.ct_group_ops = &report_group_ops,
};

static void add_attrs(struct configfs_attribute *const *more)
{
	unsigned int at = 0;

	while (report_attrs[at])
		at++;
	for (; *more; more++)
		if (!WARN_ON(at == REPORT_ATTRS_MAX))
			report_attrs[at++] = *more;
}

struct config_group *tsmg_report_group(const struct tsmg_backend *backend)
{
	static struct config_group group;

	if (backend->privlevel_floor)
		add_attrs(tsmg_privlevel_attrs);
	if (backend->has_services && backend->has_services()) {
		add_attrs(tsmg_service_attrs);
		report_bin_attrs[3] = &tsm_report_attr_manifestblob;
	}
	config_group_init_type_name(&group, "report", &report_group_type);
	return &group;
}
