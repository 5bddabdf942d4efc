/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/trace-page.h"

#include "app/banner.h"
#include "app/load-view.h"
#include "app/loader.h"
#include "app/trouble-view.h"
#include "app/words.h"
#include "widgets/widgets.h"

#include <glib/gi18n.h>

#define MAX_TRACES 2
/* An indexed trace opens faster than that; a progress bar would only flash. */
#define PATIENCE_MS 150

struct _GanderTracePage
{
  AdwBin parent_instance;

  guint n_traces; /* 1, or 2 for a comparison */
  GanderLoader *loaders[MAX_TRACES];
  GanderBanner *banners[MAX_TRACES];
  GFileMonitor *monitors[MAX_TRACES];
  guint patience_id;
  guint update_id;

  char *title;
  char *subtitle;
  char *tooltip;
  const char *icon_name;
  gboolean is_loading;

  GtkStack *stack;
  GtkBox *load_box;
  GtkWidget *cancel_button;
  GanderTroubleView *trouble_view;
  GtkBox *banner_box;
  GtkRevealer *reading_revealer;
  GtkLabel *reading_label;
  GtkProgressBar *reading_bar;
  AdwBin *view_bin;
  GanderIndex *shown; /* (unowned) (nullable) the beginning of the trace, while the rest is read */
};

G_DEFINE_FINAL_TYPE (GanderTracePage, gander_trace_page, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_TITLE,
  PROP_SUBTITLE,
  PROP_TOOLTIP,
  PROP_ICON_NAME,
  PROP_LOADING,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];
static guint cancelled_signal;

static char *
dup_name (GanderLoader *loader)
{
  g_autofree char *base = g_file_get_basename (gander_loader_get_file (loader));

  return g_filename_display_name (base);
}

static void
set_text (GanderTracePage *self, char **place, guint property, char *text)
{
  if (g_strcmp0 (*place, text) == 0)
    {
      g_free (text);
      return;
    }
  g_free (*place);
  *place = text;
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
describe_one (GanderTracePage *self)
{
  GanderLoader *loader = self->loaders[0];
  GanderIndex *index = gander_loader_get_index (loader);

  set_text (self, &self->title, PROP_TITLE, dup_name (loader));
  set_text (self,
            &self->subtitle,
            PROP_SUBTITLE,
            index != NULL ? gander_words_facts (gander_index_get_facts (index)) : NULL);
  set_text (self,
            &self->tooltip,
            PROP_TOOLTIP,
            gander_words_tooltip (gander_loader_get_file (loader), index));
}

static void
describe_two (GanderTracePage *self)
{
  g_autofree char *a = dup_name (self->loaders[0]);
  g_autofree char *b = dup_name (self->loaders[1]);
  g_autofree char *about_a = gander_words_tooltip (gander_loader_get_file (self->loaders[0]),
                                                   gander_loader_get_index (self->loaders[0]));
  g_autofree char *about_b = gander_words_tooltip (gander_loader_get_file (self->loaders[1]),
                                                   gander_loader_get_index (self->loaders[1]));

  set_text (self, &self->title, PROP_TITLE, g_strdup_printf ("%s ⇄ %s", a, b));
  set_text (self, &self->tooltip, PROP_TOOLTIP, g_strdup_printf ("%s\n\n%s", about_a, about_b));
}

static void
set_loading (GanderTracePage *self, gboolean is_loading)
{
  if (self->is_loading != is_loading)
    {
      self->is_loading = is_loading;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
    }
}

static void
set_icon_name (GanderTracePage *self, const char *icon_name)
{
  if (self->icon_name != icon_name)
    {
      self->icon_name = icon_name;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ICON_NAME]);
    }
}

static gboolean
run_out_of_patience (gpointer user_data)
{
  GanderTracePage *self = user_data;

  self->patience_id = 0;
  gtk_stack_set_visible_child_name (self->stack, "loading");
  /* Not from a tab behind: the keyboard belongs to the one in front. */
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    gtk_widget_grab_focus (self->cancel_button);
  return G_SOURCE_REMOVE;
}

/* @look (nullable): at @index. */
static GanderTraceSession *
make_session (GanderLoader *loader, GanderIndex *index, GanderFirstLook *look)
{
  g_autofree char *name = dup_name (loader);

  return look != NULL ? gander_trace_session_new_looked_at (index, name, look)
                      : gander_trace_session_new (index, name);
}

/* The keys of the timeline work at once, without a click. */
static void
focus_view (GtkWidget *view)
{
  if (GANDER_IS_TIMELINE_VIEW (view))
    gander_timeline_view_focus_lanes (GANDER_TIMELINE_VIEW (view));
  else
    gtk_widget_child_focus (view, GTK_DIR_TAB_FORWARD);
}

