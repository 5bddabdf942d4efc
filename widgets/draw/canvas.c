/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/draw/canvas.h"

#include <math.h>
#include <string.h>
#include <wchar.h>

#define NEARLY 1e-3 /* of a pixel */
#define OPAQUE 0xffu
#define PIXEL  ((int)sizeof (guint32))

#define CHUNK 64
#define BLOCK 4 /* pixels that are blended together */

/* What is laid over the bytes of a line, and how much of them stays. */
typedef struct
{
  guint8 *over;
  guint8 *rest;
} Line;

/* The lines of a pattern, long enough to lay CHUNK pixels over the image from any place of it. */
struct _GanderWeave
{
  int period;
  int shift; /* pixels that it is moved left */
  int n_lines;
  Line lines[];
};

static void
line_init (Line *self, int n)
{
  gsize size = PIXEL * (gsize)MAX (n, 1);

  self->over = g_malloc0 (2 * size);
  self->rest = memset (self->over + size, OPAQUE, size);
}

static void
line_clear (Line *self)
{
  g_free (self->over);
}

/* Lays @color over pixel @i. */
static inline void
set_pixel (guint8 *over, guint8 *rest, int i, guint32 color)
{
  memcpy (over + i * PIXEL, &color, sizeof color);
  memset (rest + i * PIXEL, (int)(OPAQUE - (color >> 24)), PIXEL);
}

/* Rounded as cairo does: to a 255th. */
static inline guint8
blend_byte (guint8 over, guint8 rest, guint8 under)
{
  guint16 product = (guint16)(under * rest + 128);

  return (guint8)(over + (product * 257u >> 16));
}

static void
line_blend (const Line *self, int first, int n, guint32 *pixels)
{
  const guint8 *over = self->over + first * PIXEL;
  const guint8 *rest = self->rest + first * PIXEL;
  guint8 *bytes = (guint8 *)pixels;

  for (gsize i = 0; i < PIXEL * (gsize)n; i++)
    bytes[i] = blend_byte (over[i], rest[i], bytes[i]);
}

static void
weave_free (GanderWeave *self)
{
  if (self == NULL)
    return;
  for (int i = 0; i < self->n_lines; i++)
    line_clear (&self->lines[i]);
  g_free (self);
}

static int
wrap (int i, int n)
{
  int rest = i % n;

  return rest < 0 ? rest + n : rest;
}

static GanderWeave *
weave_new (cairo_pattern_t *pattern)
{
  cairo_surface_t *tile = NULL;
  cairo_matrix_t matrix;
  GanderWeave *self = NULL;
  int height;

  if (cairo_pattern_get_surface (pattern, &tile) != CAIRO_STATUS_SUCCESS)
    return g_new0 (GanderWeave, 1);
  cairo_pattern_get_matrix (pattern, &matrix);
  cairo_surface_flush (tile);
  height = cairo_image_surface_get_height (tile);
  self = g_malloc0 (sizeof *self + (gsize)height * sizeof *self->lines);
  self->period = cairo_image_surface_get_width (tile);
  self->shift = (int)lround (matrix.x0);
  self->n_lines = height;
  for (int y = 0; y < height; y++)
    {
      const guint8 *data =
          cairo_image_surface_get_data (tile) + y * cairo_image_surface_get_stride (tile);

      line_init (&self->lines[y], CHUNK + self->period);
      for (int x = 0; x < CHUNK + self->period; x++)
        set_pixel (self->lines[y].over,
                   self->lines[y].rest,
                   x,
                   ((const guint32 *)(gconstpointer)data)[x % self->period]);
    }
  return self;
}

static gboolean
is_whole (double value)
{
  return fabs (value - round (value)) < NEARLY;
}

