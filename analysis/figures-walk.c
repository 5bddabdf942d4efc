/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/figures-walk.h"

#include "analysis/describe.h"

#include <string.h>

static const GanderStretchKind kinds_of_state[GANDER_N_STATES] = {
  [GANDER_STATE_NONE] = GANDER_STRETCH_UNKNOWN,
  [GANDER_STATE_RUNNING] = GANDER_STRETCH_RUNNING,
  [GANDER_STATE_RUNNABLE] = GANDER_STRETCH_RUNNABLE,
  [GANDER_STATE_BLOCKED] = GANDER_STRETCH_OTHER,
  [GANDER_STATE_SYSCALL] = GANDER_STRETCH_SYSCALL,
  [GANDER_STATE_SYSCALL_BLOCKED] = GANDER_STRETCH_SYSCALL,
  [GANDER_STATE_GC_WORK] = GANDER_STRETCH_RUNNING,
  [GANDER_STATE_GC_ASSIST] = GANDER_STRETCH_RUNNING,
  [GANDER_STATE_SCHEDULING] = GANDER_STRETCH_UNKNOWN,
  [GANDER_STATE_UNKNOWN] = GANDER_STRETCH_UNKNOWN,
};

static const GanderStretchKind kinds_of_wait[GANDER_N_WAITS] = {
  [GANDER_WAIT_NONE] = GANDER_STRETCH_OTHER,
  [GANDER_WAIT_SYNC] = GANDER_STRETCH_OTHER_SYNC,
  [GANDER_WAIT_COND] = GANDER_STRETCH_COND,
  [GANDER_WAIT_CHAN_SEND] = GANDER_STRETCH_CHAN_SEND,
  [GANDER_WAIT_CHAN_RECEIVE] = GANDER_STRETCH_CHAN_RECEIVE,
  [GANDER_WAIT_SELECT] = GANDER_STRETCH_SELECT,
  [GANDER_WAIT_NETWORK] = GANDER_STRETCH_NETWORK,
  [GANDER_WAIT_SLEEP] = GANDER_STRETCH_SLEEP,
  [GANDER_WAIT_GC] = GANDER_STRETCH_GC,
  [GANDER_WAIT_FOREVER] = GANDER_STRETCH_FOREVER,
  [GANDER_WAIT_OTHER] = GANDER_STRETCH_OTHER,
};

static const GanderStretchKind kinds_of_lock[] = {
  [GANDER_LOCK_NONE] = GANDER_STRETCH_OTHER_SYNC,
  [GANDER_LOCK_READ] = GANDER_STRETCH_RLOCK,
  [GANDER_LOCK_WRITE] = GANDER_STRETCH_RWLOCK,
  [GANDER_LOCK_WAIT_GROUP] = GANDER_STRETCH_WAIT_GROUP,
  [GANDER_LOCK_ONCE] = GANDER_STRETCH_MUTEX,
  [GANDER_LOCK_FILE] = GANDER_STRETCH_OTHER_SYNC,
  [GANDER_LOCK_MUTEX] = GANDER_STRETCH_MUTEX,
};

/* Packages whose goroutines every program has without asking for them. */
static const char *const system_prefixes[] = { "runtime/trace.", "os/signal." };

void
gander_figure_walk_clear (GanderFigureWalk *self)
{
  g_clear_pointer (&self->locks, g_byte_array_unref);
  g_clear_pointer (&self->at, g_byte_array_unref);
}

gboolean
gander_figure_walk_has_group (const GanderFigureWalk *self, guint32 group)
{
  GanderGroup facts;
  const char *name;

  gander_index_get_group (self->index, group, &facts);
  name = gander_index_get_string (self->index, facts.name);
  if (self->selector.start != NULL)
    return g_str_equal (name, self->selector.start);
  if (facts.system)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (system_prefixes); i++)
    if (g_str_has_prefix (name, system_prefixes[i]))
      return FALSE;
  return TRUE;
}

/* Returns: the byte that remembers something about @stack. */
static guint8 *
remember (GByteArray **bytes, GanderStackId stack)
{
  if (*bytes == NULL)
    *bytes = g_byte_array_new ();
  if (stack >= (*bytes)->len)
    {
      guint before = (*bytes)->len;

      g_byte_array_set_size (*bytes, stack + 1);
      memset ((*bytes)->data + before, 0, (*bytes)->len - before);
    }
  return &(*bytes)->data[stack];
}

static GanderStretchKind
find_kind (GanderFigureWalk *self, const GanderSpan *span)
{
  GanderWait wait;
  guint8 *lock;

  if (span->state != GANDER_STATE_BLOCKED)
    return kinds_of_state[span->state];
  wait = gander_index_get_wait (self->index, span->reason);
  if (wait != GANDER_WAIT_SYNC)
    return kinds_of_wait[wait];
  lock = remember (&self->locks, span->stack);
  if (*lock == 0)
    *lock = (guint8)(gander_describe_lock (self->index, span->stack) + 1);
  return kinds_of_lock[*lock - 1];
}

