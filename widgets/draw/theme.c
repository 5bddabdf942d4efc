/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/draw/theme.h"

#include "widgets/draw/pattern.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define RGB(hex)                                                                        \
  {                                                                                     \
    (((hex) >> 16) & 0xff) / 255.0, (((hex) >> 8) & 0xff) / 255.0, ((hex)&0xff) / 255.0 \
  }

static const GanderTheme light = {
  .id = "light",
  .shade = { RGB (0x14985f),
             RGB (0x2a5bab),
             RGB (0xffffff),
             RGB (0xdca728),
             RGB (0xd42a1e),
             RGB (0x5c1c1f) },
  .ink = { RGB (0x04150c),
           RGB (0xffffff),
           RGB (0x1b1b1f),
           RGB (0x0d0d10),
           RGB (0xffffff),
           RGB (0xffffff) },
  .blocked_outline = RGB (0x85848a),
  .blocked_column = RGB (0xffffff),
  .wait_mark = RGB (0x77767b),
  .window = RGB (0xfafafa),
  .view = RGB (0xffffff),
  .canvas = RGB (0xf6f5f4),
  .lane = RGB (0xebebed),
  .label_column = RGB (0xf6f5f4),
  .text = RGB (0x1b1b1f),
  .secondary = RGB (0x5e5c64),
  .grid = RGB (0xdedde2),
  .hairline = RGB (0xd9d8dc),
  .region = RGB (0x9a6fd6),
  .region_ink = RGB (0x0d0d10),
  .counter = RGB (0x5e6b7d),
  .accent = RGB (0x3584e4),
  .link = RGB (0x1c71d8),
  .trace_a = RGB (0x6b5bb5),
  .trace_b = RGB (0x0f7f8c),
  .better = RGB (0x26815a),
  .worse = RGB (0xb3261e),
  .outline_width = 1.0,
};

static const GanderTheme dark = {
  .id = "dark",
  .dark = TRUE,
  .shade = { RGB (0x6dd68f),
             RGB (0x6283d0),
             RGB (0x3b3b41),
             RGB (0xcfab22),
             RGB (0xdd2e36),
             RGB (0xe9719a) },
  .ink = { RGB (0x04150c),
           RGB (0x0d0d10),
           RGB (0xf4f4f6),
           RGB (0x0d0d10),
           RGB (0xffffff),
           RGB (0x0d0d10) },
  .blocked_outline = RGB (0xc9c9cf),
  .blocked_column = RGB (0xb9b9c0),
  .wait_mark = RGB (0xa9a9b1),
  .window = RGB (0x242424),
  .view = RGB (0x1e1e1e),
  .canvas = RGB (0x1d1d20),
  .lane = RGB (0x29292d),
  .label_column = RGB (0x262626),
  .text = RGB (0xf4f4f6),
  .secondary = RGB (0xb0afb6),
  .grid = RGB (0x35353a),
  .hairline = RGB (0x3d3d42),
  .region = RGB (0xb493ea),
  .region_ink = RGB (0x0d0d10),
  .counter = RGB (0x9aa7ba),
  .accent = RGB (0x3584e4),
  .link = RGB (0x78aeed),
  .trace_a = RGB (0xb7a6f2),
  .trace_b = RGB (0x63cbd6),
  .better = RGB (0x6dd68f),
  .worse = RGB (0xff7b72),
  .outline_width = 1.0,
};

/* The high-contrast themes differ from their relatives in the fields set here. */
static GanderTheme light_contrast;
static GanderTheme dark_contrast;

