/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/profile-waits.h"

#include "analysis/piece-queue.h"
#include "analysis/profile-labels.h"
#include "analysis/stats.h"

/* Spans between two looks at the cancellable. */
#define CANCEL_STEP (1 << 16)

/* Labels that waits of one group and kind need not have in common. */
#define LABELS_OF_WAITS (GANDER_LABEL_TASK | GANDER_LABEL_REGION | GANDER_LABEL_GOROUTINE)

#define STATE(name) (1u << GANDER_STATE_##name)

/* One wait, before it is cut. */
typedef struct
{
  GanderSpan span; /* that opens it */
  GanderTime lost; /* a system call lost its processor here; else @end */
  GanderTime end;
  GanderSpanFlags flags;
  GanderStackId stack;
} Wait;

typedef struct _Walk Walk;

/* How the waits of one kind are told from spans. */
typedef struct
{
  guint states; /* that @visit wants to see */
  void (*visit) (Walk *walk, const GanderSpan *span);
  void (*finish) (Walk *walk); /* (nullable) at the end of a piece */
} Kind;

struct _Walk
{
  const GanderIndex *index;
  const GanderProfileOptions *options;
  const Kind *kind;
  GanderCells cells;
  GanderLabeller labeller;
  GanderPiece piece;
  GanderLaneId lane; /* of the last piece */
  GanderTime first;  /* what lies before does not count; -1 = not known yet */
  gboolean pending;  /* @wait may go on */
  Wait wait;
  guint n_spans;
};

static gboolean
is_wanted (const GanderIndex *index, GanderProfileKind kind, GanderStringId reason)
{
  switch (kind)
    {
    case GANDER_PROFILE_NET:
      return gander_index_get_wait (index, reason) == GANDER_WAIT_NETWORK;
    case GANDER_PROFILE_SYNC:
      return gander_times_is_sync_reason (index, reason);
    default:
      return TRUE;
    }
}

/* Go clips to the stretch from the first run of a goroutine on, dated by the event that tells of
 * it; one that never runs is not clipped (golang/go src/cmd/trace/pprof.go,
 * pprofMatchingGoroutines, Go 1.26). Of an id that was used again Go keeps the last goroutine only;
 * here each is its own. */
static GanderTime
find_first_run (const GanderIndex *index, GanderLaneId lane)
{
  GanderSpanIter iter;
  GanderSpan span;

  gander_span_iter_init (&iter, index, lane, 0, G_MAXINT64);
  while (gander_span_iter_next (&iter, &span))
    if ((STATE (RUNNING) | STATE (GC_WORK) | STATE (GC_ASSIST)) & (1u << span.state))
      return (span.flags & GANDER_SPAN_OPEN_BEGIN) != 0 ? gander_index_get_first_seen (index, lane)
                                                        : span.begin;
  return 0;
}

/* Returns: the begin of a wait as Go has it, or its end when it does not count at all. */
static GanderTime
get_go_begin (Walk *self, const Wait *wait)
{
  GanderTime begin = wait->span.begin;

  if ((wait->flags & GANDER_SPAN_OPEN_END) != 0)
    return wait->end;
  if ((wait->span.flags & GANDER_SPAN_OPEN_BEGIN) != 0)
    begin = gander_index_get_first_seen (self->index, wait->span.lane);
  if (self->first < 0)
    self->first = find_first_run (self->index, wait->span.lane);
  return MAX (begin, self->first);
}

static void
add_wait (Walk *self, const Wait *wait)
{
  GanderTime begin =
      self->options->rule == GANDER_PROFILE_GO ? get_go_begin (self, wait) : wait->span.begin;
  GanderTime from = MAX (begin, self->piece.begin);
  GanderTime to = MIN (wait->end, self->piece.end);
  GanderTime lost = MIN (wait->lost, to);
  GanderProfileLabels labels = self->options->labels;
  GanderCellKey key;
  GanderCell *cell = NULL;

  if (from >= to)
    return;
  gander_labeller_get (&self->labeller, from, &key);
  key.stack = wait->stack;
  if ((labels & GANDER_LABEL_STATE) != 0)
    key.state = from < lost ? wait->span.state : GANDER_STATE_SYSCALL_BLOCKED;
  if ((labels & GANDER_LABEL_REASON) != 0 && wait->span.state == GANDER_STATE_BLOCKED)
    key.reason = wait->span.reason;
  if ((labels & GANDER_LABEL_REASON) != 0 && wait->span.state == GANDER_STATE_RUNNABLE)
    key.cause = wait->span.cause;
  cell = gander_cells_get (&self->cells, &key);
  cell->count++;
  cell->open += (wait->flags & GANDER_SPAN_OPEN_END) != 0 && to == wait->end;
  cell->max = MAX (cell->max, to - from);
  if (self->options->percentiles)
    gander_durations_add (&cell->durations, to - from);
  if (from < lost && lost < to && (labels & GANDER_LABEL_STATE) != 0)
    {
      cell->total += lost - from;
      key.state = GANDER_STATE_SYSCALL_BLOCKED;
      gander_cells_get (&self->cells, &key)->total += to - lost;
    }
  else
    cell->total += to - from;
}

