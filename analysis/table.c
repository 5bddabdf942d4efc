/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/table.h"

#include "analysis/duration.h"
#include "analysis/text.h"

#include <math.h>
#include <string.h>

typedef union
{
  gint64 integer;
  double share;
  const char *text; /* in the table's chunk; NULL = "" */
} Cell;

struct _GanderTable
{
  gatomicrefcount references;
  GanderColumn *columns;
  guint n_columns;
  guint n_rows;
  GArray *cells; /* of Cell, row after row */
  GStringChunk *texts;
};

GanderTable *
gander_table_new (const GanderColumn *columns, guint n_columns)
{
  GanderTable *self = g_new0 (GanderTable, 1);

  g_atomic_ref_count_init (&self->references);
  self->columns = g_memdup2 (columns, sizeof *columns * n_columns);
  self->n_columns = n_columns;
  self->cells = g_array_new (FALSE, TRUE, sizeof (Cell));
  self->texts = g_string_chunk_new (4096);
  return self;
}

GanderTable *
gander_table_ref (GanderTable *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
gander_table_unref (GanderTable *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_array_unref (self->cells);
  g_string_chunk_free (self->texts);
  g_free (self->columns);
  g_free (self);
}

guint
gander_table_get_n_columns (const GanderTable *self)
{
  return self->n_columns;
}

const GanderColumn *
gander_table_get_column (const GanderTable *self, guint column)
{
  g_return_val_if_fail (column < self->n_columns, NULL);
  return &self->columns[column];
}

int
gander_table_find_column (const GanderTable *self, const char *id)
{
  for (guint i = 0; i < self->n_columns; i++)
    if (g_str_equal (self->columns[i].id, id))
      return (int)i;
  return -1;
}

guint
gander_table_get_n_rows (const GanderTable *self)
{
  return self->n_rows;
}

guint
gander_table_append (GanderTable *self)
{
  g_array_set_size (self->cells, (self->n_rows + 1) * self->n_columns);
  return self->n_rows++;
}

static Cell *
cell_at (const GanderTable *self, guint row, guint column)
{
  return &g_array_index (self->cells, Cell, (gsize)row * self->n_columns + column);
}

static gboolean
has_cell (const GanderTable *self, guint row, guint column)
{
  return row < self->n_rows && column < self->n_columns;
}

static gboolean
is_text (const GanderTable *self, guint column)
{
  return self->columns[column].type <= GANDER_COLUMN_FIGURE;
}

static gboolean
is_integer (const GanderTable *self, guint column)
{
  return !is_text (self, column) && self->columns[column].type != GANDER_COLUMN_SHARE;
}

void
gander_table_set_text (GanderTable *self, guint row, guint column, const char *text)
{
  g_return_if_fail (has_cell (self, row, column));
  g_return_if_fail (is_text (self, column));
  cell_at (self, row, column)->text = g_string_chunk_insert_const (self->texts, text);
}

void
gander_table_set_integer (GanderTable *self, guint row, guint column, gint64 value)
{
  g_return_if_fail (has_cell (self, row, column));
  g_return_if_fail (is_integer (self, column));
  cell_at (self, row, column)->integer = value;
}

void
gander_table_set_share (GanderTable *self, guint row, guint column, double share)
{
  g_return_if_fail (has_cell (self, row, column));
  g_return_if_fail (self->columns[column].type == GANDER_COLUMN_SHARE);
  cell_at (self, row, column)->share = share;
}

const char *
gander_table_get_text (const GanderTable *self, guint row, guint column)
{
  const char *text;

  g_return_val_if_fail (has_cell (self, row, column), "");
  g_return_val_if_fail (is_text (self, column), "");
  text = cell_at (self, row, column)->text;
  return text == NULL ? "" : text;
}

gint64
gander_table_get_integer (const GanderTable *self, guint row, guint column)
{
  g_return_val_if_fail (has_cell (self, row, column), 0);
  g_return_val_if_fail (is_integer (self, column), 0);
  return cell_at (self, row, column)->integer;
}

double
gander_table_get_share (const GanderTable *self, guint row, guint column)
{
  g_return_val_if_fail (has_cell (self, row, column), 0);
  g_return_val_if_fail (self->columns[column].type == GANDER_COLUMN_SHARE, 0);
  return cell_at (self, row, column)->share;
}

void
gander_table_get_value (const GanderTable *self, guint row, guint column, GanderValue *out)
{
  const Cell *cell;

  g_return_if_fail (has_cell (self, row, column));
  cell = cell_at (self, row, column);
  *out = (GanderValue){ .type = self->columns[column].type };
  if (is_text (self, column))
    out->text = cell->text == NULL ? "" : cell->text;
  else if (is_integer (self, column))
    out->integer = cell->integer;
  else
    out->share = cell->share;
}

typedef struct
{
  const GanderTable *table;
  guint column;
  gboolean descending;
} Order;

static int
compare_rows (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Order *order = user_data;
  const GanderTable *self = order->table;
  guint row_a = *(const guint *)a, row_b = *(const guint *)b;
  const Cell *cell_a = cell_at (self, row_a, order->column);
  const Cell *cell_b = cell_at (self, row_b, order->column);
  int result;

  if (is_integer (self, order->column))
    result = (cell_a->integer > cell_b->integer) - (cell_a->integer < cell_b->integer);
  else if (self->columns[order->column].type == GANDER_COLUMN_SHARE)
    result = (cell_a->share > cell_b->share) - (cell_a->share < cell_b->share);
  else
    result = g_strcmp0 (gander_table_get_text (self, row_a, order->column),
                        gander_table_get_text (self, row_b, order->column));
  return order->descending ? -result : result;
}

/* Puts row @rows[i] into place i, for every i. Each chain of rows that take each other's places is
 * walked once, with one of them aside. */
static void
arrange (GanderTable *self, guint *rows)
{
  gsize size = sizeof (Cell) * self->n_columns;
  g_autofree Cell *aside = g_new (Cell, self->n_columns);

  for (guint first = 0; first < self->n_rows; first++)
    {
      guint place = first;

      if (rows[first] == first)
        continue;
      memcpy (aside, cell_at (self, first, 0), size);
      while (rows[place] != first)
        {
          guint from = rows[place];
          memcpy (cell_at (self, place, 0), cell_at (self, from, 0), size);
          rows[place] = place;
          place = from;
        }
      memcpy (cell_at (self, place, 0), aside, size);
      rows[place] = place;
    }
}

void
gander_table_sort (GanderTable *self, guint column, gboolean descending)
{
  g_autofree guint *rows = g_new (guint, self->n_rows);
  Order order = { .table = self, .column = column, .descending = descending };

  g_return_if_fail (column < self->n_columns);

  for (guint i = 0; i < self->n_rows; i++)
    rows[i] = i;
  /* A merge sort, so equal rows keep their order. */
  g_qsort_with_data (rows, (int)self->n_rows, sizeof *rows, compare_rows, &order);
  arrange (self, rows);
}

void
gander_table_filter (GanderTable *self, GanderRowFunc keep, gpointer data)
{
  guint n_kept = 0;

  for (guint row = 0; row < self->n_rows; row++)
    {
      if (!keep (self, row, data))
        continue;
      if (n_kept < row)
        memcpy (cell_at (self, n_kept, 0), cell_at (self, row, 0), self->n_columns * sizeof (Cell));
      n_kept++;
    }
  gander_table_truncate (self, n_kept);
}

void
gander_table_truncate (GanderTable *self, guint n_rows)
{
  if (n_rows >= self->n_rows)
    return;
  self->n_rows = n_rows;
  g_array_set_size (self->cells, n_rows * self->n_columns);
}

/* "47.3 MiB" without the narrow space: plain text is read by awk, too. */
static char *
format_bytes (gint64 bytes)
{
  g_autofree char *text = gander_text_bytes (bytes);
  g_auto (GStrv) parts = g_strsplit (text, "\xe2\x80\xaf", -1);

  return g_strjoinv ("", parts);
}

static char *
format_share (double share)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (isnan (share))
    return g_strdup ("-");
  return g_strdup_printf ("%s%%", g_ascii_formatd (number, sizeof number, "%.1f", share * 100));
}

