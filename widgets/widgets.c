/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/widgets.h"

#include "gander-widgets-resources.h"

#define STYLE_PATH "/org/gander/Gander/widgets/style.css"

void
gander_widgets_init (void)
{
  GdkDisplay *display = gdk_display_get_default ();
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

  g_resources_register (gander_widgets_get_resource ());
  gtk_css_provider_load_from_resource (provider, STYLE_PATH);
  gtk_style_context_add_provider_for_display (display,
                                              GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);

  g_type_ensure (GANDER_TYPE_COMPARE_VIEW);
  g_type_ensure (GANDER_TYPE_DETAILS_PANEL);
  g_type_ensure (GANDER_TYPE_LANE_AREA);
  g_type_ensure (GANDER_TYPE_OVERVIEW_STRIP);
  g_type_ensure (GANDER_TYPE_TIMELINE_VIEW);
}
