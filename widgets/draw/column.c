/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/draw/column.h"

#include <math.h>
#include <string.h>

#define OUTLINE_FROM 4   /* px of a blocked part */
#define TILE         16  /* columns: a line of the cache wide */
#define MOST_HEIGHT  512 /* of a bar */

GanderPart
gander_part_of_state (GanderState state)
{
  static const GanderPart parts[GANDER_N_STATES] = {
    [GANDER_STATE_NONE] = GANDER_N_PARTS,
    [GANDER_STATE_RUNNING] = GANDER_PART_RUNNING,
    [GANDER_STATE_RUNNABLE] = GANDER_PART_RUNNABLE,
    [GANDER_STATE_BLOCKED] = GANDER_PART_BLOCKED,
    [GANDER_STATE_SYSCALL] = GANDER_PART_SYSCALL,
    [GANDER_STATE_SYSCALL_BLOCKED] = GANDER_PART_SYSCALL,
    [GANDER_STATE_GC_WORK] = GANDER_PART_GC,
    [GANDER_STATE_GC_ASSIST] = GANDER_PART_GC,
    [GANDER_STATE_SCHEDULING] = GANDER_N_PARTS,
    [GANDER_STATE_UNKNOWN] = GANDER_N_PARTS,
  };

  return state < GANDER_N_STATES ? parts[state] : GANDER_N_PARTS;
}

GanderShade
gander_shade_of_part (GanderPart part)
{
  static const GanderShade shades[GANDER_N_PARTS] = {
    [GANDER_PART_RUNNING] = GANDER_SHADE_RUNNING, [GANDER_PART_SYSCALL] = GANDER_SHADE_SYSCALL,
    [GANDER_PART_GC] = GANDER_SHADE_GC,           [GANDER_PART_RUNNABLE] = GANDER_SHADE_RUNNABLE,
    [GANDER_PART_BLOCKED] = GANDER_SHADE_BLOCKED,
  };

  return part < GANDER_N_PARTS ? shades[part] : GANDER_N_SHADES;
}

void
gander_column_get_parts (const GanderMix *mix, GanderTime parts[GANDER_N_PARTS])
{
  parts[GANDER_PART_RUNNING] = mix->time[GANDER_STATE_RUNNING];
  parts[GANDER_PART_SYSCALL] =
      mix->time[GANDER_STATE_SYSCALL] + mix->time[GANDER_STATE_SYSCALL_BLOCKED];
  parts[GANDER_PART_GC] = mix->time[GANDER_STATE_GC_WORK] + mix->time[GANDER_STATE_GC_ASSIST];
  parts[GANDER_PART_RUNNABLE] = mix->time[GANDER_STATE_RUNNABLE];
  parts[GANDER_PART_BLOCKED] = mix->time[GANDER_STATE_BLOCKED];
}

/* The part, or the empty rest (number GANDER_N_PARTS), that best can give a pixel away. */
static guint
tallest (const int *heights)
{
  guint best = GANDER_N_PARTS;

  for (guint i = 0; i < GANDER_N_PARTS; i++)
    if (heights[i] > heights[best])
      best = i;
  return best;
}

void
gander_column_stack (GanderColumn *self,
                     const GanderTime parts[GANDER_N_PARTS],
                     GanderTime whole,
                     int height)
{
  int heights[GANDER_N_PARTS + 1];
  double rest[GANDER_N_PARTS + 1];
  double per_time = whole > 0 ? (double)height / (double)whole : 0;
  double empty = height;
  int left = height;

  for (guint i = 0; i <= GANDER_N_PARTS; i++)
    {
      double exact = i < GANDER_N_PARTS ? (double)parts[i] * per_time : MAX (empty, 0);

      empty -= exact;
      heights[i] = (int)exact;
      rest[i] = exact - heights[i];
      left -= heights[i];
    }
  for (; left > 0; left--)
    {
      guint best = 0;

      for (guint i = 1; i <= GANDER_N_PARTS; i++)
        if (rest[i] > rest[best])
          best = i;
      heights[best]++;
      rest[best] = -1;
    }
  for (guint i = 0; i < GANDER_N_PARTS; i++)
    if (parts[i] > 0 && heights[i] == 0)
      {
        heights[tallest (heights)]--;
        heights[i] = 1;
      }
  for (guint i = 0; i < GANDER_N_PARTS; i++)
    self->height[i] = (guint8)CLAMP (heights[i], 0, 255);
  self->dense = FALSE;
}

double
gander_shade_get_alpha (GanderShade shade, guint hidden_shades, guint focus_shades)
{
  if (hidden_shades & (1u << shade))
    return 0.12;
  if (focus_shades != 0 && !(focus_shades & (1u << shade)))
    return 0.35;
  return 1;
}

static guint32
mix_channel (double over, double under, double alpha)
{
  return (guint32)lround (255 * (alpha * over + (1 - alpha) * under));
}

