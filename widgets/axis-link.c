/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/axis-link.h"

struct _GanderAxisLink
{
  GObject parent_instance;

  GanderViewport *a;
  GanderViewport *b;
  GanderTime shift;
  gboolean linked;
  gboolean moving; /* one side is following the other */
};

G_DEFINE_FINAL_TYPE (GanderAxisLink, gander_axis_link, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
follow (GanderAxisLink *self, GanderViewport *from)
{
  GanderViewport *to = from == self->a ? self->b : self->a;
  const GanderTime offset = from == self->a ? -self->shift : self->shift;

  if (!self->linked || self->moving)
    return;
  self->moving = TRUE;
  gander_viewport_set_range (to,
                             gander_viewport_get_begin (from) + offset,
                             gander_viewport_get_end (from) + offset);
  self->moving = FALSE;
}

static void
pointer_changed_cb (GanderAxisLink *self, GanderViewport *from)
{
  GanderViewport *to = from == self->a ? self->b : self->a;
  const GanderTime offset = from == self->a ? -self->shift : self->shift;
  const GanderTime pointer = gander_viewport_get_pointer (from);

  if (!self->linked || self->moving)
    return;
  self->moving = TRUE;
  gander_viewport_set_pointer (to,
                               pointer == GANDER_VIEWPORT_NO_POINTER ? pointer : pointer + offset);
  self->moving = FALSE;
}

/* The limits of each are those of both together, so that the longer trace can be seen whole. */
static void
update_limits (GanderAxisLink *self)
{
  const GanderTime length_a = gander_viewport_get_duration (self->a);
  const GanderTime length_b = gander_viewport_get_duration (self->b);
  const GanderTime first = MIN (0, self->shift);
  const GanderTime last = MAX (length_a, length_b + self->shift);
  const GanderTime margin = MAX ((last - first) / 100, 1);

  self->moving = TRUE;
  gander_viewport_set_limits (self->a, first - margin, last + margin);
  gander_viewport_set_limits (self->b, first - margin - self->shift, last + margin - self->shift);
  self->moving = FALSE;
}

GanderAxisLink *
gander_axis_link_new (GanderViewport *a, GanderViewport *b)
{
  GanderAxisLink *self = g_object_new (GANDER_TYPE_AXIS_LINK, NULL);
  GanderViewport *both[] = { a, b };

  self->a = g_object_ref (a);
  self->b = g_object_ref (b);
  self->linked = TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (both); i++)
    {
      g_signal_connect_object (both[i], "changed", G_CALLBACK (follow), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (both[i],
                               "pointer-changed",
                               G_CALLBACK (pointer_changed_cb),
                               self,
                               G_CONNECT_SWAPPED);
    }
  update_limits (self);
  gander_viewport_fit (self->a, NULL);
  follow (self, self->a);
  return self;
}

GanderTime
gander_axis_link_get_shift (GanderAxisLink *self)
{
  g_return_val_if_fail (GANDER_IS_AXIS_LINK (self), 0);
  return self->shift;
}

void
gander_axis_link_set_shift (GanderAxisLink *self, GanderTime shift)
{
  const GanderTime most = G_MAXINT64 / 16;

  g_return_if_fail (GANDER_IS_AXIS_LINK (self));

  shift = CLAMP (shift, -most, most);
  if (shift == self->shift)
    return;
  self->shift = shift;
  update_limits (self);
  follow (self, self->a);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

gboolean
gander_axis_link_get_linked (GanderAxisLink *self)
{
  g_return_val_if_fail (GANDER_IS_AXIS_LINK (self), FALSE);
  return self->linked;
}

void
gander_axis_link_set_linked (GanderAxisLink *self, gboolean linked)
{
  g_return_if_fail (GANDER_IS_AXIS_LINK (self));

  if (linked == self->linked)
    return;
  self->linked = linked;
  follow (self, self->a);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
gander_axis_link_dispose (GObject *object)
{
  GanderAxisLink *self = GANDER_AXIS_LINK (object);

  g_clear_object (&self->a);
  g_clear_object (&self->b);
  G_OBJECT_CLASS (gander_axis_link_parent_class)->dispose (object);
}

static void
gander_axis_link_class_init (GanderAxisLinkClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = gander_axis_link_dispose;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed",
                                          G_TYPE_FROM_CLASS (klass),
                                          G_SIGNAL_RUN_LAST,
                                          0,
                                          NULL,
                                          NULL,
                                          NULL,
                                          G_TYPE_NONE,
                                          0);
}

static void
gander_axis_link_init (GanderAxisLink *self)
{
}
