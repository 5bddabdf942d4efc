/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/lane-picture.h"

#include <math.h>

#define N_SHOTS 3 /* one on screen, one in work, one between */

/* A wish with what keeps it alive. */
typedef struct
{
  GanderPictureWish wish;
  GanderRows *rows;  /* (nullable) */
  char *font_family; /* (nullable) */
  guint serial;
} Order;

typedef struct
{
  Order order;
  GanderTimeline *timeline; /* (nullable) */
  cairo_surface_t *surface; /* (nullable) */
  GskRenderNode *node;      /* (nullable) of what is or was on screen */
  char *font_family;        /* of @timeline */
  double em;
} Shot;

struct _GanderLanePicture
{
  gatomicrefcount ref_count; /* the owner's and the thread's */
  GMutex mutex;
  GCond cond; /* something below changed */

  /* Under the mutex. */
  gboolean stopped;
  GanderFirstLook *look; /* (nullable) until the first picture is begun */
  Order next;            /* with rows: not begun yet */
  Shot *idle[N_SHOTS];
  guint n_idle;
  Shot *done; /* (nullable) finished, not on screen yet */
  guint source_id;
  void (*ready) (gpointer data);
  gpointer data;

  Shot shots[N_SHOTS];
  const Shot *last; /* (nullable) of the thread: the one made last */

  /* Of the main thread. */
  Shot *front;               /* (nullable) */
  GanderTimelineFrame frame; /* asked for last */
  const GanderTheme *theme;
  const GanderRows *rows; /* only ever compared */
  guint serial;
};

static void
order_clear (Order *self)
{
  g_clear_pointer (&self->rows, gander_rows_unref);
  g_clear_pointer (&self->font_family, g_free);
}

static void
picture_unref (GanderLanePicture *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  order_clear (&self->next);
  g_clear_pointer (&self->look, gander_first_look_unref);
  for (guint i = 0; i < N_SHOTS; i++)
    {
      Shot *shot = &self->shots[i];

      order_clear (&shot->order);
      gander_timeline_free (shot->timeline);
      g_clear_pointer (&shot->node, gsk_render_node_unref);
      g_clear_pointer (&shot->surface, cairo_surface_destroy);
      g_free (shot->font_family);
    }
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_free (self);
}

static gboolean
ready_cb (gpointer data)
{
  GanderLanePicture *self = data;

  g_mutex_lock (&self->mutex);
  self->source_id = 0;
  g_mutex_unlock (&self->mutex);
  self->ready (self->data);
  return G_SOURCE_REMOVE;
}

static void
ensure_timeline (Shot *self)
{
  const Order *order = &self->order;

  if (self->timeline != NULL && self->em == order->wish.em &&
      g_strcmp0 (self->font_family, order->font_family) == 0)
    return;
  gander_timeline_free (self->timeline);
  self->timeline = gander_timeline_new (order->font_family, order->wish.em);
  g_free (self->font_family);
  self->font_family = g_strdup (order->font_family);
  self->em = order->wish.em;
}

/* Large images are used again: new memory costs as much as painting. */
static void
ensure_surface (Shot *self)
{
  const GanderTimelineFrame *frame = &self->order.wish.frame;
  double scale = frame->scale > 0 ? frame->scale : 1;
  int width = (int)ceil (frame->width * scale);
  int height = (int)ceil (frame->height * scale);

  if (self->surface == NULL || cairo_image_surface_get_width (self->surface) != width ||
      cairo_image_surface_get_height (self->surface) != height)
    {
      g_clear_pointer (&self->surface, cairo_surface_destroy);
      self->surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
    }
  cairo_surface_set_device_scale (self->surface, scale, scale);
}

/* @last (nullable): whose pixels a pan may leave as they were. */
static void
paint (Shot *self, const Shot *last)
{
  const GanderTheme *theme = self->order.wish.theme;
  cairo_t *cr;

  ensure_surface (self);
  cr = cairo_create (self->surface);
  if (last != NULL && last->surface != NULL)
    gander_timeline_paint_after (self->timeline, cr, theme, last->timeline, last->surface);
  else
    gander_timeline_paint (self->timeline, cr, theme);
  cairo_destroy (cr);
  cairo_surface_flush (self->surface);
}

static void
take_first_look (Shot *self, GanderFirstLook *look)
{
  g_autoptr (GanderTimeline) seen = gander_first_look_take_timeline (look, &self->order.wish.frame);

  if (seen != NULL)
    gander_timeline_take_memory (self->timeline, seen);
}

/* Makes one picture, without the mutex; the one before may be on screen. What was there before that
 * goes here: giving back the memory of a large picture takes as long as a frame. */
