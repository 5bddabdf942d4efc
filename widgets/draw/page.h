/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A whole picture on one surface, for PNG, SVG, PDF and the clipboard: title, legend, overview,
 * ruler, label column and rows.
 */

#include "widgets/draw/timeline.h"

G_BEGIN_DECLS

typedef struct
{
  const char *title; /* (unowned) (nullable) NULL = file name and facts of the trace */
  GanderTime begin;  /* shown range; begin = end: the whole trace */
  GanderTime end;
  int width;       /* px; 0 = 1440 */
  int height;      /* px; 0 = as high as the rows, within max_rows */
  guint max_rows;  /* 0 = 400 */
  int label_width; /* px; 0 = 236 */
  gboolean no_overview;
  gboolean no_legend;
  const char *font_family; /* (unowned) (nullable) */
  double em;               /* px; 0 = 14.667 */
  GanderOverlay overlay;
  const GanderMark *marks; /* (unowned) (nullable) sorted by lane, then time */
  gsize n_marks;
} GanderPageOptions;

#define GANDER_PAGE_OPTIONS_INIT   \
  {                                \
    .overlay = GANDER_OVERLAY_INIT \
  }

typedef struct _GanderPage GanderPage;

/* Lays the picture out. @scale: device pixels per px (1 for SVG and PDF). @rows must stay. */
GanderPage *gander_page_new (const GanderRows *rows,
                             const GanderPageOptions *options,
                             double scale) G_GNUC_WARN_UNUSED_RESULT;
void gander_page_free (GanderPage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanderPage, gander_page_free)

/* The size in px. */
void gander_page_get_size (const GanderPage *self, int *width, int *height);
void gander_page_paint (GanderPage *self, cairo_t *cr, const GanderTheme *theme);

typedef enum
{
  GANDER_PAGE_PNG,
  GANDER_PAGE_SVG,
  GANDER_PAGE_PDF,
} GanderPageFormat;

/* Lays out, paints and writes a picture to the file @path; "-" is standard output.
 * Errors: G_IO_ERROR. Nothing is left at @path after one. */
gboolean gander_page_write (const GanderRows *rows,
                            const GanderPageOptions *options,
                            double scale,
                            const GanderTheme *theme,
                            GanderPageFormat format,
                            const char *path,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
