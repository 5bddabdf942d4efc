/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Text on pictures. Layouts are kept from frame to frame, so a text costs its shaping once. Widths
 * are in device pixels, as everything between layout and paint.
 */

#include "widgets/draw/theme.h"

G_BEGIN_DECLS

typedef enum
{
  GANDER_LABEL_SPAN,    /* on boxes */
  GANDER_LABEL_COMPACT, /* on boxes of compact rows */
  GANDER_LABEL_LANE,    /* names in the label column */
  GANDER_LABEL_GROUP,   /* the same, bold */
  GANDER_LABEL_RULER,
  GANDER_LABEL_PILL, /* bold, on pills */
  GANDER_LABEL_TITLE,
  GANDER_N_LABEL_STYLES,
} GanderLabelStyle;

typedef struct _GanderLabels GanderLabels;

/* @family (nullable): of the system font, "Sans" when NULL. @em: its size in px. @scale: device
 * pixels per px. */
GanderLabels *gander_labels_new (const char *family, double em, double scale);
void gander_labels_free (GanderLabels *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanderLabels, gander_labels_free)

/* Returns: the width of @text. */
int gander_labels_get_width (GanderLabels *self, GanderLabelStyle style, const char *text);
/* Returns: the height of a line. */
int gander_labels_get_height (GanderLabels *self, GanderLabelStyle style);

/* Returns: how many bytes of @text to show in @width: all, or what leaves room for "…", or 0. */
gsize gander_labels_fit (GanderLabels *self, GanderLabelStyle style, const char *text, int width);

/* Draws @text, or as much as fits @width with "…", its left end at @x and its middle at @y. The
 * colour is the source of @cr. */
void gander_labels_paint (GanderLabels *self,
                          cairo_t *cr,
                          GanderLabelStyle style,
                          const char *text,
                          int x,
                          int y,
                          int width);

/* Returns: (transfer full) (nullable) the same as an image of alpha alone that nobody changes; its
 * origin is the left upper corner of the line. NULL where nothing is shown. */
cairo_surface_t *
gander_labels_get_mask (GanderLabels *self, GanderLabelStyle style, const char *text, int width);

G_END_DECLS