/* Opening the trace again will take as long: worth a word, once. */
static void
tell_cache_trouble (GanderTracePage *self, GanderIndex *index)
{
  const char *trouble = gander_index_get_cache_trouble (index);
  g_autofree char *text = NULL;

  if (trouble == NULL)
    return;
  text = g_markup_printf_escaped (_ ("The index was not kept: %s"), trouble);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", text);
}

static void
put_view (GanderTracePage *self, GtkWidget *view)
{
  adw_bin_set_child (self->view_bin, view);
  gtk_stack_set_visible_child_name (self->stack, "ready");
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    focus_view (view);
}

/* Goes on where the timeline of the beginning of the trace is looked at, if there is one: elsewhere
 * than a first look. */
static void
show_timeline (GanderTracePage *self, GanderIndex *index)
{
  GtkWidget *before = adw_bin_get_child (self->view_bin);
  g_autoptr (GanderFirstLook) look = gander_loader_steal_first_look (self->loaders[0]);
  g_autoptr (GanderTraceSession) session =
      make_session (self->loaders[0], index, before == NULL ? look : NULL);

  if (before != NULL)
    gander_trace_session_follow (session,
                                 gander_timeline_view_get_session (GANDER_TIMELINE_VIEW (before)));
  put_view (self, gander_timeline_view_new (session));
}

static void
show_comparison (GanderTracePage *self)
{
  g_autoptr (GanderTraceSession) a =
      make_session (self->loaders[0], gander_loader_get_index (self->loaders[0]), NULL);
  g_autoptr (GanderTraceSession) b =
      make_session (self->loaders[1], gander_loader_get_index (self->loaders[1]), NULL);

  put_view (self, gander_compare_view_new (a, b));
}

/* What was read so far can be looked at while the rest is. */
static void
show_reading (GanderTracePage *self)
{
  GanderLoader *loader = self->loaders[0];
  GanderIndex *preview = self->n_traces == 1 ? gander_loader_get_preview (loader) : NULL;
  GanderLoaderProgress progress;
  g_autofree char *text = NULL;

  if (preview == NULL)
    return;
  if (preview != self->shown)
    {
      self->shown = preview;
      g_clear_handle_id (&self->patience_id, g_source_remove);
      show_timeline (self, preview);
      gtk_revealer_set_reveal_child (self->reading_revealer, TRUE);
    }
  gander_loader_get_progress (loader, &progress);
  text = gander_words_progress (&progress);
  gtk_label_set_text (self->reading_label, text);
  gtk_progress_bar_set_fraction (self->reading_bar, progress.fraction);
}

static void
show_view (GanderTracePage *self)
{
  for (guint i = 0; i < self->n_traces; i++)
    {
      g_autofree char *name = dup_name (self->loaders[i]);

      gander_banner_show (self->banners[i],
                          gander_loader_get_index (self->loaders[i]),
                          self->n_traces > 1 ? name : NULL);
      tell_cache_trouble (self, gander_loader_get_index (self->loaders[i]));
    }
  if (self->n_traces == 1)
    show_timeline (self, gander_loader_get_index (self->loaders[0]));
  else
    show_comparison (self);
}

/* An index that turned out to be broken while it is shown. */
static void
show_broken (GanderTracePage *self)
{
  for (guint i = 0; i < self->n_traces; i++)
    {
      GanderIndex *index = gander_loader_get_index (self->loaders[i]);
      g_autofree char *name = dup_name (self->loaders[i]);

      if (index != NULL && gander_index_is_broken (index))
        gander_banner_show_broken (self->banners[i], self->n_traces > 1 ? name : NULL);
    }
}

/* Returns: the first loader in the state @state, or NULL. */
static GanderLoader *
find_loader (GanderTracePage *self, GanderLoaderState state)
{
  for (guint i = 0; i < self->n_traces; i++)
    if (gander_loader_get_state (self->loaders[i]) == state)
      return self->loaders[i];
  return NULL;
}

static void
update (GanderTracePage *self)
{
  GanderLoader *failed = find_loader (self, GANDER_LOADER_FAILED);

  if (self->n_traces == 1)
    describe_one (self);
  else
    describe_two (self);

  /* One answer decides; the other loader may still send progress. */
  if (!self->is_loading)
    {
      show_broken (self);
      return;
    }

  if (failed != NULL)
    {
      gander_trouble_view_show (self->trouble_view,
                                gander_loader_get_file (failed),
                                gander_loader_get_error (failed));
      gtk_stack_set_visible_child_name (self->stack, "trouble");
      set_icon_name (self, "dialog-warning-symbolic");
    }
  else if (find_loader (self, GANDER_LOADER_BUSY) != NULL)
    {
      show_reading (self);
      return;
    }
  else
    show_view (self);

  self->shown = NULL;
  gtk_revealer_set_reveal_child (self->reading_revealer, FALSE);
  g_clear_handle_id (&self->patience_id, g_source_remove);
  set_loading (self, FALSE);
  if (failed != NULL)
    for (guint i = 0; i < self->n_traces; i++)
      gander_loader_cancel (self->loaders[i]);
}

