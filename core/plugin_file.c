/* SPDX-License-Identifier: MIT */
/* Files of plugins, by their first bytes.  Loads nothing. */
#include "plugin_file.h"

#include <elf.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "trust.h"

#define HEADERS_MAX 64 /* program headers; linkers write about ten */

static const char *machine_name(unsigned machine, char out[24])
{
	static const struct {
		unsigned machine;
		const char *name;
	} names[] = {
		{EM_386, "x86 (32 bit)"}, {EM_X86_64, "x86-64"},
		{EM_ARM, "ARM (32 bit)"}, {EM_AARCH64, "ARM (64 bit)"},
		{EM_RISCV, "RISC-V"},     {EM_MIPS, "MIPS"},
		{EM_PPC64, "PowerPC"},    {EM_S390, "S/390"},
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (names[i].machine == machine)
			return names[i].name;
	snprintf(out, 24, "machine %u", machine);
	return out;
}

static bool read_head(int fd, ElfW(Ehdr) * head)
{
	memset(head, 0, sizeof *head);
	return pread(fd, head, sizeof *head, 0) > EI_NIDENT &&
	       memcmp(head->e_ident, ELFMAG, SELFMAG) == 0;
}

/* What this program itself is made for; all zero when that cannot be told. */
static ElfW(Ehdr) own_head(void)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	ElfW(Ehdr) head;

	memset(&head, 0, sizeof head);
	if (fd >= 0) {
		read_head(fd, &head);
		close(fd);
	}
	return head;
}

static bool check_machine(const ElfW(Ehdr) * head, struct reason *why)
{
	ElfW(Ehdr) own = own_head();
	char theirs[24];
	char ours[24];

	if (own.e_machine == 0)
		return true;
	/* of another byte order e_machine cannot be read, but is another machine's */
	if (head->e_ident[EI_DATA] != own.e_ident[EI_DATA])
		return fail(why, "is made for a machine of the other byte order");
	if (head->e_machine != own.e_machine ||
	    head->e_ident[EI_CLASS] != own.e_ident[EI_CLASS])
		return fail(why, "is made for %s, this router for %s",
		            machine_name(head->e_machine, theirs),
		            machine_name(own.e_machine, ours));
	return true;
}

/* The dynamic linker maps what the headers say, and dies (SIGBUS) where the file has
 * ended. */
static bool check_whole(int fd, const ElfW(Ehdr) * head, uint64_t size,
                        struct reason *why)
{
	ElfW(Phdr) part[HEADERS_MAX];
	size_t len = head->e_phnum * sizeof *part;

	if (head->e_phentsize != sizeof *part || head->e_phnum > HEADERS_MAX)
		return fail(why, "is a damaged shared object");
	if (pread(fd, part, len, (off_t)head->e_phoff) != (ssize_t)len)
		return fail(why, "is cut short: its headers are missing");
	for (unsigned i = 0; i < head->e_phnum; i++)
		if (part[i].p_type == PT_LOAD &&
		    (part[i].p_offset > size ||
		     part[i].p_filesz > size - part[i].p_offset))
			return fail(why, "is cut short: it ends after %llu bytes",
			            (unsigned long long)size);
	return true;
}

static bool check_elf(int fd, uint64_t size, struct reason *why)
{
	ElfW(Ehdr) head;

	if (!read_head(fd, &head))
		return fail(why, "is no shared object");
	if (!check_machine(&head, why))
		return false;
	if (head.e_type != ET_DYN)
		return fail(why, "is no shared object, but another ELF file");
	return check_whole(fd, &head, size, why);
}

/* The file that a link leads to lies in a folder of its own. */
static bool check_folders(const char *path, struct reason *why)
{
	char real[PATH_MAX];

	if (realpath(path, real) == NULL)
		return fail_errno(why, "cannot follow %s", path);
	return trust_folder_of(path, why) && trust_folder_of(real, why);
}

bool plugin_file_check(const char *path, struct reason *why)
{
	struct stat st;
	int fd = trust_open(path, &st, why);
	bool is_fine;

	if (fd < 0)
		return false;
	is_fine = trust_file(&st, path, why) && check_folders(path, why);
	if (is_fine && !check_elf(fd, (uint64_t)st.st_size, why)) {
		is_fine = false;
		fail_context(why, "%s", path);
	}
	close(fd);
	return is_fine;
}
