/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/label-totals.h"

#include <string.h>

#define SMALLEST 256

/* More sums than this are of labels that differ from request to request. */
#define LARGEST (1u << 16)

#define STATE(name) (1u << GANDER_STATE_##name)
#define SYSCALLS    (STATE (SYSCALL) | STATE (SYSCALL_BLOCKED))
#define WAITS       (STATE (BLOCKED) | STATE (RUNNABLE) | SYSCALLS)

static gboolean
is_same_label (GanderUserLabel a, GanderUserLabel b)
{
  return a.task == b.task && a.region == b.region;
}

static gboolean
is_labelled (GanderUserLabel label)
{
  return (label.task | label.region) != 0;
}

static void
clear_rows (GanderLabelTotals *self)
{
  g_clear_pointer (&self->rows, g_free);
  g_clear_pointer (&self->slots, g_free);
  self->n = self->capacity = 0;
}

void
gander_label_totals_clear (GanderLabelTotals *self)
{
  clear_rows (self);
  gander_pages_clear (&self->labellings);
}

void
gander_label_totals_give_up (GanderLabelTotals *self)
{
  clear_rows (self);
  self->lost = TRUE;
}

static void
fail (GanderLabelTotals *self)
{
  self->no_memory = TRUE;
  gander_label_totals_give_up (self);
}

GanderLabelling *
gander_label_totals_need (GanderLabelTotals *self, GanderChunk *chunk, guint32 lane)
{
  GanderLabelling *labelling = NULL;
  guint32 row = self->free;

  if (chunk->labelling != NULL || self->lost)
    return chunk->labelling;
  if (row != 0)
    {
      labelling = gander_pages_get (&self->labellings, row - 1);
      self->free = labelling->open_task;
    }
  else
    {
      labelling = gander_pages_add (&self->labellings);
      row = self->labellings.n;
    }
  if (labelling == NULL)
    {
      fail (self);
      return NULL;
    }
  *labelling = (GanderLabelling){ .lane = lane, .row = row, .from = (guint8)MAX (chunk->n, 1) - 1 };
  return chunk->labelling = labelling;
}

void
gander_label_totals_release (GanderLabelTotals *self, GanderChunk *chunk)
{
  if (chunk->labelling == NULL)
    return;
  chunk->labelling->open_task = self->free;
  self->free = chunk->labelling->row;
  chunk->labelling = NULL;
}

/* What waits are told apart by, as two numbers that lie in a row as they are here. */
typedef struct
{
  guint64 who;  /* owner and kind */
  guint64 what; /* task and region */
} Key;

static inline Key
get_key (gconstpointer row)
{
  Key key;

  memcpy (&key, row, sizeof key);
  return key;
}

static inline Key
make_key (guint32 owner, guint32 kind, GanderUserLabel label)
{
  const guint32 key[] = { owner, kind, label.task, label.region };

  return get_key (key);
}

static inline guint32
hash_key (Key key)
{
  return (guint32)((key.who * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15) ^
                    key.what * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9)) >>
                   32);
}

static inline gboolean
is_same_key (Key a, Key b)
{
  return a.who == b.who && a.what == b.what;
}

/* Returns: the slot of @key, or the free one that it can have. */
static guint32 *
find_slot (const GanderLabelTotals *self, Key key)
{
  guint32 slot = hash_key (key) & self->mask;

  while (self->slots[slot] != 0 && !is_same_key (get_key (&self->rows[self->slots[slot] - 1]), key))
    slot = (slot + 1) & self->mask;
  return &self->slots[slot];
}

static void
grow (GanderLabelTotals *self)
{
  guint32 capacity = MAX (SMALLEST, self->capacity * 2);
  guint32 mask = capacity * 2 - 1;
  GanderLabelTotalRow *rows = g_try_realloc_n (self->rows, capacity, sizeof *rows);
  guint32 *slots = g_try_malloc0_n ((gsize)mask + 1, sizeof *slots);

  if (rows != NULL)
    self->rows = rows;
  if (rows == NULL || slots == NULL)
    {
      g_free (slots);
      fail (self);
      return;
    }
  g_free (self->slots);
  self->slots = slots;
  self->mask = mask;
  self->capacity = capacity;
  for (guint32 row = 0; row < self->n; row++)
    *find_slot (self, get_key (&self->rows[row])) = row + 1;
}

/* Returns: (nullable) the row of @key, made if it is new; NULL when all are given up. */
static GanderLabelTotalRow *
find_row_slowly (GanderLabelTotals *self, Key key)
{
  guint32 *slot = NULL;

  if (self->n == LARGEST)
    gander_label_totals_give_up (self);
  else if (self->n == self->capacity)
    grow (self);
  if (self->lost)
    return NULL;
  slot = find_slot (self, key);
  if (*slot == 0)
    {
      self->rows[self->n] = (GanderLabelTotalRow){ 0 };
      memcpy (&self->rows[self->n], &key, sizeof key);
      *slot = ++self->n;
    }
  return &self->rows[*slot - 1];
}

