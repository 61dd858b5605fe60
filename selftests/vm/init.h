/* SPDX-License-Identifier: MIT */
/*
 * What the two halves of a test VM's PID 1 share: the stage and the command.
 */
#ifndef VM_INIT_H
#define VM_INIT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Reports how it ended, and powers off. */
void __attribute__((noreturn, format(printf, 1, 2)))
verdict(const char *format, ...);

/* 0, or -1 and errno. */
int write_all(int fd, const char *data, size_t len);

/* Starts argv; stdin is empty, and fds other than 0 to 2 stay with us. */
pid_t spawn(const char *const argv[], int out, int err);

/* Opens the virtio port of that name; a failed verdict if none appears. */
int wait_for_port(const char *name);

/**
 * run_command() - runs /tsm/command, and sends what it prints to the ports
 * @status: set to the command's wait status
 * @emud: tsm-emud's PID, or -1 if there is none
 * @emud_status: set to tsm-emud's wait status, if it ended
 *
 * Return: whether tsm-emud ended before the command did.
 */
bool run_command(int *status, pid_t emud, int *emud_status);

#endif /* VM_INIT_H */
