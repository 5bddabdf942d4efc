/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/cli-error.h"
#include "app/cli/commands.h"
#include "widgets/draw/draw.h"

#include <string.h>
#include <unistd.h>

/* Larger pictures are beyond what cairo draws. */
#define MAX_PIXELS 32000
#define MAX_SCALE  8.0

static const struct
{
  const char *id;
  GanderPageFormat format;
} formats[] = {
  { "png", GANDER_PAGE_PNG },
  { "svg", GANDER_PAGE_SVG },
  { "pdf", GANDER_PAGE_PDF },
};

/* The format that was asked for, or that of the suffix of the output. */
static gboolean
choose_format (const GanderCall *call, guint *row, GError **error)
{
  const char *output = call->options.output;
  const char *dot = output == NULL ? NULL : strrchr (output, '.');

  if (output == NULL)
    return gander_cli_error_set_usage (error,
                                       "say where to: --output FILE.png, FILE.svg or FILE.pdf");
  *row = 0;
  if (call->options.format == NULL && g_str_equal (output, "-"))
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      const char *id = formats[i].id;

      *row = i;
      if (call->options.format != NULL ? g_str_equal (call->options.format, id)
                                       : dot != NULL && g_ascii_strcasecmp (dot + 1, id) == 0)
        return TRUE;
    }
  return gander_cli_error_set_usage (error,
                                     "%s: end the name in .png, .svg or .pdf, or say --format",
                                     output);
}

static gboolean
parse_height (const GanderCall *call, int *height, GError **error)
{
  const char *text = call->options.height;
  gint64 value = 0;

  *height = 0;
  if (text == NULL || g_str_equal (text, "auto"))
    return TRUE;
  if (!g_ascii_string_to_signed (text, 10, 1, MAX_PIXELS, &value, NULL))
    return gander_cli_error_set_usage (error,
                                       "--height %s: it is auto or 1 to %d",
                                       text,
                                       MAX_PIXELS);
  *height = (int)value;
  return TRUE;
}

static gboolean
parse_scale (const GanderCall *call, double *scale, GError **error)
{
  const char *text = call->options.scale;
  char *end = NULL;

  *scale = 1;
  if (text == NULL)
    return TRUE;
  *scale = g_ascii_strtod (text, &end);
  if (*end == '\0' && end != text && *scale >= 0.1 && *scale <= MAX_SCALE)
    return TRUE;
  return gander_cli_error_set_usage (error, "--scale %s: it is 0.1 to %g", text, MAX_SCALE);
}

static gboolean
find_theme (const GanderCall *call, const GanderTheme **theme, GError **error)
{
  const char *name = call->options.theme == NULL ? "light" : call->options.theme;

  if (!g_str_equal (name, "light") && !g_str_equal (name, "dark"))
    return gander_cli_error_set_usage (error, "--theme %s: it is light or dark", name);
  *theme = gander_theme_get (g_str_equal (name, "dark"), FALSE);
  return TRUE;
}

static gboolean
check_output (const GanderCall *call, const char *format, GError **error)
{
  const char *path = call->options.output;

  if (!g_str_equal (path, "-"))
    return call->options.force ||
           gander_output_check (path, (const char *const *)call->files, error);
  if (isatty (STDOUT_FILENO) != 0 && !g_str_equal (format, "svg"))
    return gander_cli_error_set_usage (error,
                                       "a %s picture is not for a terminal; send it on with | or >",
                                       format);
  return TRUE;
}

gboolean
gander_command_render (GanderCall *call, GError **error)
{
  GanderPageOptions page = GANDER_PAGE_OPTIONS_INIT;
  const GanderTheme *theme = NULL;
  g_autoptr (GanderIndex) index = NULL;
  g_autoptr (GanderRows) rows = NULL;
  g_autoptr (GError) trouble = NULL;
  double scale;
  guint format;

  page.width = call->options.width;
  page.max_rows = (guint)call->options.rows;
  if (call->options.width < 0 || call->options.width > MAX_PIXELS)
    return gander_cli_error_set_usage (error, "--width: it is 1 to %d", MAX_PIXELS);
  if (call->options.rows < 0)
    return gander_cli_error_set_usage (error, "--rows: it is 1 or more");
  if (!choose_format (call, &format, error) || !parse_height (call, &page.height, error) ||
      !parse_scale (call, &scale, error) || !find_theme (call, &theme, error) ||
      !check_output (call, formats[format].id, error))
    return FALSE;

  index = gander_call_load (call, call->files[0], error);
  if (index == NULL || !gander_cli_options_get_range (&call->options,
                                                      gander_index_get_facts (index)->duration,
                                                      &page.begin,
                                                      &page.end,
                                                      error))
    return FALSE;
  rows = gander_rows_new (index);
  if (gander_page_write (rows,
                         &page,
                         formats[format].format == GANDER_PAGE_PNG ? scale : 1,
                         theme,
                         formats[format].format,
                         call->options.output,
                         &trouble) ||
      g_error_matches (trouble, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&trouble));
  return FALSE;
}
