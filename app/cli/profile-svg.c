/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A profile as a picture: a box for every function, as wide as the time spent below it, what it
 * called underneath. Boxes tell their figures when one points at them; no script is needed. */
#include "app/cli/profile-write.h"

#define WIDTH      1200
#define MARGIN     10
#define HEAD       44 /* room for the title */
#define ROW        18
#define MIN_BOX    0.4 /* narrower boxes are left out */
#define CHARACTER  6.7 /* of the font, in pixels */
#define MIN_LETTER 3   /* shorter labels are left out */

/* A function with the functions that called it. */
typedef struct
{
  GanderFrame frame;
  guint32 parent;
  GanderTime total;
  guint64 count;
  guint depth;
} Node;

typedef struct
{
  guint32 parent;
  GanderStringId function;
} NodeKey;

typedef struct
{
  const GanderProfileView *view;
  GArray *nodes;      /* Node; 0 is the root, which is all */
  GHashTable *by_key; /* NodeKey to node */
} Tree;

static Node *
get_node (const Tree *self, guint32 node)
{
  return &g_array_index (self->nodes, Node, node);
}

static guint
hash_key (gconstpointer key)
{
  const NodeKey *self = key;

  return self->parent * 0x9e3779b1u ^ self->function;
}

static gboolean
is_same_key (gconstpointer a, gconstpointer b)
{
  const NodeKey *x = a;
  const NodeKey *y = b;

  return x->parent == y->parent && x->function == y->function;
}

/* Records come with the largest total first, so siblings are found in a good order already. */
static guint32
get_child (Tree *self, guint32 parent, const GanderFrame *frame)
{
  const NodeKey key = { parent, frame->function };
  gpointer found = g_hash_table_lookup (self->by_key, &key);
  Node node = { .frame = *frame, .parent = parent };

  if (found != NULL)
    return GPOINTER_TO_UINT (found);
  node.depth = get_node (self, parent)->depth + 1;
  g_array_append_val (self->nodes, node);
  g_hash_table_insert (self->by_key,
                       g_memdup2 (&key, sizeof key),
                       GUINT_TO_POINTER (self->nodes->len - 1));
  return self->nodes->len - 1;
}

static void
add_figures (Tree *self, guint32 node, const GanderProfileFigures *figures)
{
  get_node (self, node)->total += figures->total;
  get_node (self, node)->count += figures->count;
}

static void
add_records (Tree *self)
{
  guint n = 0;
  const GanderProfileRecord *records = gander_profile_get_records (self->view->profile, &n);

  for (guint i = 0; i < n; i++)
    {
      GanderFrame frames[GANDER_STACK_FRAMES] = { 0 };
      guint depth = 0;
      guint32 node = 0;
      if (self->view->keep != NULL && !self->view->keep[i])
        continue;
      /* Without a stack there is one empty frame. */
      depth = MAX (gander_stack_get_frames (self->view->index, records[i].stack, frames), 1);
      add_figures (self, 0, &records[i].figures);
      for (guint level = depth; level > 0; level--)
        {
          node = get_child (self, node, &frames[level - 1]);
          add_figures (self, node, &records[i].figures);
        }
    }
}

static void
append_escaped (GString *out, const char *text)
{
  g_autofree char *visible = gander_text_escape (text);
  g_autofree char *escaped = g_markup_escape_text (visible, -1);

  g_string_append (out, escaped);
}

static const char *
get_name (const Tree *self, const Node *node)
{
  const char *name = gander_index_get_string (self->view->index, node->frame.function);

  return *name == '\0' ? GANDER_PROFILE_NO_STACK : name;
}

static void
append_number (GString *out, const char *before, double value, const char *after)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (out, before);
  g_string_append (out, g_ascii_formatd (text, sizeof text, "%.2f", value));
  g_string_append (out, after);
}

static void
append_tip (const Tree *self, const Node *node, GString *out)
{
  const GanderValue share = { .type = GANDER_COLUMN_SHARE,
                              .share = (double)node->total / (double)get_node (self, 0)->total };
  g_autofree char *total = gander_profile_format_duration (self->view, node->total);
  g_autofree char *percent = gander_value_format (&share, self->view->times);
  g_autofree char *count = gander_text_count ((gint64)node->count);

  g_string_append (out, "<title>");
  append_escaped (out, get_name (self, node));
  g_string_append_printf (out,
                          "\n%s, %s, %s %s</title>",
                          total,
                          percent,
                          count,
                          node->count == 1 ? "wait" : "waits");
}

