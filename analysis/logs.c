/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/logs.h"

#include "analysis/matcher.h"

/* Rows between two looks at the cancellable. */
#define CANCEL_STEP 4096

#define N_(text) text

enum
{
  COLUMN_TIME,
  COLUMN_GOROUTINE,
  COLUMN_TASK,
  COLUMN_CATEGORY,
  COLUMN_MESSAGE,
};

static const GanderColumn columns[] = {
  [COLUMN_TIME] = { "time", N_ ("Time"), GANDER_COLUMN_TIME, FALSE },
  [COLUMN_GOROUTINE] = { "goroutine", N_ ("Goroutine"), GANDER_COLUMN_ID, FALSE },
  [COLUMN_TASK] = { "task", N_ ("Task"), GANDER_COLUMN_ID, FALSE },
  [COLUMN_CATEGORY] = { "category", N_ ("Category"), GANDER_COLUMN_TEXT, FALSE },
  [COLUMN_MESSAGE] = { "message", N_ ("Message"), GANDER_COLUMN_TEXT, FALSE },
};

static void
add_log (GanderTable *table, const GanderIndex *index, const GanderLog *log)
{
  guint row = gander_table_append (table);
  GanderLane lane = { .id = -1 };

  if (log->lane != GANDER_LANE_NONE)
    gander_index_get_life (index, log->lane, &lane);
  gander_table_set_integer (table, row, COLUMN_TIME, log->time);
  gander_table_set_integer (table, row, COLUMN_GOROUTINE, lane.id);
  gander_table_set_integer (table, row, COLUMN_TASK, (gint64)log->task);
  gander_table_set_text (table,
                         row,
                         COLUMN_CATEGORY,
                         gander_index_get_string (index, log->category));
  gander_table_set_text (table, row, COLUMN_MESSAGE, gander_index_get_string (index, log->message));
}

GanderTable *
gander_logs_compute (const GanderIndex *index,
                     const GanderUserFilter *filter,
                     GCancellable *cancellable,
                     GError **error)
{
  g_autoptr (GanderTable) table = gander_table_new (columns, G_N_ELEMENTS (columns));
  g_auto (GanderMatcher) matcher = { 0 };
  GanderRowCursor logs;

  gander_row_cursor_init (&logs, index);
  gander_matcher_init (&matcher, index, filter->name);
  for (guint32 i = 0; i < gander_index_get_n_logs (index); i++)
    {
      const GanderLog *log = NULL;

      if (i % CANCEL_STEP == 0 && g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      log = gander_row_cursor_get_log (&logs, i);
      if (log->time >= filter->end)
        break;
      if (log->time >= filter->begin && (gander_matcher_matches (&matcher, log->category) ||
                                         gander_matcher_matches (&matcher, log->message)))
        add_log (table, index, log);
    }
  return g_steal_pointer (&table);
}
