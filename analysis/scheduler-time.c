/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Processors and goroutines over time. */
#include "analysis/scheduler.h"

#define N_(text) text

/* What a row has; each is a mean over its part of the range and, for programs, the time that it is
 * the mean of. */
typedef enum
{
  FIGURE_BUSY,  /* processors running */
  FIGURE_IDLE,  /* of GOMAXPROCS, not running */
  FIGURE_ALIVE, /* goroutines */
  FIGURE_RUNNING,
  FIGURE_RUNNABLE,
  FIGURE_BLOCKED,
  FIGURE_SYSCALL,
  N_FIGURES,
} Figure;

#define FIRST_MEAN 2
#define FIRST_TIME (FIRST_MEAN + N_FIGURES)

static const GanderColumn columns[] = {
  { "begin", N_ ("Begin"), GANDER_COLUMN_TIME, FALSE },
  { "duration", N_ ("Duration"), GANDER_COLUMN_DURATION, TRUE },
  { "busy", N_ ("P busy"), GANDER_COLUMN_FIGURE, FALSE },
  { "idle", N_ ("P idle"), GANDER_COLUMN_FIGURE, FALSE },
  { "alive", N_ ("Goroutines"), GANDER_COLUMN_FIGURE, FALSE },
  { "running", N_ ("Running"), GANDER_COLUMN_FIGURE, FALSE },
  { "runnable", N_ ("Runnable"), GANDER_COLUMN_FIGURE, FALSE },
  { "blocked", N_ ("Blocked"), GANDER_COLUMN_FIGURE, FALSE },
  { "syscall", N_ ("Syscall"), GANDER_COLUMN_FIGURE, FALSE },
  { "busy-time", N_ ("P busy, time"), GANDER_COLUMN_DURATION, TRUE },
  { "idle-time", N_ ("P idle, time"), GANDER_COLUMN_DURATION, TRUE },
  { "alive-time", N_ ("Goroutines, time"), GANDER_COLUMN_DURATION, TRUE },
  { "running-time", N_ ("Running, time"), GANDER_COLUMN_DURATION, TRUE },
  { "runnable-time", N_ ("Runnable, time"), GANDER_COLUMN_DURATION, TRUE },
  { "blocked-time", N_ ("Blocked, time"), GANDER_COLUMN_DURATION, TRUE },
  { "syscall-time", N_ ("Syscall, time"), GANDER_COLUMN_DURATION, TRUE },
};

G_STATIC_ASSERT (G_N_ELEMENTS (columns) == FIRST_TIME + N_FIGURES);

/* Parts of the range and what happened in them. */
typedef struct
{
  guint n;
  GanderTime *edges; /* n + 1 */
  GanderMix *mixes;  /* n */
  GanderTime (*figures)[N_FIGURES];
} Parts;

static void
parts_init (Parts *self, GanderTime begin, GanderTime end, guint n)
{
  self->n = (guint)CLAMP (end - begin, 0, (GanderTime)n);
  self->edges = g_new (GanderTime, self->n + 1);
  self->mixes = g_new (GanderMix, self->n);
  self->figures = g_malloc0_n (self->n, sizeof *self->figures);
  for (guint i = 0; i <= self->n; i++)
    self->edges[i] = begin + (GanderTime)(((__int128)(end - begin) * i) / self->n);
}

static void
parts_clear (Parts *self)
{
  g_free (self->edges);
  g_free (self->mixes);
  g_free (self->figures);
}

static GanderTime
sum_running (const GanderMix *mix)
{
  return mix->time[GANDER_STATE_RUNNING] + mix->time[GANDER_STATE_GC_WORK] +
         mix->time[GANDER_STATE_GC_ASSIST];
}

static void
add_procs (Parts *self, const GanderIndex *index)
{
  GanderLaneId first;
  guint32 n;

  gander_index_get_lanes_of (index, GANDER_LANE_PROC, &first, &n);
  for (guint32 lane = 0; lane < n; lane++)
    {
      gander_query_mixes (index, first + lane, self->edges, self->n, self->mixes, NULL);
      for (guint i = 0; i < self->n; i++)
        self->figures[i][FIGURE_BUSY] += sum_running (&self->mixes[i]) +
                                         self->mixes[i].time[GANDER_STATE_SYSCALL] +
                                         self->mixes[i].time[GANDER_STATE_SCHEDULING];
    }
}

static void
add_idle (Parts *self, const GanderIndex *index)
{
  for (guint i = 0; i < self->n; i++)
    {
      GanderTime capacity = gander_sched_get_capacity (index, self->edges[i], self->edges[i + 1]);

      self->figures[i][FIGURE_IDLE] = MAX (0, capacity - self->figures[i][FIGURE_BUSY]);
    }
}

static void
add_goroutines (Parts *self, const GanderIndex *index)
{
  gander_query_group_mixes (index, G_MAXUINT32, self->edges, self->n, self->mixes);
  for (guint i = 0; i < self->n; i++)
    {
      const GanderMix *mix = &self->mixes[i];
      GanderTime *figures = self->figures[i];

      figures[FIGURE_RUNNING] = sum_running (mix);
      figures[FIGURE_RUNNABLE] = mix->time[GANDER_STATE_RUNNABLE];
      figures[FIGURE_BLOCKED] = mix->time[GANDER_STATE_BLOCKED];
      figures[FIGURE_SYSCALL] =
          mix->time[GANDER_STATE_SYSCALL] + mix->time[GANDER_STATE_SYSCALL_BLOCKED];
      figures[FIGURE_ALIVE] = figures[FIGURE_RUNNING] + figures[FIGURE_RUNNABLE] +
                              figures[FIGURE_BLOCKED] + figures[FIGURE_SYSCALL] +
                              mix->time[GANDER_STATE_UNKNOWN];
    }
}

GanderTable *
gander_sched_get_time_table (const GanderIndex *index,
                             GanderTime begin,
                             GanderTime end,
                             guint n_rows)
{
  GanderTable *table = gander_table_new (columns, G_N_ELEMENTS (columns));
  Parts parts;

  if (begin >= end || n_rows == 0)
    return table;
  parts_init (&parts, begin, end, n_rows);
  add_procs (&parts, index);
  add_idle (&parts, index);
  add_goroutines (&parts, index);
  for (guint i = 0; i < parts.n; i++)
    {
      GanderTime length = parts.edges[i + 1] - parts.edges[i];
      guint row = gander_table_append (table);

      gander_table_set_integer (table, row, 0, parts.edges[i]);
      gander_table_set_integer (table, row, 1, length);
      for (guint j = 0; j < N_FIGURES; j++)
        {
          char text[G_ASCII_DTOSTR_BUF_SIZE];
          double mean = (double)parts.figures[i][j] / (double)length;

          g_ascii_formatd (text, sizeof text, "%.2f", mean);
          gander_table_set_text (table, row, FIRST_MEAN + j, text);
          gander_table_set_integer (table, row, FIRST_TIME + j, parts.figures[i][j]);
        }
    }
  parts_clear (&parts);
  return table;
}