/* As much of the name as fits, from the end of the path of its package on. */
static void
append_label (const Tree *self, const Node *node, double x, double width, GString *out)
{
  const char *name = gander_text_short_function (get_name (self, node));
  glong room = (glong)((width - 6) / CHARACTER);
  g_autofree char *cut = NULL;

  if (room < MIN_LETTER)
    return;
  append_number (out, "<text x=\"", x + 3, "");
  g_string_append_printf (out, "\" y=\"%u\">", HEAD + (node->depth - 1) * ROW + ROW - 5);
  if (g_utf8_strlen (name, -1) > room)
    {
      cut = g_utf8_substring (name, 0, room - 1);
      append_escaped (out, cut);
      g_string_append (out, "…");
    }
  else
    append_escaped (out, name);
  g_string_append (out, "</text>");
}

static void
append_box (const Tree *self, const Node *node, double x, double width, GString *out)
{
  gboolean runtime = gander_describe_is_runtime_frame (self->view->index, &node->frame);

  g_string_append_printf (out, "<g class=\"%s\">", runtime ? "runtime" : "user");
  append_tip (self, node, out);
  append_number (out, "<rect x=\"", x, "\"");
  append_number (out, " width=\"", MAX (width - 0.5, 0.1), "\"");
  g_string_append_printf (out,
                          " y=\"%u\" height=\"%u\"/>",
                          HEAD + (node->depth - 1) * ROW,
                          ROW - 1);
  append_label (self, node, x, width, out);
  g_string_append (out, "</g>\n");
}

/* Draws the nodes, callers before what they call, and tells how deep they go. */
static guint
append_boxes (const Tree *self, GString *out)
{
  g_autofree double *places = g_new0 (double, self->nodes->len); /* where the next child begins */
  double scale = 0;
  guint depth = 0;

  if (get_node (self, 0)->total > 0)
    scale = (double)(WIDTH - 2 * MARGIN) / (double)get_node (self, 0)->total;
  places[0] = MARGIN;
  /* A parent has a lower number than its children, and siblings are numbered in their order. */
  for (guint32 i = 1; i < self->nodes->len; i++)
    {
      const Node *node = get_node (self, i);
      double x = places[node->parent];
      double width = (double)node->total * scale;
      places[i] = x;
      places[node->parent] += width;
      if (width < MIN_BOX)
        continue;
      append_box (self, node, x, width, out);
      depth = MAX (depth, node->depth);
    }
  return depth;
}

static const char style[] =
    "<style>text{font:11px monospace;fill:#1a1a1a;pointer-events:none}"
    ".head{font:bold 14px sans-serif}.note{font:12px sans-serif}"
    "rect{fill:#e8a35c}.runtime rect{fill:#c9c9cf}g:hover rect{stroke:#1a1a1a}"
    "path{fill:#fff}</style>\n";

void
gander_profile_write_svg (const GanderProfileView *view, GanderOutput *output)
{
  g_autoptr (GArray) nodes = g_array_new (FALSE, FALSE, sizeof (Node));
  g_autoptr (GHashTable) by_key = g_hash_table_new_full (hash_key, is_same_key, g_free, NULL);
  g_autoptr (GString) boxes = g_string_new (NULL);
  g_autoptr (GString) title = g_string_new (NULL);
  Tree self = { view, nodes, by_key };
  const Node root = { 0 };
  guint height = 0;

  g_array_append_val (nodes, root);
  add_records (&self);
  height = HEAD + append_boxes (&self, boxes) * ROW + MARGIN;
  gander_profile_append_sum (view, title);
  gander_output_printf (output,
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%u\" "
                        "viewBox=\"0 0 %d %u\">\n%s<path d=\"M0 0H%dV%uH0z\"/>\n"
                        "<text class=\"head\" x=\"%d\" y=\"18\">%s</text>\n"
                        "<text class=\"note\" x=\"%d\" y=\"35\">%s</text>\n",
                        WIDTH,
                        height,
                        WIDTH,
                        height,
                        style,
                        WIDTH,
                        height,
                        MARGIN,
                        gander_profile_kind_get_title (
                            gander_profile_get_options (view->profile)->kind),
                        MARGIN,
                        title->str);
  gander_output_write (output, boxes->str, (gssize)boxes->len);
  gander_output_write (output, "</svg>\n", -1);
}