static void
work (GanderLanePicture *self, Shot *shot, GanderFirstLook *look)
{
  const Shot *last = self->last == shot ? NULL : self->last;

  g_clear_pointer (&shot->node, gsk_render_node_unref);
  ensure_timeline (shot);
  if (last != NULL)
    gander_timeline_take_memory (shot->timeline, last->timeline);
  else if (look != NULL)
    take_first_look (shot, look);
  self->last = shot;
  gander_timeline_layout (shot->timeline, shot->order.rows, &shot->order.wish.frame);
  paint (shot, last);
}

static gpointer
work_thread (gpointer data)
{
  GanderLanePicture *self = data;

  g_mutex_lock (&self->mutex);
  while (!self->stopped)
    {
      g_autoptr (GanderFirstLook) look = NULL;
      Shot *shot = NULL;

      if (self->next.rows == NULL)
        {
          g_cond_wait (&self->cond, &self->mutex);
          continue;
        }
      shot = self->idle[--self->n_idle];
      order_clear (&shot->order);
      shot->order = self->next;
      self->next = (Order){ 0 };
      look = g_steal_pointer (&self->look);
      g_mutex_unlock (&self->mutex);
      work (self, shot, look);
      g_mutex_lock (&self->mutex);
      if (self->done != NULL)
        self->idle[self->n_idle++] = self->done;
      self->done = shot;
      if (self->source_id == 0 && !self->stopped)
        self->source_id = g_idle_add_full (GDK_PRIORITY_REDRAW - 1, ready_cb, self, NULL);
      g_cond_broadcast (&self->cond);
    }
  g_mutex_unlock (&self->mutex);
  picture_unref (self);
  return NULL;
}

GanderLanePicture *
gander_lane_picture_new (void (*ready) (gpointer data), gpointer data)
{
  GanderLanePicture *self = g_new0 (GanderLanePicture, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->ready = ready;
  self->data = data;
  for (; self->n_idle < N_SHOTS; self->n_idle++)
    self->idle[self->n_idle] = &self->shots[self->n_idle];
  g_atomic_ref_count_inc (&self->ref_count);
  g_thread_unref (g_thread_new ("lanes", work_thread, self));
  return self;
}

/* The thread ends by itself: a window need not wait for a picture that nobody will see. */
void
gander_lane_picture_free (GanderLanePicture *self)
{
  if (self == NULL)
    return;
  g_mutex_lock (&self->mutex);
  self->stopped = TRUE;
  g_clear_handle_id (&self->source_id, g_source_remove);
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
  picture_unref (self);
}

void
gander_lane_picture_set_first_look (GanderLanePicture *self, GanderFirstLook *look)
{
  g_return_if_fail (self != NULL && look != NULL);

  g_mutex_lock (&self->mutex);
  g_clear_pointer (&self->look, gander_first_look_unref);
  self->look = gander_first_look_ref (look);
  g_mutex_unlock (&self->mutex);
}

void
gander_lane_picture_ask (GanderLanePicture *self, const GanderPictureWish *wish)
{
  g_return_if_fail (self != NULL && wish != NULL);

  self->frame = wish->frame;
  self->theme = wish->theme;
  self->rows = wish->rows;
  self->serial++;
  g_mutex_lock (&self->mutex);
  order_clear (&self->next);
  self->next.wish = *wish;
  self->next.rows = gander_rows_ref (wish->rows);
  self->next.font_family = g_strdup (wish->font_family);
  self->next.serial = self->serial;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
}

/* An image in a cairo node and no texture: the cairo renderer of GTK 4.8 converts a texture pixel
 * by pixel in every frame, which took as long as all of our own drawing. The node refers to the
 * image, which must outlive it: cairo copies an image that goes away before. */
static void
make_node (Shot *self)
{
  const GanderTimelineFrame *frame = &self->order.wish.frame;
  cairo_t *cr;

  self->node =
      gsk_cairo_node_new (&GRAPHENE_RECT_INIT (0, 0, (float)frame->width, (float)frame->height));
  cr = gsk_cairo_node_get_draw_context (self->node);
  cairo_set_source_surface (cr, self->surface, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
  cairo_set_operator (cr, CAIRO_OPERATOR_SOURCE);
  cairo_paint (cr);
  cairo_destroy (cr);
}

/* Under the mutex. */
static void
take_done (GanderLanePicture *self)
{
  if (self->done == NULL)
    return;
  if (self->front != NULL)
    self->idle[self->n_idle++] = self->front;
  self->front = g_steal_pointer (&self->done);
  make_node (self->front);
}

static gboolean
is_current (const GanderLanePicture *self)
{
  return self->front != NULL && self->front->order.serial == self->serial;
}

gboolean
gander_lane_picture_wait (GanderLanePicture *self, guint ms)
{
  gint64 end = g_get_monotonic_time () + (gint64)ms * G_TIME_SPAN_MILLISECOND;
  gboolean in_time = TRUE;

  g_return_val_if_fail (self != NULL, FALSE);

  g_mutex_lock (&self->mutex);
  take_done (self);
  while (!is_current (self) && in_time)
    {
      in_time = g_cond_wait_until (&self->cond, &self->mutex, end);
      take_done (self);
    }
  g_mutex_unlock (&self->mutex);
  return is_current (self);
}

GanderTimeline *
gander_lane_picture_get_timeline (GanderLanePicture *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->front != NULL ? self->front->timeline : NULL;
}

/* Where the lanes of the picture belong: x' = x * stretch + shift_x, y' = y + shift_y. */
typedef struct
{
  float stretch;
  float shift_x;
  float shift_y;
} Place;

static Place
get_place (const GanderLanePicture *self)
{
  const GanderTimelineFrame *was = &self->front->order.wish.frame;
  const GanderTimelineFrame *now = &self->frame;
  double axis_was = MAX (was->width - was->label_width, 1);
  double per_pixel_was = (double)(was->end - was->begin) / axis_was;
  double per_pixel = (double)(now->end - now->begin) / MAX (now->width - now->label_width, 1);
  double stretch = per_pixel_was / MAX (per_pixel, 1e-9);
  Place place = { 1, 0, 0 };

  if (is_current (self))
    return place;
  place.stretch = (float)stretch;
  place.shift_x = (float)((double)(was->begin - now->begin) / per_pixel + now->label_width -
                          was->label_width * stretch);
  if (self->front->order.rows == self->rows)
    place.shift_y = (float)round (was->scroll_y - now->scroll_y);
  return place;
}

static void
push_part (GtkSnapshot *snapshot, float x, float y, float width, float height)
{
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (x, y, MAX (width, 0), MAX (height, 0)));
}

static void
place_lanes (GtkSnapshot *snapshot, const Place *place, float shift_y)
{
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (place->shift_x, shift_y));
  gtk_snapshot_scale (snapshot, place->stretch, 1);
}

