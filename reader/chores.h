/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Work that a thread leaves to whoever has time: to others that wait, to a thread for nothing else,
 * in the end to itself. Chores of one series are done one at a time and in the order they come, so
 * that it does not matter who does them.
 */

#include <glib.h>

G_BEGIN_DECLS

typedef void (*GanderChoreFunc) (gpointer data);

/* Chores that are not done side by side. One that is zeroed is good. */
typedef struct
{
  gboolean busy;
} GanderChoreSeries;

/* Belongs to who adds it; stays where it is until it is done. One that is zeroed is done. */
typedef struct GanderChore GanderChore;
struct GanderChore
{
  GanderChoreFunc func;
  gpointer data;
  GanderChoreSeries *series;
  GanderChore *next;
  gboolean waits; /* to be done, or is being done */
};

/* One that is zeroed is not started. */
typedef struct
{
  GThread *thread; /* (nullable) */
  GMutex mutex;
  GCond cond;
  GanderChore *first, *last; /* the mutex guards this and what follows, and what is in them */
  gboolean started, ended;
} GanderChores;

/* From here to gander_chores_stop () chores may wait; there is a thread for them if @threaded and
 * one is to be had. */
void gander_chores_start (GanderChores *self, gboolean threaded);

/* Does all that wait, then ends the thread. Only when nobody else uses @self any more. */
void gander_chores_stop (GanderChores *self);

/* Leaves @func to whoever has time, or calls it where nobody can have. @chore must be done. */
void gander_chores_add (GanderChores *self,
                        GanderChore *chore,
                        GanderChoreSeries *series,
                        GanderChoreFunc func,
                        gpointer data);

/* Returns when @chore is done. */
void gander_chores_finish (GanderChores *self, const GanderChore *chore);

/* For threads that have to wait for each other; their conditions are guarded by @self's mutex and
 * told by its cond, and the mutex is held when they call these.
 *
 * The one does a chore that waits, with the mutex open; the other waits for the cond where there is
 * none that can be done now. Returns: whether a chore was done. */
gboolean gander_chores_do_one (GanderChores *self);
gboolean gander_chores_do_or_wait (GanderChores *self);

G_END_DECLS
