/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/load-view.h"

#include "app/words.h"

#include "analysis/analysis.h"

#include <glib/gi18n.h>

struct _GanderLoadView
{
  AdwBin parent_instance;
  GanderLoader *loader;
  GtkLabel *name_label;
  GtkLabel *size_label;
  GtkProgressBar *bar;
  GtkLabel *progress_label;
};

G_DEFINE_FINAL_TYPE (GanderLoadView, gander_load_view, ADW_TYPE_BIN)

static void
show_size (GanderLoadView *self)
{
  GFile *file = gander_loader_get_file (self->loader);
  g_autoptr (GFileInfo) info =
      g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NONE, NULL, NULL);

  /* A pipe does not tell. */
  if (info != NULL && g_file_info_get_size (info) > 0)
    {
      g_autofree char *size = gander_text_bytes (g_file_info_get_size (info));

      gtk_label_set_text (self->size_label, size);
    }
}

static void
update (GanderLoadView *self)
{
  GanderLoaderProgress progress;
  g_autofree char *text = NULL;

  if (gander_loader_get_state (self->loader) == GANDER_LOADER_READY)
    {
      gtk_progress_bar_set_fraction (self->bar, 1.0);
      gtk_label_set_text (self->progress_label, _ ("Read"));
      return;
    }

  gander_loader_get_progress (self->loader, &progress);
  text = gander_words_progress (&progress);
  gtk_progress_bar_set_fraction (self->bar, progress.fraction);
  gtk_label_set_text (self->progress_label, text);
}

GtkWidget *
gander_load_view_new (GanderLoader *loader)
{
  GanderLoadView *self = g_object_new (GANDER_TYPE_LOAD_VIEW, NULL);
  g_autofree char *base = g_file_get_basename (gander_loader_get_file (loader));
  g_autofree char *name = g_filename_display_name (base);

  self->loader = g_object_ref (loader);
  gtk_label_set_text (self->name_label, name);
  show_size (self);
  g_signal_connect_object (loader, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}

static void
gander_load_view_dispose (GObject *object)
{
  GanderLoadView *self = GANDER_LOAD_VIEW (object);

  g_clear_object (&self->loader);

  G_OBJECT_CLASS (gander_load_view_parent_class)->dispose (object);
}

static void
gander_load_view_class_init (GanderLoadViewClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = gander_load_view_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/gander/Gander/load-view.ui");
  gtk_widget_class_bind_template_child (widget_class, GanderLoadView, name_label);
  gtk_widget_class_bind_template_child (widget_class, GanderLoadView, size_label);
  gtk_widget_class_bind_template_child (widget_class, GanderLoadView, bar);
  gtk_widget_class_bind_template_child (widget_class, GanderLoadView, progress_label);
}

static void
gander_load_view_init (GanderLoadView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
