/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Blocking profiles: how long goroutines waited, by the stack that made them wait.
 *
 * Every interval of a kind is one wait, from its begin to its end: those that were there before the
 * trace began count from its begin, those still open when it ended count to its end. So the total
 * of a profile is what statistics say of the same goroutines and range, to the nanosecond.
 */

#include "analysis/scope.h"
#include "analysis/table.h"

G_BEGIN_DECLS

typedef enum
{
  GANDER_PROFILE_NET,     /* waits for the network, by the stack that waited */
  GANDER_PROFILE_SYNC,    /* waits for channels, locks, select, by the stack that waited */
  GANDER_PROFILE_SYSCALL, /* system calls, with a processor and without, by their stack */
  GANDER_PROFILE_SCHED,   /* waits for a processor, by the stack that made the goroutine runnable:
                             its waker's, its creator's, its own when it was stopped */
  GANDER_PROFILE_WAKER,   /* all blocked waits that a goroutine ended, by that goroutine's stack */
  GANDER_N_PROFILES,
} GanderProfileKind;

/* Which waits count. */
typedef enum
{
  GANDER_PROFILE_SOUND, /* all */
  GANDER_PROFILE_GO,    /* as go tool trace 1.26: not those open at the end, and not what lies
                           before a goroutine first ran or before the trace tells of it. Not for
                           WAKER. */
} GanderProfileRule;

/* What samples are told apart by, besides their stacks. */
typedef enum
{
  GANDER_LABEL_STATE = 1 << 0,     /* blocked, runnable, syscall, syscall-blocked */
  GANDER_LABEL_REASON = 1 << 1,    /* Go's reason of a wait, or why it was made runnable */
  GANDER_LABEL_FUNCTION = 1 << 2,  /* start function of the goroutine */
  GANDER_LABEL_TASK = 1 << 3,      /* type of the task that it worked on */
  GANDER_LABEL_REGION = 1 << 4,    /* type of the innermost region that it was in */
  GANDER_LABEL_GOROUTINE = 1 << 5, /* its id: samples for every goroutine */
} GanderProfileLabels;

typedef struct
{
  GanderProfileKind kind;
  GanderProfileRule rule;
  gboolean percentiles; /* fill p50, p95, p99; takes memory for each wait */
  GanderProfileLabels labels;
} GanderProfileOptions;

/* Durations are ns, and inside the scope. */
typedef struct
{
  guint64 count; /* waits that touch the scope */
  guint64 open;  /* of @count: still waiting when the trace ended */
  GanderTime total;
  GanderTime max;
  GanderTime p50, p95, p99; /* 0 unless asked for */
} GanderProfileFigures;

/* All waits whose stacks read the same. */
typedef struct
{
  GanderStackId stack; /* one of them; 0 = no stack */
  GanderProfileFigures figures;
} GanderProfileRecord;

/* The part of a record with the same labels; what was not asked for is 0, "" and NONE. */
typedef struct
{
  guint record;
  GanderState state;
  GanderCause cause;     /* of RUNNABLE */
  GanderStringId reason; /* of BLOCKED */
  GanderStringId function;
  GanderStringId task;
  GanderStringId region;
  GanderLaneId goroutine;
  guint64 count; /* a system call that loses its processor counts where it begins */
  GanderTime total;
} GanderProfileSample;

typedef struct _GanderProfile GanderProfile;

/* Computes a profile of what is in @scope, which is only read.
 *
 * Returns: (transfer full) (nullable) the profile; NULL with G_IO_ERROR_CANCELLED. */
GanderProfile *gander_profile_compute (GanderIndex *index,
                                       const GanderScope *scope,
                                       const GanderProfileOptions *options,
                                       GCancellable *cancellable,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

void gander_profile_free (GanderProfile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanderProfile, gander_profile_free)

const GanderProfileOptions *gander_profile_get_options (const GanderProfile *self);

/* Returns: (transfer none) the figures of all waits together. */
const GanderProfileFigures *gander_profile_get_sum (const GanderProfile *self);

/* Returns: (transfer none) (array length=n) by total descending, then by the text of the stack. */
const GanderProfileRecord *gander_profile_get_records (const GanderProfile *self, guint *n);

/* Returns: (transfer none) (array length=n) by record, then by labels. They add up to the records.
 */
const GanderProfileSample *gander_profile_get_samples (const GanderProfile *self, guint *n);

/* Returns: (transfer full) a row per record: figures, the place in the user's code, the start
 * function of the goroutine whose stack it is, the whole stack, and the rank: the record's number
 * from 1. */
GanderTable *gander_profile_to_table (const GanderProfile *self) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer none) "net", "sync", "syscall", "sched", "waker". */
const char *gander_profile_kind_get_id (GanderProfileKind kind);

/* Returns: (transfer none) "waits for the network", … */
const char *gander_profile_kind_get_title (GanderProfileKind kind);

/* Returns: (transfer none) the reason label of a sample: Go's text of a block, or "created",
 * "woken", "yielded", "preempted", "syscall", "switched" of a runnable goroutine, or "". */
const char *gander_profile_sample_get_reason (const GanderIndex *index,
                                              const GanderProfileSample *sample);

G_END_DECLS
