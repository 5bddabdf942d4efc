/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The curve of mutator utilisation and its worst windows as tables. */
#include "analysis/mmu.h"

#define N_(text) text

#define MICROSECOND G_GINT64_CONSTANT (1000)

enum
{
  WINDOW_LENGTH,
  WINDOW_UTILISATION,
  WINDOW_BEGIN,
  WINDOW_PAUSE,
  WINDOW_ASSIST,
  WINDOW_DEDICATED,
  WINDOW_FRACTIONAL,
};

static const GanderColumn columns[] = {
  [WINDOW_LENGTH] = { "window", N_ ("Window"), GANDER_COLUMN_DURATION, FALSE },
  [WINDOW_UTILISATION] = { "utilisation", N_ ("At least"), GANDER_COLUMN_SHARE, FALSE },
  [WINDOW_BEGIN] = { "begin", N_ ("Worst at"), GANDER_COLUMN_TIME, FALSE },
  [WINDOW_PAUSE] = { "pause", N_ ("Pauses"), GANDER_COLUMN_DURATION, FALSE },
  [WINDOW_ASSIST] = { "assist", N_ ("Assists"), GANDER_COLUMN_DURATION, FALSE },
  [WINDOW_DEDICATED] = { "dedicated", N_ ("Dedicated"), GANDER_COLUMN_DURATION, FALSE },
  [WINDOW_FRACTIONAL] = { "fractional", N_ ("Fractional"), GANDER_COLUMN_DURATION, FALSE },
};

static void
add_window (GanderTable *table, const GanderGc *gc, const GanderMmuWindow *window)
{
  guint row = gander_table_append (table);
  GanderGcTaken taken;

  gander_gc_get_taken (gc, window->begin, window->end, &taken);
  gander_table_set_integer (table, row, WINDOW_LENGTH, window->end - window->begin);
  gander_table_set_share (table, row, WINDOW_UTILISATION, window->utilisation);
  gander_table_set_integer (table, row, WINDOW_BEGIN, window->begin);
  gander_table_set_integer (table, row, WINDOW_PAUSE, taken.pause);
  gander_table_set_integer (table, row, WINDOW_ASSIST, taken.work[GANDER_GC_WORK_ASSIST]);
  gander_table_set_integer (table, row, WINDOW_DEDICATED, taken.work[GANDER_GC_WORK_DEDICATED]);
  gander_table_set_integer (table, row, WINDOW_FRACTIONAL, taken.work[GANDER_GC_WORK_FRACTIONAL]);
}

/* 1, 2, 5, 10, … */
static GanderTime
get_next_length (GanderTime length)
{
  GanderTime power = 1;

  while (power * 10 <= length)
    power *= 10;
  return length / power == 2 ? length / 2 * 5 : length * 2;
}

GanderTable *
gander_mmu_get_curve (const GanderMmu *self, const GanderGc *gc)
{
  GanderTable *table = gander_table_new (columns, G_N_ELEMENTS (columns));
  GanderTime whole = gander_mmu_get_end (self) - gander_mmu_get_begin (self);
  GanderMmuWindow window;

  for (GanderTime length = MICROSECOND; length < whole; length = get_next_length (length))
    if (gander_mmu_get_worst (self, length, &window, 1) == 1)
      add_window (table, gc, &window);
  if (gander_mmu_get_worst (self, whole, &window, 1) == 1)
    add_window (table, gc, &window);
  return table;
}

GanderTable *
gander_mmu_get_worst_table (const GanderMmu *self, const GanderGc *gc, guint n)
{
  static const GanderTime lengths[] = { 1000 * MICROSECOND,
                                        10 * 1000 * MICROSECOND,
                                        100 * 1000 * MICROSECOND };
  GanderTable *table = gander_table_new (columns, G_N_ELEMENTS (columns));
  GanderTime whole = gander_mmu_get_end (self) - gander_mmu_get_begin (self);
  GanderMmuWindow windows[GANDER_MMU_MAX_WORST];

  for (gsize i = 0; i < G_N_ELEMENTS (lengths) && lengths[i] <= whole; i++)
    {
      guint n_windows = gander_mmu_get_worst (self, lengths[i], windows, n);

      for (guint j = 0; j < n_windows; j++)
        add_window (table, gc, &windows[j]);
    }
  return table;
}
