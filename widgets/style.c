/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/style.h"

#include <adwaita.h>

const GanderTheme *
gander_style_get_theme (void)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();

  return gander_theme_get (adw_style_manager_get_dark (manager),
                           adw_style_manager_get_high_contrast (manager));
}

static void
theme_changed_cb (GtkWidget *widget)
{
  void (*changed) (GtkWidget *) = g_object_get_data (G_OBJECT (widget), "gander-style-changed");

  changed (widget);
}

void
gander_style_watch (GtkWidget *widget, void (*changed) (GtkWidget *widget))
{
  static const char *const details[] = { "notify::dark", "notify::high-contrast" };
  AdwStyleManager *manager = adw_style_manager_get_default ();

  g_object_set_data (G_OBJECT (widget), "gander-style-changed", changed);
  for (gsize i = 0; i < G_N_ELEMENTS (details); i++)
    g_signal_connect_object (manager,
                             details[i],
                             G_CALLBACK (theme_changed_cb),
                             widget,
                             G_CONNECT_SWAPPED);
}

double
gander_style_get_font (GtkWidget *widget, const char **family)
{
  PangoContext *context = gtk_widget_get_pango_context (widget);
  const PangoFontDescription *font = pango_context_get_font_description (context);
  const double size = (double)pango_font_description_get_size (font) / PANGO_SCALE;
  const double dpi = pango_cairo_context_get_resolution (context);

  if (family != NULL)
    *family = pango_font_description_get_family (font);
  if (pango_font_description_get_size_is_absolute (font))
    return size;
  return size * (dpi > 0 ? dpi : 96) / 72;
}