static void
make_contrast_themes (void)
{
  const GanderColor black = RGB (0x000000);
  const GanderColor white = RGB (0xffffff);

  light_contrast = light;
  light_contrast.id = "light-contrast";
  light_contrast.high_contrast = TRUE;
  light_contrast.shade[GANDER_SHADE_RUNNING] = (GanderColor)RGB (0x006b3f);
  light_contrast.shade[GANDER_SHADE_RUNNABLE] = (GanderColor)RGB (0x0b3d91);
  light_contrast.shade[GANDER_SHADE_SYSCALL] = (GanderColor)RGB (0xffb300);
  light_contrast.shade[GANDER_SHADE_GC] = (GanderColor)RGB (0xc4001a);
  light_contrast.shade[GANDER_SHADE_STW] = (GanderColor)RGB (0x3b0008);
  light_contrast.ink[GANDER_SHADE_RUNNING] = white;
  light_contrast.blocked_outline = black;
  light_contrast.wait_mark = (GanderColor)RGB (0x5e5c64);
  light_contrast.text = black;
  light_contrast.secondary = black;
  light_contrast.outline_width = 2.0;

  dark_contrast = dark;
  dark_contrast.id = "dark-contrast";
  dark_contrast.high_contrast = TRUE;
  dark_contrast.shade[GANDER_SHADE_RUNNING] = (GanderColor)RGB (0x5dff9b);
  dark_contrast.shade[GANDER_SHADE_RUNNABLE] = (GanderColor)RGB (0x6aa5ff);
  dark_contrast.shade[GANDER_SHADE_SYSCALL] = (GanderColor)RGB (0xffd21f);
  dark_contrast.shade[GANDER_SHADE_GC] = (GanderColor)RGB (0xff3b47);
  dark_contrast.shade[GANDER_SHADE_STW] = (GanderColor)RGB (0xff9ac2);
  dark_contrast.shade[GANDER_SHADE_BLOCKED] = black;
  dark_contrast.ink[GANDER_SHADE_BLOCKED] = white;
  dark_contrast.ink[GANDER_SHADE_GC] = black;
  dark_contrast.blocked_outline = white;
  dark_contrast.blocked_column = white;
  dark_contrast.wait_mark = (GanderColor)RGB (0xb0afb6);
  dark_contrast.text = white;
  dark_contrast.secondary = white;
  dark_contrast.outline_width = 2.0;
}

const GanderTheme *
gander_theme_get (gboolean is_dark, gboolean high_contrast)
{
  static gsize made = 0;

  if (g_once_init_enter (&made))
    {
      make_contrast_themes ();
      g_once_init_leave (&made, 1);
    }
  if (high_contrast)
    return is_dark ? &dark_contrast : &light_contrast;
  return is_dark ? &dark : &light;
}

GanderShade
gander_shade_of_state (GanderState state)
{
  static const GanderShade shades[GANDER_N_STATES] = {
    [GANDER_STATE_NONE] = GANDER_N_SHADES,
    [GANDER_STATE_RUNNING] = GANDER_SHADE_RUNNING,
    [GANDER_STATE_RUNNABLE] = GANDER_SHADE_RUNNABLE,
    [GANDER_STATE_BLOCKED] = GANDER_SHADE_BLOCKED,
    [GANDER_STATE_SYSCALL] = GANDER_SHADE_SYSCALL,
    [GANDER_STATE_SYSCALL_BLOCKED] = GANDER_SHADE_SYSCALL,
    [GANDER_STATE_GC_WORK] = GANDER_SHADE_GC,
    [GANDER_STATE_GC_ASSIST] = GANDER_SHADE_GC,
    [GANDER_STATE_SCHEDULING] = GANDER_N_SHADES,
    [GANDER_STATE_UNKNOWN] = GANDER_N_SHADES,
  };

  return state < GANDER_N_STATES ? shades[state] : GANDER_N_SHADES;
}

const char *
gander_shade_get_name (GanderShade shade)
{
  static const char *const names[GANDER_N_SHADES] = {
    [GANDER_SHADE_RUNNING] = N_ ("Running"), [GANDER_SHADE_RUNNABLE] = N_ ("Runnable"),
    [GANDER_SHADE_BLOCKED] = N_ ("Blocked"), [GANDER_SHADE_SYSCALL] = N_ ("Syscall"),
    [GANDER_SHADE_GC] = N_ ("GC"),           [GANDER_SHADE_STW] = N_ ("STW"),
  };

  g_return_val_if_fail (shade < GANDER_N_SHADES, "");
  return _ (names[shade]);
}