static void
file_changed (GFileMonitor *monitor,
              GFile *file,
              GFile *other G_GNUC_UNUSED,
              GFileMonitorEvent event,
              GanderTracePage *self)
{
  if (event != G_FILE_MONITOR_EVENT_CHANGES_DONE_HINT || self->is_loading)
    return;

  for (guint i = 0; i < self->n_traces; i++)
    if (self->monitors[i] == monitor)
      gander_banner_show_changed (self->banners[i], file);
}

static void
add_trace (GanderTracePage *self, GanderLoader *loader)
{
  GFile *file = gander_loader_get_file (loader);
  guint i = self->n_traces++;

  self->loaders[i] = g_object_ref (loader);
  g_signal_connect_object (self->loaders[i],
                           "changed",
                           G_CALLBACK (update),
                           self,
                           G_CONNECT_SWAPPED);
  gtk_box_append (self->load_box, gander_load_view_new (self->loaders[i]));

  self->banners[i] = g_object_new (GANDER_TYPE_BANNER, NULL);
  gtk_box_append (self->banner_box, GTK_WIDGET (self->banners[i]));

  /* Not every place can be watched; then nothing is said about changes. */
  self->monitors[i] = g_file_monitor_file (file, G_FILE_MONITOR_NONE, NULL, NULL);
  if (self->monitors[i] != NULL)
    g_signal_connect_object (self->monitors[i],
                             "changed",
                             G_CALLBACK (file_changed),
                             self,
                             G_CONNECT_DEFAULT);
}

static void
begin (GanderTracePage *self)
{
  set_loading (self, TRUE);
  set_icon_name (self, self->n_traces == 2 ? "view-dual-symbolic" : NULL);
  adw_bin_set_child (self->view_bin, NULL);
  gtk_stack_set_visible_child_name (self->stack, "waiting");
  g_clear_handle_id (&self->patience_id, g_source_remove);
  self->patience_id = g_timeout_add (PATIENCE_MS, run_out_of_patience, self);
}

static gboolean
update_late (gpointer user_data)
{
  GanderTracePage *self = user_data;

  self->update_id = 0;
  update (self);
  return G_SOURCE_REMOVE;
}

GtkWidget *
gander_trace_page_new (GanderLoader *loader)
{
  GanderTracePage *self = g_object_new (GANDER_TYPE_TRACE_PAGE, NULL);

  add_trace (self, loader);
  begin (self);
  /* What there is already is shown when the page is in a window. */
  if (gander_loader_get_state (loader) == GANDER_LOADER_IDLE)
    gander_loader_start (loader);
  else
    self->update_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, update_late, self, NULL);
  return GTK_WIDGET (self);
}

GtkWidget *
gander_trace_page_new_comparison (GFile *a, GFile *b)
{
  GanderTracePage *self = g_object_new (GANDER_TYPE_TRACE_PAGE, NULL);
  g_autoptr (GanderLoader) loader_a = gander_loader_new (a);
  g_autoptr (GanderLoader) loader_b = gander_loader_new (b);

  add_trace (self, loader_a);
  add_trace (self, loader_b);
  gander_trace_page_reload (self);
  return GTK_WIDGET (self);
}

GFile *
gander_trace_page_get_file (GanderTracePage *self)
{
  return self->n_traces == 1 ? gander_loader_get_file (self->loaders[0]) : NULL;
}

gboolean
gander_trace_page_is_comparison_of (GanderTracePage *self, GFile *a, GFile *b)
{
  return self->n_traces == 2 && g_file_equal (gander_loader_get_file (self->loaders[0]), a) &&
         g_file_equal (gander_loader_get_file (self->loaders[1]), b);
}

GtkWidget *
gander_trace_page_get_view (GanderTracePage *self)
{
  return adw_bin_get_child (self->view_bin);
}

static gboolean
icon_from_name (GBinding *binding G_GNUC_UNUSED,
                const GValue *from,
                GValue *to,
                gpointer user_data G_GNUC_UNUSED)
{
  const char *name = g_value_get_string (from);

  g_value_take_object (to, name != NULL ? g_themed_icon_new (name) : NULL);
  return TRUE;
}

static gboolean
markup_from_text (GBinding *binding G_GNUC_UNUSED,
                  const GValue *from,
                  GValue *to,
                  gpointer user_data G_GNUC_UNUSED)
{
  const char *text = g_value_get_string (from);

  g_value_take_string (to, g_markup_escape_text (text != NULL ? text : "", -1));
  return TRUE;
}

