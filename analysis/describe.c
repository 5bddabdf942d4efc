/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words for lanes, states, waits and places. What a whole span or goroutine says is put together
 * in describe-span.c and describe-goroutine.c. */
#include "analysis/describe.h"

#include "analysis/text.h"

#include <string.h>

/* Deeper frames do not tell what a goroutine waits on: the wait is at the leaf. */
#define LOOK_AT_FRAMES 8

static const char *const state_words[GANDER_N_STATES] = {
  [GANDER_STATE_NONE] = "idle",
  [GANDER_STATE_RUNNING] = "running",
  [GANDER_STATE_RUNNABLE] = "runnable",
  [GANDER_STATE_BLOCKED] = "blocked",
  [GANDER_STATE_SYSCALL] = "system call",
  [GANDER_STATE_SYSCALL_BLOCKED] = "system call, processor lost",
  [GANDER_STATE_GC_WORK] = "garbage collection",
  [GANDER_STATE_GC_ASSIST] = "garbage collection assist",
  [GANDER_STATE_SCHEDULING] = "scheduling",
  [GANDER_STATE_UNKNOWN] = "unknown",
};

static const struct
{
  const char *word;
  const char *title; /* NULL: the reason decides */
} waits[GANDER_N_WAITS] = {
  [GANDER_WAIT_NONE] = { "", "Blocked" },
  [GANDER_WAIT_SYNC] = { "sync", "Blocked on a lock" },
  [GANDER_WAIT_COND] = { "cond", "Blocked on a condition variable" },
  [GANDER_WAIT_CHAN_SEND] = { "chan send", "Blocked on a channel send" },
  [GANDER_WAIT_CHAN_RECEIVE] = { "chan receive", "Blocked on a channel receive" },
  [GANDER_WAIT_SELECT] = { "select", "Blocked in a select" },
  [GANDER_WAIT_NETWORK] = { "network", "Blocked on the network" },
  [GANDER_WAIT_SLEEP] = { "sleep", "Sleeping" },
  [GANDER_WAIT_GC] = { "GC", "Blocked by the garbage collector" },
  [GANDER_WAIT_FOREVER] = { "forever", "Blocked forever" },
  [GANDER_WAIT_OTHER] = { "other", NULL },
};

/* Reasons without a kind of their own that deserve better than their text. */
static const struct
{
  const char *reason;
  const char *word;
  const char *title;
} other_reasons[] = {
  { "", "coroutine", "Blocked in a coroutine" },
  { "(unknown)", "reason not in the trace", "Blocked since before the trace" },
  { "preempted", "suspended", "Suspended by the runtime" },
  { "synctest", "synctest", "Blocked in a synctest bubble" },
  { "system goroutine wait", "system goroutine", "Waiting for work of the runtime" },
};

/* What the trace calls "sync" by the function that waits, the outermost first: a read-write lock
 * takes a mutex inside. */
static const struct
{
  const char *prefix; /* of the function */
  GanderLock lock;
  const char *word;
  const char *title;
} sync_functions[] = {
  { "sync.(*RWMutex).RLock", GANDER_LOCK_READ, "read lock", "Blocked on a read lock" },
  { "sync.(*RWMutex).", GANDER_LOCK_WRITE, "write lock", "Blocked on a write lock" },
  { "sync.(*WaitGroup).", GANDER_LOCK_WAIT_GROUP, "wait group", "Blocked on a wait group" },
  { "sync.(*Once).", GANDER_LOCK_ONCE, "once", "Blocked on a sync.Once" },
  { "internal/poll.", GANDER_LOCK_FILE, "file lock", "Blocked on a file lock" },
  { "sync.(*Mutex).", GANDER_LOCK_MUTEX, "mutex", "Blocked on a mutex" },
  { "internal/sync.(*Mutex).", GANDER_LOCK_MUTEX, "mutex", "Blocked on a mutex" },
};

static const char *const cause_words[] = {
  [GANDER_CAUSE_NONE] = NULL,
  [GANDER_CAUSE_CREATED] = "created",
  [GANDER_CAUSE_WOKEN] = "woken",
  [GANDER_CAUSE_YIELDED] = "yielded",
  [GANDER_CAUSE_PREEMPTED] = "preempted",
  [GANDER_CAUSE_SYSCALL] = "back from a system call",
  [GANDER_CAUSE_SWITCHED] = "coroutine switch",
};

/* Packages that only carry a wait. */
static const char *const runtime_prefixes[] = {
  "runtime.", "runtime/", "sync.", "sync/", "internal/", "syscall.", "time.Sleep",
};

const char *
gander_describe_state (GanderState state)
{
  g_return_val_if_fail (state < GANDER_N_STATES, "");
  return state_words[state];
}

const char *
gander_describe_wait (GanderWait wait)
{
  g_return_val_if_fail (wait < GANDER_N_WAITS, "");
  return waits[wait].word;
}

char *
gander_describe_go_version (const GanderFacts *facts)
{
  /* Go 1.24 writes the format of 1.23, and says so. */
  if (facts->go_version == 23)
    return g_strdup ("1.23 or 1.24");
  return g_strdup_printf ("1.%u", facts->go_version);
}

