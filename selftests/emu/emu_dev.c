// SPDX-License-Identifier: GPL-2.0-only
/* /dev/tsm_emu: the line between the emulated host and tsm-emud. */

#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "emu.h"
#include "emu_wire.h"

static int dev_open(struct inode *inode, struct file *file)
{
	int ret = emu_service_attach();

	return ret ? ret : stream_open(inode, file);
}

static int dev_release(struct inode *inode, struct file *file)
{
	emu_service_detach();
	return 0;
}

static ssize_t dev_read(struct file *file, char __user *to, size_t len,
			loff_t *pos)
{
	struct emu_request *req __free(kfree) = NULL;
	int ret;

	if (len < sizeof(*req))
		return -EINVAL;
	req = kmalloc(sizeof(*req), GFP_KERNEL);
	if (!req)
		return -ENOMEM;
	ret = emu_service_next(req, !(file->f_flags & O_NONBLOCK));
	if (ret)
		return ret;
	return copy_to_user(to, req, sizeof(*req)) ? -EFAULT : sizeof(*req);
}

static ssize_t dev_write(struct file *file, const char __user *from, size_t len,
			 loff_t *pos)
{
	struct emu_reply reply;
	u8 *answer = NULL;

	if (len < sizeof(reply))
		return -EINVAL;
	if (copy_from_user(&reply, from, sizeof(reply)))
		return -EFAULT;
	if (reply.reserved || reply.len > EMU_ANSWER_MAX ||
	    reply.len != len - sizeof(reply))
		return -EINVAL;
	if (reply.len) {
		answer = memdup_user(from + sizeof(reply), reply.len);
		if (IS_ERR(answer))
			return PTR_ERR(answer);
	}
	emu_service_reply(reply.id, answer, reply.len);
	return len;
}

static __poll_t dev_poll(struct file *file, struct poll_table_struct *table)
{
	return EPOLLOUT | EPOLLWRNORM |
	       (emu_service_poll(file, table) ? EPOLLIN | EPOLLRDNORM : 0);
}

static const struct file_operations dev_fops = {
	.owner = THIS_MODULE,
	.open = dev_open,
	.release = dev_release,
	.read = dev_read,
	.write = dev_write,
	.poll = dev_poll,
};

static struct miscdevice dev = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = EMU_DEV_NAME,
	.fops = &dev_fops,
	.mode = 0600,
};

int emu_dev_init(void)
{
	return misc_register(&dev);
}

void emu_dev_exit(void)
{
	misc_deregister(&dev);
}
