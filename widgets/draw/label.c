/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/draw/label.h"

#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

/* Two generations of this many texts: what was not used for a while is forgotten. */
#define GENERATION 2048
#define MARGIN     1 /* px around the ink of a mask */

typedef struct
{
  double em;
  PangoWeight weight;
} Style;

static const Style styles[GANDER_N_LABEL_STYLES] = {
  [GANDER_LABEL_SPAN] = { 0.72, PANGO_WEIGHT_NORMAL },
  [GANDER_LABEL_COMPACT] = { 0.61, PANGO_WEIGHT_NORMAL },
  [GANDER_LABEL_LANE] = { 0.82, PANGO_WEIGHT_NORMAL },
  [GANDER_LABEL_GROUP] = { 0.82, PANGO_WEIGHT_BOLD },
  [GANDER_LABEL_RULER] = { 0.75, PANGO_WEIGHT_NORMAL },
  [GANDER_LABEL_PILL] = { 0.75, PANGO_WEIGHT_BOLD },
  [GANDER_LABEL_TITLE] = { 1.05, PANGO_WEIGHT_BOLD },
};

/* A text that was asked for. */
typedef struct
{
  PangoLayout *layout;
  cairo_surface_t *mask; /* (nullable) made when it is asked for */
} Label;

struct _GanderLabels
{
  PangoContext *context;
  PangoFontDescription *fonts[GANDER_N_LABEL_STYLES];
  int heights[GANDER_N_LABEL_STYLES];
  GHashTable *young[GANDER_N_LABEL_STYLES]; /* text -> Label */
  GHashTable *old[GANDER_N_LABEL_STYLES];
  GString *scratch;
};

static void
label_free (gpointer data)
{
  Label *label = data;

  g_clear_object (&label->layout);
  g_clear_pointer (&label->mask, cairo_surface_destroy);
  g_free (label);
}

static GHashTable *
new_cache (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, label_free);
}

GanderLabels *
gander_labels_new (const char *family, double em, double scale)
{
  GanderLabels *self = g_new0 (GanderLabels, 1);
  cairo_font_options_t *options = cairo_font_options_create ();

  cairo_font_options_set_antialias (options, CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_SLIGHT);
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  self->context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  pango_cairo_context_set_font_options (self->context, options);
  pango_context_set_round_glyph_positions (self->context, FALSE);
  cairo_font_options_destroy (options);

  for (guint i = 0; i < GANDER_N_LABEL_STYLES; i++)
    {
      self->fonts[i] = pango_font_description_new ();
      pango_font_description_set_family (self->fonts[i], family != NULL ? family : "Sans");
      pango_font_description_set_weight (self->fonts[i], styles[i].weight);
      pango_font_description_set_absolute_size (self->fonts[i],
                                                styles[i].em * em * scale * PANGO_SCALE);
      self->young[i] = new_cache ();
      self->old[i] = new_cache ();
    }
  self->scratch = g_string_new (NULL);
  return self;
}

void
gander_labels_free (GanderLabels *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < GANDER_N_LABEL_STYLES; i++)
    {
      pango_font_description_free (self->fonts[i]);
      g_hash_table_unref (self->young[i]);
      g_hash_table_unref (self->old[i]);
    }
  g_string_free (self->scratch, TRUE);
  g_object_unref (self->context);
  g_free (self);
}

static Label *
find_label (GanderLabels *self, GanderLabelStyle style, const char *text)
{
  Label *label = g_hash_table_lookup (self->young[style], text);
  gpointer key = NULL;

  if (label != NULL)
    return label;

  if (g_hash_table_size (self->young[style]) >= GENERATION)
    {
      g_hash_table_unref (self->old[style]);
      self->old[style] = self->young[style];
      self->young[style] = new_cache ();
    }
  if (!g_hash_table_steal_extended (self->old[style], text, &key, (gpointer *)&label))
    {
      key = g_strdup (text);
      label = g_new0 (Label, 1);
      label->layout = pango_layout_new (self->context);
      pango_layout_set_font_description (label->layout, self->fonts[style]);
      pango_layout_set_single_paragraph_mode (label->layout, TRUE);
      pango_layout_set_text (label->layout, text, -1);
    }
  g_hash_table_insert (self->young[style], key, label);
  return label;
}

