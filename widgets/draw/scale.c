/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/draw/scale.h"

#include <langinfo.h>
#include <locale.h>
#include <math.h>

#define GRAINS 16 /* to a pixel: a thirtieth of its height is wrong at most */

#define FAR 32000 /* px; beyond this cairo's fixed point would wrap */

/* Narrow no-break space. */
#define NNBSP "\u202f"
#define MINUS "\u2212"

void
gander_scale_init (GanderScale *self, GanderTime begin, GanderTime end, int width)
{
  self->begin = begin;
  self->end = MAX (end, begin + 1);
  self->width = MAX (width, 1);
  self->per_pixel = (double)(self->end - begin) / self->width;
  self->first = llround ((double)begin / self->per_pixel);
  self->grain = (GanderTime)(self->per_pixel / GRAINS);
}

void
gander_scale_make_rough (GanderScale *self)
{
  self->grain = (GanderTime)self->per_pixel;
}

int
gander_scale_get_x (const GanderScale *self, GanderTime time)
{
  double x = round ((double)time / self->per_pixel) - (double)self->first;

  return (int)CLAMP (x, -FAR, self->width + FAR);
}

GanderTime
gander_scale_get_time (const GanderScale *self, double x)
{
  return llround (((double)self->first + x) * self->per_pixel);
}

void
gander_scale_get_edges (const GanderScale *self, int x0, guint n, GanderTime *edges)
{
  for (guint i = 0; i <= n; i++)
    edges[i] = gander_scale_get_time (self, x0 + (int)i);
}

/* The smallest of 1, 2, 5 times a power of ten that is not below @least. */
static GanderTime
round_step (double least)
{
  GanderTime step = 1;

  while (TRUE)
    {
      if ((double)step >= least)
        return step;
      if ((double)step * 2 >= least)
        return step * 2;
      if ((double)step * 5 >= least)
        return step * 5;
      if (step > G_MAXINT64 / 100)
        return step;
      step *= 10;
    }
}

GanderTime
gander_scale_get_ticks (const GanderScale *self, GanderTime zero, int min_px, GArray *ticks)
{
  GanderTime step = round_step (self->per_pixel * min_px);
  GanderTime minor = MAX (step / 5, 1);
  GanderTime time = (self->begin - zero) / minor * minor;

  if (time < self->begin - zero)
    time += minor;
  for (; time < self->end - zero; time += minor)
    {
      GanderTick tick = { gander_scale_get_x (self, zero + time), time, time % step == 0 };

      g_array_append_val (ticks, tick);
    }
  return step;
}

/* Writes @n with spaces between groups of three decimals. @decimals at most 9. */
static void
print_fixed (GString *text, guint64 n, guint decimals)
{
  guint64 unit = 1;

  for (guint i = 0; i < decimals; i++)
    unit *= 10;
  g_string_append_printf (text, "%" G_GUINT64_FORMAT, n / unit);
  if (decimals == 0)
    return;

  g_string_append (text, nl_langinfo (RADIXCHAR));
  n %= unit;
  for (guint i = 0; i < decimals; i++)
    {
      unit /= 10;
      if (i > 0 && i % 3 == 0 && decimals > 4)
        g_string_append (text, NNBSP);
      g_string_append_c (text, (char)('0' + n / unit));
      n %= unit;
    }
}

typedef struct
{
  guint64 ns;
  guint decimals; /* that make it whole nanoseconds */
  const char *text;
} Unit;

static const Unit units[] = {
  { 1, 0, "ns" },
  { 1000, 3, "\u00b5s" },
  { 1000000, 6, "ms" },
  { 1000000000, 9, "s" },
};

static const Unit *
unit_for (guint64 ns)
{
  guint i = G_N_ELEMENTS (units) - 1;

  while (i > 0 && ns < units[i].ns)
    i--;
  return &units[i];
}

static guint64
power_of_ten (guint n)
{
  guint64 power = 1;

  while (n-- > 0)
    power *= 10;
  return power;
}

static const char *
finish (GString *text, char *out)
{
  g_strlcpy (out, text->str, GANDER_TEXT_SIZE);
  g_string_free (text, TRUE);
  return out;
}

static GString *
start (GanderTime time)
{
  return g_string_new (time < 0 ? MINUS : "");
}

static guint64
magnitude (GanderTime time)
{
  return time < 0 ? (guint64) - (time + 1) + 1 : (guint64)time;
}

/* From two minutes on, minutes and hours say more than digits. */
#define MINUTES_FROM ((guint64)120 * 1000000000)