static char *
format_duration (GanderTime duration, GanderTimesForm form)
{
  if (form == GANDER_TIMES_NS)
    return g_strdup_printf ("%" G_GINT64_FORMAT "ns", duration);
  return gander_duration_to_string (gander_duration_round (duration));
}

#define NS_PER_S G_GINT64_CONSTANT (1000000000)

static char *
format_wall (gint64 unix_ns)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (unix_ns / NS_PER_S);
  g_autofree char *seconds = NULL;

  if (time == NULL)
    return g_strdup ("-");
  seconds = g_date_time_format (time, "%Y-%m-%d %H:%M:%S");
  return g_strdup_printf ("%s.%09d", seconds, (int)(unix_ns % NS_PER_S));
}

static char *
format_time (GanderTime time, const GanderTimesStyle *style)
{
  gint64 unix_ns;

  if (time < 0)
    return g_strdup ("-");
  if (style->form == GANDER_TIMES_WALL && !__builtin_add_overflow (style->wall_ns, time, &unix_ns))
    return format_wall (unix_ns);
  return format_duration (time, style->form);
}

char *
gander_value_format (const GanderValue *value, const GanderTimesStyle *style)
{
  switch (value->type)
    {
    case GANDER_COLUMN_COUNT:
      return gander_text_count (value->integer);
    case GANDER_COLUMN_ID:
      if (value->integer == -1)
        return g_strdup ("-");
      return g_strdup_printf ("%" G_GINT64_FORMAT, value->integer);
    case GANDER_COLUMN_TIME:
      return format_time (value->integer, style);
    case GANDER_COLUMN_DURATION:
      return format_duration (value->integer, style->form);
    case GANDER_COLUMN_BYTES:
      return format_bytes (value->integer);
    case GANDER_COLUMN_SHARE:
      return format_share (value->share);
    case GANDER_COLUMN_TEXT:
    case GANDER_COLUMN_FIGURE:
    case GANDER_N_COLUMN_TYPES:
      break;
    }
  return g_strdup (value->text);
}

char *
gander_table_format_cell (const GanderTable *self, guint row, guint column)
{
  const GanderTimesStyle style = { .form = GANDER_TIMES_AUTO };
  GanderValue value;

  g_return_val_if_fail (has_cell (self, row, column), NULL);
  gander_table_get_value (self, row, column, &value);
  return gander_value_format (&value, &style);
}
