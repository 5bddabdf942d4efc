/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/diff-table.h"

#include "widgets/diff-bar.h"
#include "widgets/swatch.h"
#include "widgets/table-model.h"

#include <glib/gi18n.h>

#define SWATCH_SIZE 14
#define INDENT_PX   18

struct _GanderDiffTable
{
  GtkWidget parent_instance;

  GanderComparison comparison;
  GanderTableModel *model;
  GtkWidget *scrolled;
};

G_DEFINE_FINAL_TYPE (GanderDiffTable, gander_diff_table, GTK_TYPE_WIDGET)

typedef void (*FillCell) (GtkWidget *cell, const GanderDifference *row);

static const char *const verdict_classes[GANDER_N_VERDICTS] = {
  [GANDER_VERDICT_SAME] = "dim-label",
  [GANDER_VERDICT_NEUTRAL] = "gander-neutral",
  [GANDER_VERDICT_BETTER] = "gander-better",
  [GANDER_VERDICT_WORSE] = "gander-worse",
};

static void
set_verdict (GtkWidget *label, GanderVerdict verdict)
{
  for (int i = 0; i < GANDER_N_VERDICTS; i++)
    gtk_widget_remove_css_class (label, verdict_classes[i]);
  gtk_widget_add_css_class (label, verdict_classes[verdict]);
}

static void
fill_metric (GtkWidget *cell, const GanderDifference *row)
{
  const GanderMetricSpec *spec = gander_metric_get_spec (row->metric);
  const gboolean stw = row->metric == GANDER_METRIC_STW || row->metric == GANDER_METRIC_STW_LONGEST;
  const GanderShade shade = stw ? GANDER_SHADE_STW : gander_shade_of_state (spec->state);
  GtkWidget *old = gtk_widget_get_first_child (cell);
  GtkWidget *label = gtk_widget_get_last_child (cell);

  gtk_box_remove (GTK_BOX (cell), old);
  gtk_box_prepend (GTK_BOX (cell), gander_swatch_new (shade, SWATCH_SIZE));
  gtk_widget_set_margin_start (cell, (int)spec->indent * INDENT_PX);
  gtk_label_set_text (GTK_LABEL (label), _ (spec->label));
  if (row->metric == GANDER_METRIC_WALL)
    gtk_widget_add_css_class (label, "gander-strong");
  else
    gtk_widget_remove_css_class (label, "gander-strong");
}

static void
fill_a (GtkWidget *cell, const GanderDifference *row)
{
  g_autofree char *text = gander_compare_format (row->metric, row->a, FALSE);

  gtk_label_set_text (GTK_LABEL (cell), text);
}

static void
fill_b (GtkWidget *cell, const GanderDifference *row)
{
  g_autofree char *text = gander_compare_format (row->metric, row->b, FALSE);

  gtk_label_set_text (GTK_LABEL (cell), text);
}

static void
fill_change (GtkWidget *cell, const GanderDifference *row)
{
  g_autofree char *text = gander_compare_format (row->metric, row->change, TRUE);

  gtk_label_set_text (GTK_LABEL (cell), row->change == 0 ? "0" : text);
  set_verdict (cell, row->verdict);
}

static void
fill_percent (GtkWidget *cell, const GanderDifference *row)
{
  g_autofree char *text = gander_compare_format_percent (row);

  gtk_label_set_text (GTK_LABEL (cell), text);
  set_verdict (cell, row->verdict);
}

static void
fill_bar (GtkWidget *cell, const GanderDifference *row)
{
  gander_diff_bar_set (GANDER_DIFF_BAR (cell), row->percent, row->verdict);
}

static GtkWidget *
create_number (void)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_widget_add_css_class (label, "numeric");
  return label;
}

static GtkWidget *
create_metric (void)
{
  GtkWidget *cell = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (cell), gander_swatch_new (GANDER_N_SHADES, SWATCH_SIZE));
  gtk_box_append (GTK_BOX (cell), label);
  return cell;
}