static void
print_minutes (GString *text, guint64 ns)
{
  guint64 seconds = (ns + 500000000) / 1000000000;

  if (seconds < 3600)
    g_string_append_printf (text,
                            "%" G_GUINT64_FORMAT NNBSP "m" NNBSP "%02" G_GUINT64_FORMAT NNBSP "s",
                            seconds / 60,
                            seconds % 60);
  else
    g_string_append_printf (text,
                            "%" G_GUINT64_FORMAT NNBSP "h" NNBSP "%02" G_GUINT64_FORMAT NNBSP "m",
                            seconds / 3600,
                            seconds / 60 % 60);
}

const char *
gander_scale_format_duration (GanderTime time, char out[GANDER_TEXT_SIZE])
{
  GString *text = start (time);
  guint64 ns = magnitude (time);
  guint64 grain = 1;
  const Unit *unit;
  guint decimals;

  if (ns >= MINUTES_FROM)
    {
      print_minutes (text, ns);
      return finish (text, out);
    }

  while (ns / grain >= 10000)
    grain *= 10;
  ns = (ns + grain / 2) / grain * grain;
  unit = unit_for (ns);
  decimals = unit->decimals;
  while (decimals > 0 && ns % (unit->ns / power_of_ten (decimals - 1)) == 0)
    decimals--;
  print_fixed (text, ns / (unit->ns / power_of_ten (decimals)), decimals);
  g_string_append_printf (text, NNBSP "%s", unit->text);
  return finish (text, out);
}

const char *
gander_scale_format_duration_exact (GanderTime time, char out[GANDER_TEXT_SIZE])
{
  GString *text = start (time);
  guint64 ns = magnitude (time);
  const Unit *unit = unit_for (ns);
  guint decimals = unit->decimals;

  while (decimals > 0 && ns % (unit->ns / power_of_ten (decimals - 3)) == 0)
    decimals -= 3;
  print_fixed (text, ns / (unit->ns / power_of_ten (decimals)), decimals);
  g_string_append_printf (text, NNBSP "%s", unit->text);
  return finish (text, out);
}

const char *
gander_scale_format_instant (GanderTime time, GanderTime step, char out[GANDER_TEXT_SIZE])
{
  GString *text = start (time);
  guint64 ns = magnitude (time);
  guint64 grain = 1;
  const Unit *unit;
  guint decimals;

  while (grain < (guint64)MAX (step, 1) && grain * 10 <= (guint64)MAX (step, 1))
    grain *= 10;
  ns = (ns + grain / 2) / grain * grain;
  unit = unit_for (MAX (ns, grain));
  decimals = unit->decimals;
  while (decimals > 0 && grain % (unit->ns / power_of_ten (decimals - 1)) == 0)
    decimals--;
  if (ns >= MINUTES_FROM)
    {
      g_string_append_printf (text, "%" G_GUINT64_FORMAT NNBSP "m" NNBSP, ns / (60 * unit->ns));
      ns %= 60 * unit->ns;
      if (ns < 10 * unit->ns)
        g_string_append_c (text, '0');
    }
  print_fixed (text, ns / (unit->ns / power_of_ten (decimals)), decimals);
  g_string_append_printf (text, NNBSP "%s", unit->text);
  return finish (text, out);
}

const char *
gander_scale_format_share (GanderTime part, GanderTime whole, char out[GANDER_TEXT_SIZE])
{
  double share = whole > 0 ? 100.0 * (double)part / (double)whole : 0;

  g_snprintf (out, GANDER_TEXT_SIZE, "%.*f" NNBSP "%%", share >= 9.95 || share == 0 ? 0 : 1, share);
  return out;
}

const char *
gander_scale_format_bytes (guint64 bytes, char out[GANDER_TEXT_SIZE])
{
  static const char *const names[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
  double value = (double)bytes;
  guint unit = 0;

  while (value >= 1023.95 && unit + 1 < G_N_ELEMENTS (names))
    {
      value /= 1024;
      unit++;
    }
  g_snprintf (out,
              GANDER_TEXT_SIZE,
              "%.*f" NNBSP "%s",
              unit == 0 || value >= 999.95 ? 0 : 1,
              value,
              names[unit]);
  return out;
}

const char *
gander_scale_format_count (guint64 n, char out[GANDER_TEXT_SIZE])
{
  const char *separator = nl_langinfo (THOUSEP);
  g_autofree char *digits = g_strdup_printf ("%" G_GUINT64_FORMAT, n);
  gsize length = strlen (digits);
  GString *text = g_string_new (NULL);

  if (separator[0] == '\0')
    separator = ",";
  for (gsize i = 0; i < length; i++)
    {
      if (i > 0 && (length - i) % 3 == 0)
        g_string_append (text, separator);
      g_string_append_c (text, digits[i]);
    }
  return finish (text, out);
}
