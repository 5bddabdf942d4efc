/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/trouble-view.h"

#include "app/trouble.h"

struct _GanderTroubleView
{
  AdwBin parent_instance;
  AdwStatusPage *status_page;
  GtkLabel *details_label;
};

G_DEFINE_FINAL_TYPE (GanderTroubleView, gander_trouble_view, ADW_TYPE_BIN)

void
gander_trouble_view_show (GanderTroubleView *self, GFile *file, const GError *error)
{
  g_auto (GanderTrouble) trouble = { 0 };
  /* The status page reads its description as markup. */
  g_autofree char *title = NULL;
  g_autofree char *description = NULL;

  gander_trouble_init (&trouble, file, error);
  title = g_markup_escape_text (trouble.title, -1);
  description = g_markup_escape_text (trouble.description, -1);
  adw_status_page_set_icon_name (self->status_page, trouble.icon);
  adw_status_page_set_title (self->status_page, title);
  adw_status_page_set_description (self->status_page, description);
  gtk_label_set_text (self->details_label, trouble.details);
}

static void
copy_details (GtkWidget *widget,
              const char *action G_GNUC_UNUSED,
              GVariant *parameter G_GNUC_UNUSED)
{
  GanderTroubleView *self = GANDER_TROUBLE_VIEW (widget);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget),
                          gtk_label_get_text (self->details_label));
}

static void
gander_trouble_view_class_init (GanderTroubleViewClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/gander/Gander/trouble-view.ui");
  gtk_widget_class_bind_template_child (widget_class, GanderTroubleView, status_page);
  gtk_widget_class_bind_template_child (widget_class, GanderTroubleView, details_label);
  gtk_widget_class_install_action (widget_class, "trouble.copy", NULL, copy_details);
}

static void
gander_trouble_view_init (GanderTroubleView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
