/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/table-write.h"

#include "analysis/text.h"

#include <math.h>
#include <string.h>

/* Two blanks between columns: a single one occurs inside texts. */
#define GAP 2

/* Text is given away when it has grown to this. */
#define CHUNK ((gsize)64 << 10)

static guint
display_width (const char *text)
{
  guint width = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar character = (guchar)*p;

      if (character >= 0x80)
        {
          character = g_utf8_get_char (p);
          width += g_unichar_iszerowidth (character) ? 0 : g_unichar_iswide (character) ? 2 : 1;
        }
      else
        width++;
    }
  return width;
}

static void
append_blanks (GString *out, guint n)
{
  while (n-- > 0)
    g_string_append_c (out, ' ');
}

static void
append_padded (GString *out, const char *text, guint width, gboolean right)
{
  guint own = display_width (text);
  guint padding = width > own ? width - own : 0;

  if (right)
    append_blanks (out, padding);
  g_string_append (out, text);
  if (!right)
    append_blanks (out, padding);
}

/* A column that is shown. */
typedef struct
{
  guint column;
  guint width;
  gboolean right;
} Shown;

static void
add_cell (GString *cells, Shown *shown, const char *text)
{
  shown->width = MAX (shown->width, display_width (text));
  g_string_append_len (cells, text, (gssize)strlen (text) + 1);
}

/* Returns: (transfer full) the header and the cells, line by line, each ended by a NUL; and finds
 * the widths. */
static GString *
format_all (const GanderTable *self, const GanderTimesStyle *style, GArray *columns)
{
  GString *cells = g_string_new (NULL);

  for (guint i = 0; i < columns->len; i++)
    {
      Shown *shown = &g_array_index (columns, Shown, i);
      add_cell (cells, shown, gander_table_get_column (self, shown->column)->title);
    }
  for (guint row = 0; row < gander_table_get_n_rows (self); row++)
    for (guint i = 0; i < columns->len; i++)
      {
        Shown *shown = &g_array_index (columns, Shown, i);
        g_autofree char *text = NULL;
        GanderValue value;

        gander_table_get_value (self, row, shown->column, &value);
        text = gander_value_format (&value, style);
        if (gander_table_get_column (self, shown->column)->type <= GANDER_COLUMN_FIGURE)
          {
            g_autofree char *escaped = gander_text_escape (text);
            add_cell (cells, shown, escaped);
          }
        else
          add_cell (cells, shown, text);
      }
  return cells;
}

/* Ends a line without the blanks that an empty last cell leaves behind. */
static void
end_line (GString *out)
{
  while (out->len > 0 && out->str[out->len - 1] == ' ')
    g_string_truncate (out, out->len - 1);
  g_string_append_c (out, '\n');
}

static void
flush_if_long (GString *out, GanderTextFlush flush, gpointer data)
{
  if (flush != NULL && out->len >= CHUNK)
    flush (out, data);
}

void
gander_table_write_text (const GanderTable *self, GString *out)
{
  const GanderTimesStyle style = { .form = GANDER_TIMES_AUTO };

  gander_table_write_text_styled (self, &style, out, NULL, NULL);
}

void
gander_table_write_text_styled (const GanderTable *self,
                                const GanderTimesStyle *style,
                                GString *out,
                                GanderTextFlush flush,
                                gpointer data)
{
  g_autoptr (GArray) columns = g_array_new (FALSE, FALSE, sizeof (Shown));
  g_autoptr (GString) cells = NULL;
  const char *cell = NULL;

  for (guint column = 0; column < gander_table_get_n_columns (self); column++)
    {
      const GanderColumn *facts = gander_table_get_column (self, column);
      Shown shown = { .column = column, .right = facts->type != GANDER_COLUMN_TEXT };
      if (!facts->detail)
        g_array_append_val (columns, shown);
    }
  if (columns->len == 0)
    return;
  cells = format_all (self, style, columns);
  cell = cells->str;
  while (cell < cells->str + cells->len)
    {
      for (guint i = 0; i < columns->len; i++, cell += strlen (cell) + 1)
        {
          const Shown *shown = &g_array_index (columns, Shown, i);
          append_blanks (out, i > 0 ? GAP : 0);
          append_padded (out, cell, shown->width, shown->right);
        }
      end_line (out);
      flush_if_long (out, flush, data);
    }
}

static void
append_text_cell (GString *out, const char *text, char separator)
{
  /* What a spreadsheet takes for the start of a formula. */
  gboolean formula = text[0] != '\0' && strchr ("=+-@\t\r", text[0]) != NULL;
  gboolean quoted = formula || strchr (text, '"') != NULL || strchr (text, separator) != NULL ||
                    strpbrk (text, "\r\n") != NULL;

  if (!quoted)
    {
      g_string_append (out, text);
      return;
    }
  g_string_append_c (out, '"');
  if (formula)
    g_string_append_c (out, '\'');
  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '"')
        g_string_append_c (out, '"');
      g_string_append_c (out, *p);
    }
  g_string_append_c (out, '"');
}

static void
append_integer (GString *out, gint64 value)
{
  char digits[24];
  char *const end = digits + sizeof digits;
  char *p = end;
  guint64 rest = value < 0 ? -(guint64)value : (guint64)value;

  do
    *--p = (char)('0' + rest % 10);
  while ((rest /= 10) != 0);
  if (value < 0)
    *--p = '-';
  g_string_append_len (out, p, end - p);
}

static void
append_raw_cell (const GanderTable *self, guint row, guint column, char separator, GString *out)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  switch (gander_table_get_column (self, column)->type)
    {
    case GANDER_COLUMN_TEXT:
    case GANDER_COLUMN_FIGURE:
      append_text_cell (out, gander_table_get_text (self, row, column), separator);
      break;
    case GANDER_COLUMN_SHARE:
      if (isnan (gander_table_get_share (self, row, column)))
        break;
      g_ascii_formatd (number, sizeof number, "%.6f", gander_table_get_share (self, row, column));
      g_string_append (out, number);
      break;
    default:
      append_integer (out, gander_table_get_integer (self, row, column));
    }
}

void
gander_table_write_separated (const GanderTable *self,
                              char separator,
                              GString *out,
                              GanderTextFlush flush,
                              gpointer data)
{
  guint n_columns = gander_table_get_n_columns (self);
  const char *line_end = separator == ',' ? "\r\n" : "\n";

  for (guint column = 0; column < n_columns; column++)
    g_string_append_printf (out,
                            "%.*s%s",
                            column > 0,
                            &separator,
                            gander_table_get_column (self, column)->id);
  g_string_append (out, line_end);
  for (guint row = 0; row < gander_table_get_n_rows (self); row++)
    {
      for (guint column = 0; column < n_columns; column++)
        {
          if (column > 0)
            g_string_append_c (out, separator);
          append_raw_cell (self, row, column, separator, out);
        }
      g_string_append (out, line_end);
      flush_if_long (out, flush, data);
    }
}
