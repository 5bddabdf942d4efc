/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/row-order.h"

#define DIGIT_BITS 11
#define DIGITS     (1u << DIGIT_BITS)

/* An entry stands for a row: its number, and above that a part of its key, as a rule all that is
 * different. */
#define NUMBER_BITS 20
#define KEY_BITS    (64 - NUMBER_BITS)

typedef struct
{
  const GanderRowOrder *order;
  const guint8 *rows;
  gsize row_size;
  guint n;
  guint64 *entries;
  guint64 *spare; /* of as many */
} Sort;

static inline const guint8 *
get_row (const Sort *self, guint64 entry)
{
  return self->rows + (entry & ((1u << NUMBER_BITS) - 1)) * self->row_size;
}

static inline guint64
get_key (const Sort *self, guint64 entry)
{
  return gander_row_order_get_key (self->order, get_row (self, entry));
}

/* Numbers the rows. Returns: the bits in which their keys differ. */
static guint64
number_rows (Sort *self)
{
  guint64 different = 0;

  for (guint i = 0; i < self->n; i++)
    {
      self->entries[i] = i;
      different |= get_key (self, i) ^ get_key (self, 0);
    }
  return different;
}

/* Sorts by one digit; those of the same digit stay as they are. */
static void
sort_by_digit (Sort *self, guint shift)
{
  guint64 *from = self->entries;
  guint64 *to = self->spare;
  guint32 next[DIGITS] = { 0 };
  guint32 first = 0;

  for (guint i = 0; i < self->n; i++)
    next[from[i] >> shift & (DIGITS - 1)]++;
  for (guint digit = 0; digit < DIGITS; digit++)
    {
      guint32 count = next[digit];
      next[digit] = first;
      first += count;
    }
  for (guint i = 0; i < self->n; i++)
    to[next[from[i] >> shift & (DIGITS - 1)]++] = from[i];
  self->entries = to;
  self->spare = from;
}

/* Sorts by KEY_BITS of the key, from bit @part on. */
static void
sort_by_part (Sort *self, guint64 different, guint part)
{
  different = different >> part << NUMBER_BITS;
  for (guint i = 0; i < self->n; i++)
    {
      guint64 number = self->entries[i] & ((1u << NUMBER_BITS) - 1);
      self->entries[i] = get_key (self, number) >> part << NUMBER_BITS | number;
    }
  for (guint shift = NUMBER_BITS; shift < 64 && different >> shift != 0; shift += DIGIT_BITS)
    if ((different >> shift & (DIGITS - 1)) != 0)
      sort_by_digit (self, shift);
}

static int
compare_entries (gconstpointer a, gconstpointer b, gpointer data)
{
  const Sort *self = data;

  return self->order->compare (get_row (self, *(const guint64 *)a),
                               get_row (self, *(const guint64 *)b));
}

/* Sorts the rows of each key, few as a rule. */
static void
sort_ties (Sort *self)
{
  for (guint first = 0, end = 0; first < self->n; first = end)
    {
      guint64 key = get_key (self, self->entries[first]);
      for (end = first + 1; end < self->n && get_key (self, self->entries[end]) == key;)
        end++;
      if (end - first > 1)
        g_qsort_with_data (self->entries + first,
                           (gint)(end - first),
                           sizeof *self->entries,
                           compare_entries,
                           self);
    }
}

static void
copy_rows (const Sort *self, guint64 *out)
{
  for (guint i = 0; i < self->n; i++)
    {
      const guint64 *row = (gconstpointer)get_row (self, self->entries[i]);
      for (gsize k = 0; k < self->row_size / sizeof *row; k++)
        *out++ = row[k];
    }
}

gboolean
gander_row_order_sort (const GanderRowOrder *self,
                       gconstpointer rows,
                       guint n,
                       gsize row_size,
                       gpointer out)
{
  g_autofree guint64 *memory = g_try_new (guint64, 2 * (gsize)n);
  Sort sort = { .order = self,
                .rows = rows,
                .row_size = row_size,
                .n = n,
                .entries = memory,
                .spare = memory + n };
  guint64 different = 0;

  g_return_val_if_fail (n <= 1u << NUMBER_BITS && row_size % sizeof (guint64) == 0, FALSE);
  if (memory == NULL)
    return n == 0;
  different = number_rows (&sort);
  for (guint part = 0; part < 64 && different >> part != 0; part += KEY_BITS)
    sort_by_part (&sort, different, part);
  if (self->compare != NULL)
    sort_ties (&sort);
  copy_rows (&sort, out);
  return TRUE;
}
