/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/banner.h"

#include "app/damage-window.h"
#include "app/notices.h"

#include <glib/gi18n.h>

struct _GanderBanner
{
  AdwBin parent_instance;
  GanderIndex *index; /* (nullable) whose damage the details show */
  GtkRevealer *revealer;
  GtkImage *icon;
  GtkLabel *label;
  GtkWidget *details_button;
  GtkWidget *reload_button;
};

G_DEFINE_FINAL_TYPE (GanderBanner, gander_banner, ADW_TYPE_BIN)

static void
show_text (GanderBanner *self, const char *name, const char *text)
{
  /* Translators: the name of a file, then a sentence about it. */
  g_autofree char *both = name != NULL ? g_strdup_printf (_ ("%s: %s"), name, text) : NULL;

  gtk_label_set_text (self->label, both != NULL ? both : text);
}

static void
set_warning (GanderBanner *self, gboolean is_warning)
{
  if (is_warning)
    gtk_widget_add_css_class (GTK_WIDGET (self), "gander-warning");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "gander-warning");
}

void
gander_banner_show (GanderBanner *self, GanderIndex *index, const char *name)
{
  g_auto (GanderNotice) notice = { 0 };
  gboolean is_needed = gander_notice_init (&notice, index);

  g_clear_pointer (&self->index, gander_index_unref);
  self->index = gander_index_ref (index);
  if (is_needed)
    {
      gtk_image_set_from_icon_name (self->icon, notice.icon);
      show_text (self, name, notice.text);
      set_warning (self, notice.is_warning);
      gtk_widget_set_visible (self->details_button, notice.is_damage);
      gtk_widget_set_visible (self->reload_button, FALSE);
    }
  gtk_revealer_set_reveal_child (self->revealer, is_needed);
}

static void
offer_reload (GanderBanner *self, const char *label)
{
  gtk_widget_set_visible (self->details_button, FALSE);
  gtk_button_set_label (GTK_BUTTON (self->reload_button), label);
  gtk_widget_set_visible (self->reload_button, TRUE);
  gtk_revealer_set_reveal_child (self->revealer, TRUE);
}

void
gander_banner_show_changed (GanderBanner *self, GFile *file)
{
  g_autofree char *base = g_file_get_basename (file);
  g_autofree char *name = g_filename_display_name (base);
  g_autofree char *text = g_strdup_printf (_ ("%s changed on disk."), name);

  gtk_image_set_from_icon_name (self->icon, "dialog-information-symbolic");
  show_text (self, NULL, text);
  set_warning (self, FALSE);
  offer_reload (self, _ ("_Reload"));
}

void
gander_banner_show_broken (GanderBanner *self, const char *name)
{
  gtk_image_set_from_icon_name (self->icon, "dialog-warning-symbolic");
  show_text (self,
             name,
             _ ("The stored index cannot be read. What is shown may be wrong until it is built "
                "anew."));
  set_warning (self, TRUE);
  offer_reload (self, _ ("_Rebuild"));
}

const char *
gander_banner_get_text (GanderBanner *self)
{
  return gtk_revealer_get_reveal_child (self->revealer) ? gtk_label_get_text (self->label) : NULL;
}

static void
show_details (GtkWidget *widget,
              const char *action G_GNUC_UNUSED,
              GVariant *parameter G_GNUC_UNUSED)
{
  GanderBanner *self = GANDER_BANNER (widget);

  gander_damage_window_present (GTK_WINDOW (gtk_widget_get_root (widget)), self->index);
}

static void
dismiss (GtkWidget *widget, const char *action G_GNUC_UNUSED, GVariant *parameter G_GNUC_UNUSED)
{
  gtk_revealer_set_reveal_child (GANDER_BANNER (widget)->revealer, FALSE);
}

static void
gander_banner_dispose (GObject *object)
{
  GanderBanner *self = GANDER_BANNER (object);

  g_clear_pointer (&self->index, gander_index_unref);

  G_OBJECT_CLASS (gander_banner_parent_class)->dispose (object);
}

static void
gander_banner_class_init (GanderBannerClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = gander_banner_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/gander/Gander/banner.ui");
  gtk_widget_class_bind_template_child (widget_class, GanderBanner, revealer);
  gtk_widget_class_bind_template_child (widget_class, GanderBanner, icon);
  gtk_widget_class_bind_template_child (widget_class, GanderBanner, label);
  gtk_widget_class_bind_template_child (widget_class, GanderBanner, details_button);
  gtk_widget_class_bind_template_child (widget_class, GanderBanner, reload_button);
  gtk_widget_class_install_action (widget_class, "banner.details", NULL, show_details);
  gtk_widget_class_install_action (widget_class, "banner.dismiss", NULL, dismiss);
}

static void
gander_banner_init (GanderBanner *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
