// SPDX-License-Identifier: GPL-2.0-only
/* The runtime event log in securityfs: as it is, and as text. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/dcache.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/security.h>
#include <linux/seq_file.h>
#include <linux/string_helpers.h>
#include <linux/uaccess.h>

#include "runtime_log.h"

/* Event data are shown in pieces, for they may be larger than a stack. */
#define PIECE_LEN	128

static struct dentry *dir, *binary_file, *ascii_file;

static ssize_t binary_read(struct file *file, char __user *to, size_t count,
			   loff_t *pos)
{
	size_t size = tsmg_log_size();
	size_t done = 0, n;
	u8 piece[PIECE_LEN];

	if (*pos < 0)
		return -EINVAL;
	if (!count || *pos >= size)
		return 0;
	count = min_t(size_t, count, size - *pos);

	while (done < count) {
		n = min(count - done, sizeof(piece));
		tsmg_log_read(*pos + done, piece, n);
		if (copy_to_user(to + done, piece, n))
			break;
		done += n;
	}
	*pos += done;
	return done ?: -EFAULT;
}

static const struct file_operations binary_fops = {
	.owner = THIS_MODULE,
	.read = binary_read,
	.llseek = default_llseek,
};

/* The position is that of a record in the log, so that none is looked for. */
static void *ascii_start(struct seq_file *m, loff_t *pos)
{
	struct tsmg_log_record *record = m->private;

	if (*pos < TSMG_LOG_FIRST)
		*pos = TSMG_LOG_FIRST;
	return tsmg_log_record_at(*pos, record) ? record : NULL;
}

static void *ascii_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct tsmg_log_record *record = v;

	*pos = record->next;
	return tsmg_log_record_at(*pos, record) ? record : NULL;
}

static void ascii_stop(struct seq_file *m, void *v)
{
}

static void show_type(struct seq_file *m, u32 type)
{
	switch (type) {
	case TSM_EV_NO_ACTION:
		seq_puts(m, "EV_NO_ACTION");
		break;
	case TSM_EV_EVENT_TAG:
		seq_puts(m, "EV_EVENT_TAG");
		break;
	case TSM_EV_COMPACT_HASH:
		seq_puts(m, "EV_COMPACT_HASH");
		break;
	default:
		seq_printf(m, "0x%08x", type);
	}
}

static int ascii_show(struct seq_file *m, void *v)
{
	const struct tsmg_log_record *record = v;
	size_t offset, n;
	u8 piece[PIECE_LEN];

	/* Who seeks goes over all records in the kernel, and there may be many. */
	if (fatal_signal_pending(current))
		return -EINTR;
	cond_resched();

	seq_printf(m, "%u ", le32_to_cpu(record->head.mr_index));
	show_type(m, le32_to_cpu(record->head.event_type));
	seq_printf(m, " sha384:%*phN %zu", TSM_SHA384_SIZE,
		   record->head.digest, record->event_len);
	if (record->event_len)
		seq_putc(m, ' ');
	for (offset = record->event; offset < record->next; offset += n) {
		n = min(record->next - offset, sizeof(piece));
		tsmg_log_read(offset, piece, n);
		seq_escape_mem(m, piece, n,
			       ESCAPE_HEX | ESCAPE_NAP | ESCAPE_APPEND, "\\");
	}
	seq_putc(m, '\n');
	return 0;
}

static const struct seq_operations ascii_ops = {
	.start = ascii_start,
	.next = ascii_next,
	.stop = ascii_stop,
	.show = ascii_show,
};

static int ascii_open(struct inode *inode, struct file *file)
{
	return seq_open_private(file, &ascii_ops,
				sizeof(struct tsmg_log_record));
}

static const struct file_operations ascii_fops = {
	.owner = THIS_MODULE,
	.open = ascii_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = seq_release_private,
};

static struct dentry *make_file(const char *name,
				const struct file_operations *fops)
{
	return securityfs_create_file(name, 0400, dir, NULL, fops);
}

/*
 * Who holds a path, by O_PATH or as working directory, does not pin the module,
 * and not every kernel takes the name away then. So it is taken away here, and
 * what is left of the file leads no longer to our code.
 */
static void remove_entry(struct dentry *entry)
{
	if (IS_ERR_OR_NULL(entry))
		return;
	dget(entry);
	if (d_is_reg(entry))
		WRITE_ONCE(d_inode(entry)->i_fop, &generic_ro_fops);
	securityfs_remove(entry);
	d_drop(entry);
	dput(entry);
}

static void complain(const char *name, const struct dentry *entry)
{
	if (IS_ERR(entry))
		pr_err("the runtime event log cannot be read: %s in securityfs: %ld\n",
		       name, PTR_ERR(entry));
}

void tsmg_log_files_init(void)
{
	dir = securityfs_create_dir("tsm_guest", NULL);
	complain("tsm_guest", dir);
	if (IS_ERR(dir))
		return;
	binary_file = make_file("binary_runtime_measurements", &binary_fops);
	complain("binary_runtime_measurements", binary_file);
	ascii_file = make_file("ascii_runtime_measurements", &ascii_fops);
	complain("ascii_runtime_measurements", ascii_file);
}

void tsmg_log_files_exit(void)
{
	remove_entry(ascii_file);
	remove_entry(binary_file);
	remove_entry(dir);
}
