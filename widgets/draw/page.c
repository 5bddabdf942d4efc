/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/draw/page.h"

#include "widgets/draw/overview.h"
#include "widgets/draw/ruler.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define WIDTH        1440
#define LABEL_WIDTH  236
#define EM           14.667
#define MOST_ROWS    400
#define TITLE_HEIGHT 42
#define MARGIN       12
#define MOST_PIXELS  32767 /* of a cairo image, each way */

struct _GanderPage
{
  GanderPageOptions options;
  const GanderRows *rows;
  double scale;
  int width, height;
  int title_bottom, overview_bottom, ruler_bottom;
  char *title;
  char *subtitle;
  GanderLabels *labels;
  GanderOverview *overview;
  GanderRuler *ruler;
  GanderTimeline *timeline;
};

static void
take_options (GanderPage *self, const GanderPageOptions *options)
{
  GanderTime duration = gander_index_get_facts (gander_rows_get_index (self->rows))->duration;

  self->options = *options;
  if (self->options.begin >= self->options.end)
    {
      self->options.begin = 0;
      self->options.end = MAX (duration, 1);
    }
  if (self->options.max_rows == 0)
    self->options.max_rows = MOST_ROWS;
  if (self->options.label_width <= 0)
    self->options.label_width = LABEL_WIDTH;
  if (self->options.em <= 0)
    self->options.em = EM;
  self->width = options->width > 0 ? options->width : WIDTH;
  self->options.label_width = MIN (self->options.label_width, self->width / 2);
}

static void
place (GanderPage *self)
{
  guint32 n = MIN (gander_rows_get_n (self->rows), self->options.max_rows);

  self->title_bottom = self->options.no_legend ? 0 : TITLE_HEIGHT;
  self->overview_bottom =
      self->title_bottom + (self->options.no_overview ? 0 : GANDER_OVERVIEW_HEIGHT);
  self->ruler_bottom = self->overview_bottom + GANDER_RULER_HEIGHT;
  self->height = self->options.height;
  if (self->height <= 0)
    self->height = self->ruler_bottom + (int)MIN (gander_rows_get_y (self->rows, n), MOST_PIXELS);
  self->height = MAX (self->height, self->ruler_bottom + 1);
}

static void
name_it (GanderPage *self)
{
  const GanderFacts *facts = gander_index_get_facts (gander_rows_get_index (self->rows));
  char duration[GANDER_TEXT_SIZE];
  char events[GANDER_TEXT_SIZE];
  char begin[GANDER_TEXT_SIZE];
  char end[GANDER_TEXT_SIZE];

  if (self->options.title != NULL)
    self->title = g_strdup (self->options.title);
  else
    self->title = g_filename_display_basename (facts->path != NULL ? facts->path : "");
  gander_scale_format_duration (facts->duration, duration);
  gander_scale_format_count (facts->n_events, events);
  if (self->options.begin <= 0 && self->options.end >= facts->duration)
    {
      self->subtitle = g_strdup_printf (_ ("%s \u00b7 %s events \u00b7 Go 1.%u"),
                                        duration,
                                        events,
                                        facts->go_version);
      return;
    }
  gander_scale_format_instant (self->options.begin,
                               (self->options.end - self->options.begin) / 1000,
                               begin);
  gander_scale_format_instant (self->options.end,
                               (self->options.end - self->options.begin) / 1000,
                               end);
  self->subtitle = g_strdup_printf (_ ("%s to %s of %s \u00b7 Go 1.%u"),
                                    begin,
                                    end,
                                    duration,
                                    facts->go_version);
}

static void
layout (GanderPage *self)
{
  const GanderPageOptions *options = &self->options;
  GanderIndex *index = gander_rows_get_index (self->rows);
  GanderOverviewView overview = {
    .begin = options->begin,
    .end = options->end,
    .width = self->width,
    .height = GANDER_OVERVIEW_HEIGHT,
    .label_width = options->label_width,
    .scale = self->scale,
    .marks = options->marks,
    .n_marks = options->n_marks,
  };
  GanderRulerView ruler = {
    .begin = options->begin,
    .end = options->end,
    .width = self->width,
    .height = GANDER_RULER_HEIGHT,
    .label_width = options->label_width,
    .scale = self->scale,
    .pointer = options->overlay.pointer,
    .range_begin = options->overlay.range_begin,
    .range_end = options->overlay.range_end,
  };
  GanderTimelineFrame timeline = {
    .begin = options->begin,
    .end = options->end,
    .width = self->width,
    .height = self->height - self->ruler_bottom,
    .label_width = options->label_width,
    .scale = self->scale,
    .marks = options->marks,
    .n_marks = options->n_marks,
  };

  if (!options->no_overview)
    gander_overview_layout (self->overview, index, &overview);
  gander_ruler_layout (self->ruler, &ruler);
  gander_timeline_layout (self->timeline, self->rows, &timeline);
}

