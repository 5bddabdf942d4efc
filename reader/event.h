/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The ordered events of a trace, as Go's own reader presents them: one legal order, times
 * strictly increasing, every id resolved against the whole trace. This is the seam between
 * the readers of the wire formats and everything that comes after: a second format is a second
 * producer of these structs.
 */

#include "reader/types.h"

G_BEGIN_DECLS

typedef enum
{
  GANDER_EVENT_SYNC,       /* a generation begins; the last one closes the trace */
  GANDER_EVENT_TRANSITION, /* a goroutine or processor changes state (or repeats it) */
  GANDER_EVENT_RANGE_BEGIN,
  GANDER_EVENT_RANGE_ACTIVE, /* the range was open before */
  GANDER_EVENT_RANGE_END,
  GANDER_EVENT_METRIC,
  GANDER_EVENT_LABEL,
  GANDER_EVENT_TASK_BEGIN,
  GANDER_EVENT_TASK_END,
  GANDER_EVENT_REGION_BEGIN,
  GANDER_EVENT_REGION_END,
  GANDER_EVENT_LOG,
  GANDER_EVENT_SAMPLE, /* CPU profile sample */
  GANDER_EVENT_EXPERIMENTAL,
  GANDER_EVENT_GAP, /* ours: damage; the state of @id is unknown from here to its next
                       transition, of everything when @resource is NONE */
  GANDER_N_EVENT_KINDS,
} GanderEventKind;

typedef enum
{
  GANDER_RESOURCE_NONE,
  GANDER_RESOURCE_GOROUTINE,
  GANDER_RESOURCE_PROC,
  GANDER_RESOURCE_THREAD,
} GanderResource;

/* States of goroutines in transitions; processors use UNDETERMINED, NOT_EXIST, RUNNING, IDLE. */
typedef enum
{
  GANDER_GO_UNDETERMINED,
  GANDER_GO_NOT_EXIST,
  GANDER_GO_RUNNABLE,
  GANDER_GO_RUNNING,
  GANDER_GO_WAITING,
  GANDER_GO_SYSCALL,
  GANDER_PROC_IDLE,
} GanderGoState;

/* A field that a kind does not use is 0, an id that it does not have is -1. */
typedef struct
{
  GanderTime time;
  guint8 kind;     /* GanderEventKind */
  guint8 wire;     /* code on the wire (events.def); 0 for SYNC, SAMPLE and GAP */
  guint8 resource; /* GanderResource of TRANSITION, RANGE_* and GAP */
  guint8 from;     /* GanderGoState, TRANSITION */
  guint8 to;
  gint64 thread; /* context before the event: the M, P and G that did it, -1 = none */
  gint64 proc;
  gint64 goroutine;
  gint64 id;           /* of the resource; task id of TASK_*, REGION_*, LOG; proc steals keep
                          the P here */
  guint64 value[3];    /* METRIC: value. RANGE_END of a sweep: swept, reclaimed bytes. TASK_BEGIN:
                          parent. EXPERIMENTAL: arguments. SYNC with a clock snapshot: snapshot time
                          (ns since the trace began, two's complement), monotonic ns, Unix ns */
  GanderStringId name; /* TRANSITION: reason. RANGE_*: Go's text. METRIC: Go's metric name.
                          LABEL: label. TASK_*, REGION_*: type. LOG: category */
  GanderStringId text; /* LOG: message */
  GanderStackId stack; /* of whoever executed the event */
  GanderStackId resource_stack; /* TRANSITION: of the goroutine that changes; its start function
                                   when it is created */
  guint64 generation;           /* number of the generation as in the file */
  guint64 offset;               /* byte of the event in the (unpacked) trace */
} GanderEvent;

/* An event on the wire becomes at most so many: the three of a coroutine switch, and the gaps of a
 * repair. */
#define GANDER_EVENTS_AT_ONCE 16

/* Returns: (transfer none) Go's name of a kind ("StateTransition", "RangeBegin", …). */
const char *gander_event_kind_get_name (GanderEventKind kind);

/* Returns: (transfer none) Go's name of a state ("Running", "NotExist", …). */
const char *gander_go_state_get_name (GanderGoState state);

G_END_DECLS
