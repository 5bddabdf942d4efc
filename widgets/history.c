/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/history.h"

struct _GanderHistory
{
  GObject parent_instance;

  GArray *states; /* of GanderViewState */
  int present;    /* -1 when empty */
};

G_DEFINE_FINAL_TYPE (GanderHistory, gander_history, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static gboolean
state_equal (const GanderViewState *a, const GanderViewState *b)
{
  return a->begin == b->begin && a->end == b->end && (int)a->scroll == (int)b->scroll &&
         gander_selected_equal (&a->selected, &b->selected);
}

GanderHistory *
gander_history_new (void)
{
  return g_object_new (GANDER_TYPE_HISTORY, NULL);
}

void
gander_history_record (GanderHistory *self, const GanderViewState *state)
{
  g_return_if_fail (GANDER_IS_HISTORY (self));

  if (self->present >= 0 &&
      state_equal (&g_array_index (self->states, GanderViewState, self->present), state))
    return;

  g_array_set_size (self->states, (guint)(self->present + 1));
  if (self->states->len == GANDER_HISTORY_MAX)
    g_array_remove_index (self->states, 0);
  g_array_append_val (self->states, *state);
  self->present = (int)self->states->len - 1;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

const GanderViewState *
gander_history_peek (GanderHistory *self, int step)
{
  int target;

  g_return_val_if_fail (GANDER_IS_HISTORY (self), NULL);

  target = self->present + step;
  if (target < 0 || target >= (int)self->states->len)
    return NULL;
  return &g_array_index (self->states, GanderViewState, target);
}

gboolean
gander_history_can_go (GanderHistory *self, int step)
{
  return gander_history_peek (self, step) != NULL;
}

gboolean
gander_history_go (GanderHistory *self, int step, GanderViewState *out)
{
  const GanderViewState *state = gander_history_peek (self, step);

  if (state == NULL)
    return FALSE;
  *out = *state;
  self->present += step;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  return TRUE;
}

static void
gander_history_finalize (GObject *object)
{
  GanderHistory *self = GANDER_HISTORY (object);

  g_array_unref (self->states);
  G_OBJECT_CLASS (gander_history_parent_class)->finalize (object);
}

static void
gander_history_class_init (GanderHistoryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gander_history_finalize;
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
gander_history_init (GanderHistory *self)
{
  self->states = g_array_new (FALSE, FALSE, sizeof (GanderViewState));
  self->present = -1;
}
