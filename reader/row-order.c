/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/row-order.h"

#include <string.h>

#define DIGIT_BITS 11
#define DIGITS     (1u << DIGIT_BITS)

/* A row that is sorted. */
typedef struct
{
  guint64 key;
  guint32 number;
} Entry;

/* What orders rows of one key. */
typedef struct
{
  GCompareFunc compare;
  const guint8 *rows;
  gsize row_size;
} Ties;

static inline guint
get_digit (const Entry *entry, guint shift)
{
  return (guint)(entry->key >> shift) & (DIGITS - 1);
}

/* Sorts by one digit of the key; those of the same digit stay as they are. */
static void
sort_by_digit (const Entry *from, guint n, guint shift, Entry *to)
{
  guint32 next[DIGITS] = { 0 };
  guint32 first = 0;

  for (guint i = 0; i < n; i++)
    next[get_digit (&from[i], shift)]++;
  for (guint digit = 0; digit < DIGITS; digit++)
    {
      guint32 count = next[digit];
      next[digit] = first;
      first += count;
    }
  for (guint i = 0; i < n; i++)
    to[next[get_digit (&from[i], shift)]++] = from[i];
}

static int
compare_entries (gconstpointer a, gconstpointer b, gpointer data)
{
  const Ties *ties = data;
  const Entry *x = a;
  const Entry *y = b;

  return ties->compare (ties->rows + x->number * ties->row_size,
                        ties->rows + y->number * ties->row_size);
}

/* Sorts entries of the same key, few as a rule. */
static void
sort_ties (Ties *ties, Entry *entries, guint n)
{
  for (guint first = 0, end = 0; first < n; first = end)
    {
      for (end = first + 1; end < n && entries[end].key == entries[first].key;)
        end++;
      if (end - first > 1)
        g_qsort_with_data (entries + first,
                           (gint)(end - first),
                           sizeof *entries,
                           compare_entries,
                           ties);
    }
}

gboolean
gander_row_order_sort (const GanderRowOrder *self,
                       gconstpointer rows,
                       guint n,
                       gsize row_size,
                       gpointer out)
{
  g_autofree Entry *memory = g_try_new (Entry, 2 * (gsize)n);
  Entry *entries = memory;
  Entry *spare = memory + n;
  Ties ties = { .compare = self->compare, .rows = rows, .row_size = row_size };
  guint64 different = 0; /* bits */

  if (memory == NULL && n > 0)
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      entries[i].key = gander_row_order_get_key (self, ties.rows + i * row_size);
      entries[i].number = i;
      different |= entries[i].key ^ entries[0].key;
    }
  for (guint shift = 0; shift < 64 && different >> shift != 0; shift += DIGIT_BITS)
    if ((different >> shift & (DIGITS - 1)) != 0)
      {
        Entry *sorted = spare;
        sort_by_digit (entries, n, shift, sorted);
        spare = entries;
        entries = sorted;
      }
  if (ties.compare != NULL)
    sort_ties (&ties, entries, n);
  for (guint i = 0; i < n; i++)
    memcpy ((guint8 *)out + i * row_size, ties.rows + entries[i].number * row_size, row_size);
  return TRUE;
}
