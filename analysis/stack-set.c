/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/stack-set.h"

#include <string.h>

guint
gander_stack_get_frames (const GanderIndex *index, GanderStackId stack, GanderFrame *out)
{
  guint depth = MIN (gander_index_get_stack_depth (index, stack), GANDER_STACK_FRAMES);
  guint n = 0;

  for (guint level = 0; level < depth; level++)
    {
      gander_index_get_frame (index, stack, level, &out[n]);
      if (out[n].pc != 0 || out[n].function != 0)
        n++;
    }
  return n;
}

char *
gander_stack_format_frame (const GanderIndex *index, const GanderFrame *frame)
{
  return g_strdup_printf ("%s@%s:%" G_GUINT64_FORMAT,
                          gander_index_get_string (index, frame->function),
                          gander_index_get_string (index, frame->file),
                          frame->line);
}

char *
gander_stack_format (const GanderIndex *index, GanderStackId stack, const char *separator)
{
  GanderFrame frames[GANDER_STACK_FRAMES];
  guint n = gander_stack_get_frames (index, stack, frames);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *frame = gander_stack_format_frame (index, &frames[i]);
      g_string_append_printf (text, "%s%s", i == 0 ? "" : separator, frame);
    }
  return g_string_free (text, FALSE);
}

static gboolean
is_same_frame (const GanderFrame *a, const GanderFrame *b)
{
  return a->function == b->function && a->file == b->file && a->line == b->line;
}

int
gander_stack_compare (const GanderIndex *index, GanderStackId a, GanderStackId b)
{
  GanderFrame frames[2][GANDER_STACK_FRAMES];
  guint n_a = gander_stack_get_frames (index, a, frames[0]);
  guint n_b = gander_stack_get_frames (index, b, frames[1]);

  for (guint i = 0; i < MIN (n_a, n_b); i++)
    if (!is_same_frame (&frames[0][i], &frames[1][i]))
      {
        g_autofree char *text_a = gander_stack_format_frame (index, &frames[0][i]);
        g_autofree char *text_b = gander_stack_format_frame (index, &frames[1][i]);
        return strcmp (text_a, text_b);
      }
  return n_a < n_b ? -1 : n_a > n_b;
}

/* A key of the table: all that a stack reads. */
typedef struct
{
  const GanderIndex *index;
  GanderStackId stack;
  guint hash;
} Text;

struct _GanderStackSet
{
  const GanderIndex *index;
  GHashTable *numbers; /* stack to number + 1 */
  GHashTable *texts;   /* Text to number + 1 */
  GArray *stacks;      /* GanderStackId, by number */
};

static guint
hash_frames (const GanderFrame *frames, guint n)
{
  guint64 hash = n;

  for (guint i = 0; i < n; i++)
    {
      hash = (hash ^ frames[i].function) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
      hash = (hash ^ frames[i].line) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
      hash ^= hash >> 29;
    }
  return (guint)(hash >> 32);
}

static guint
hash_text (gconstpointer text)
{
  return ((const Text *)text)->hash;
}

static gboolean
is_same_text (gconstpointer a, gconstpointer b)
{
  const Text *x = a;
  const Text *y = b;
  GanderFrame frames[2][GANDER_STACK_FRAMES];
  guint n = 0;

  if (x->hash != y->hash)
    return FALSE;
  n = gander_stack_get_frames (x->index, x->stack, frames[0]);
  if (n != gander_stack_get_frames (y->index, y->stack, frames[1]))
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (!is_same_frame (&frames[0][i], &frames[1][i]))
      return FALSE;
  return TRUE;
}

GanderStackSet *
gander_stack_set_new (const GanderIndex *index)
{
  GanderStackSet *self = g_new0 (GanderStackSet, 1);

  self->index = index;
  self->numbers = g_hash_table_new (g_direct_hash, g_direct_equal);
  self->texts = g_hash_table_new_full (hash_text, is_same_text, g_free, NULL);
  self->stacks = g_array_new (FALSE, FALSE, sizeof (GanderStackId));
  return self;
}

void
gander_stack_set_free (GanderStackSet *self)
{
  g_hash_table_unref (self->numbers);
  g_hash_table_unref (self->texts);
  g_array_unref (self->stacks);
  g_free (self);
}

guint
gander_stack_set_get_number (GanderStackSet *self, GanderStackId stack)
{
  guint number = GPOINTER_TO_UINT (g_hash_table_lookup (self->numbers, GUINT_TO_POINTER (stack)));
  GanderFrame frames[GANDER_STACK_FRAMES];
  Text text = { self->index, stack, 0 };

  if (number > 0)
    return number - 1;
  text.hash = hash_frames (frames, gander_stack_get_frames (self->index, stack, frames));
  number = GPOINTER_TO_UINT (g_hash_table_lookup (self->texts, &text));
  if (number == 0)
    {
      g_array_append_val (self->stacks, stack);
      number = self->stacks->len;
      g_hash_table_insert (self->texts, g_memdup2 (&text, sizeof text), GUINT_TO_POINTER (number));
    }
  g_hash_table_insert (self->numbers, GUINT_TO_POINTER (stack), GUINT_TO_POINTER (number));
  return number - 1;
}

guint
gander_stack_set_get_n (const GanderStackSet *self)
{
  return self->stacks->len;
}

GanderStackId
gander_stack_set_get_stack (const GanderStackSet *self, guint number)
{
  g_return_val_if_fail (number < self->stacks->len, 0);
  return g_array_index (self->stacks, GanderStackId, number);
}