static inline GanderLabelTotalRow *
find_row (GanderLabelTotals *self, Key key)
{
  if (G_LIKELY (self->slots != NULL))
    {
      guint32 row = self->slots[hash_key (key) & self->mask];
      if (G_LIKELY (row != 0 && is_same_key (get_key (&self->rows[row - 1]), key)))
        return &self->rows[row - 1];
    }
  return find_row_slowly (self, key);
}

static void
add_to (GanderLabelTotalRow *row, guint64 count, gint64 time)
{
  row->count += count;
  row->total = (gint64)((guint64)row->total + (guint64)time);
}

void
gander_label_totals_add (GanderLabelTotals *self, const GanderLabelTotalRow *sum, GanderState state)
{
  GanderLabelTotalRow *row = NULL;

  if (self->lost || (WAITS >> state & 1) == 0)
    return;
  row = find_row (self, get_key (sum));
  if (row != NULL)
    add_to (row, sum->count, sum->total);
}

/* Counts the spans [@from, @to) that are waits, with @label unless they go on; the last of them
 * ends at @end. */
static void
count_spans (GanderLabelTotals *self,
             const GanderChunk *chunk,
             const GanderKindRow *kinds,
             guint from,
             guint to,
             gint64 end,
             GanderUserLabel label)
{
  GanderLabelling *labelling = chunk->labelling;
  const GanderOpenSpan *spans = chunk->spans;
  guint32 owner = gander_chunk_get_owner (chunk);

  if (!is_labelled (label) && !is_labelled (labelling->before))
    return;
  /* A name that is not known yet would not be that of the group. */
  if (owner == 0)
    {
      gander_label_totals_give_up (self);
      return;
    }
  for (guint i = from; i < to; i++)
    {
      const GanderKindRow *kind = &kinds[spans[i].kind];
      gboolean goes_on = (kind->flags & GANDER_SPAN_CONTINUES) != 0;
      gint64 length = (i + 1 < to ? spans[i + 1].begin : end) - spans[i].begin;
      GanderUserLabel own = label;
      GanderLabelTotalRow *row = NULL;
      if ((WAITS >> kind->state & 1) == 0)
        continue;
      if ((SYSCALLS >> kind->state & 1) != 0)
        {
          own = goes_on ? labelling->before : label;
          labelling->before = own;
        }
      if (!is_labelled (own))
        continue;
      row = find_row (self, make_key (owner, spans[i].kind, own));
      if (row == NULL)
        return;
      add_to (row, !goes_on, length);
    }
}

/* Counts what is not counted yet of the spans before @to. */
static void
count (GanderLabelTotals *self,
       const GanderChunk *chunk,
       const GanderKindRow *kinds,
       guint to,
       gint64 end)
{
  const GanderLabelling *labelling = chunk->labelling;
  guint from = labelling->from;

  if (self->lost)
    return;
  if (from < to && !is_same_label (labelling->first, labelling->label))
    {
      gint64 end_of_first = from + 1 < to ? chunk->spans[from + 1].begin : end;
      count_spans (self, chunk, kinds, from, from + 1, end_of_first, labelling->first);
      from++;
    }
  count_spans (self, chunk, kinds, from, to, end, labelling->label);
}

void
gander_label_totals_set (GanderLabelTotals *self,
                         GanderChunk *chunk,
                         const GanderKindRow *kinds,
                         gint64 time,
                         GanderUserLabel label)
{
  GanderLabelling *labelling = chunk->labelling;
  guint last = MAX (chunk->n, 1) - 1u;

  if (labelling == NULL && is_labelled (label))
    labelling = gander_label_totals_need (self, chunk, 0);
  if (labelling == NULL || is_same_label (labelling->label, label))
    return;
  /* The last span is still open: it is counted when it has ended, as what it began. */
  if (last > labelling->from)
    {
      count (self, chunk, kinds, last, chunk->spans[last].begin);
      labelling->from = (guint8)last;
      labelling->first = labelling->label;
    }
  if (chunk->n == 0 || chunk->spans[last].begin >= time)
    labelling->first = label;
  labelling->label = label;
}

void
gander_label_totals_count (GanderLabelTotals *self,
                           GanderChunk *chunk,
                           const GanderKindRow *kinds,
                           gint64 end)
{
  count (self, chunk, kinds, chunk->n, end);
  chunk->labelling->from = 0;
  chunk->labelling->first = chunk->labelling->label;
}