char *
gander_describe_lane_id (const GanderIndex *index, GanderLaneId lane)
{
  static const char letters[GANDER_N_LANE_KINDS] = { 'G', 'P', 'M' };
  GanderLane facts;

  if (lane == GANDER_LANE_NONE)
    return g_strdup ("nobody");
  gander_index_get_lane (index, lane, &facts);
  return g_strdup_printf ("%c%" G_GINT64_FORMAT, letters[facts.kind], facts.id);
}

char *
gander_describe_lane (const GanderIndex *index, GanderLaneId lane)
{
  g_autofree char *id = gander_describe_lane_id (index, lane);
  g_autofree char *life = NULL;
  GanderLane facts;
  const char *name;

  if (lane == GANDER_LANE_NONE)
    return g_steal_pointer (&id);
  gander_index_get_lane (index, lane, &facts);
  if (facts.life > 1)
    life = g_strdup_printf (" (life %u)", facts.life);
  name = gander_text_short_function (gander_index_get_string (index, facts.name));
  return g_strconcat (id, life == NULL ? "" : life, *name == '\0' ? "" : " ", name, NULL);
}

gboolean
gander_describe_is_runtime_frame (const GanderIndex *index, const GanderFrame *frame)
{
  const char *function = gander_index_get_string (index, frame->function);

  if (g_str_equal (function, "runtime.main"))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (runtime_prefixes); i++)
    if (g_str_has_prefix (function, runtime_prefixes[i]))
      return TRUE;
  return *function == '\0';
}

gboolean
gander_describe_user_frame (const GanderIndex *index,
                            GanderStackId stack,
                            GanderFrame *frame,
                            guint *level)
{
  guint depth = gander_index_get_stack_depth (index, stack);
  guint found = 0;

  for (guint i = 0; i < depth; i++)
    {
      gander_index_get_frame (index, stack, i, frame);
      if (!gander_describe_is_runtime_frame (index, frame))
        {
          found = i;
          break;
        }
    }
  if (depth == 0)
    return FALSE;
  gander_index_get_frame (index, stack, found, frame);
  if (level != NULL)
    *level = found;
  return TRUE;
}

char *
gander_describe_frame (const GanderIndex *index, const GanderFrame *frame)
{
  const char *function = gander_index_get_string (index, frame->function);
  const char *file = gander_index_get_string (index, frame->file);

  if (*file == '\0')
    return g_strdup (gander_text_short_function (function));
  return g_strdup_printf ("%s (%s:%" G_GUINT64_FORMAT ")",
                          gander_text_short_function (function),
                          gander_text_short_file (file),
                          frame->line);
}

char *
gander_describe_place (const GanderIndex *index, GanderStackId stack)
{
  GanderFrame frame;

  if (!gander_describe_user_frame (index, stack, &frame, NULL))
    return g_strdup ("");
  return gander_describe_frame (index, &frame);
}

/* Returns: the row of sync_functions that tells what @stack waits on, or -1. */
static int
find_sync_function (const GanderIndex *index, GanderStackId stack)
{
  guint depth = MIN (gander_index_get_stack_depth (index, stack), LOOK_AT_FRAMES);

  for (guint row = 0; row < G_N_ELEMENTS (sync_functions); row++)
    for (guint i = 0; i < depth; i++)
      {
        GanderFrame frame;

        gander_index_get_frame (index, stack, i, &frame);
        if (g_str_has_prefix (gander_index_get_string (index, frame.function),
                              sync_functions[row].prefix))
          return (int)row;
      }
  return -1;
}

GanderLock
gander_describe_lock (const GanderIndex *index, GanderStackId stack)
{
  int row = find_sync_function (index, stack);

  return row < 0 ? GANDER_LOCK_NONE : sync_functions[row].lock;
}

static void
blocked_words (const GanderIndex *index, const GanderSpan *span, char **word, char **title)
{
  GanderWait wait = gander_index_get_wait (index, span->reason);
  const char *reason = gander_index_get_string (index, span->reason);
  int row = wait == GANDER_WAIT_SYNC ? find_sync_function (index, span->stack) : -1;

  if (row >= 0)
    {
      *word = g_strdup (sync_functions[row].word);
      *title = g_strdup (sync_functions[row].title);
      return;
    }
  if (waits[wait].title != NULL)
    {
      *word = g_strdup (wait == GANDER_WAIT_GC ? reason : waits[wait].word);
      *title = g_strdup (waits[wait].title);
      return;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (other_reasons); i++)
    if (g_str_equal (reason, other_reasons[i].reason))
      {
        *word = g_strdup (other_reasons[i].word);
        *title = g_strdup (other_reasons[i].title);
        return;
      }
  *word = g_strdup (reason);
  *title = g_strdup_printf ("Blocked: %s", reason);
}

/* Returns: (transfer full) (nullable) the name of the system call in @stack, "read". Go's wrappers
 * are syscall.read and golang.org/x/sys/unix.Read; syscall.Syscall6 and the like say nothing. */
