/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Writes a trace of any size, "go 1.26 trace", to a file: batches of threads as they fill, and for
 * each generation its clock, its strings and its stacks. What it keeps does not grow.
 */

#include "tests/support/trace-builder.h"

#include <stdio.h>

G_BEGIN_DECLS

#define TRACE_FILE_THREADS   16
#define TRACE_FILE_NOBODY    TRACE_FILE_THREADS /* the batches that belong to no thread */
#define TRACE_FILE_FREQUENCY 15625000           /* units of 64 ns a second */

/* The kinds of goroutines, by what they were started with. */
#define TRACE_FILE_ROLES 6

/* Where a goroutine is when something happens to it: the leaf of its stack. */
typedef enum
{
  SITE_START, /* nowhere yet: the start function alone */
  SITE_CHAN_RECEIVE,
  SITE_CHAN_SEND,
  SITE_SELECT,
  SITE_SYNC,
  SITE_NETWORK,
  SITE_SLEEP,
  SITE_LAST_WAIT = SITE_SLEEP,
  SITE_UNLOCK,
  SITE_GO,
  SITE_SYSCALL,
  SITE_PREEMPTED,
  SITE_GOSCHED,
  SITE_ALLOCATE,
  SITE_ANNOTATE,
  TRACE_FILE_SITES,
} TraceFileSite;

typedef enum
{
  TEXT_STW_BEGIN,
  TEXT_STW_END,
  TEXT_TASK,
  TEXT_REGION,
  TEXT_REGION_WITHIN,
  TEXT_CATEGORY,
  TEXT_MESSAGE,
  TRACE_FILE_TEXTS,
} TraceFileText;

typedef struct
{
  FILE *file;
  TraceBuilder builders[TRACE_FILE_THREADS + 1];
  guint64 last[TRACE_FILE_THREADS + 1]; /* time of the last event of each, in units */
  guint64 generation;
  guint64 now;   /* units */
  guint64 bytes; /* so far, open batches included, without the headers of batches */
  gboolean failed;
} TraceFile;

/* Begins with the header. @file stays the caller's. */
void trace_file_init (TraceFile *self, FILE *file);
void trace_file_clear (TraceFile *self);

void trace_file_begin_generation (TraceFile *self);
/* Ends it, with all batches that are open. */
void trace_file_end_generation (TraceFile *self);

/* An event of @thread, @gap units after the last one of any thread: its code and what follows the
 * time. */
void trace_file_event (TraceFile *self, guint thread, guint64 gap, guint n, const guint64 *numbers);
#define EVENT(self, thread, gap, ...)                                       \
  trace_file_event (self,                                                   \
                    thread,                                                 \
                    gap,                                                    \
                    sizeof ((guint64[]){ __VA_ARGS__ }) / sizeof (guint64), \
                    (guint64[]){ __VA_ARGS__ })

/* Returns: what events of this generation write for a thread, a stack (@way is any number), the
 * reason for which goroutines stop at @site, and a text. */
guint64 trace_file_thread (guint thread);
guint64 trace_file_stack (guint role, TraceFileSite site, guint way);
guint64 trace_file_reason (const TraceFile *self, TraceFileSite site);
guint64 trace_file_text (const TraceFile *self, TraceFileText text);

G_END_DECLS
