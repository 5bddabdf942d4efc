/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/json-stream.h"

#include "app/cli/cli-json.h"

#include <string.h>

#include <math.h>

/* Text is gathered up to this before it is written. */
#define CHUNK ((gsize)64 << 10)

static void
flush (GanderJsonStream *self)
{
  gander_output_write (self->output, self->text->str, (gssize)self->text->len);
  g_string_truncate (self->text, 0);
}

void
gander_json_stream_init (GanderJsonStream *self, GanderOutput *output)
{
  *self = (GanderJsonStream){ .output = output, .text = g_string_sized_new (CHUNK + 4096) };
}

void
gander_json_stream_clear (GanderJsonStream *self)
{
  if (self->text == NULL)
    return;
  flush (self);
  g_string_free (self->text, TRUE);
  *self = (GanderJsonStream){ 0 };
}

static guint64
bit_of (const GanderJsonStream *self)
{
  return G_GUINT64_CONSTANT (1) << self->depth;
}

static void
append_integer (GString *out, guint64 value)
{
  char digits[24];
  char *end = digits + sizeof digits;
  char *p = end;

  do
    *--p = (char)('0' + value % 10);
  while ((value /= 10) != 0);
  g_string_append_len (out, p, end - p);
}

/* How many bytes from @text on need no escape. */
static gsize
plain_length (const char *text)
{
  gsize n = 0;

  while ((guchar)text[n] >= 0x20 && text[n] != '"' && text[n] != '\\' && text[n] != 0x7f)
    n++;
  return n;
}

static void
append_string (GString *out, const char *text)
{
  g_string_append_c (out, '"');
  for (;;)
    {
      gsize n = plain_length (text);

      g_string_append_len (out, text, (gssize)n);
      text += n;
      if (*text == '\0')
        break;
      if (*text == '"' || *text == '\\')
        g_string_append_printf (out, "\\%c", *text);
      else
        g_string_append_printf (out, "\\u%04x", (guchar)*text);
      text++;
    }
  g_string_append_c (out, '"');
}

static void
break_line (GanderJsonStream *self)
{
  g_string_append_c (self->text, '\n');
  for (guint i = 0; i < self->depth; i++)
    g_string_append (self->text, "  ");
}

/* What comes before a value: the comma, the line and the name. */
static void
begin_value (GanderJsonStream *self, const char *name)
{
  if (self->text->len >= CHUNK)
    flush (self);
  if ((self->started & bit_of (self)) != 0)
    g_string_append_c (self->text, ',');
  self->started |= bit_of (self);
  if (self->depth > 0 && self->in_line == 0)
    break_line (self);
  if (name == NULL)
    return;
  append_string (self->text, name);
  g_string_append (self->text, self->in_line != 0 ? ":" : ": ");
}

static void
begin (GanderJsonStream *self, const char *name, gboolean array)
{
  gboolean element = (self->arrays & bit_of (self)) != 0;

  begin_value (self, name);
  g_string_append_c (self->text, array ? '[' : '{');
  self->depth++;
  if (self->in_line == 0 && element)
    self->in_line = self->depth;
  self->started &= ~bit_of (self);
  self->arrays = array ? self->arrays | bit_of (self) : self->arrays & ~bit_of (self);
}

void
gander_json_stream_begin_object (GanderJsonStream *self, const char *name)
{
  begin (self, name, FALSE);
}

void
gander_json_stream_begin_array (GanderJsonStream *self, const char *name)
{
  begin (self, name, TRUE);
}

void
gander_json_stream_end (GanderJsonStream *self)
{
  gboolean array = (self->arrays & bit_of (self)) != 0;
  gboolean started = (self->started & bit_of (self)) != 0;
  gboolean in_line = self->in_line != 0;

  if (self->in_line == self->depth)
    self->in_line = 0;
  self->depth--;
  if (started && !in_line)
    break_line (self);
  g_string_append_c (self->text, array ? ']' : '}');
  if (self->depth == 0)
    g_string_append_c (self->text, '\n');
}

void
gander_json_stream_add_unsigned (GanderJsonStream *self, const char *name, guint64 value)
{
  begin_value (self, name);
  append_integer (self->text, value);
}

void
gander_json_stream_add_integer (GanderJsonStream *self, const char *name, gint64 value)
{
  begin_value (self, name);
  if (value < 0)
    g_string_append_c (self->text, '-');
  append_integer (self->text, value < 0 ? -(guint64)value : (guint64)value);
}

void
gander_json_stream_add_double (GanderJsonStream *self, const char *name, double value)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];

  begin_value (self, name);
  if (!isfinite (value))
    {
      g_string_append (self->text, "null");
      return;
    }
  /* 17 digits always give the number back, but 15 are often enough and look like what is meant. */
  g_ascii_formatd (digits, sizeof digits, "%.15g", value);
  if (g_ascii_strtod (digits, NULL) != value)
    g_ascii_dtostr (digits, sizeof digits, value);
  g_string_append (self->text, digits);
}

void
gander_json_stream_add_boolean (GanderJsonStream *self, const char *name, gboolean value)
{
  begin_value (self, name);
  g_string_append (self->text, value ? "true" : "false");
}

void
gander_json_stream_add_string (GanderJsonStream *self, const char *name, const char *text)
{
  begin_value (self, name);
  if (text == NULL)
    g_string_append (self->text, "null");
  else
    append_string (self->text, text);
}

void
gander_json_stream_add_node (GanderJsonStream *self, const char *name, JsonNode *node)
{
  g_autofree char *text = json_to_string (node, FALSE);

  begin_value (self, name);
  g_string_append (self->text, text);
}

/* The member that a column becomes. */
typedef struct
{
  char *name;
  guint column;
} Member;

static int
compare_members (gconstpointer a, gconstpointer b)
{
  return strcmp (((const Member *)a)->name, ((const Member *)b)->name);
}

static void
add_value (GanderJsonStream *self, const char *name, const GanderValue *value)
{
  switch (value->type)
    {
    case GANDER_COLUMN_TEXT:
    case GANDER_COLUMN_FIGURE:
      gander_json_stream_add_string (self, name, value->text);
      break;
    case GANDER_COLUMN_SHARE:
      gander_json_stream_add_double (self, name, value->share);
      break;
    default:
      gander_json_stream_add_integer (self, name, value->integer);
    }
}

void
gander_json_stream_add_table (GanderJsonStream *self, const char *name, const GanderTable *table)
{
  guint n = gander_table_get_n_columns (table);
  g_autofree Member *members = g_new (Member, n);

  for (guint i = 0; i < n; i++)
    members[i] = (Member){ gander_json_name_of (gander_table_get_column (table, i)), i };
  qsort (members, n, sizeof *members, compare_members);
  gander_json_stream_begin_array (self, name);
  for (guint row = 0; row < gander_table_get_n_rows (table); row++)
    {
      gander_json_stream_begin_object (self, NULL);
      for (guint i = 0; i < n; i++)
        {
          GanderValue value;
          gander_table_get_value (table, row, members[i].column, &value);
          add_value (self, members[i].name, &value);
        }
      gander_json_stream_end (self);
    }
  gander_json_stream_end (self);
  for (guint i = 0; i < n; i++)
    g_free (members[i].name);
}

void
gander_json_stream_add_damage (GanderJsonStream *self, const GanderIndex *index)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_ARRAY);

  json_node_take_array (node, gander_json_from_damage (index));
  gander_json_stream_add_node (self, "damage", node);
}

void
gander_json_stream_add_trace (GanderJsonStream *self, const GanderIndex *index)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, gander_json_from_facts (index));
  gander_json_stream_add_node (self, "trace", node);
}