static void
visit_plain (Walk *self, const GanderSpan *span)
{
  Wait wait = { *span, span->end, span->end, span->flags, span->stack };

  if (span->state != GANDER_STATE_BLOCKED ||
      is_wanted (self->index, self->options->kind, span->reason))
    add_wait (self, &wait);
}

static void
finish_syscall (Walk *self)
{
  if (self->pending)
    add_wait (self, &self->wait);
  self->pending = FALSE;
}

/* A system call that loses its processor is one wait in two spans. */
static void
visit_syscall (Walk *self, const GanderSpan *span)
{
  if (self->pending && (span->flags & GANDER_SPAN_CONTINUES) != 0)
    {
      self->wait.end = span->end;
      self->wait.flags |= span->flags;
      return;
    }
  finish_syscall (self);
  self->wait = (Wait){ *span, span->end, span->end, span->flags, span->stack };
  if (span->state == GANDER_STATE_SYSCALL_BLOCKED)
    self->wait.lost = span->begin;
  self->pending = TRUE;
}

static void
finish_woken (Walk *self)
{
  GanderSpan wake;

  if (self->pending && gander_query_wake (self->index, &self->wait.span, &wake) &&
      wake.link != GANDER_LANE_NONE)
    {
      self->wait.stack = wake.stack;
      add_wait (self, &self->wait);
    }
  self->pending = FALSE;
}

/* Who ended a wait is told by what comes after it. */
static void
visit_woken (Walk *self, const GanderSpan *span)
{
  if (self->pending && span->state == GANDER_STATE_RUNNABLE)
    {
      self->pending = FALSE;
      if (span->link == GANDER_LANE_NONE ||
          (span->cause != GANDER_CAUSE_WOKEN && span->cause != GANDER_CAUSE_SWITCHED))
        return;
      self->wait.stack = span->stack;
      add_wait (self, &self->wait);
      return;
    }
  self->pending = span->state == GANDER_STATE_BLOCKED;
  if (self->pending)
    self->wait = (Wait){ *span, span->end, span->end, span->flags, 0 };
}

static const Kind kinds[GANDER_N_PROFILES] = {
  [GANDER_PROFILE_NET] = { STATE (BLOCKED), visit_plain, NULL },
  [GANDER_PROFILE_SYNC] = { STATE (BLOCKED), visit_plain, NULL },
  [GANDER_PROFILE_SYSCALL] = { STATE (SYSCALL) | STATE (SYSCALL_BLOCKED),
                               visit_syscall,
                               finish_syscall },
  [GANDER_PROFILE_SCHED] = { STATE (RUNNABLE), visit_plain, NULL },
  [GANDER_PROFILE_WAKER] = { STATE (BLOCKED) | STATE (RUNNABLE), visit_woken, finish_woken },
};

static void
walk_piece (Walk *self, GanderPieceQueue *queue)
{
  GanderSpanIter iter;
  GanderSpan span;

  if (self->piece.lane != self->lane)
    {
      self->lane = self->piece.lane;
      self->first = -1;
      gander_labeller_set_goroutine (&self->labeller, self->lane);
    }
  gander_span_iter_init (&iter, self->index, self->piece.lane, self->piece.begin, self->piece.end);
  while (gander_span_iter_next (&iter, &span))
    {
      if (++self->n_spans % CANCEL_STEP == 0 && gander_piece_queue_is_cancelled (queue))
        return;
      if ((self->kind->states & (1u << span.state)) != 0)
        self->kind->visit (self, &span);
    }
  if (self->kind->finish != NULL)
    self->kind->finish (self);
}

static void
walk_pieces (GanderPieceQueue *queue, gpointer worker)
{
  Walk *self = worker;
  GanderPiece pieces[GANDER_PIECE_BATCH];
  guint n = 0;

  while ((n = gander_piece_queue_take (queue, pieces)) > 0)
    for (guint i = 0; i < n; i++)
      {
        self->piece = pieces[i];
        walk_piece (self, queue);
      }
}

/* Walks the scope and adds what it finds to @cells. */
static gboolean
walk (const GanderIndex *index,
      const GanderScope *scope,
      const GanderProfileOptions *options,
      GanderCells *cells,
      GCancellable *cancellable,
      GError **error)
{
  guint n = gander_piece_queue_get_n_workers (index);
  g_autofree Walk *walks = g_new0 (Walk, n);
  g_autofree gpointer *workers = g_new0 (gpointer, n);
  gboolean done = FALSE;

  for (guint i = 0; i < n; i++)
    {
      walks[i] = (Walk){
        .index = index, .options = options, .kind = &kinds[options->kind], .lane = GANDER_LANE_NONE
      };
      gander_cells_init (&walks[i].cells);
      gander_labeller_init (&walks[i].labeller, index, options->labels);
      workers[i] = &walks[i];
    }
  done = gander_piece_queue_run (scope, walk_pieces, workers, n, cancellable, error);
  for (guint i = 0; i < n; i++)
    {
      gander_cells_merge (cells, &walks[i].cells);
      gander_cells_clear (&walks[i].cells);
      gander_labeller_clear (&walks[i].labeller);
    }
  return done;
}

