/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/dictionary.h"

#include "reader/idmap.h"

#include <string.h>

/* Items are found by their content through open hash tables of item numbers. Strings live in one
 * run of bytes, the frame lists of stacks in one run of numbers.
 */

typedef struct
{
  gsize begin;
  gsize size;
} Run;

/* Rows that another thread reads while more are added: those that are there stay as they are. */
typedef struct
{
  gsize row_size;
  guint8 *rows;
  gsize n; /* changed with atomics */
  gsize capacity;
} Rows;

typedef struct
{
  guint32 *slots; /* number + 1, 0 = free */
  guint32 mask;
  guint32 n;
  GArray *hashes; /* guint64, one per number */
} ContentTable;

struct _GanderDictionary
{
  guint64 seed;
  Rows bytes;
  Rows strings; /* Run in bytes, without the NUL that follows */
  Rows frames;  /* GanderFrame */
  Rows numbers; /* guint32 frame numbers of all stacks */
  Rows stacks;  /* Run in numbers */
  ContentTable string_table;
  ContentTable frame_table;
  ContentTable stack_table;
  void (*guard) (gpointer data); /* (nullable) */
  gpointer guard_data;
};

static void
content_table_init (ContentTable *table)
{
  table->mask = 255;
  table->slots = g_new0 (guint32, table->mask + 1);
  table->hashes = g_array_new (FALSE, FALSE, sizeof (guint64));
}

static void
content_table_clear (ContentTable *table)
{
  g_free (table->slots);
  g_array_unref (table->hashes);
}

static void
content_table_add (ContentTable *table, guint64 hash)
{
  guint32 i;

  g_array_append_val (table->hashes, hash);
  table->n++;
  if (table->n > table->mask / 2)
    {
      table->mask = table->mask * 2 + 1;
      g_free (table->slots);
      table->slots = g_new0 (guint32, (gsize)table->mask + 1);
      for (guint32 number = 0; number + 1 < table->n; number++)
        {
          i = (guint32)g_array_index (table->hashes, guint64, number) & table->mask;
          while (table->slots[i] != 0)
            i = (i + 1) & table->mask;
          table->slots[i] = number + 1;
        }
    }
  i = (guint32)hash & table->mask;
  while (table->slots[i] != 0)
    i = (i + 1) & table->mask;
  table->slots[i] = table->n;
}

/* Steps through the numbers whose hash is @hash; @i starts at hash & mask.
 * Returns: the next one, or GANDER_ID_NONE. */
static guint32
content_table_next (const ContentTable *table, guint64 hash, guint32 *i)
{
  while (table->slots[*i] != 0)
    {
      guint32 number = table->slots[*i] - 1;

      *i = (*i + 1) & table->mask;
      if (g_array_index (table->hashes, guint64, number) == hash)
        return number;
    }
  return GANDER_ID_NONE;
}

static guint64
hash_bytes (guint64 seed, const guint8 *bytes, gsize size)
{
  guint64 hash = seed ^ size;

  while (size >= 8)
    {
      guint64 word;

      memcpy (&word, bytes, sizeof word);
      hash = gander_id_map_hash (hash ^ word);
      bytes += 8;
      size -= 8;
    }
  if (size > 0)
    {
      guint64 word = 0;

      memcpy (&word, bytes, size);
      hash = gander_id_map_hash (hash ^ word);
    }
  return gander_id_map_hash (hash);
}

GanderDictionary *
gander_dictionary_new (void)
{
  GanderDictionary *self = g_new0 (GanderDictionary, 1);

  self->seed = (guint64)g_random_int () << 32 | g_random_int ();
  self->bytes.row_size = 1;
  self->strings.row_size = sizeof (Run);
  self->frames.row_size = sizeof (GanderFrame);
  self->numbers.row_size = sizeof (guint32);
  self->stacks.row_size = sizeof (Run);
  content_table_init (&self->string_table);
  content_table_init (&self->frame_table);
  content_table_init (&self->stack_table);
  gander_dictionary_intern_string (self, "", 0);
  gander_dictionary_intern_stack (self, NULL, 0);
  return self;
}

void
gander_dictionary_free (GanderDictionary *self)
{
  if (self == NULL)
    return;
  content_table_clear (&self->string_table);
  content_table_clear (&self->frame_table);
  content_table_clear (&self->stack_table);
  g_free (self->bytes.rows);
  g_free (self->strings.rows);
  g_free (self->frames.rows);
  g_free (self->numbers.rows);
  g_free (self->stacks.rows);
  g_free (self);
}

void
gander_dictionary_set_guard (GanderDictionary *self, void (*guard) (gpointer data), gpointer data)
{
  self->guard = guard;
  self->guard_data = data;
}

/* Whoever reads is made to wait only where the rows move. */
static void
append (GanderDictionary *self, Rows *to, gconstpointer rows, gsize n)
{
  if (n > to->capacity - to->n)
    {
      if (self->guard != NULL)
        self->guard (self->guard_data);
      to->capacity = MAX (MAX (to->capacity * 2, to->n + n), 64);
      to->rows = g_realloc_n (to->rows, to->capacity, to->row_size);
    }
  if (n > 0)
    memcpy (to->rows + to->n * to->row_size, rows, n * to->row_size);
  __atomic_store_n (&to->n, to->n + n, __ATOMIC_RELEASE);
}