static guint32
blend (const GanderColor *over, const GanderColor *under, double alpha)
{
  return mix_channel (over->r, under->r, alpha) << 16 |
         mix_channel (over->g, under->g, alpha) << 8 | mix_channel (over->b, under->b, alpha);
}

void
gander_inks_init (GanderInks *self,
                  const GanderTheme *theme,
                  guint hidden_shades,
                  guint focus_shades,
                  double alpha)
{
  for (guint i = 0; i < GANDER_N_PARTS; i++)
    {
      GanderShade shade = gander_shade_of_part (i);
      const GanderColor *color =
          i == GANDER_PART_BLOCKED ? &theme->blocked_column : &theme->shade[shade];

      self->part[i] = blend (color,
                             &theme->lane,
                             alpha * gander_shade_get_alpha (shade, hidden_shades, focus_shades));
    }
  self->ground = blend (&theme->lane, &theme->lane, 1);
  self->outline =
      blend (&theme->blocked_outline,
             &theme->lane,
             alpha * gander_shade_get_alpha (GANDER_SHADE_BLOCKED, hidden_shades, focus_shades));
}

void
gander_strip_clear (GanderStrip *self)
{
  g_clear_pointer (&self->surface, cairo_surface_destroy);
  *self = (GanderStrip){ 0 };
}

void
gander_strip_reset (GanderStrip *self, cairo_t *cr, int width, int height)
{
  gboolean records = cairo_surface_get_type (cairo_get_target (cr)) != CAIRO_SURFACE_TYPE_IMAGE;

  if (self->surface == NULL || self->width != width || self->height < height || records)
    {
      gander_strip_clear (self);
      self->surface =
          cairo_image_surface_create (CAIRO_FORMAT_RGB24, MAX (width, 1), MAX (height, 1));
      self->width = width;
      self->height = height;
    }
  cairo_surface_flush (self->surface);
  self->used = 0;
}

/* Writes the parts of one column upwards from its foot. */
static void
write_column (guint32 *foot,
              gssize stride,
              const GanderColumn *column,
              const GanderInks *inks,
              int height)
{
  int blocked = column->height[GANDER_PART_BLOCKED];
  guint32 *first = foot;
  int left = height;

  for (guint part = 0; part < GANDER_N_PARTS; part++)
    for (int i = 0; i < column->height[part] && left > 0; i++, left--)
      {
        *foot = inks->part[part];
        foot -= stride;
      }
  /* A hollow part goes on with the outline of the boxes beside it. */
  if (blocked >= OUTLINE_FROM && left == 0)
    foot[stride] = inks->outline;
  if (blocked == height)
    *first = inks->outline;
  for (; left > 0; left--)
    {
      *foot = inks->ground;
      foot -= stride;
    }
}

/* A few columns at a time in a tile that stays in the cache: down the image itself every pixel
 * would be on another page. */
static void
write_columns (guint32 *top,
               gssize stride,
               const GanderColumn *columns,
               int n,
               const GanderInks *inks,
               int height)
{
  guint32 tile[MOST_HEIGHT * TILE];

  for (int x = 0; x < n; x += TILE)
    {
      int width = MIN (n - x, TILE);

      for (int i = 0; i < width; i++)
        write_column (tile + (height - 1) * TILE + i, TILE, &columns[x + i], inks, height);
      for (int y = 0; y < height; y++)
        memcpy (top + y * stride + x, tile + y * TILE, (gsize)width * sizeof *tile);
    }
}

int
gander_strip_write (GanderStrip *self,
                    const GanderColumn *columns,
                    int n,
                    const GanderInks *inks,
                    int height)
{
  gssize stride;
  guint32 *top;
  int line = self->used;

  if (n <= 0 || height <= 0 || height > MOST_HEIGHT || n > self->width ||
      line + height > self->height || cairo_surface_status (self->surface) != CAIRO_STATUS_SUCCESS)
    return -1;
  stride = cairo_image_surface_get_stride (self->surface) / (gssize)sizeof (guint32);
  top = (guint32 *)(gpointer)cairo_image_surface_get_data (self->surface) + line * stride;
  write_columns (top, stride, columns, n, inks, height);
  cairo_surface_mark_dirty_rectangle (self->surface, 0, line, n, height);
  self->used += height;
  return line;
}

void
gander_strip_paint (const GanderStrip *self, cairo_t *cr, int line, int n, int x, int y, int height)
{
  if (line < 0)
    return;
  cairo_set_source_surface (cr, self->surface, x, y - line);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
  cairo_rectangle (cr, x, y, n, height);
  cairo_fill (cr);
}

void
gander_columns_add_dense (cairo_t *cr, const GanderColumn *columns, int n, int x, int y)
{
  for (int i = 0; i < n; i++)
    {
      int begin = i;

      while (i < n && columns[i].dense)
        i++;
      if (i > begin)
        cairo_rectangle (cr, x + begin, y - 1, i - begin, 1);
    }
}
