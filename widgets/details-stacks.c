/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/details-private.h"

#include <glib/gi18n.h>

/* Returns: (transfer full) a stack as Go prints it: function, then file and line. */
static char *
dup_stack_text (const GanderIndex *index, GanderStackId stack)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const guint depth = gander_index_get_stack_depth (index, stack);

  for (guint level = 0; level < depth; level++)
    {
      GanderFrame frame;

      gander_index_get_frame (index, stack, level, &frame);
      g_string_append_printf (text,
                              "%s\n\t%s:%" G_GUINT64_FORMAT "\n",
                              gander_index_get_string (index, frame.function),
                              gander_index_get_string (index, frame.file),
                              frame.line);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
copy_cb (GtkButton *button, const char *text)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (button)), text);
}

static void
free_text (gpointer text, GClosure *closure)
{
  g_free (text);
}

static void
add_block (GtkBox *page, const GanderIndex *index, const char *heading, GanderStackId stack)
{
  const gboolean first = gtk_widget_get_first_child (GTK_WIDGET (page)) == NULL;
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gander_details_heading (heading);
  GtkWidget *button = gtk_button_new_from_icon_name ("edit-copy-symbolic");

  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_set_tooltip_text (button, _ ("Copy Stack"));
  gtk_widget_add_css_class (button, "flat");
  g_signal_connect_data (button,
                         "clicked",
                         G_CALLBACK (copy_cb),
                         dup_stack_text (index, stack),
                         free_text,
                         0);
  gtk_box_append (GTK_BOX (head), label);
  gtk_box_append (GTK_BOX (head), button);
  gtk_box_append (GTK_BOX (column), head);
  gtk_box_append (GTK_BOX (column), gander_details_stack (index, stack, FALSE));
  gtk_widget_add_css_class (column, "gander-column");
  if (!first)
    gtk_widget_add_css_class (column, "gander-divided");
  gtk_box_append (page, column);
}

GtkWidget *
gander_details_build_stacks (GanderTraceSession *session)
{
  const GanderIndex *index = gander_trace_session_get_index (session);
  GanderSelection *selection = gander_trace_session_get_selection (session);
  g_auto (GanderSpanFacts) facts = { 0 };
  g_autoptr (GtkWidget) page = g_object_ref_sink (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0));
  GanderSpan span;
  GanderLane lane;

  if (!gander_selection_get_span (selection, index, &span))
    return gander_details_note (_ ("Select a span to see its stacks."));

  gander_describe_span (index, &span, &facts);
  gander_index_get_lane (index, span.lane, &lane);
  gtk_box_set_homogeneous (GTK_BOX (page), TRUE);
  if (facts.stack != 0)
    add_block (GTK_BOX (page),
               index,
               span.state == GANDER_STATE_BLOCKED ? _ ("Blocked at") : _ ("Stack"),
               facts.stack);
  if (facts.waker_stack != 0)
    add_block (GTK_BOX (page),
               index,
               facts.created ? _ ("Created from") : _ ("Woken from"),
               facts.waker_stack);
  if (lane.creation_stack != 0 && !facts.created)
    add_block (GTK_BOX (page), index, _ ("Goroutine created at"), lane.creation_stack);
  if (gtk_widget_get_first_child (page) == NULL)
    return gander_details_note (_ ("The trace holds no stack for this event."));
  g_object_force_floating (G_OBJECT (page));
  return g_steal_pointer (&page);
}
