/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/text.h"

#include <math.h>
#include <string.h>

#define NARROW_SPACE "\xe2\x80\xaf" /* U+202F NARROW NO-BREAK SPACE */

char *
gander_text_count (gint64 count)
{
  char digits[24];
  GString *out = g_string_new (count < 0 ? "-" : "");
  guint64 magnitude = count < 0 ? -(guint64)count : (guint64)count;
  gsize size = (gsize)g_snprintf (digits, sizeof digits, "%" G_GUINT64_FORMAT, magnitude);

  for (gsize i = 0; i < size; i++)
    {
      if (i > 0 && (size - i) % 3 == 0)
        g_string_append_c (out, ',');
      g_string_append_c (out, digits[i]);
    }
  return g_string_free (out, FALSE);
}

char *
gander_text_bytes (gint64 bytes)
{
  static const char *const units[] = { "KiB", "MiB", "GiB", "TiB", "PiB" };
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  double value = (double)bytes;
  gsize unit = 0;

  if (bytes > -1024 && bytes < 1024)
    return g_strdup_printf ("%d" NARROW_SPACE "B", (int)bytes);
  /* 1023.95 would be printed as 1024.0. */
  for (value /= 1024; ABS (value) >= 1023.95 && unit + 1 < G_N_ELEMENTS (units); unit++)
    value /= 1024;
  g_ascii_formatd (number, sizeof number, "%.1f", value);
  return g_strdup_printf ("%s" NARROW_SPACE "%s", number, units[unit]);
}

static const struct
{
  const char *name;
  double bytes;
} sizes[] = {
  { "", 1 },
  { "B", 1 },
  { "kB", 1e3 },
  { "KB", 1e3 },
  { "MB", 1e6 },
  { "GB", 1e9 },
  { "TB", 1e12 },
  { "KiB", 1024. },
  { "MiB", 1024. * 1024 },
  { "GiB", 1024. * 1024 * 1024 },
  { "TiB", 1024. * 1024 * 1024 * 1024 },
  { "K", 1024. },
  { "M", 1024. * 1024 },
  { "G", 1024. * 1024 * 1024 },
};

gboolean
gander_text_parse_bytes (const char *text, gint64 *out)
{
  char *unit;
  double number = g_ascii_strtod (text, &unit);

  if (unit == text || !isfinite (number))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    if (g_str_equal (unit, sizes[i].name))
      {
        double bytes = number * sizes[i].bytes;

        if (fabs (bytes) >= 9e18)
          return FALSE;
        *out = (gint64)llround (bytes);
        return TRUE;
      }
  return FALSE;
}

char *
gander_text_share (double share)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  double percent = share * 100;

  g_ascii_formatd (number, sizeof number, ABS (percent) >= 9.95 ? "%.0f" : "%.1f", percent);
  return g_strdup_printf ("%s" NARROW_SPACE "%%", number);
}

static gboolean
is_harmful (gunichar character)
{
  return character < 0x20 || (character >= 0x7f && character <= 0x9f) ||
         (character >= 0x200e && character <= 0x200f) ||
         (character >= 0x2028 && character <= 0x202e) ||
         (character >= 0x2066 && character <= 0x2069);
}

static void
append_escaped (GString *out, gunichar character)
{
  switch (character)
    {
    case '\n':
      g_string_append (out, "\\n");
      break;
    case '\r':
      g_string_append (out, "\\r");
      break;
    case '\t':
      g_string_append (out, "\\t");
      break;
    default:
      g_string_append_printf (out, character < 0x100 ? "\\x%02x" : "\\u%04x", character);
    }
}

char *
gander_text_escape (const char *text)
{
  GString *out = g_string_sized_new (strlen (text));

  while (*text != '\0')
    {
      gunichar character = g_utf8_get_char_validated (text, -1);

      if (character >= (gunichar)-2)
        {
          g_string_append_printf (out, "\\x%02x", (guchar)*text);
          text++;
          continue;
        }
      if (is_harmful (character))
        append_escaped (out, character);
      else
        g_string_append_unichar (out, character);
      text = g_utf8_next_char (text);
    }
  return g_string_free (out, FALSE);
}

const char *
gander_text_short_function (const char *function)
{
  const char *start = function;

  /* A slash behind the first bracket belongs to a type argument or a method's receiver. */
  for (const char *p = function; *p != '\0' && *p != '[' && *p != '('; p++)
    if (*p == '/')
      start = p + 1;
  return start;
}

const char *
gander_text_short_file (const char *file)
{
  const char *slash = strrchr (file, '/');

  return slash == NULL ? file : slash + 1;
}
