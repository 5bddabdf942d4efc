/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/draw/column.h"

#include <math.h>
#include <string.h>

#define OUTLINE_FROM 4 /* px of a blocked part */
#define OPAQUE       0xff000000

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
  return OPAQUE | mix_channel (over->r, under->r, alpha) << 16 |
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

/* Some pixels side by side. */
#define LANES 4
#define TILE  (16 * LANES)
typedef guint32 Pixels __attribute__ ((vector_size (LANES * sizeof (guint32))));
typedef gint32 Heights __attribute__ ((vector_size (LANES * sizeof (gint32))));

/* Bars as steps: below the height where a part ends the ink is that part's instead of the next
 * one's. Parts that no column has are none. */
typedef struct
{
  guint n;
  guint part[GANDER_N_PARTS];
  guint32 change[GANDER_N_PARTS]; /* this ink xor the next */
} Steps;

static void
find_steps (const GanderColumn *columns, int n, const GanderInks *inks, Steps *out)
{
  guint8 any[GANDER_N_PARTS] = { 0 };
  guint32 above = inks->ground;

  for (int i = 0; i < n; i++)
    for (guint part = 0; part < GANDER_N_PARTS; part++)
      any[part] |= columns[i].height[part];
  out->n = 0;
  for (guint part = 0; part < GANDER_N_PARTS; part++)
    if (any[part] != 0)
      out->part[out->n++] = part;
  for (guint i = out->n; i-- > 0;)
    {
      guint32 ink = inks->part[out->part[i]];
      out->change[i] = ink ^ above;
      above = ink;
    }
}

/* Returns: byte @part is the sum of the heights up to that part. */
static guint64
sum_up (const GanderColumn *column)
{
  guint64 heights = 0;

  for (guint part = 0; part < GANDER_N_PARTS; part++)
    heights |= (guint64)column->height[part] << (8 * part);
  return heights * G_GUINT64_CONSTANT (0x0101010101);
}

/* Columns side by side, to be written a line at a time. */
typedef struct
{
  Steps steps;
  Heights ends[GANDER_N_PARTS][TILE / LANES]; /* of the steps */
  Pixels ground[TILE / LANES];
} Tile;

static void
tile_init (Tile *self,
           const GanderColumn *columns,
           int n,
           const GanderInks *inks,
           const guint32 *ground)
{
  find_steps (columns, n, inks, &self->steps);
  memcpy (self->ground, ground, (gsize)n * sizeof *ground);
  for (int i = 0; i < n && self->steps.n > 0; i++)
    {
      guint64 sums = sum_up (&columns[i]);

      for (guint step = 0; step < self->steps.n; step++)
        self->ends[step][i / LANES][i % LANES] =
            (gint32)(sums >> (8 * self->steps.part[step]) & 0xff);
    }
}

/* LANES pixels at a height above the foot of the bars. */
static inline __attribute__ ((always_inline)) Pixels
get_pixels (const Tile *self, guint n_steps, int group, Heights level)
{
  Pixels pixels = self->ground[group];

  for (guint step = 0; step < n_steps; step++)
    pixels ^= (Pixels)(self->ends[step][group] > level) & self->steps.change[step];
  return pixels;
}

/* Writes the lines [first, last), counted from the top, of @n columns. */
static inline __attribute__ ((always_inline)) void
write_lines (const Tile *self,
             guint n_steps,
             guint32 *top,
             gssize stride,
             int n,
             int height,
             int first,
             int last)
{
  for (int y = first; y < last; y++)
    {
      gint32 at = height - 1 - y;
      Heights level = { at, at, at, at };
      guint32 *line = top + y * stride;
      int group = 0;
      Pixels pixels;

      for (; group < n / LANES; group++)
        {
          pixels = get_pixels (self, n_steps, group, level);
          memcpy (line + group * LANES, &pixels, sizeof pixels);
        }
      if (n % LANES == 0)
        continue;
      pixels = get_pixels (self, n_steps, group, level);
      memcpy (line + group * LANES, &pixels, (gsize)(n % LANES) * sizeof *line);
    }
}