GanderPattern
gander_pattern_of_wait (GanderWait wait)
{
  static const GanderPattern patterns[GANDER_N_WAITS] = {
    [GANDER_WAIT_SYNC] = GANDER_PATTERN_DIAGONAL,
    [GANDER_WAIT_COND] = GANDER_PATTERN_DIAGONAL,
    [GANDER_WAIT_CHAN_SEND] = GANDER_PATTERN_VERTICAL,
    [GANDER_WAIT_CHAN_RECEIVE] = GANDER_PATTERN_VERTICAL,
    [GANDER_WAIT_SELECT] = GANDER_PATTERN_CROSSED,
    [GANDER_WAIT_NETWORK] = GANDER_PATTERN_DOTS,
    [GANDER_WAIT_SLEEP] = GANDER_PATTERN_DASH,
    [GANDER_WAIT_GC] = GANDER_PATTERN_BACK_DIAGONAL,
    [GANDER_WAIT_FOREVER] = GANDER_PATTERN_HEAVY_OUTLINE,
  };

  return wait < GANDER_N_WAITS ? patterns[wait] : GANDER_PATTERN_NONE;
}

const char *
gander_wait_get_word (GanderWait wait)
{
  static const char *const words[GANDER_N_WAITS] = {
    [GANDER_WAIT_SYNC] = N_ ("sync"),           [GANDER_WAIT_COND] = N_ ("cond"),
    [GANDER_WAIT_CHAN_SEND] = N_ ("chan send"), [GANDER_WAIT_CHAN_RECEIVE] = N_ ("chan recv"),
    [GANDER_WAIT_SELECT] = N_ ("select"),       [GANDER_WAIT_NETWORK] = N_ ("network"),
    [GANDER_WAIT_SLEEP] = N_ ("sleep"),         [GANDER_WAIT_GC] = N_ ("GC"),
    [GANDER_WAIT_FOREVER] = N_ ("forever"),
  };

  return wait < GANDER_N_WAITS && words[wait] != NULL ? _ (words[wait]) : NULL;
}

int
gander_theme_get_hairline (double scale)
{
  return MAX (1, (int)floor (scale));
}

void
gander_theme_set_color (cairo_t *cr, const GanderColor *color, double alpha)
{
  cairo_set_source_rgba (cr, color->r, color->g, color->b, alpha);
}

static void
paint_swatch_pattern (cairo_t *cr,
                      const GanderTheme *self,
                      GanderShade shade,
                      double x,
                      double y,
                      double width,
                      double height)
{
  const GanderColor black = { 0, 0, 0 };
  const GanderColor white = { 1, 1, 1 };
  double weight = self->high_contrast ? 2 : 1;
  cairo_pattern_t *source = NULL;

  if (shade == GANDER_SHADE_RUNNABLE)
    source = gander_pattern_new (GANDER_PATTERN_WIDE_DIAGONAL, &white, 0.45, 1, weight, 0);
  else if (shade == GANDER_SHADE_GC)
    source = gander_pattern_new (GANDER_PATTERN_VERTICAL, &black, 0.28, 1, weight, 0);
  if (source == NULL)
    return;
  cairo_save (cr);
  cairo_translate (cr, x, y);
  cairo_set_source (cr, source);
  cairo_pattern_destroy (source);
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_fill (cr);
  cairo_restore (cr);
}

void
gander_theme_paint_swatch (cairo_t *cr,
                           const GanderTheme *self,
                           GanderShade shade,
                           double x,
                           double y,
                           double width,
                           double height)
{
  const GanderColor black = { 0, 0, 0 };
  double line = self->outline_width;

  g_return_if_fail (shade < GANDER_N_SHADES);

  gander_theme_set_color (cr, &self->shade[shade], 1);
  cairo_rectangle (cr, x, y, width, height);
  cairo_fill (cr);
  paint_swatch_pattern (cr, self, shade, x, y, width, height);
  if (shade == GANDER_SHADE_SYSCALL)
    {
      gander_theme_set_color (cr, &black, 0.55);
      cairo_rectangle (cr, x, y, width, 3);
      cairo_fill (cr);
    }
  if (shade == GANDER_SHADE_BLOCKED)
    {
      gander_theme_set_color (cr, &self->blocked_outline, 1);
      cairo_set_line_width (cr, line);
      cairo_rectangle (cr, x + line / 2, y + line / 2, width - line, height - line);
      cairo_stroke (cr);
    }
}