/* Returns: FALSE unless user space is the pixels of an image, moved by @x and @y. */
static gboolean
find_origin (cairo_t *cr, cairo_surface_t *surface, double *x, double *y)
{
  cairo_matrix_t matrix;
  double scale_x, scale_y, offset_x, offset_y;

  if (cairo_surface_get_type (surface) != CAIRO_SURFACE_TYPE_IMAGE ||
      cairo_surface_status (surface) != CAIRO_STATUS_SUCCESS ||
      (cairo_image_surface_get_format (surface) != CAIRO_FORMAT_RGB24 &&
       cairo_image_surface_get_format (surface) != CAIRO_FORMAT_ARGB32))
    return FALSE;
  cairo_get_matrix (cr, &matrix);
  cairo_surface_get_device_scale (surface, &scale_x, &scale_y);
  cairo_surface_get_device_offset (surface, &offset_x, &offset_y);
  *x = matrix.x0 * scale_x + offset_x;
  *y = matrix.y0 * scale_y + offset_y;
  return fabs (matrix.xx * scale_x - 1) < NEARLY * NEARLY &&
         fabs (matrix.yy * scale_y - 1) < NEARLY * NEARLY && matrix.xy == 0 && matrix.yx == 0 &&
         is_whole (*x) && is_whole (*y);
}

/* Returns: FALSE unless the clip is one rectangle of whole pixels. */
static gboolean
find_clip (GanderCanvas *self)
{
  cairo_rectangle_list_t *list = cairo_copy_clip_rectangle_list (self->cr);
  gboolean good = list->status == CAIRO_STATUS_SUCCESS && list->num_rectangles <= 1;

  self->x0 = self->y0 = self->x1 = self->y1 = 0;
  if (good && list->num_rectangles == 1)
    {
      const cairo_rectangle_t *clip = list->rectangles;
      double x1 = clip->x + clip->width;
      double y1 = clip->y + clip->height;

      good = is_whole (clip->x) && is_whole (clip->y) && is_whole (x1) && is_whole (y1);
      self->x0 = (int)lround (clip->x);
      self->y0 = (int)lround (clip->y);
      self->x1 = (int)lround (x1);
      self->y1 = (int)lround (y1);
    }
  cairo_rectangle_list_destroy (list);
  return good;
}

void
gander_canvas_init (GanderCanvas *self, cairo_t *cr)
{
  cairo_surface_t *surface = cairo_get_group_target (cr);
  double x, y;

  *self = (GanderCanvas){ .cr = cr };
  if (!find_origin (cr, surface, &x, &y) || !find_clip (self))
    return;
  self->image = surface;
  self->left = (int)lround (x);
  self->top = (int)lround (y);
  self->x0 = MAX (self->x0, -self->left);
  self->y0 = MAX (self->y0, -self->top);
  self->x1 = MIN (self->x1, cairo_image_surface_get_width (surface) - self->left);
  self->y1 = MIN (self->y1, cairo_image_surface_get_height (surface) - self->top);
  self->stride = cairo_image_surface_get_stride (surface) / (gssize)sizeof (guint32);
  self->pixels = (guint32 *)(gpointer)cairo_image_surface_get_data (surface) +
                 self->top * self->stride + self->left;
}

void
gander_canvas_init_line (GanderCanvas *self, guint32 *line, int x0, int x1, int y)
{
  /* Its lines are all the same one. */
  *self = (GanderCanvas){ .pixels = line, .stride = 0, .x0 = x0, .x1 = x1, .y0 = y, .y1 = y + 1 };
}

static void
forget_pattern (GanderCanvas *self)
{
  g_clear_pointer (&self->pattern, cairo_pattern_destroy);
  g_clear_pointer (&self->weave, weave_free);
}

void
gander_canvas_clear (GanderCanvas *self)
{
  forget_pattern (self);
  self->pixels = NULL;
}

/* As cairo makes a colour's channels out of numbers. */
static guint32
pack_channel (double value)
{
  return (guint32)CLAMP (value * 256, 0, 255);
}

void
gander_canvas_set_color (GanderCanvas *self, const GanderColor *color, double alpha)
{
  forget_pattern (self);
  self->color = pack_channel (alpha) << 24 | pack_channel (alpha * color->r) << 16 |
                pack_channel (alpha * color->g) << 8 | pack_channel (alpha * color->b);
  if (self->pixels == NULL)
    gander_theme_set_color (self->cr, color, alpha);
  else if (self->image != NULL)
    cairo_surface_flush (self->image);
}