/* The same loop with the number of steps known. */
static void
write_tile (const Tile *self, guint32 *top, gssize stride, int n, int height, int first, int last)
{
  switch (self->steps.n)
    {
    case 0:
      write_lines (self, 0, top, stride, n, height, first, last);
      break;
    case 1:
      write_lines (self, 1, top, stride, n, height, first, last);
      break;
    case 2:
      write_lines (self, 2, top, stride, n, height, first, last);
      break;
    case 3:
      write_lines (self, 3, top, stride, n, height, first, last);
      break;
    case 4:
      write_lines (self, 4, top, stride, n, height, first, last);
      break;
    default:
      write_lines (self, GANDER_N_PARTS, top, stride, n, height, first, last);
    }
}

/* A hollow part goes on with the outline of the boxes beside it. */
static void
write_outline (guint32 *top,
               gssize stride,
               const GanderColumn *column,
               const GanderInks *inks,
               int height,
               int first,
               int last)
{
  int blocked = column->height[GANDER_PART_BLOCKED];
  int whole = (int)(sum_up (column) >> (8 * (GANDER_N_PARTS - 1)) & 0xff);

  if (blocked >= OUTLINE_FROM && whole == height && first == 0)
    *top = inks->outline;
  if (blocked == height && last == height)
    top[(height - 1) * stride] = inks->outline;
}

/* Writes the lines [first, last), counted from the top, of @n columns. Where nothing is they show
 * @ground, a line. */
static void
write_columns (guint32 *top,
               gssize stride,
               const GanderColumn *columns,
               int n,
               const GanderInks *inks,
               const guint32 *ground,
               int height,
               int first,
               int last)
{
  Tile tile;

  for (int x = 0; x < n; x += TILE)
    {
      int width = MIN (n - x, TILE);

      tile_init (&tile, columns + x, width, inks, ground + x);
      write_tile (&tile, top + x, stride, width, height, first, last);
    }
  for (int x = 0; x < n; x++)
    if (columns[x].height[GANDER_PART_BLOCKED] > 0)
      write_outline (top + x, stride, &columns[x], inks, height, first, last);
}

int
gander_strip_write (GanderStrip *self,
                    const GanderColumn *columns,
                    int n,
                    const GanderInks *inks,
                    int height)
{
  g_autofree guint32 *ground = NULL;
  gssize stride;
  guint32 *top;
  int line = self->used;

  if (n <= 0 || height <= 0 || height > G_MAXUINT8 || n > self->width ||
      line + height > self->height || cairo_surface_status (self->surface) != CAIRO_STATUS_SUCCESS)
    return -1;
  stride = cairo_image_surface_get_stride (self->surface) / (gssize)sizeof (guint32);
  top = (guint32 *)(gpointer)cairo_image_surface_get_data (self->surface) + line * stride;
  ground = g_new (guint32, n);
  for (int i = 0; i < n; i++)
    ground[i] = inks->ground;
  write_columns (top, stride, columns, n, inks, ground, height, 0, height);
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

static void
copy_line (const GanderCanvas *canvas, const guint32 *line, int x0, int n, int y0, int y1)
{
  for (int y = y0; y < y1; y++)
    memcpy (canvas->pixels + y * canvas->stride + x0, line + x0, (gsize)n * sizeof *line);
}

void
gander_columns_store (const GanderColumn *columns,
                      int n,
                      const GanderInks *inks,
                      const guint32 *ground,
                      GanderCanvas *canvas,
                      int y,
                      int height)
{
  int x0 = MAX (canvas->x0, 0);
  int x1 = MIN (canvas->x1, n);
  int first = MAX (canvas->y0 - y, 0);
  int last = MIN (canvas->y1 - y, height);

  g_return_if_fail (canvas->pixels != NULL && height <= G_MAXUINT8);

  if (x0 >= x1)
    return;
  if (columns == NULL)
    copy_line (canvas, ground, x0, x1 - x0, y + first, y + last);
  else if (first < last)
    write_columns (canvas->pixels + y * canvas->stride + x0,
                   canvas->stride,
                   columns + x0,
                   x1 - x0,
                   inks,
                   ground + x0,
                   height,
                   first,
                   last);
}

void
gander_columns_add_dense (const GanderColumn *columns, int n, GanderCanvas *canvas, int y)
{
  int i = 0;

  if (canvas->pixels != NULL)
    {
      i = MAX (canvas->x0, 0);
      n = MIN (canvas->x1, n);
    }
  for (; i < n; i++)
    {
      int begin = i;

      while (i < n && columns[i].dense)
        i++;
      if (i > begin)
        gander_canvas_add (canvas, begin, y - 1, i - begin, 1);
    }
}
