/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets/table-model.h"

struct _GanderTableRow
{
  GObject parent_instance;

  guint number;
};

G_DEFINE_FINAL_TYPE (GanderTableRow, gander_table_row, G_TYPE_OBJECT)

struct _GanderTableModel
{
  GObject parent_instance;

  GArray *numbers; /* of guint */
};

static void gander_table_model_list_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (GanderTableModel,
                               gander_table_model,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      gander_table_model_list_init))

guint
gander_table_row_get_number (GanderTableRow *self)
{
  g_return_val_if_fail (GANDER_IS_TABLE_ROW (self), 0);
  return self->number;
}

static void
gander_table_row_class_init (GanderTableRowClass *klass)
{
}

static void
gander_table_row_init (GanderTableRow *self)
{
}

GanderTableModel *
gander_table_model_new (void)
{
  return g_object_new (GANDER_TYPE_TABLE_MODEL, NULL);
}

/* In two steps: one change of N rows into N others would make GTK ask for every row. */
void
gander_table_model_set_rows (GanderTableModel *self, const guint *numbers, guint n)
{
  const guint old = self->numbers->len;

  g_return_if_fail (GANDER_IS_TABLE_MODEL (self));

  g_array_set_size (self->numbers, 0);
  if (old > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, old, 0);
  g_array_append_vals (self->numbers, numbers, n);
  if (n > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, 0, n);
}

static GType
gander_table_model_get_item_type (GListModel *list)
{
  return GANDER_TYPE_TABLE_ROW;
}

static guint
gander_table_model_get_n_items (GListModel *list)
{
  return GANDER_TABLE_MODEL (list)->numbers->len;
}

static gpointer
gander_table_model_get_item (GListModel *list, guint position)
{
  GanderTableModel *self = GANDER_TABLE_MODEL (list);
  GanderTableRow *row;

  if (position >= self->numbers->len)
    return NULL;
  row = g_object_new (GANDER_TYPE_TABLE_ROW, NULL);
  row->number = g_array_index (self->numbers, guint, position);
  return row;
}

static void
gander_table_model_list_init (GListModelInterface *iface)
{
  iface->get_item_type = gander_table_model_get_item_type;
  iface->get_n_items = gander_table_model_get_n_items;
  iface->get_item = gander_table_model_get_item;
}

static void
gander_table_model_finalize (GObject *object)
{
  g_array_unref (GANDER_TABLE_MODEL (object)->numbers);
  G_OBJECT_CLASS (gander_table_model_parent_class)->finalize (object);
}

static void
gander_table_model_class_init (GanderTableModelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gander_table_model_finalize;
}

static void
gander_table_model_init (GanderTableModel *self)
{
  self->numbers = g_array_new (FALSE, FALSE, sizeof (guint));
}