void
gander_canvas_set_pattern (GanderCanvas *self, cairo_pattern_t *pattern)
{
  forget_pattern (self);
  self->pattern = cairo_pattern_reference (pattern);
  if (self->pixels == NULL)
    cairo_set_source (self->cr, pattern);
  else if (self->image != NULL)
    cairo_surface_flush (self->image);
}

/* Two channels at once, rounded as cairo does. */
static inline guint32
fade (guint32 channels, guint32 alpha)
{
  guint32 product = channels * alpha + 0x800080;

  return (product + (product >> 8 & 0xff00ff)) >> 8 & 0xff00ff;
}

static inline guint32
blend (guint32 over, guint32 under)
{
  guint32 rest = OPAQUE - (over >> 24);

  return over + (fade (under & 0xff00ff, rest) | fade (under >> 8 & 0xff00ff, rest) << 8);
}

/* What is laid over some pixels side by side, and how much of each of their bytes stays. */
typedef struct
{
  int x;
  guint8 over[BLOCK * PIXEL];
  guint8 rest[BLOCK * PIXEL];
} Block;

static inline void
block_blend (const Block *self, guint32 *pixels)
{
  guint8 bytes[BLOCK * PIXEL];

  memcpy (bytes, pixels, sizeof bytes);
  for (guint i = 0; i < sizeof bytes; i++)
    bytes[i] = blend_byte (self->over[i], self->rest[i], bytes[i]);
  memcpy (pixels, bytes, sizeof bytes);
}

static void
blend_color (guint32 *line, int n, guint32 color)
{
  Block block;

  for (int i = 0; i < BLOCK; i++)
    set_pixel (block.over, block.rest, i, color);
  for (; n >= BLOCK; n -= BLOCK, line += BLOCK)
    block_blend (&block, line);
  for (int i = 0; i < n; i++)
    line[i] = blend (color, line[i]);
}

static void
store_color (guint32 *line, int n, guint32 color)
{
  G_STATIC_ASSERT (sizeof (wchar_t) == sizeof *line);

  wmemset ((wchar_t *)line, (wchar_t)color, (gsize)n);
}

static void
blend_weave (GanderCanvas *self, guint32 *line, int n, int x, int y)
{
  if (self->weave == NULL)
    self->weave = weave_new (self->pattern);
  for (int i = 0; i < n && self->weave->n_lines > 0; i += CHUNK)
    line_blend (&self->weave->lines[wrap (y, self->weave->n_lines)],
                wrap (x + i + self->weave->shift, self->weave->period),
                MIN (CHUNK, n - i),
                line + i);
}

void
gander_canvas_add (GanderCanvas *self, int x, int y, int width, int height)
{
  int x0 = MAX (x, self->x0);
  int y0 = MAX (y, self->y0);
  int n = MIN (x + width, self->x1) - x0;
  int y1 = MIN (y + height, self->y1);
  guint32 *line = NULL;

  if (width <= 0 || height <= 0)
    return;
  if (self->pixels == NULL)
    {
      cairo_rectangle (self->cr, x, y, width, height);
      return;
    }
  if (n <= 0)
    return;
  line = self->pixels + y0 * self->stride + x0;
  for (; y0 < y1; y0++, line += self->stride)
    if (self->pattern != NULL)
      blend_weave (self, line, n, x0, y0);
    else if (self->color >> 24 == OPAQUE)
      store_color (line, n, self->color);
    else
      blend_color (line, n, self->color);
}