static PangoLayout *
find_layout (GanderLabels *self, GanderLabelStyle style, const char *text)
{
  return find_label (self, style, text)->layout;
}

int
gander_labels_get_width (GanderLabels *self, GanderLabelStyle style, const char *text)
{
  PangoRectangle logical;

  pango_layout_get_extents (find_layout (self, style, text), NULL, &logical);
  return PANGO_PIXELS_CEIL (logical.width);
}

int
gander_labels_get_height (GanderLabels *self, GanderLabelStyle style)
{
  if (self->heights[style] == 0)
    {
      PangoRectangle logical;

      pango_layout_get_extents (find_layout (self, style, "G0"), NULL, &logical);
      self->heights[style] = PANGO_PIXELS_CEIL (logical.height);
    }
  return self->heights[style];
}

gsize
gander_labels_fit (GanderLabels *self, GanderLabelStyle style, const char *text, int width)
{
  PangoLayout *layout;
  int room;
  int index;
  int trailing;

  if (text[0] == '\0' || width <= 0)
    return 0;
  if (gander_labels_get_width (self, style, text) <= width)
    return strlen (text);

  room = width - gander_labels_get_width (self, style, "\u2026");
  if (room <= 0)
    return 0;
  layout = find_layout (self, style, text);
  if (!pango_layout_xy_to_index (layout, room * PANGO_SCALE, 0, &index, &trailing))
    return strlen (text);
  return (gsize)MAX (index, 0);
}

/* Returns: (nullable) @text, or what of it fits @width with "…". */
static const char *
cut (GanderLabels *self, GanderLabelStyle style, const char *text, int width)
{
  gsize n = gander_labels_fit (self, style, text, width);

  if (n == 0)
    return NULL;
  if (text[n] == '\0')
    return text;
  g_string_truncate (self->scratch, 0);
  g_string_append_len (self->scratch, text, (gssize)n);
  g_string_append (self->scratch, "\u2026");
  return self->scratch->str;
}

void
gander_labels_paint (GanderLabels *self,
                     cairo_t *cr,
                     GanderLabelStyle style,
                     const char *text,
                     int x,
                     int y,
                     int width)
{
  text = cut (self, style, text, width);
  if (text == NULL)
    return;
  cairo_move_to (cr, x, y - gander_labels_get_height (self, style) / 2);
  pango_cairo_show_layout (cr, find_layout (self, style, text));
}

/* Cairo lays glyphs that touch over each other, as it does on a picture, but on an image of alpha
 * alone it adds them up: that is not what they are painted on. */
static cairo_surface_t *
make_mask (PangoLayout *layout)
{
  PangoRectangle ink;
  cairo_surface_t *mask, *image;
  cairo_t *cr;

  pango_layout_get_pixel_extents (layout, &ink, NULL);
  mask =
      cairo_image_surface_create (CAIRO_FORMAT_A8, ink.width + 2 * MARGIN, ink.height + 2 * MARGIN);
  cairo_surface_set_device_offset (mask, MARGIN - ink.x, MARGIN - ink.y);
  image = cairo_surface_create_similar_image (mask,
                                              CAIRO_FORMAT_ARGB32,
                                              ink.width + 2 * MARGIN,
                                              ink.height + 2 * MARGIN);
  cairo_surface_set_device_offset (image, MARGIN - ink.x, MARGIN - ink.y);
  cr = cairo_create (image);
  pango_cairo_show_layout (cr, layout);
  cairo_destroy (cr);
  cr = cairo_create (mask);
  cairo_set_source_surface (cr, image, 0, 0);
  cairo_paint (cr);
  cairo_destroy (cr);
  cairo_surface_destroy (image);
  cairo_surface_flush (mask);
  return mask;
}

cairo_surface_t *
gander_labels_get_mask (GanderLabels *self, GanderLabelStyle style, const char *text, int width)
{
  Label *label;

  text = cut (self, style, text, width);
  if (text == NULL)
    return NULL;
  label = find_label (self, style, text);
  if (label->mask == NULL)
    label->mask = make_mask (label->layout);
  return cairo_surface_reference (label->mask);
}
