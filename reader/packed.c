/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/packed.h"

#include "reader/unaligned.h"

#include <string.h>

#define SLACK GANDER_BLOCK_SLACK

/* Bits of a number that can be loaded with what begins in the same byte; a wider one takes 64, so
 * that it begins with a byte. */
#define MAX_BITS 57

/* Bytes of a group before its columns: the base of each, then the bits of each. */
#define HEADER_SIZE(n_columns) ((n_columns) * (sizeof (guint64) + 1))

/* A group of rows. */
typedef struct
{
  const guint8 *bases;
  const guint8 *columns;
  guint n;
  guint8 bits[GANDER_PACKED_MAX_COLUMNS];
  guint16 at[GANDER_PACKED_MAX_COLUMNS]; /* where each column begins */
} Group;

static void
report_broken (const GanderPacked *self)
{
  if (self->pages.broken != NULL)
    g_atomic_int_set (self->pages.broken, 1);
}

gboolean
gander_packed_init (GanderPacked *self, const GanderPackedShape *shape, const GanderPageSums *pages)
{
  guint64 n_groups = 0;

  *self = (GanderPacked){ .shape = shape, .pages = *pages };
  if (pages->size < SLACK + sizeof (guint64))
    return FALSE;
  (void)gander_page_sums_check (pages, pages->size - sizeof (guint64), sizeof (guint64));
  self->n = gander_unaligned_load (pages->bytes + pages->size - sizeof (guint64), 8);
  n_groups = self->n / GANDER_PACKED_ROWS + (self->n % GANDER_PACKED_ROWS != 0);
  if (n_groups > (pages->size - SLACK) / sizeof (guint64) - 1)
    return FALSE;
  self->directory = pages->size - (n_groups + 1) * sizeof (guint64);
  return TRUE;
}

/* Returns: where group @group begins, or the last one ends. */
static guint64
get_offset (const GanderPacked *self, guint64 group)
{
  guint64 at = self->directory + group * sizeof (guint64);

  if (at == self->pages.size - sizeof (guint64))
    return self->directory - SLACK;
  (void)gander_page_sums_check (&self->pages, at, sizeof (guint64));
  return gander_unaligned_load (self->pages.bytes + at, 8);
}

static inline guint
get_column_size (const Group *group, guint column)
{
  return (group->n * group->bits[column] + 7) / 8;
}

/* What is compared is a copy: the file may change. */
static gboolean
read_header (const GanderPacked *self, Group *group, guint64 begin, guint64 end)
{
  guint n_columns = self->shape->n_columns;
  guint64 first = begin + HEADER_SIZE (n_columns);
  guint at = 0;

  if (first > end)
    return FALSE;
  group->bases = self->pages.bytes + begin;
  group->columns = self->pages.bytes + first;
  memcpy (group->bits, group->bases + n_columns * sizeof (guint64), n_columns);
  for (guint i = 0; i < n_columns; i++)
    {
      if (G_UNLIKELY (group->bits[i] > MAX_BITS && group->bits[i] != 64))
        return FALSE;
      group->at[i] = (guint16)at;
      at += get_column_size (group, i);
    }
  return at <= end - first;
}

/* Returns: bytes of a group at most. */
static gsize
get_max_size (const GanderPackedShape *shape)
{
  return HEADER_SIZE (shape->n_columns) + shape->n_columns * GANDER_PACKED_ROWS * sizeof (guint64);
}

/* Returns: FALSE when the group of @row cannot be read. */
static gboolean
read_group (const GanderPacked *self, guint64 row, Group *group)
{
  guint64 number = row / GANDER_PACKED_ROWS;
  guint64 begin = get_offset (self, number);
  guint64 end = get_offset (self, number + 1);

  group->n = (guint)MIN (self->n - number * GANDER_PACKED_ROWS, GANDER_PACKED_ROWS);
  if (begin <= end && end <= self->directory - SLACK && end - begin <= get_max_size (self->shape) &&
      gander_page_sums_check (&self->pages, begin, end - begin) &&
      read_header (self, group, begin, end))
    return TRUE;
  report_broken (self);
  return FALSE;
}

/* Returns: number @i of a column of @bits, whose base is at @base. */
static inline guint64
load (const guint8 *column, const guint8 *base, guint bits, guint i)
{
  guint at = i * bits;
  guint64 number = gander_unaligned_load (column + at / 8, 8) >> at % 8;
  guint64 mask = bits == 64 ? G_MAXUINT64 : (G_GUINT64_CONSTANT (1) << bits) - 1;

  return gander_unaligned_load (base, 8) + (number & mask);
}

static inline void
store (guint8 *row, const GanderPackedColumn *column, guint64 number)
{
  if (column->size == sizeof (guint32))
    memcpy (row + column->offset, &(guint32){ (guint32)number }, sizeof (guint32));
  else
    memcpy (row + column->offset, &number, sizeof number);
}