void
gander_trace_page_bind (GanderTracePage *self, AdwTabPage *tab)
{
  g_object_bind_property (self, "title", tab, "title", G_BINDING_SYNC_CREATE);
  g_object_bind_property (self, "loading", tab, "loading", G_BINDING_SYNC_CREATE);
  g_object_bind_property_full (self,
                               "icon-name",
                               tab,
                               "icon",
                               G_BINDING_SYNC_CREATE,
                               icon_from_name,
                               NULL,
                               NULL,
                               NULL);
  g_object_bind_property_full (self,
                               "tooltip",
                               tab,
                               "tooltip",
                               G_BINDING_SYNC_CREATE,
                               markup_from_text,
                               NULL,
                               NULL,
                               NULL);
}

void
gander_trace_page_reload (GanderTracePage *self)
{
  /* First: a loader may fail before it has begun. */
  begin (self);
  for (guint i = 0; i < self->n_traces; i++)
    gander_loader_start (self->loaders[i]);
}

void
gander_trace_page_cancel (GanderTracePage *self)
{
  if (!self->is_loading)
    return;

  g_clear_handle_id (&self->patience_id, g_source_remove);
  set_loading (self, FALSE);
  for (guint i = 0; i < self->n_traces; i++)
    gander_loader_cancel (self->loaders[i]);
  g_signal_emit (self, cancelled_signal, 0);
}

static void
gander_trace_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  GanderTracePage *self = GANDER_TRACE_PAGE (object);

  switch (id)
    {
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_SUBTITLE:
      g_value_set_string (value, self->subtitle);
      break;
    case PROP_TOOLTIP:
      g_value_set_string (value, self->tooltip);
      break;
    case PROP_ICON_NAME:
      g_value_set_string (value, self->icon_name);
      break;
    case PROP_LOADING:
      g_value_set_boolean (value, self->is_loading);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
    }
}

static void
gander_trace_page_dispose (GObject *object)
{
  GanderTracePage *self = GANDER_TRACE_PAGE (object);

  g_clear_handle_id (&self->patience_id, g_source_remove);
  g_clear_handle_id (&self->update_id, g_source_remove);
  self->is_loading = FALSE;
  for (guint i = 0; i < MAX_TRACES; i++)
    {
      if (self->loaders[i] != NULL)
        {
          g_signal_handlers_disconnect_by_data (self->loaders[i], self);
          gander_loader_cancel (self->loaders[i]);
        }
      g_clear_object (&self->loaders[i]);
      g_clear_object (&self->monitors[i]);
    }

  G_OBJECT_CLASS (gander_trace_page_parent_class)->dispose (object);
}

static void
gander_trace_page_finalize (GObject *object)
{
  GanderTracePage *self = GANDER_TRACE_PAGE (object);

  g_free (self->title);
  g_free (self->subtitle);
  g_free (self->tooltip);

  G_OBJECT_CLASS (gander_trace_page_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *class)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_SUBTITLE] = g_param_spec_string ("subtitle", NULL, NULL, NULL, flags);
  properties[PROP_TOOLTIP] = g_param_spec_string ("tooltip", NULL, NULL, NULL, flags);
  properties[PROP_ICON_NAME] = g_param_spec_string ("icon-name", NULL, NULL, NULL, flags);
  properties[PROP_LOADING] = g_param_spec_boolean ("loading", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (class, N_PROPS, properties);
}

static void
gander_trace_page_class_init (GanderTracePageClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->get_property = gander_trace_page_get_property;
  object_class->dispose = gander_trace_page_dispose;
  object_class->finalize = gander_trace_page_finalize;
  install_properties (object_class);
  cancelled_signal = g_signal_new ("cancelled",
                                   G_TYPE_FROM_CLASS (class),
                                   G_SIGNAL_RUN_LAST,
                                   0,
                                   NULL,
                                   NULL,
                                   NULL,
                                   G_TYPE_NONE,
                                   0);

  g_type_ensure (GANDER_TYPE_TROUBLE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/gander/Gander/trace-page.ui");
  gtk_widget_class_bind_template_child (widget_class, GanderTracePage, stack);
  gtk_widget_class_bind_template_child (widget_class, GanderTracePage, load_box);
  gtk_widget_class_bind_template_child (widget_class, GanderTracePage, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, GanderTracePage, trouble_view);
  gtk_widget_class_bind_template_child (widget_class, GanderTracePage, banner_box);
  gtk_widget_class_bind_template_child (widget_class, GanderTracePage, reading_revealer);
  gtk_widget_class_bind_template_child (widget_class, GanderTracePage, reading_label);
  gtk_widget_class_bind_template_child (widget_class, GanderTracePage, reading_bar);
  gtk_widget_class_bind_template_child (widget_class, GanderTracePage, view_bin);
}

static void
gander_trace_page_init (GanderTracePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