static gconstpointer
get_row (const Rows *self, gsize row)
{
  return self->rows + row * self->row_size;
}

static gboolean
has_row (const Rows *self, gsize row)
{
  return row < __atomic_load_n (&self->n, __ATOMIC_ACQUIRE);
}

GanderStringId
gander_dictionary_intern_string (GanderDictionary *self, const char *bytes, gsize size)
{
  guint64 hash = hash_bytes (self->seed, (const guint8 *)bytes, size);
  guint32 i = (guint32)hash & self->string_table.mask;
  Run run = { .begin = self->bytes.n, .size = size };
  guint32 number;

  while ((number = content_table_next (&self->string_table, hash, &i)) != GANDER_ID_NONE)
    {
      const Run *known = get_row (&self->strings, number);

      if (known->size == size && memcmp (get_row (&self->bytes, known->begin), bytes, size) == 0)
        return number;
    }

  append (self, &self->bytes, bytes, size);
  append (self, &self->bytes, "", 1);
  append (self, &self->strings, &run, 1);
  content_table_add (&self->string_table, hash);
  return (GanderStringId)self->strings.n - 1;
}

guint32
gander_dictionary_intern_frame (GanderDictionary *self, const GanderFrame *frame)
{
  guint64 hash = gander_id_map_hash (self->seed ^ frame->pc);
  guint32 i;
  guint32 number;

  hash = gander_id_map_hash (hash ^ ((guint64)frame->function << 32 | frame->file));
  hash = gander_id_map_hash (hash ^ frame->line);
  i = (guint32)hash & self->frame_table.mask;
  while ((number = content_table_next (&self->frame_table, hash, &i)) != GANDER_ID_NONE)
    {
      const GanderFrame *known = get_row (&self->frames, number);

      if (known->pc == frame->pc && known->function == frame->function &&
          known->file == frame->file && known->line == frame->line)
        return number;
    }

  append (self, &self->frames, frame, 1);
  content_table_add (&self->frame_table, hash);
  return (guint32)self->frames.n - 1;
}

GanderStackId
gander_dictionary_intern_frames (GanderDictionary *self, const guint32 *numbers, guint n_frames)
{
  gsize size = n_frames * sizeof *numbers;
  guint64 hash = hash_bytes (self->seed, (const guint8 *)numbers, size);
  guint32 i = (guint32)hash & self->stack_table.mask;
  Run run = { .begin = self->numbers.n, .size = n_frames };
  guint32 number;

  while ((number = content_table_next (&self->stack_table, hash, &i)) != GANDER_ID_NONE)
    {
      const Run *known = get_row (&self->stacks, number);

      if (known->size == n_frames &&
          (n_frames == 0 || memcmp (get_row (&self->numbers, known->begin), numbers, size) == 0))
        return number;
    }

  append (self, &self->numbers, numbers, n_frames);
  append (self, &self->stacks, &run, 1);
  content_table_add (&self->stack_table, hash);
  return (GanderStackId)self->stacks.n - 1;
}

GanderStackId
gander_dictionary_intern_stack (GanderDictionary *self, const GanderFrame *frames, guint n_frames)
{
  g_autofree guint32 *numbers = g_new (guint32, MAX (1, n_frames));

  for (guint i = 0; i < n_frames; i++)
    numbers[i] = gander_dictionary_intern_frame (self, &frames[i]);
  return gander_dictionary_intern_frames (self, numbers, n_frames);
}

guint32
gander_dictionary_get_n_strings (const GanderDictionary *self)
{
  return (guint32)self->strings.n;
}

guint32
gander_dictionary_get_n_stacks (const GanderDictionary *self)
{
  return (guint32)self->stacks.n;
}

const char *
gander_dictionary_get_string (const GanderDictionary *self, GanderStringId id, gsize *size)
{
  const Run *run;

  g_return_val_if_fail (has_row (&self->strings, id), NULL);

  run = get_row (&self->strings, id);
  if (size != NULL)
    *size = run->size;
  return get_row (&self->bytes, run->begin);
}

guint32
gander_dictionary_get_n_frames (const GanderDictionary *self)
{
  return (guint32)self->frames.n;
}

const GanderFrame *
gander_dictionary_get_frame (const GanderDictionary *self, guint32 frame)
{
  g_return_val_if_fail (has_row (&self->frames, frame), NULL);
  return get_row (&self->frames, frame);
}

const guint32 *
gander_dictionary_get_stack (const GanderDictionary *self, GanderStackId id, guint *n_frames)
{
  const Run *run;

  g_return_val_if_fail (has_row (&self->stacks, id), NULL);

  run = get_row (&self->stacks, id);
  *n_frames = (guint)run->size;
  return get_row (&self->numbers, run->begin);
}
