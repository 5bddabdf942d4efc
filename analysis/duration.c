/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/duration.h"

#include "analysis/analysis-error.h"

#include <string.h>

#define NARROW_SPACE   "\xe2\x80\xaf" /* U+202F NARROW NO-BREAK SPACE */
#define MINUS          "\xe2\x88\x92" /* U+2212 MINUS SIGN */
#define MICRO          "\xc2\xb5"
#define MAX_MAGNITUDE  (G_GUINT64_CONSTANT (1) << 63)
#define FRACTION_LIMIT G_GUINT64_CONSTANT (100000000000000000) /* keeps 10 times it in 64 bits */

static const struct
{
  const char *name;
  guint64 ns;
} units[] = {
  { "ns", 1 },
  { "us", 1000 },
  { MICRO "s", 1000 }, /* U+00B5 MICRO SIGN */
  { "\xce\xbc"
    "s",
    1000 }, /* U+03BC GREEK SMALL LETTER MU */
  { "ms", 1000 * 1000 },
  { "s", 1000 * 1000 * 1000 },
  { "m", G_GUINT64_CONSTANT (60000000000) },
  { "h", G_GUINT64_CONSTANT (3600000000000) },
};

/* The units a single number is printed with, largest first. */
static const struct
{
  const char *name;
  guint64 ns;
  guint decimals; /* digits after the point down to one nanosecond */
} scales[] = {
  { "s", 1000000000, 9 },
  { "ms", 1000000, 6 },
  { MICRO "s", 1000, 3 },
  { "ns", 1, 0 },
};

static guint64
magnitude (GanderTime duration)
{
  return duration < 0 ? -(guint64)duration : (guint64)duration;
}

static guint64
unit_named (const char *name, gsize size)
{
  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (strlen (units[i].name) == size && memcmp (units[i].name, name, size) == 0)
      return units[i].ns;
  return 0;
}

/* Reads one "1.5ms" at @pos and adds it to @sum; FALSE when it is none or does not fit. */
static gboolean
parse_term (const char **pos, guint64 *sum)
{
  const char *p = *pos;
  const char *unit;
  guint64 whole = 0, fraction = 0, scale = 1, ns;
  unsigned __int128 value;
  gboolean digits = FALSE;

  for (; g_ascii_isdigit (*p); p++, digits = TRUE)
    {
      if (whole > MAX_MAGNITUDE / 10)
        return FALSE;
      whole = whole * 10 + (guint64)(*p - '0');
    }
  if (*p == '.')
    for (p++; g_ascii_isdigit (*p); p++, digits = TRUE)
      if (scale < FRACTION_LIMIT)
        {
          fraction = fraction * 10 + (guint64)(*p - '0');
          scale *= 10;
        }
  unit = p;
  while (*p != '\0' && *p != '.' && !g_ascii_isdigit (*p))
    p++;
  ns = unit_named (unit, (gsize)(p - unit));
  if (!digits || ns == 0)
    return FALSE;

  value = (unsigned __int128)whole * ns + (unsigned __int128)fraction * ns / scale + *sum;
  if (value > MAX_MAGNITUDE)
    return FALSE;
  *sum = (guint64)value;
  *pos = p;
  return TRUE;
}

gboolean
gander_duration_parse (const char *text, GanderTime *out, GError **error)
{
  const char *p = text;
  gboolean negative = *p == '-';
  gboolean good;
  guint64 sum = 0;

  if (*p == '-' || *p == '+')
    p++;
  if (g_str_equal (p, "0"))
    {
      *out = 0;
      return TRUE;
    }
  good = *p != '\0';
  while (good && *p != '\0')
    good = parse_term (&p, &sum);
  if (!good || (!negative && sum == MAX_MAGNITUDE))
    {
      g_set_error (error,
                   GANDER_ANALYSIS_ERROR,
                   GANDER_ANALYSIS_ERROR_BAD_DURATION,
                   "“%s” is not a duration; write it like 1.5ms, 300us, 2h45m",
                   text);
      return FALSE;
    }
  *out = negative ? (GanderTime)(0 - sum) : (GanderTime)sum;
  return TRUE;
}

