/* SPDX-License-Identifier: MIT */
/* The state directory: the names of what lies in it, its locks, and its wake-up. */
#ifndef CORE_STATEDIR_H
#define CORE_STATEDIR_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "reason.h"

#define STATE_PATH_MAX 512

/*
 * STATE/
 *   lock            held by the supervisor; its process id as text
 *   control         the supervisor's socket
 *   effective       the configuration in force, 0600
 *   override/NAME.conf  single keys that overlay conf.d (override.h)
 *   frames.db       the store, with -wal and -shm
 *   frames.db.corrupt-TIME  one that proved corrupt, set aside with its -wal
 *   suspect         somebody met damage in frames.db: it is read whole at the next start
 *   users           held shared by whoever works with the store
 *   next, gate      the turnstile of its writers
 *   wake            touched after each commit
 *   high-water      the last id that was committed
 *   ballast         room to settle with when the disk is full
 *   inputs/NAME.lock, NAME.live
 *   outputs/NAME.lock, NAME.live, NAME.place, NAME.db
 */

/* "STATE/name"; false when it is too long. */
bool statedir_path(char out[STATE_PATH_MAX], const char *state, const char *name);
/* "STATE/folder/name.suffix": folder is "inputs" or "outputs". */
bool statedir_file(char out[STATE_PATH_MAX], const char *state, const char *folder,
                   const char *name, const char *suffix);

/* Makes the directory (its parent must be there) and its folders, 0750. */
bool statedir_make(const char *state, struct reason *why);

/* Opens STATE/name to read and write, made when missing; -1: why says.  No symbolic link
 * is followed, and no child gets the descriptor. */
int statedir_open(const char *state, const char *name, struct reason *why);

/* Syncs the directory, so that what was made or renamed in it stays so. */
bool statedir_sync(const char *state, struct reason *why);

/*
 * Takes an exclusive flock on a file, made when missing.  *fd stays open until the
 * process ends or closes it.  When somebody else has it: false, with *holder the process
 * id written in it (-1: not known), why "already running as process N".  0: it failed.
 */
bool statedir_lock(int *fd, const char *path, pid_t *holder, struct reason *why);

/*
 * Whoever works with the store holds STATE/users shared.  Opens it; *is_alone: nobody
 * else does, and nobody can begin to before statedir_join(): this is the moment to
 * prepare the store.  Else it waits for whoever prepares, and has joined when it returns.
 */
bool statedir_use(int *fd, const char *state, bool *is_alone, struct reason *why);
bool statedir_join(int fd, struct reason *why);

/* Calls `each` with the path and the name of every STATE/folder/NAME.suffix, until it
 * returns false.  False when `each` did, or the folder cannot be read. */
bool statedir_each(const char *state, const char *folder, const char *suffix,
                   bool (*each)(void *context, const char *path, const char *name),
                   void *context, struct reason *why);

/* Touches STATE/wake; or the file that is already open. */
void statedir_wake(const char *state);
void statedir_touch(int fd);

/*
 * A descriptor of inotify that becomes readable when STATE/wake is touched, or SQLite's
 * log of the store is written or made.  The log is written before a commit is visible, by
 * the router's own writers too: after an event of the log alone, a read that finds
 * nothing is to be repeated after 1, 2, 4 ... 2048 ms.
 */
struct statedir_watch {
	int fd;
	int folder, wake, log; /* watch descriptors; -1: none yet */
	bool foreign;          /* what was read last was the log's */
	char state[STATE_PATH_MAX];
};
bool statedir_watch(struct statedir_watch *w, const char *state, struct reason *why);
/* Empties it.  True when there was any event; w->foreign tells its kind. */
bool statedir_watch_read(struct statedir_watch *w);
void statedir_watch_close(struct statedir_watch *w);

#endif
