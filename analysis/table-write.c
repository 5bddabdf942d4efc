/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/table-write.h"

#include "analysis/text.h"

#include <math.h>
#include <string.h>

/* Two blanks between columns: a single one occurs inside texts. */
#define GAP 2

static guint
display_width (const char *text)
{
  guint width = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar character = g_utf8_get_char (p);

      width += g_unichar_iszerowidth (character) ? 0 : g_unichar_iswide (character) ? 2 : 1;
    }
  return width;
}

static void
append_padded (GString *out, const char *text, guint width, gboolean right, gboolean last)
{
  guint own = display_width (text);
  guint padding = width > own ? width - own : 0;

  if (right)
    g_string_append_printf (out, "%*s", (int)padding, "");
  g_string_append (out, text);
  if (!right && !last)
    g_string_append_printf (out, "%*s", (int)padding, "");
}

/* Header and cells as escaped texts, n_rows + 1 lines of the columns shown. */
static GPtrArray *
format_all (const GanderTable *self, const GanderTimesStyle *style, GArray *shown)
{
  GPtrArray *texts = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < shown->len; i++)
    {
      guint column = g_array_index (shown, guint, i);

      g_ptr_array_add (texts, g_strdup (gander_table_get_column (self, column)->title));
    }
  for (guint row = 0; row < gander_table_get_n_rows (self); row++)
    for (guint i = 0; i < shown->len; i++)
      {
        g_autofree char *cell = NULL;
        GanderValue value;

        gander_table_get_value (self, row, g_array_index (shown, guint, i), &value);
        cell = gander_value_format (&value, style);
        g_ptr_array_add (texts, gander_text_escape (cell));
      }
  return texts;
}

/* Ends a line without the blanks that an empty last cell leaves behind. */
static void
end_line (GString *out)
{
  while (out->len > 0 && out->str[out->len - 1] == ' ')
    g_string_truncate (out, out->len - 1);
  g_string_append_c (out, '\n');
}

void
gander_table_write_text (const GanderTable *self, GString *out)
{
  const GanderTimesStyle style = { .form = GANDER_TIMES_AUTO };

  gander_table_write_text_styled (self, &style, out);
}

void
gander_table_write_text_styled (const GanderTable *self,
                                const GanderTimesStyle *style,
                                GString *out)
{
  g_autoptr (GArray) shown = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GPtrArray) texts = NULL;
  g_autofree guint *widths = NULL;

  for (guint column = 0; column < gander_table_get_n_columns (self); column++)
    if (!gander_table_get_column (self, column)->detail)
      g_array_append_val (shown, column);
  if (shown->len == 0)
    return;
  texts = format_all (self, style, shown);
  widths = g_new0 (guint, shown->len);
  for (guint i = 0; i < texts->len; i++)
    widths[i % shown->len] =
        MAX (widths[i % shown->len], display_width (g_ptr_array_index (texts, i)));

  for (guint i = 0; i < texts->len; i++)
    {
      guint place = i % shown->len;
      guint column = g_array_index (shown, guint, place);
      gboolean last = place + 1 == shown->len;
      gboolean right = gander_table_get_column (self, column)->type != GANDER_COLUMN_TEXT;

      append_padded (out, g_ptr_array_index (texts, i), widths[place], right, last);
      g_string_append_printf (out, "%*s", last ? 0 : GAP, "");
      if (last)
        end_line (out);
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
      g_string_append_printf (out,
                              "%" G_GINT64_FORMAT,
                              gander_table_get_integer (self, row, column));
    }
}

void
gander_table_write_separated (const GanderTable *self, char separator, GString *out)
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
    }
}
