/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/draw/lane-memo.h"

#define MOST_THREADS 4
#define WORTH_IT     20000 /* pixels to ask for: less is done before a thread has begun */

typedef struct
{
  const GanderIndex *index;
  const GanderScale *scale;
  GanderLaneMemo *memo;
  const GanderLaneWish *lanes;
  guint n;
  guint next; /* atomic */
} Work;

static gpointer
work_thread (gpointer data)
{
  Work *work = data;
  GanderLaneScratch scratch = { 0 };
  g_autoptr (GArray) boxes = g_array_new (FALSE, FALSE, sizeof (GanderLaneBox));
  g_autoptr (GArray) columns = g_array_new (FALSE, FALSE, sizeof (GanderColumn));
  guint i = 0;

  while ((i = (guint)g_atomic_int_add (&work->next, 1)) < work->n)
    {
      GanderLaneItems items;

      g_array_set_size (boxes, 0);
      g_array_set_size (columns, 0);
      gander_lane_layout (work->index,
                          work->lanes[i].lane,
                          work->scale,
                          work->lanes[i].height,
                          0,
                          &scratch,
                          work->memo,
                          boxes,
                          columns,
                          &items);
    }
  gander_lane_scratch_clear (&scratch);
  return NULL;
}

/* Returns: how many pixels of a lane the memo does not have. */
static guint
count_missing (const GanderLaneWish *lane, const GanderScale *scale, GanderLaneMemo *memo)
{
  GanderLanePixels known;
  gint64 begin;
  gint64 end;

  if (!gander_lane_memo_get (memo, lane->lane, lane->height, &known))
    return (guint)scale->width;
  begin = MAX (known.first, scale->first);
  end = MIN (known.first + known.n, scale->first + scale->width);
  return (guint)(scale->width - MAX (end - begin, 0));
}

void
gander_lane_prepare (const GanderIndex *index,
                     const GanderLaneWish *lanes,
                     guint n,
                     const GanderScale *scale,
                     GanderLaneMemo *memo)
{
  Work work = { .index = index, .scale = scale, .memo = memo, .lanes = lanes, .n = n };
  GThread *threads[MOST_THREADS - 1];
  guint n_threads = MIN (g_get_num_processors (), MOST_THREADS) - 1;
  guint64 missing = 0;

  for (guint i = 0; i < n; i++)
    missing += count_missing (&lanes[i], scale, memo);
  if (n_threads == 0 || missing < WORTH_IT)
    return;
  for (guint i = 0; i < n_threads; i++)
    threads[i] = g_thread_new ("lane", work_thread, &work);
  work_thread (&work);
  for (guint i = 0; i < n_threads; i++)
    g_thread_join (threads[i]);
}