static const struct
{
  const char *title;
  GtkWidget *(*create) (void);
  FillCell fill;
  int width; /* px; 0 = what is left */
} columns[] = {
  { N_ ("Metric"), create_metric, fill_metric, 290 },
  { N_ ("A"), create_number, fill_a, 120 },
  { N_ ("B"), create_number, fill_b, 120 },
  { N_ ("Change"), create_number, fill_change, 130 },
  { N_ ("%"), create_number, fill_percent, 90 },
  { N_ ("less ← 0 → more"), gander_diff_bar_new, fill_bar, 0 },
};

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer column)
{
  gtk_list_item_set_child (item, columns[GPOINTER_TO_UINT (column)].create ());
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer column)
{
  GtkWidget *cell = gtk_list_item_get_child (item);
  GtkWidget *table = gtk_widget_get_ancestor (cell, GANDER_TYPE_DIFF_TABLE);
  const guint row = gander_table_row_get_number (gtk_list_item_get_item (item));

  if (table != NULL)
    columns[GPOINTER_TO_UINT (column)].fill (cell,
                                             &GANDER_DIFF_TABLE (table)->comparison.rows[row]);
}

static void
add_column (GtkColumnView *view, guint number)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkColumnViewColumn) column = NULL;

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), GUINT_TO_POINTER (number));
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), GUINT_TO_POINTER (number));
  column = gtk_column_view_column_new (_ (columns[number].title), factory);
  gtk_column_view_column_set_resizable (column, TRUE);
  if (columns[number].width > 0)
    gtk_column_view_column_set_fixed_width (column, columns[number].width);
  else
    gtk_column_view_column_set_expand (column, TRUE);
  gtk_column_view_append_column (view, column);
}

/* GTK has no property for it: the titles of numbers stand on the right as the numbers do. */
static void
align_titles (GtkWidget *view)
{
  GtkWidget *title = gtk_widget_get_first_child (gtk_widget_get_first_child (view));

  for (guint i = 0; i < G_N_ELEMENTS (columns) && title != NULL; i++)
    {
      GtkWidget *content = gtk_widget_get_first_child (title);

      if (content != NULL && columns[i].create == create_number)
        gtk_widget_set_halign (content, GTK_ALIGN_END);
      else if (content != NULL && columns[i].create == gander_diff_bar_new)
        gtk_widget_set_halign (content, GTK_ALIGN_CENTER);
      title = gtk_widget_get_next_sibling (title);
    }
}

GtkWidget *
gander_diff_table_new (void)
{
  return g_object_new (GANDER_TYPE_DIFF_TABLE, NULL);
}

void
gander_diff_table_set (GanderDiffTable *self, const GanderComparison *comparison)
{
  guint numbers[GANDER_N_METRICS];
  guint n = 0;

  g_return_if_fail (GANDER_IS_DIFF_TABLE (self));

  self->comparison = *comparison;
  for (guint i = 0; i < GANDER_N_METRICS; i++)
    if (comparison->rows[i].a != 0 || comparison->rows[i].b != 0)
      numbers[n++] = i;
  gander_table_model_set_rows (self->model, numbers, n);
}

static void
gander_diff_table_dispose (GObject *object)
{
  GanderDiffTable *self = GANDER_DIFF_TABLE (object);

  g_clear_pointer (&self->scrolled, gtk_widget_unparent);
  g_clear_object (&self->model);
  G_OBJECT_CLASS (gander_diff_table_parent_class)->dispose (object);
}

static void
gander_diff_table_class_init (GanderDiffTableClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = gander_diff_table_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
gander_diff_table_init (GanderDiffTable *self)
{
  GtkSelectionModel *selection;
  GtkWidget *view;

  self->model = gander_table_model_new ();
  selection =
      GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->model))));
  view = gtk_column_view_new (selection);
  gtk_widget_add_css_class (view, "data-table");
  gtk_widget_add_css_class (view, "gander-table");
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    add_column (GTK_COLUMN_VIEW (view), i);
  align_titles (view);
  self->scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scrolled), view);
  gtk_widget_set_parent (self->scrolled, GTK_WIDGET (self));
}
