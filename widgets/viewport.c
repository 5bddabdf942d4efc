/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/viewport.h"

#include <adwaita.h>
#include <math.h>

#define JUMP_MS        160
#define MARGIN_DIVISOR 100
#define LONGEST        (G_MAXINT64 / 8) /* keeps every sum below within 64 bits */

typedef struct
{
  GanderTime begin;
  GanderTime end;
} Range;

struct _GanderViewport
{
  GObject parent_instance;

  GanderTime duration;
  Range limits;
  Range range;
  GanderTime pointer;

  AdwAnimation *animation; /* (nullable) a jump under way */
  Range from;
  Range to;
};

G_DEFINE_FINAL_TYPE (GanderViewport, gander_viewport, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,         /* the range moved */
  SIGNAL_POINTER_CHANGED, /* only the pointer moved */
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static Range
clamp_range (GanderViewport *self, Range range)
{
  const Range limits = self->limits;
  GanderTime length = range.end - range.begin;

  length = CLAMP (length, GANDER_VIEWPORT_SHORTEST, limits.end - limits.begin);
  range.begin = CLAMP (range.begin, limits.begin, limits.end - length);
  range.end = range.begin + length;
  return range;
}

static void
store_range (GanderViewport *self, Range range)
{
  if (range.begin == self->range.begin && range.end == self->range.end)
    return;

  self->range = range;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
drop_animation (GanderViewport *self)
{
  g_autoptr (AdwAnimation) animation = g_steal_pointer (&self->animation);

  if (animation != NULL)
    adw_animation_pause (animation);
}

static Range
get_target (GanderViewport *self)
{
  return self->animation != NULL ? self->to : self->range;
}

void
gander_viewport_get_whole (GanderTime duration, GanderTime *begin, GanderTime *end)
{
  const GanderTime length = CLAMP (duration, 0, LONGEST);
  const GanderTime margin = MAX (length / MARGIN_DIVISOR, 1);

  *begin = -margin;
  *end = MAX (length + margin, GANDER_VIEWPORT_SHORTEST - margin);
}

GanderViewport *
gander_viewport_new (GanderTime duration)
{
  GanderViewport *self = g_object_new (GANDER_TYPE_VIEWPORT, NULL);

  self->duration = CLAMP (duration, 0, LONGEST);
  gander_viewport_get_whole (duration, &self->limits.begin, &self->limits.end);
  self->range = self->limits;
  return self;
}

GanderTime
gander_viewport_get_duration (GanderViewport *self)
{
  g_return_val_if_fail (GANDER_IS_VIEWPORT (self), 0);
  return self->duration;
}

GanderTime
gander_viewport_get_begin (GanderViewport *self)
{
  g_return_val_if_fail (GANDER_IS_VIEWPORT (self), 0);
  return self->range.begin;
}

GanderTime
gander_viewport_get_end (GanderViewport *self)
{
  g_return_val_if_fail (GANDER_IS_VIEWPORT (self), 0);
  return self->range.end;
}

void
gander_viewport_get_target (GanderViewport *self, GanderTime *begin, GanderTime *end)
{
  Range target;

  g_return_if_fail (GANDER_IS_VIEWPORT (self));

  target = get_target (self);
  *begin = target.begin;
  *end = target.end;
}

void
gander_viewport_get_limits (GanderViewport *self, GanderTime *begin, GanderTime *end)
{
  g_return_if_fail (GANDER_IS_VIEWPORT (self));

  *begin = self->limits.begin;
  *end = self->limits.end;
}

void
gander_viewport_set_limits (GanderViewport *self, GanderTime begin, GanderTime end)
{
  g_return_if_fail (GANDER_IS_VIEWPORT (self));

  begin = CLAMP (begin, -LONGEST, LONGEST);
  end = CLAMP (end, begin + GANDER_VIEWPORT_SHORTEST, LONGEST + GANDER_VIEWPORT_SHORTEST);
  self->limits = (Range){ begin, end };
  drop_animation (self);
  store_range (self, clamp_range (self, self->range));
}

void
gander_viewport_set_range (GanderViewport *self, GanderTime begin, GanderTime end)
{
  g_return_if_fail (GANDER_IS_VIEWPORT (self));

  begin = CLAMP (begin, -2 * LONGEST, 2 * LONGEST);
  end = CLAMP (end, -2 * LONGEST, 2 * LONGEST);
  drop_animation (self);
  store_range (self, clamp_range (self, (Range){ begin, end }));
}

void
gander_viewport_zoom (GanderViewport *self, double factor, GanderTime about)
{
  const Range was = get_target (self);
  const double length = (double)(was.end - was.begin);
  double share, wanted;

  g_return_if_fail (GANDER_IS_VIEWPORT (self));

  if (!isfinite (factor) || factor <= 0)
    return;
  share = CLAMP ((double)(about - was.begin) / length, 0, 1);
  wanted = CLAMP (length * factor,
                  (double)GANDER_VIEWPORT_SHORTEST,
                  (double)(self->limits.end - self->limits.begin));
  about = CLAMP (about, was.begin, was.end);
  about -= (GanderTime)llround (share * wanted);
  gander_viewport_set_range (self, about, about + (GanderTime)llround (wanted));
}

void
gander_viewport_pan (GanderViewport *self, GanderTime delta)
{
  Range range;

  g_return_if_fail (GANDER_IS_VIEWPORT (self));

  range = get_target (self);
  delta = CLAMP (delta, -LONGEST, LONGEST);
  gander_viewport_set_range (self, range.begin + delta, range.end + delta);
}

/* The length changes by a constant factor a frame and one instant stands still: that is what
 * the eye can follow over several orders of magnitude. */
static void
jump_step_cb (double value, gpointer data)
{
  GanderViewport *self = data;
  const double length0 = (double)(self->from.end - self->from.begin);
  const double length1 = (double)(self->to.end - self->to.begin);
  const double moved = (double)(self->to.begin - self->from.begin);
  double length, share;
  Range range;

  if (self->animation == NULL)
    return;
  if (value >= 1)
    {
      store_range (self, self->to);
      return;
    }
  length = length0 * pow (length1 / length0, value);
  share = fabs (length1 - length0) < 1 ? value : (length - length0) / (length1 - length0);
  range.begin = self->from.begin + (GanderTime)llround (moved * share);
  range.end = range.begin + (GanderTime)llround (length);
  store_range (self, clamp_range (self, range));
}

static void
jump_done_cb (GanderViewport *self)
{
  g_autoptr (AdwAnimation) animation = g_steal_pointer (&self->animation);

  if (animation != NULL)
    store_range (self, self->to);
}

void
gander_viewport_jump (GanderViewport *self, GanderTime begin, GanderTime end, GtkWidget *widget)
{
  AdwAnimationTarget *target;

  g_return_if_fail (GANDER_IS_VIEWPORT (self));

  drop_animation (self);
  if (widget == NULL || !gtk_widget_get_mapped (widget) || !adw_get_enable_animations (widget))
    {
      gander_viewport_set_range (self, begin, end);
      return;
    }

  self->from = self->range;
  self->to = clamp_range (self, (Range){ begin, end });
  if (self->from.begin == self->to.begin && self->from.end == self->to.end)
    return;
  target = adw_callback_animation_target_new (jump_step_cb, self, NULL);
  self->animation = g_object_ref_sink (adw_timed_animation_new (widget, 0, 1, JUMP_MS, target));
  adw_timed_animation_set_easing (ADW_TIMED_ANIMATION (self->animation), ADW_EASE_OUT_CUBIC);
  g_signal_connect_object (self->animation,
                           "done",
                           G_CALLBACK (jump_done_cb),
                           self,
                           G_CONNECT_SWAPPED);
  adw_animation_play (self->animation);
}

void
gander_viewport_fit (GanderViewport *self, GtkWidget *widget)
{
  g_return_if_fail (GANDER_IS_VIEWPORT (self));
  gander_viewport_jump (self, self->limits.begin, self->limits.end, widget);
}

GanderTime
gander_viewport_get_pointer (GanderViewport *self)
{
  g_return_val_if_fail (GANDER_IS_VIEWPORT (self), GANDER_VIEWPORT_NO_POINTER);
  return self->pointer;
}

void
gander_viewport_set_pointer (GanderViewport *self, GanderTime pointer)
{
  g_return_if_fail (GANDER_IS_VIEWPORT (self));

  if (pointer == self->pointer)
    return;
  self->pointer = pointer;
  g_signal_emit (self, signals[SIGNAL_POINTER_CHANGED], 0);
}

static void
gander_viewport_dispose (GObject *object)
{
  drop_animation (GANDER_VIEWPORT (object));
  G_OBJECT_CLASS (gander_viewport_parent_class)->dispose (object);
}

static guint
add_signal (const char *name)
{
  return g_signal_new (name,
                       GANDER_TYPE_VIEWPORT,
                       G_SIGNAL_RUN_LAST,
                       0,
                       NULL,
                       NULL,
                       NULL,
                       G_TYPE_NONE,
                       0);
}

static void
gander_viewport_class_init (GanderViewportClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = gander_viewport_dispose;
  signals[SIGNAL_CHANGED] = add_signal ("changed");
  signals[SIGNAL_POINTER_CHANGED] = add_signal ("pointer-changed");
}

static void
gander_viewport_init (GanderViewport *self)
{
  self->pointer = GANDER_VIEWPORT_NO_POINTER;
}