GanderPage *
gander_page_new (const GanderRows *rows, const GanderPageOptions *options, double scale)
{
  GanderPage *self;

  g_return_val_if_fail (rows != NULL && options != NULL, NULL);

  self = g_new0 (GanderPage, 1);
  self->rows = rows;
  self->scale = scale > 0 ? scale : 1;
  take_options (self, options);
  place (self);
  name_it (self);
  self->labels = gander_labels_new (options->font_family, self->options.em, 1);
  self->overview = gander_overview_new (options->font_family, self->options.em);
  self->ruler = gander_ruler_new (options->font_family, self->options.em);
  self->timeline = gander_timeline_new (options->font_family, self->options.em);
  layout (self);
  return self;
}

void
gander_page_free (GanderPage *self)
{
  if (self == NULL)
    return;
  gander_labels_free (self->labels);
  gander_overview_free (self->overview);
  gander_ruler_free (self->ruler);
  gander_timeline_free (self->timeline);
  g_free (self->title);
  g_free (self->subtitle);
  g_free (self);
}

void
gander_page_get_size (const GanderPage *self, int *width, int *height)
{
  *width = self->width;
  *height = self->height;
}

/* From the right end inwards. Returns: where it begins. */
static int
paint_legend (GanderPage *self, cairo_t *cr, const GanderTheme *theme)
{
  int x = self->width - MARGIN;
  int y = self->title_bottom / 2;

  for (guint i = GANDER_N_SHADES; i > 0; i--)
    {
      GanderShade shade = i - 1;
      const char *name = gander_shade_get_name (shade);

      x -= gander_labels_get_width (self->labels, GANDER_LABEL_LANE, name);
      gander_theme_set_color (cr, &theme->text, 1);
      gander_labels_paint (self->labels, cr, GANDER_LABEL_LANE, name, x, y, self->width);
      x -= 20;
      gander_theme_paint_swatch (cr, theme, shade, x, y - 6, 14, 12);
      x -= 16;
    }
  return x;
}

static void
paint_title (GanderPage *self, cairo_t *cr, const GanderTheme *theme)
{
  int y = self->title_bottom / 2;
  int end = paint_legend (self, cr, theme);
  int width = MIN (gander_labels_get_width (self->labels, GANDER_LABEL_TITLE, self->title),
                   MAX (end - MARGIN, 0));

  gander_theme_set_color (cr, &theme->text, 1);
  gander_labels_paint (self->labels, cr, GANDER_LABEL_TITLE, self->title, MARGIN, y, width);
  gander_theme_set_color (cr, &theme->secondary, 1);
  gander_labels_paint (self->labels,
                       cr,
                       GANDER_LABEL_LANE,
                       self->subtitle,
                       2 * MARGIN + width,
                       y + 1,
                       end - 2 * MARGIN - width);
  gander_theme_set_color (cr, &theme->hairline, 1);
  cairo_rectangle (cr, 0, self->title_bottom - 1, self->width, 1);
  cairo_fill (cr);
}

void
gander_page_paint (GanderPage *self, cairo_t *cr, const GanderTheme *theme)
{
  g_return_if_fail (self != NULL);

  cairo_save (cr);
  gander_theme_set_color (cr, &theme->window, 1);
  cairo_rectangle (cr, 0, 0, self->width, self->height);
  cairo_fill (cr);
  if (!self->options.no_legend)
    paint_title (self, cr, theme);
  cairo_translate (cr, 0, self->title_bottom);
  if (!self->options.no_overview)
    gander_overview_paint (self->overview, cr, theme);
  cairo_translate (cr, 0, self->overview_bottom - self->title_bottom);
  gander_ruler_paint (self->ruler, cr, theme);
  cairo_translate (cr, 0, self->ruler_bottom - self->overview_bottom);
  gander_timeline_paint (self->timeline, cr, theme);
  gander_timeline_paint_overlay (self->timeline, cr, theme, &self->options.overlay);
  cairo_restore (cr);
}