void
gander_canvas_add_mask (GanderCanvas *self, cairo_surface_t *mask, int x, int y)
{
  int stride = cairo_image_surface_get_stride (mask);
  const guint8 *data = cairo_image_surface_get_data (mask);
  double offset_x, offset_y;
  int x0, x1, y0, y1;

  g_return_if_fail (self->pixels != NULL);

  cairo_surface_get_device_offset (mask, &offset_x, &offset_y);
  x -= (int)offset_x;
  y -= (int)offset_y;
  x0 = MAX (x, self->x0);
  y0 = MAX (y, self->y0);
  x1 = MIN (x + cairo_image_surface_get_width (mask), self->x1);
  y1 = MIN (y + cairo_image_surface_get_height (mask), self->y1);
  if (x0 >= x1)
    return;
  for (; y0 < y1; y0++)
    {
      guint32 *line = self->pixels + y0 * self->stride;

      for (int i = x0; i < x1; i++)
        {
          guint32 share = data[(y0 - y) * stride + i - x];

          if (share == OPAQUE && self->color >> 24 == OPAQUE)
            line[i] = self->color;
          else if (share != 0)
            line[i] = blend (fade (self->color & 0xff00ff, share) |
                                 fade (self->color >> 8 & 0xff00ff, share) << 8,
                             line[i]);
        }
    }
}

/* Returns: (transfer full) the blocks that @stripes touch; none reaches over the right end. */
static GArray *
make_blocks (const GanderCanvas *self, const GanderStripe *stripes, guint n)
{
  GArray *blocks = g_array_new (FALSE, FALSE, sizeof (Block));
  Block *last = NULL;

  for (guint i = 0; i < n; i++)
    for (int x = MAX (stripes[i].x, self->x0); x < MIN (stripes[i].x + stripes[i].width, self->x1);
         x++)
      {
        if (last == NULL || x < last->x || x >= last->x + BLOCK)
          {
            Block block = { .x = MIN (x, self->x1 - BLOCK) };

            memset (block.rest, OPAQUE, sizeof block.rest);
            g_array_append_val (blocks, block);
            last = &g_array_index (blocks, Block, blocks->len - 1);
          }
        set_pixel (last->over, last->rest, x - last->x, self->color);
      }
  return blocks;
}

/* A line at a time, which stays in the cache. */
void
gander_canvas_add_stripes (GanderCanvas *self,
                           const GanderStripe *stripes,
                           guint n,
                           int y,
                           int height)
{
  g_autoptr (GArray) blocks = NULL;

  if (self->pixels == NULL || self->x1 - self->x0 < BLOCK)
    {
      for (guint i = 0; i < n; i++)
        gander_canvas_add (self, stripes[i].x, y, stripes[i].width, height);
      return;
    }
  blocks = make_blocks (self, stripes, n);
  for (int at = MAX (y, self->y0); at < MIN (y + height, self->y1); at++)
    for (guint i = 0; i < blocks->len; i++)
      {
        const Block *block = &g_array_index (blocks, Block, i);

        block_blend (block, self->pixels + at * self->stride + block->x);
      }
}

void
gander_canvas_fill (GanderCanvas *self)
{
  if (self->pixels == NULL)
    cairo_fill (self->cr);
  else if (self->image != NULL)
    cairo_surface_mark_dirty (self->image);
}

cairo_t *
gander_canvas_slice (const GanderCanvas *self, int y0, int y1)
{
  cairo_surface_t *whole = self->image;
  int stride = cairo_image_surface_get_stride (whole);
  int top = CLAMP (y0 + self->top, 0, cairo_image_surface_get_height (whole));
  int bottom = CLAMP (y1 + self->top, top, cairo_image_surface_get_height (whole));
  cairo_surface_t *slice =
      cairo_image_surface_create_for_data (cairo_image_surface_get_data (whole) +
                                               (gssize)top * stride,
                                           cairo_image_surface_get_format (whole),
                                           cairo_image_surface_get_width (whole),
                                           bottom - top,
                                           stride);
  cairo_t *cr = cairo_create (slice);

  cairo_surface_destroy (slice);
  cairo_translate (cr, self->left, self->top - top);
  cairo_rectangle (cr, self->x0, y0, self->x1 - self->x0, y1 - y0);
  cairo_clip (cr);
  return cr;
}