/* Appends @value / 10^@decimals without trailing zeros. */
static void
append_decimal (GString *out, guint64 value, guint decimals)
{
  char digits[24];
  guint64 scale = 1;

  for (guint i = 0; i < decimals; i++)
    scale *= 10;
  g_string_append_printf (out, "%" G_GUINT64_FORMAT, value / scale);
  if (value % scale == 0)
    return;
  g_snprintf (digits, sizeof digits, "%0*" G_GINT64_MODIFIER "u", (int)decimals, value % scale);
  while (decimals > 0 && digits[decimals - 1] == '0')
    decimals--;
  g_string_append_printf (out, ".%.*s", (int)decimals, digits);
}

char *
gander_duration_to_string (GanderTime duration)
{
  guint64 ns = magnitude (duration);
  guint64 second = scales[0].ns;
  GString *out = g_string_new (duration < 0 ? "-" : "");

  if (ns == 0)
    g_string_append (out, "0s");
  else if (ns < second)
    for (gsize i = 1; i < G_N_ELEMENTS (scales); i++)
      {
        if (ns < scales[i].ns)
          continue;
        append_decimal (out, ns, scales[i].decimals);
        g_string_append (out, scales[i].name);
        break;
      }
  else
    {
      if (ns >= 3600 * second)
        g_string_append_printf (out, "%" G_GUINT64_FORMAT "h", ns / (3600 * second));
      if (ns >= 60 * second)
        g_string_append_printf (out, "%" G_GUINT64_FORMAT "m", ns / (60 * second) % 60);
      append_decimal (out, ns % (60 * second), 9);
      g_string_append_c (out, 's');
    }
  return g_string_free (out, FALSE);
}

GanderTime
gander_duration_round (GanderTime duration)
{
  guint64 ns = magnitude (duration);
  guint64 step = 1;

  while (ns / step >= 10000)
    step *= 10;
  /* Rounding up can carry into a fifth digit, which is then a zero. Near 2^63 it would not fit. */
  if (step > 1 && ns < MAX_MAGNITUDE - step)
    ns = (ns + step / 2) / step * step;
  return duration < 0 ? (GanderTime)(0 - ns) : (GanderTime)ns;
}

char *
gander_duration_to_short (GanderTime duration)
{
  guint64 ns = magnitude (gander_duration_round (duration));
  guint64 seconds = magnitude (duration) / scales[0].ns;
  GString *out = g_string_new (duration < 0 ? MINUS : "");

  if (seconds >= 3600)
    g_string_append_printf (out,
                            "%" G_GUINT64_FORMAT NARROW_SPACE "h %02u" NARROW_SPACE "m",
                            seconds / 3600,
                            (guint)(seconds / 60 % 60));
  else if (seconds >= 60)
    g_string_append_printf (out,
                            "%u" NARROW_SPACE "m %02u" NARROW_SPACE "s",
                            (guint)(seconds / 60),
                            (guint)(seconds % 60));
  else
    for (gsize i = 0; i < G_N_ELEMENTS (scales); i++)
      {
        if (ns < scales[i].ns && scales[i].ns > 1)
          continue;
        append_decimal (out, ns, scales[i].decimals);
        g_string_append_printf (out, NARROW_SPACE "%s", scales[i].name);
        break;
      }
  return g_string_free (out, FALSE);
}

/* Appends @value with its last @digits digits, or all when 0, in groups of three. */
static void
append_grouped (GString *out, guint64 value, guint digits)
{
  char text[24];
  gsize size;

  size = (gsize)
      g_snprintf (text, sizeof text, "%0*" G_GINT64_MODIFIER "u", MAX ((int)digits, 1), value);
  for (gsize i = 0; i < size; i++)
    {
      if (i > 0 && (size - i) % 3 == 0)
        g_string_append (out, NARROW_SPACE);
      g_string_append_c (out, text[i]);
    }
}

char *
gander_duration_to_exact (GanderTime duration)
{
  guint64 ns = magnitude (duration);
  GString *out = g_string_new (duration < 0 ? MINUS : "");

  for (gsize i = 0; i < G_N_ELEMENTS (scales); i++)
    {
      if (ns < scales[i].ns && scales[i].ns > 1)
        continue;
      append_grouped (out, ns / scales[i].ns, 0);
      if (scales[i].decimals > 0)
        {
          g_string_append_c (out, '.');
          append_grouped (out, ns % scales[i].ns, scales[i].decimals);
        }
      g_string_append_printf (out, NARROW_SPACE "%s", scales[i].name);
      break;
    }
  return g_string_free (out, FALSE);
}