static char *
syscall_name (const GanderIndex *index, GanderStackId stack)
{
  guint depth = MIN (gander_index_get_stack_depth (index, stack), LOOK_AT_FRAMES);

  for (guint i = 0; i < depth; i++)
    {
      GanderFrame frame;
      const char *function;
      const char *name;

      gander_index_get_frame (index, stack, i, &frame);
      function = gander_index_get_string (index, frame.function);
      if (!g_str_has_prefix (function, "syscall.") &&
          !g_str_has_prefix (function, "golang.org/x/sys/unix."))
        continue;
      name = strrchr (function, '.') + 1;
      if (strstr (name, "yscall") == NULL && *name != '\0')
        return g_ascii_strdown (name, -1);
    }
  return NULL;
}

/* Returns: (transfer none) (nullable) the C function that the leaf of @stack calls. cgo's wrapper
 * is named main._Cfunc_NAME; the runtime leaves its own frames out. */
static const char *
c_function_name (const GanderIndex *index, GanderStackId stack)
{
  static const char wrapper[] = "._Cfunc_";
  GanderFrame frame;
  const char *found;

  if (gander_index_get_stack_depth (index, stack) == 0)
    return NULL;
  gander_index_get_frame (index, stack, 0, &frame);
  found = strstr (gander_index_get_string (index, frame.function), wrapper);
  return found == NULL ? NULL : found + strlen (wrapper);
}

static char *
syscall_title (const GanderIndex *index, const GanderSpan *span)
{
  g_autofree char *name = syscall_name (index, span->stack);
  const char *c_name = c_function_name (index, span->stack);

  if (name != NULL)
    return g_strdup_printf ("In system call %s", name);
  if (c_name != NULL)
    return g_strdup_printf ("In C function %s", c_name);
  return g_strdup ("In a system call");
}

/* "on P2" behind what a goroutine does; a lost processor is none. */
static char *
with_processor (const GanderIndex *index, const GanderSpan *span, const char *words)
{
  g_autofree char *processor = NULL;

  if (span->link == GANDER_LANE_NONE)
    return g_strdup (words);
  processor = gander_describe_lane_id (index, span->link);
  return g_strconcat (words, " on ", processor, NULL);
}

static char *
goroutine_title (const GanderIndex *index, const GanderSpan *span)
{
  g_autofree char *word = NULL;
  char *title = NULL;

  switch (span->state)
    {
    case GANDER_STATE_RUNNING:
      return with_processor (index, span, "Running");
    case GANDER_STATE_GC_WORK:
      return with_processor (index, span, "Marking for the garbage collector");
    case GANDER_STATE_GC_ASSIST:
      return with_processor (index, span, "Helping the garbage collector");
    case GANDER_STATE_RUNNABLE:
      return g_strdup ("Waiting for a processor");
    case GANDER_STATE_SYSCALL:
    case GANDER_STATE_SYSCALL_BLOCKED:
      return syscall_title (index, span);
    case GANDER_STATE_BLOCKED:
      blocked_words (index, span, &word, &title);
      return title;
    default:
      return g_strdup ("Unknown");
    }
}

/* Processors and threads: what they do is whom they do it for. */
static char *
carrier_title (const GanderIndex *index, const GanderSpan *span)
{
  g_autofree char *goroutine = NULL;

  if (span->state == GANDER_STATE_SCHEDULING)
    return g_strdup ("Between goroutines");
  if (span->state == GANDER_STATE_NONE)
    return g_strdup ("Idle");
  if (span->state == GANDER_STATE_UNKNOWN)
    return g_strdup ("Unknown");
  if (span->link == GANDER_LANE_NONE)
    return g_strdup ("Running");
  goroutine = gander_describe_lane (index, span->link);
  if (span->state == GANDER_STATE_SYSCALL || span->state == GANDER_STATE_SYSCALL_BLOCKED)
    return g_strdup_printf ("In a system call of %s", goroutine);
  return g_strdup_printf ("Running %s", goroutine);
}

char *
gander_describe_span_title (const GanderIndex *index, const GanderSpan *span)
{
  GanderLane lane;

  gander_index_get_lane (index, span->lane, &lane);
  return lane.kind == GANDER_LANE_GOROUTINE ? goroutine_title (index, span)
                                            : carrier_title (index, span);
}

char *
gander_describe_span_state (const GanderIndex *index, const GanderSpan *span)
{
  const char *state = gander_describe_state (span->state);
  g_autofree char *kind = NULL;
  g_autofree char *title = NULL;

  if (span->state == GANDER_STATE_BLOCKED)
    blocked_words (index, span, &kind, &title);
  else if (span->state == GANDER_STATE_RUNNABLE)
    kind = g_strdup (cause_words[span->cause]);
  else if (span->state == GANDER_STATE_SYSCALL || span->state == GANDER_STATE_SYSCALL_BLOCKED)
    kind = syscall_name (index, span->stack);
  return kind == NULL ? g_strdup (state) : g_strconcat (state, " · ", kind, NULL);
}