void
gander_packed_get (const GanderPacked *self, guint64 row, gpointer out)
{
  const GanderPackedShape *shape = self->shape;
  guint64 numbers[GANDER_PACKED_MAX_COLUMNS];
  Group group;

  memset (out, 0, shape->row_size);
  if (!read_group (self, row, &group))
    return;
  for (guint i = 0; i < shape->n_columns; i++)
    {
      const GanderPackedColumn *column = &shape->columns[i];
      numbers[i] = load (group.columns + group.at[i],
                         group.bases + i * 8,
                         group.bits[i],
                         row % GANDER_PACKED_ROWS);
      if (column->relative_to >= 0)
        numbers[i] += numbers[column->relative_to];
      store (out, column, numbers[i]);
    }
}

guint
gander_packed_get_some (const GanderPacked *self, guint64 first, guint n, gpointer out)
{
  const GanderPackedShape *shape = self->shape;
  guint64 numbers[GANDER_PACKED_MAX_COLUMNS][GANDER_PACKED_ROWS];
  guint from = (guint)(first % GANDER_PACKED_ROWS);
  Group group;
  gboolean good = read_group (self, first, &group);

  n = CLAMP (n, 1, group.n - from);
  memset (out, 0, n * shape->row_size);
  for (guint i = 0; good && i < shape->n_columns; i++)
    {
      const GanderPackedColumn *column = &shape->columns[i];
      guint8 *row = out;
      for (guint k = 0; k < n; k++)
        numbers[i][k] =
            load (group.columns + group.at[i], group.bases + i * 8, group.bits[i], from + k);
      if (column->relative_to >= 0)
        for (guint k = 0; k < n; k++)
          numbers[i][k] += numbers[column->relative_to][k];
      for (guint k = 0; k < n; k++, row += shape->row_size)
        store (row, column, numbers[i][k]);
    }
  return n;
}

/* Returns: the number in @column of row @i of a group. */
static guint64
get_number (const GanderPacked *self, const Group *group, guint column, guint i)
{
  guint64 number = 0;

  for (gint at = (gint)column; at >= 0; at = self->shape->columns[at].relative_to)
    number += load (group->columns + group->at[at], group->bases + at * 8, group->bits[at], i);
  return number;
}

gint64
gander_packed_get_number (const GanderPacked *self, guint64 row, guint column)
{
  Group group;

  if (!read_group (self, row, &group))
    return 0;
  return (gint64)get_number (self, &group, column, row % GANDER_PACKED_ROWS);
}

/* Returns: the first row of [@first, @end), which are of one group, as gander_packed_find (). */
static guint64
find_in_group (const GanderPacked *self, guint64 first, guint64 end, guint column, guint64 value)
{
  Group group;

  if (!read_group (self, first, &group))
    return first;
  while (first < end)
    {
      guint64 middle = first + (end - first) / 2;
      if (get_number (self, &group, column, middle % GANDER_PACKED_ROWS) >= value)
        end = middle;
      else
        first = middle + 1;
    }
  return first;
}

static inline gboolean
begins_below (const GanderPacked *self, guint64 group, guint column, guint64 value)
{
  return (guint64)gander_packed_get_number (self, group * GANDER_PACKED_ROWS, column) < value;
}

/* Finds the row in groups from @low to @high. */
static guint64
find_in_groups (const GanderPacked *self,
                guint64 low,
                guint64 high,
                guint64 first,
                guint64 end,
                guint column,
                guint64 value)
{
  /* The last group that begins below @value has the row, unless that is where the next begins. */
  while (low < high)
    {
      guint64 middle = high - (high - low) / 2;
      if (begins_below (self, middle, column, value))
        low = middle;
      else
        high = middle - 1;
    }
  return find_in_group (self,
                        MAX (first, low * GANDER_PACKED_ROWS),
                        MIN (end, (low + 1) * GANDER_PACKED_ROWS),
                        column,
                        value);
}

guint64
gander_packed_find (const GanderPacked *self,
                    guint64 first,
                    guint64 end,
                    guint column,
                    guint64 value)
{
  if (first >= end)
    return end;
  return find_in_groups (self,
                         first / GANDER_PACKED_ROWS,
                         (end - 1) / GANDER_PACKED_ROWS,
                         first,
                         end,
                         column,
                         value);
}

guint64
gander_packed_find_near (const GanderPacked *self,
                         guint64 first,
                         guint64 end,
                         guint column,
                         guint64 value)
{
  guint64 low = first / GANDER_PACKED_ROWS;
  guint64 high = 0;
  guint64 step = 1;

  if (first >= end)
    return end;
  high = (end - 1) / GANDER_PACKED_ROWS;
  while (step <= high - low && begins_below (self, low + step, column, value))
    {
      low += step;
      step *= 2;
    }
  return find_in_groups (self, low, MIN (high, low + step - 1), first, end, column, value);
}

