/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/details-private.h"

#include <glib/gi18n.h>

#define FRAMES_MAX 256 /* of one stack; Go cuts at 128 */

typedef struct
{
  GanderTraceSession *session;
  GanderLaneId lane;
  guint32 ordinal;
} Link;

GtkWidget *
gander_details_label (const char *text, const char *css)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_single_line_mode (GTK_LABEL (label), TRUE);
  gtk_label_set_selectable (GTK_LABEL (label), FALSE);
  gtk_widget_set_tooltip_text (label, text);
  if (css != NULL)
    gtk_widget_add_css_class (label, css);
  return label;
}

GtkWidget *
gander_details_heading (const char *text)
{
  GtkWidget *label = gander_details_label (text, "heading");

  gtk_widget_set_tooltip_text (label, NULL);
  return label;
}

GtkWidget *
gander_details_note (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_widget_set_vexpand (label, TRUE);
  gtk_widget_add_css_class (label, "dim-label");
  return label;
}

static void
link_free (gpointer data, GClosure *closure)
{
  Link *link = data;

  g_object_unref (link->session);
  g_free (link);
}

static void
link_clicked_cb (GtkButton *button, Link *link)
{
  g_autoptr (GanderTraceSession) session = g_object_ref (link->session);
  GtkWidget *view = GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (button)));

  gander_trace_session_go_to_span (session, link->lane, link->ordinal, view);
}

GtkWidget *
gander_details_link (GanderTraceSession *session,
                     const char *text,
                     GanderLaneId lane,
                     guint32 ordinal)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *label = gander_details_label (text, NULL);
  Link *link = g_new0 (Link, 1);

  link->session = g_object_ref (session);
  link->lane = lane;
  link->ordinal = ordinal;
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_button_set_child (GTK_BUTTON (button), label);
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  gtk_widget_set_cursor_from_name (button, "pointer");
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "gander-link");
  g_signal_connect_data (button, "clicked", G_CALLBACK (link_clicked_cb), link, link_free, 0);
  return button;
}

GtkWidget *
gander_details_lane_link (GanderTraceSession *session,
                          const char *text,
                          GanderLaneId lane,
                          GanderTime time)
{
  const GanderIndex *index = gander_trace_session_get_index (session);
  GanderLane row;
  guint32 ordinal;

  if (lane >= gander_index_get_n_lanes (index))
    return gander_details_label (text, NULL);
  gander_index_get_lane (index, lane, &row);
  if (row.n_spans == 0)
    return gander_details_label (text, NULL);
  ordinal = MIN (gander_query_find (index, lane, time), row.n_spans - 1);
  return gander_details_link (session, text, lane, ordinal);
}

void
gander_details_add_row (GtkGrid *grid, const char *label, GtkWidget *value)
{
  GtkWidget *name = gander_details_label (label, "dim-label");
  int row = 0;

  while (gtk_grid_get_child_at (grid, 0, row) != NULL)
    row++;
  gtk_widget_set_tooltip_text (name, NULL);
  gtk_widget_set_hexpand (value, TRUE);
  gtk_grid_attach (grid, name, 0, row, 1, 1);
  gtk_grid_attach (grid, value, 1, row, 1, 1);
}

void
gander_details_add_text_row (GtkGrid *grid, const char *label, const char *text)
{
  GtkWidget *value;

  if (text == NULL || *text == '\0')
    return;
  value = gander_details_label (text, NULL);
  gander_details_add_row (grid, label, value);
}

static GtkWidget *
build_frame (const GanderIndex *index, const GanderFrame *frame, gboolean runtime)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  const char *function = gander_index_get_string (index, frame->function);
  const char *file = gander_index_get_string (index, frame->file);
  g_autofree char *escaped = gander_text_escape (function);
  g_autofree char *path = gander_text_escape (file);
  g_autofree char *full = g_strdup_printf ("%s\n%s:%" G_GUINT64_FORMAT, escaped, path, frame->line);
  g_autofree char *place =
      g_strdup_printf ("%s:%" G_GUINT64_FORMAT, gander_text_short_file (path), frame->line);
  GtkWidget *name = gander_details_label (gander_text_short_function (escaped), "gander-frame");
  GtkWidget *where = gander_details_label (place, "dim-label");

  if (runtime)
    gtk_widget_add_css_class (name, "gander-runtime-frame");
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_START);
  gtk_label_set_ellipsize (GTK_LABEL (where), PANGO_ELLIPSIZE_NONE);
  gtk_widget_add_css_class (where, "caption");
  gtk_widget_set_tooltip_text (box, full);
  gtk_widget_set_tooltip_text (name, NULL);
  gtk_widget_set_tooltip_text (where, NULL);
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), where);
  return box;
}

/* Moves the runtime frames gathered in @fold into the list, hidden when they are many. */
static void
flush_fold (GtkBox *list, GtkWidget **fold, guint *n)
{
  g_autofree char *text = NULL;
  GtkWidget *expander;

  if (*fold == NULL)
    return;
  text = g_strdup_printf (g_dngettext (NULL, "%u runtime frame", "%u runtime frames", *n), *n);
  expander = gtk_expander_new (text);
  gtk_widget_add_css_class (expander, "gander-fold");
  gtk_expander_set_child (GTK_EXPANDER (expander), *fold);
  gtk_box_append (list, expander);
  *fold = NULL;
  *n = 0;
}

static gboolean
has_user_frame (const GanderIndex *index, GanderStackId stack)
{
  GanderFrame frame;

  return gander_describe_user_frame (index, stack, &frame, NULL) &&
         !gander_describe_is_runtime_frame (index, &frame);
}

GtkWidget *
gander_details_stack (const GanderIndex *index, GanderStackId stack, gboolean fold)
{
  GtkWidget *list = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  const guint depth = MIN (gander_index_get_stack_depth (index, stack), FRAMES_MAX);
  GtkWidget *hidden = NULL;
  guint n_hidden = 0;

  fold = fold && has_user_frame (index, stack);
  if (depth == 0)
    {
      GtkWidget *note = gander_details_label (_ ("The trace holds no stack for this event."), NULL);

      /* Wrapped text is as narrow as its longest word otherwise. */
      gtk_label_set_width_chars (GTK_LABEL (note), 24);
      gtk_label_set_wrap (GTK_LABEL (note), TRUE);
      gtk_label_set_single_line_mode (GTK_LABEL (note), FALSE);
      gtk_label_set_ellipsize (GTK_LABEL (note), PANGO_ELLIPSIZE_NONE);
      gtk_widget_add_css_class (note, "dim-label");
      gtk_box_append (GTK_BOX (list), note);
    }
  for (guint level = 0; level < depth; level++)
    {
      GanderFrame frame;
      gboolean runtime;

      gander_index_get_frame (index, stack, level, &frame);
      runtime = gander_describe_is_runtime_frame (index, &frame);
      if (!fold || !runtime)
        {
          flush_fold (GTK_BOX (list), &hidden, &n_hidden);
          gtk_box_append (GTK_BOX (list), build_frame (index, &frame, runtime));
          continue;
        }
      if (hidden == NULL)
        hidden = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
      gtk_box_append (GTK_BOX (hidden), build_frame (index, &frame, runtime));
      n_hidden++;
    }
  flush_fold (GTK_BOX (list), &hidden, &n_hidden);
  return list;
}