void
gander_figure_walk_start (GanderFigureWalk *self, GanderLaneId lane)
{
  gander_span_iter_init (&self->iter, self->index, lane, self->begin, self->end);
  self->has_ahead = gander_span_iter_next (&self->iter, &self->ahead);
}

gboolean
gander_figure_walk_next (GanderFigureWalk *self, GanderStretch *out)
{
  if (!self->has_ahead)
    return FALSE;
  *out = (GanderStretch){
    .kind = find_kind (self, &self->ahead),
    .begin = MAX (self->ahead.begin, self->begin),
    .first = self->ahead,
  };
  do
    {
      out->end = MIN (self->ahead.end, self->end);
      out->lost_processor |= self->ahead.state == GANDER_STATE_SYSCALL_BLOCKED;
      if (self->ahead.state == GANDER_STATE_GC_ASSIST)
        out->assist += out->end - MAX (self->ahead.begin, self->begin);
      self->has_ahead = gander_span_iter_next (&self->iter, &self->ahead);
    }
  while (self->has_ahead && (self->ahead.flags & GANDER_SPAN_CONTINUES) != 0);
  out->has_next = self->has_ahead;
  out->next = self->ahead;
  return TRUE;
}

/* Whether a function of @stack has @text in its name. */
static gboolean
has_function (const GanderIndex *index, GanderStackId stack, const char *text)
{
  guint depth = gander_index_get_stack_depth (index, stack);

  for (guint level = 0; level < depth; level++)
    {
      GanderFrame frame;

      gander_index_get_frame (index, stack, level, &frame);
      if (strstr (gander_index_get_string (index, frame.function), text) != NULL)
        return TRUE;
    }
  return FALSE;
}

gboolean
gander_figure_walk_selects (GanderFigureWalk *self, const GanderStretch *stretch)
{
  guint8 *at;

  if ((self->kinds & 1u << stretch->kind) == 0)
    return FALSE;
  if (self->selector.at == NULL)
    return TRUE;
  at = remember (&self->at, stretch->first.stack);
  if (*at == 0)
    *at = has_function (self->index, stretch->first.stack, self->selector.at) ? 2 : 1;
  return *at == 2;
}

/* Longer is no vain look but work. */
#define FUTILE_RUN (100 * G_GINT64_CONSTANT (1000))

/* A Cond gives its lock away while it waits, and takes it again: that is part of the wait. */
#define COND_WAIT "sync.(*Cond).Wait"

void
gander_futile_begin (GanderFutile *self, const GanderStretch *wait)
{
  *self = (GanderFutile){ .watching = TRUE, .wait = *wait };
}

static gboolean
is_same_place (const GanderIndex *index, GanderStackId a, GanderStackId b)
{
  GanderFrame x, y;

  if (a == b)
    return TRUE;
  return gander_describe_user_frame (index, a, &x, NULL) &&
         gander_describe_user_frame (index, b, &y, NULL) && x.function == y.function &&
         x.file == y.file && x.line == y.line;
}

/* Whether @lane woke somebody within [begin, end), other than by giving away the lock of a Cond. */
static gboolean
woke_somebody (const GanderIndex *index, GanderLaneId lane, GanderTime begin, GanderTime end)
{
  guint32 first, n;

  gander_query_wakeups (index, lane, begin, end, &first, &n);
  for (guint32 row = first; row < first + n; row++)
    {
      GanderWakeup wakeup;
      GanderSpan woken;

      gander_query_wakeup (index, row, &wakeup);
      if (wakeup.created)
        continue;
      if (!gander_query_span_at (index, wakeup.wakee, wakeup.time, &woken) ||
          !has_function (index, woken.stack, COND_WAIT))
        return TRUE;
    }
  return FALSE;
}

gboolean
gander_futile_meet (GanderFutile *self, const GanderFigureWalk *walk, const GanderStretch *stretch)
{
  const GanderStretch *wait = &self->wait;

  if (!self->watching)
    return FALSE;
  if (stretch->kind == GANDER_STRETCH_RUNNING)
    self->running += stretch->end - stretch->begin;
  if (self->running > FUTILE_RUN)
    self->watching = FALSE;
  if (!self->watching || (GANDER_STRETCH_WAITS & 1u << stretch->kind) == 0)
    return FALSE;
  if (wait->kind == GANDER_STRETCH_COND && stretch->kind == GANDER_STRETCH_MUTEX &&
      has_function (walk->index, stretch->first.stack, COND_WAIT))
    return FALSE;
  self->watching = FALSE;
  return stretch->kind == wait->kind &&
         is_same_place (walk->index, stretch->first.stack, wait->first.stack) &&
         !woke_somebody (walk->index, stretch->first.lane, wait->end, stretch->begin);
}