void
gander_packer_init (GanderPacker *self,
                    GanderIndexFile *file,
                    GanderSection section,
                    const char *directory)
{
  const GanderPackedShape *shape = gander_section_get_shape (section);

  *self = (GanderPacker){ .shape = shape,
                          .file = file,
                          .rows = g_malloc (GANDER_PACKED_ROWS * shape->row_size),
                          .bytes = g_malloc (get_max_size (shape) + SLACK) };
  gander_row_file_init (&self->groups, sizeof (guint64), directory);
  gander_index_file_begin (file, section);
}

void
gander_packer_clear (GanderPacker *self)
{
  g_clear_pointer (&self->rows, g_free);
  g_clear_pointer (&self->bytes, g_free);
  gander_row_file_clear (&self->groups);
}

/* Narrow members as the signed numbers they are: none is -1. */
static void
gather (const GanderPacker *self, guint column, guint64 *numbers)
{
  gsize row_size = self->shape->row_size;
  const guint8 *at = self->rows + self->shape->columns[column].offset;

  if (self->shape->columns[column].size == sizeof (gint32))
    for (guint i = 0; i < self->n; i++, at += row_size)
      {
        gint32 number = 0;
        memcpy (&number, at, sizeof number);
        numbers[i] = (guint64)number;
      }
  else
    for (guint i = 0; i < self->n; i++, at += row_size)
      memcpy (&numbers[i], at, sizeof *numbers);
}

/* Returns: behind the last byte. */
static guint8 *
store_bits (guint8 *at, const guint64 *numbers, guint n, guint64 base, guint bits)
{
  guint64 held = 0;
  guint n_held = 0;

  for (guint i = 0; bits > 0 && i < n; i++)
    {
      guint64 number = numbers[i] - base;
      held |= number << n_held;
      n_held += bits;
      if (n_held < 64)
        continue;
      gander_unaligned_store (at, held);
      at += 8;
      n_held -= 64;
      held = n_held == 0 ? 0 : number >> (bits - n_held);
    }
  gander_unaligned_store (at, held);
  return at + (n_held + 7) / 8;
}

/* Takes off what the numbers have in common. Returns: the least of them. */
static gint64
find_base (const guint64 *numbers, guint n, guint8 *bits)
{
  gint64 least = (gint64)numbers[0];
  gint64 most = least;
  guint64 range = 0;

  for (guint i = 1; i < n; i++)
    {
      least = MIN (least, (gint64)numbers[i]);
      most = MAX (most, (gint64)numbers[i]);
    }
  range = (guint64)most - (guint64)least;
  *bits = (guint8)(range == 0 ? 0 : 64 - __builtin_clzll (range));
  if (*bits > MAX_BITS)
    *bits = 64;
  return least;
}

void
gander_packer_end_group (GanderPacker *self)
{
  const GanderPackedShape *shape = self->shape;
  guint64 numbers[GANDER_PACKED_MAX_COLUMNS][GANDER_PACKED_ROWS];
  guint64 begin = GUINT64_TO_LE (gander_index_file_get_size (self->file));
  guint8 *bits = self->bytes + shape->n_columns * sizeof (guint64);
  guint8 *at = self->bytes + HEADER_SIZE (shape->n_columns);

  for (guint i = 0; i < shape->n_columns; i++)
    gather (self, i, numbers[i]);
  /* From behind: what others are relative to comes before them. */
  for (guint i = shape->n_columns; i-- > 0;)
    if (shape->columns[i].relative_to >= 0)
      for (guint k = 0; k < self->n; k++)
        numbers[i][k] -= numbers[shape->columns[i].relative_to][k];
  for (guint i = 0; i < shape->n_columns; i++)
    {
      gint64 base = find_base (numbers[i], self->n, &bits[i]);
      gander_unaligned_store (self->bytes + i * sizeof base, (guint64)base);
      at = store_bits (at, numbers[i], self->n, (guint64)base, bits[i]);
    }
  gander_row_file_add (&self->groups, &begin);
  gander_index_file_append (self->file, self->bytes, (gsize)(at - self->bytes));
  self->n_rows += self->n;
  self->n = 0;
}

gboolean
gander_packer_finish (GanderPacker *self, GError **error)
{
  static const guint8 slack[SLACK] = { 0 };
  const guint64 *groups = NULL;
  guint64 n = 0;

  if (self->n > 0)
    gander_packer_end_group (self);
  groups = gander_row_file_map (&self->groups, error);
  if (groups == NULL)
    return FALSE;
  gander_index_file_append (self->file, slack, sizeof slack);
  gander_index_file_append (self->file,
                            groups,
                            gander_row_file_get_n (&self->groups) * sizeof *groups);
  n = GUINT64_TO_LE (self->n_rows);
  gander_index_file_append (self->file, &n, sizeof n);
  gander_index_file_end (self->file);
  return TRUE;
}
