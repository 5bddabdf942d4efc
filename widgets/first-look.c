/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/first-look.h"

#include "widgets/lane-area.h"
#include "widgets/style.h"
#include "widgets/viewport.h"

#define MANY_ROWS  8192    /* tasks and logs: more come when the first picture is there */
#define ROUGH_FROM 4000000 /* events: the first picture of more is a rough one */

struct _GanderFirstLook
{
  gatomicrefcount ref_count; /* the owners' and the thread's */
  GanderTimelineFrame frame; /* that the layout is of */
  GanderIndex *index;

  GMutex mutex;
  GCond cond;
  GanderRows *rows;         /* (nullable) until they are there */
  GanderTimeline *timeline; /* (nullable) */
  gboolean done;            /* with the timeline */
};

GanderRows *
gander_first_look_make_rows (GanderIndex *index)
{
  g_return_val_if_fail (index != NULL, NULL);
  return gander_index_get_n_tasks (index) + gander_index_get_n_logs (index) > MANY_ROWS
             ? gander_rows_new_quick (index)
             : gander_rows_new (index);
}

gboolean
gander_first_look_is_rough (const GanderIndex *index)
{
  g_return_val_if_fail (index != NULL, FALSE);
  return gander_index_get_facts (index)->n_events > ROUGH_FROM;
}

/* Rows are of use before the layout is. */
static gpointer
look_thread (gpointer data)
{
  GanderFirstLook *self = data;
  GanderRows *rows = gander_first_look_make_rows (self->index);
  GanderTimeline *timeline = NULL;

  g_mutex_lock (&self->mutex);
  self->rows = gander_rows_ref (rows);
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);

  timeline = gander_timeline_new (NULL, GANDER_STYLE_USUAL_EM);
  gander_timeline_layout (timeline, rows, &self->frame);
  gander_rows_unref (rows);

  g_mutex_lock (&self->mutex);
  self->timeline = timeline;
  self->done = TRUE;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
  gander_first_look_unref (self);
  return NULL;
}

GanderFirstLook *
gander_first_look_new (GanderIndex *index, int width, int height, double scale)
{
  GanderFirstLook *self = NULL;

  g_return_val_if_fail (index != NULL && width > GANDER_LABEL_WIDTH && height > 0, NULL);

  self = g_new0 (GanderFirstLook, 1);
  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->index = gander_index_ref (index);
  self->frame = (GanderTimelineFrame){ .width = width,
                                       .height = height,
                                       .label_width = GANDER_LABEL_WIDTH,
                                       .scale = scale,
                                       .rough = gander_first_look_is_rough (index) };
  gander_viewport_get_whole (gander_index_get_facts (index)->duration,
                             &self->frame.begin,
                             &self->frame.end);
  g_thread_unref (g_thread_new ("first-look", look_thread, gander_first_look_ref (self)));
  return self;
}

GanderFirstLook *
gander_first_look_ref (GanderFirstLook *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
gander_first_look_unref (GanderFirstLook *self)
{
  g_return_if_fail (self != NULL);
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  gander_timeline_free (self->timeline);
  g_clear_pointer (&self->rows, gander_rows_unref);
  gander_index_unref (self->index);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_free (self);
}

GanderRows *
gander_first_look_dup_rows (GanderFirstLook *self)
{
  GanderRows *rows = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  g_mutex_lock (&self->mutex);
  while (self->rows == NULL)
    g_cond_wait (&self->cond, &self->mutex);
  rows = gander_rows_ref (self->rows);
  g_mutex_unlock (&self->mutex);
  return rows;
}

static gboolean
is_same_pixels (const GanderTimelineFrame *a, const GanderTimelineFrame *b)
{
  return a->begin == b->begin && a->end == b->end && a->width == b->width &&
         a->label_width == b->label_width && a->scale == b->scale && a->rough == b->rough;
}

GanderTimeline *
gander_first_look_take_timeline (GanderFirstLook *self, const GanderTimelineFrame *frame)
{
  GanderTimeline *timeline = NULL;

  g_return_val_if_fail (self != NULL && frame != NULL, NULL);

  if (!is_same_pixels (&self->frame, frame))
    return NULL;
  g_mutex_lock (&self->mutex);
  while (!self->done)
    g_cond_wait (&self->cond, &self->mutex);
  timeline = g_steal_pointer (&self->timeline);
  g_mutex_unlock (&self->mutex);
  return timeline;
}
