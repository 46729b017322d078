/* SPDX-License-Identifier: MIT */
/*
 * confine ROOT UID GID CALLS PROGRAM ARGUMENT...: runs a program as the unit has systemd
 * run it: in that root, as that user, with no capability and no way to one, with the
 * system calls whose numbers stand in the file CALLS, sockets of Unix and IP alone, and
 * no memory that can be written and executed.  What is not allowed fails with EPERM.
 */
#include <errno.h>
#include <grp.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CALLS_MAX 600

static struct sock_filter code[2 * CALLS_MAX + 60];
static unsigned short len;

static void add(unsigned short op, unsigned k, unsigned char yes, unsigned char no)
{
	code[len++] = (struct sock_filter)BPF_JUMP(op, k, yes, no);
}

#define LOAD(member)                                                                     \
	add(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, member), 0, 0)
#define ANSWER(what) add(BPF_RET | BPF_K, (what), 0, 0)

/* The call `nr` fails when argument 2, the protection of memory, has all these bits. */
static void deny_protection(unsigned nr, unsigned bits)
{
	add(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 5);
	LOAD(args[2]);
	add(BPF_ALU | BPF_AND | BPF_K, bits, 0, 0);
	add(BPF_JMP | BPF_JEQ | BPF_K, bits, 0, 1);
	ANSWER(SECCOMP_RET_ERRNO | EPERM);
	LOAD(nr);
}

static void deny_sockets(void)
{
	add(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 6);
	LOAD(args[0]);
	add(BPF_JMP | BPF_JEQ | BPF_K, AF_UNIX, 3, 0);
	add(BPF_JMP | BPF_JEQ | BPF_K, AF_INET, 2, 0);
	add(BPF_JMP | BPF_JEQ | BPF_K, AF_INET6, 1, 0);
	ANSWER(SECCOMP_RET_ERRNO | EAFNOSUPPORT);
	LOAD(nr);
}

/* False: there are no calls to allow. */
static int make_filter(const char *calls)
{
	FILE *file = fopen(calls, "r");
	unsigned nr, count = 0;

	if (file == NULL)
		return 0;
	LOAD(nr);
	deny_protection(SYS_mprotect, PROT_EXEC);
	deny_protection(SYS_mmap, PROT_EXEC | PROT_WRITE);
	deny_sockets();
	while (count < CALLS_MAX && fscanf(file, "%u", &nr) == 1) {
		add(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1);
		ANSWER(SECCOMP_RET_ALLOW);
		count++;
	}
	ANSWER(SECCOMP_RET_ERRNO | EPERM);
	fclose(file);
	return count > 0;
}

static int drop(uid_t uid, gid_t gid)
{
	for (int cap = 0; prctl(PR_CAPBSET_READ, cap) >= 0; cap++)
		if (prctl(PR_CAPBSET_DROP, cap) != 0)
			return -1;
	if (setgroups(0, NULL) != 0 || setresgid(gid, gid, gid) != 0 ||
	    setresuid(uid, uid, uid) != 0)
		return -1;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

int main(int argc, char **argv)
{
	struct sock_fprog program = {.filter = code};

	if (argc < 6)
		return 2;
	if (make_filter(argv[4]) && chroot(argv[1]) == 0 && chdir("/") == 0 &&
	    drop((uid_t)atoi(argv[2]), (gid_t)atoi(argv[3])) == 0) {
		program.len = len;
		if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0)
			execv(argv[5], argv + 5);
	}
	perror("confine");
	return 1;
}