typedef struct
{
  FILE *file;
  int error; /* errno of the first failed write */
} Sink;

static cairo_status_t
write_cb (void *data, const unsigned char *bytes, unsigned int n)
{
  Sink *sink = data;

  if (fwrite (bytes, 1, n, sink->file) == n)
    return CAIRO_STATUS_SUCCESS;
  sink->error = errno;
  return CAIRO_STATUS_WRITE_ERROR;
}

static cairo_surface_t *
create_surface (const GanderPage *self, GanderPageFormat format, Sink *sink)
{
  cairo_surface_t *surface;
  int width = (int)lround (self->width * self->scale);
  int height = (int)lround (self->height * self->scale);

  if (format == GANDER_PAGE_SVG)
    {
      surface = cairo_svg_surface_create_for_stream (write_cb, sink, self->width, self->height);
      cairo_svg_surface_set_document_unit (surface, CAIRO_SVG_UNIT_PX);
      return surface;
    }
  if (format == GANDER_PAGE_PDF)
    {
      surface = cairo_pdf_surface_create_for_stream (write_cb, sink, self->width, self->height);
      cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATE_DATE, NULL);
      return surface;
    }
  surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  cairo_surface_set_device_scale (surface, self->scale, self->scale);
  return surface;
}

static gboolean
draw_to (GanderPage *self,
         const GanderTheme *theme,
         GanderPageFormat format,
         Sink *sink,
         GError **error)
{
  cairo_surface_t *surface = create_surface (self, format, sink);
  cairo_t *cr = cairo_create (surface);
  cairo_status_t status;

  gander_page_paint (self, cr, theme);
  status = cairo_status (cr);
  cairo_destroy (cr);
  if (format == GANDER_PAGE_PNG && status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_write_to_png_stream (surface, write_cb, sink);
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    return TRUE;
  g_set_error_literal (error,
                       G_IO_ERROR,
                       sink->error != 0 ? g_io_error_from_errno (sink->error) : G_IO_ERROR_FAILED,
                       sink->error != 0 ? g_strerror (sink->error)
                                        : cairo_status_to_string (status));
  return FALSE;
}

static void
set_file_error (GError **error, const char *path, int number)
{
  g_autofree char *name = g_filename_display_name (path);

  g_set_error (error,
               G_IO_ERROR,
               g_io_error_from_errno (number),
               "%s: %s",
               name,
               g_strerror (number));
}

gboolean
gander_page_write (const GanderRows *rows,
                   const GanderPageOptions *options,
                   double scale,
                   const GanderTheme *theme,
                   GanderPageFormat format,
                   const char *path,
                   GError **error)
{
  g_autoptr (GanderPage) page =
      gander_page_new (rows, options, format == GANDER_PAGE_PNG ? scale : 1);
  gboolean to_stdout = strcmp (path, "-") == 0;
  g_autofree char *partial = g_strconcat (path, ".part", NULL);
  Sink sink = { 0 };
  gboolean ok;

  if (page->height * page->scale > MOST_PIXELS || page->width * page->scale > MOST_PIXELS)
    {
      g_set_error (error,
                   G_IO_ERROR,
                   G_IO_ERROR_INVALID_ARGUMENT,
                   _ ("a picture of %d by %d pixels is too large"),
                   (int)(page->width * page->scale),
                   (int)(page->height * page->scale));
      return FALSE;
    }
  sink.file = to_stdout ? stdout : g_fopen (partial, "wb");
  if (sink.file == NULL)
    {
      set_file_error (error, path, errno);
      return FALSE;
    }
  ok = draw_to (page, theme, format, &sink, error);
  if (to_stdout)
    return fflush (stdout) == 0 && ok;

  if (fclose (sink.file) != 0 && ok)
    {
      set_file_error (error, path, errno);
      ok = FALSE;
    }
  if (ok && g_rename (partial, path) != 0)
    {
      set_file_error (error, path, errno);
      ok = FALSE;
    }
  if (!ok)
    g_unlink (partial);
  return ok;
}