static void
append_color (GtkSnapshot *snapshot,
              const GanderColor *color,
              float x,
              float y,
              float width,
              float height)
{
  const GdkRGBA rgba = { (float)color->r, (float)color->g, (float)color->b, 1 };

  if (width > 0 && height > 0)
    gtk_snapshot_append_color (snapshot, &rgba, &GRAPHENE_RECT_INIT (x, y, width, height));
}

/* One of four parts: labels and lanes of the rows that are pinned and of those that scroll. */
static void
append_part (const GanderLanePicture *self,
             GtkSnapshot *snapshot,
             const Place *place,
             gboolean lanes,
             gboolean pinned)
{
  const GanderTimelineFrame *now = &self->frame;
  float left = (float)now->label_width;
  float middle = (float)gander_timeline_get_pinned_height (self->front->timeline);
  float y0 = pinned ? 0 : middle;
  float y1 = pinned ? middle : (float)now->height;
  float shift_y = pinned ? 0 : place->shift_y;

  if (y1 <= y0)
    return;
  push_part (snapshot, lanes ? left : 0, y0, lanes ? (float)now->width - left : left, y1 - y0);
  gtk_snapshot_save (snapshot);
  if (lanes)
    place_lanes (snapshot, place, shift_y);
  else
    gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (0, shift_y));
  /* The pinned rows of the picture must not come into sight below their place. */
  if (!pinned)
    push_part (snapshot,
               lanes ? left : 0,
               middle,
               (float)self->front->order.wish.frame.width,
               (float)self->front->order.wish.frame.height - middle);
  gtk_snapshot_append_node (snapshot, self->front->node);
  if (!pinned)
    gtk_snapshot_pop (snapshot);
  gtk_snapshot_restore (snapshot);
  gtk_snapshot_pop (snapshot);
}

void
gander_lane_picture_snapshot (GanderLanePicture *self, GtkSnapshot *snapshot)
{
  const GanderTimelineFrame *now = &self->frame;
  float left = (float)now->label_width;
  Place place;

  g_return_if_fail (self != NULL);

  if (is_current (self))
    {
      gtk_snapshot_append_node (snapshot, self->front->node);
      return;
    }
  if (self->theme == NULL)
    return;
  append_color (snapshot, &self->theme->label_column, 0, 0, left, (float)now->height);
  append_color (snapshot,
                &self->theme->canvas,
                left,
                0,
                (float)now->width - left,
                (float)now->height);
  if (self->front == NULL)
    return;
  place = get_place (self);
  for (guint part = 0; part < 4; part++)
    append_part (self, snapshot, &place, (part & 1) != 0, (part & 2) != 0);
}

void
gander_lane_picture_push (GanderLanePicture *self, GtkSnapshot *snapshot)
{
  const GanderTimelineFrame *now = &self->frame;
  Place place = { 1, 0, 0 };

  g_return_if_fail (self != NULL);

  if (self->front != NULL)
    place = get_place (self);
  push_part (snapshot, 0, 0, (float)now->width, (float)now->height);
  gtk_snapshot_save (snapshot);
  place_lanes (snapshot, &place, place.shift_y);
}