static gboolean
can_use_totals (const GanderIndex *index,
                const GanderScope *scope,
                const GanderProfileOptions *options)
{
  GanderProfileLabels labels = gander_labeller_get_useful (index, options->labels);

  return gander_scope_is_whole (scope) && !options->percentiles &&
         options->rule == GANDER_PROFILE_SOUND && options->kind != GANDER_PROFILE_WAKER &&
         ((labels & LABELS_OF_WAITS) == 0 ||
          (gander_index_has_label_totals (index) &&
           ((labels & GANDER_LABEL_GOROUTINE) == 0 ||
            gander_index_get_facts (index)->n_goroutines <= GANDER_FEW_GOROUTINES)));
}

static gboolean
is_of_kind (const GanderIndex *index, GanderProfileKind kind, const GanderTotal *total)
{
  return (kinds[kind].states & (1u << total->state)) != 0 &&
         (total->state != GANDER_STATE_BLOCKED || is_wanted (index, kind, total->reason));
}

/* Returns: what waits are added to that have no other labels. */
static GanderCellKey
get_key (const GanderProfileOptions *options, const GanderTotal *total, GanderStringId function)
{
  GanderProfileLabels labels = options->labels;
  GanderCellKey key = { .stack = total->stack, .goroutine = GANDER_LANE_NONE };

  if ((labels & GANDER_LABEL_STATE) != 0)
    key.state = total->state;
  if ((labels & GANDER_LABEL_FUNCTION) != 0)
    key.function = function;
  if ((labels & GANDER_LABEL_REASON) != 0 && total->state == GANDER_STATE_BLOCKED)
    key.reason = total->reason;
  if ((labels & GANDER_LABEL_REASON) != 0 && total->state == GANDER_STATE_RUNNABLE)
    key.cause = total->cause;
  return key;
}

static void
add_total (GanderCells *cells,
           const GanderProfileOptions *options,
           const GanderTotal *total,
           GanderStringId function)
{
  const GanderCellKey key = get_key (options, total, function);
  GanderCell *cell = gander_cells_get (cells, &key);

  if ((total->flags & GANDER_SPAN_CONTINUES) == 0)
    cell->count += total->count;
  cell->open += total->open;
  cell->total += total->total;
  cell->max = MAX (cell->max, total->longest);
}

/* The waits of a goroutine go from the cell of all to one of their own, labelled waits from there
 * to another. What is told of stacks only, the longest wait and those still open, stays where it
 * is. */
static void
move_labelled (const GanderIndex *index, const GanderProfileOptions *options, GanderCells *cells)
{
  gboolean is_goroutine = (options->labels & GANDER_LABEL_GOROUTINE) != 0;

  for (guint32 row = 0; row < gander_index_get_n_label_totals (index); row++)
    {
      GanderLabelTotal labelled;
      GanderGroup group;
      GanderCellKey key;
      GanderCell *cell = NULL;
      gander_index_get_label_total (index, row, &labelled);
      if (labelled.group >= gander_index_get_n_groups (index) ||
          !is_of_kind (index, options->kind, &labelled.total))
        continue;
      gander_index_get_group (index, labelled.group, &group);
      key = get_key (options, &labelled.total, group.name);
      if (is_goroutine && (labelled.task | labelled.region) != 0)
        key.goroutine = labelled.lane;
      cell = gander_cells_get (cells, &key);
      cell->count -= labelled.total.count;
      cell->total -= labelled.total.total;
      if ((options->labels & GANDER_LABEL_TASK) != 0)
        key.task = labelled.task;
      if ((options->labels & GANDER_LABEL_REGION) != 0)
        key.region = labelled.region;
      if (is_goroutine)
        key.goroutine = labelled.lane;
      cell = gander_cells_get (cells, &key);
      cell->count += labelled.total.count;
      cell->total += labelled.total.total;
    }
}

/* The whole trace is summed already. */
static void
add_totals (const GanderIndex *index, const GanderProfileOptions *options, GanderCells *cells)
{
  for (guint32 i = 0; i < gander_index_get_n_groups (index); i++)
    {
      GanderGroup group;
      guint32 first = 0;
      guint32 n = 0;
      gander_index_get_group (index, i, &group);
      gander_index_get_totals_of (index, i, &first, &n);
      for (guint32 row = first; row < first + n; row++)
        {
          GanderTotal total;
          gander_index_get_total (index, row, &total);
          if (is_of_kind (index, options->kind, &total))
            add_total (cells, options, &total, group.name);
        }
    }
  if ((gander_labeller_get_useful (index, options->labels) & LABELS_OF_WAITS) != 0)
    move_labelled (index, options, cells);
}

gboolean
gander_waits_collect (const GanderIndex *index,
                      const GanderScope *scope,
                      const GanderProfileOptions *options,
                      GanderCells *cells,
                      GCancellable *cancellable,
                      GError **error)
{
  if (!can_use_totals (index, scope, options))
    return walk (index, scope, options, cells, cancellable, error);
  add_totals (index, options, cells);
  return TRUE;
}
