/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A tree of comparisons, made by recursive descent. Names are resolved and values read while the
 * text is parsed, when the place of a mistake is known; testing walks the tree and allocates
 * nothing. */
#include "analysis/condition.h"

#include "analysis/analysis-error.h"
#include "analysis/duration.h"
#include "analysis/text.h"

#include <math.h>
#include <string.h>

/* Parentheses in parentheses; more are a mistake or mischief. */
#define MAX_DEPTH 64

typedef enum
{
  NODE_COMPARE,
  NODE_NOT,
  NODE_AND,
  NODE_OR,
} NodeKind;

typedef enum
{
  OPERATOR_EQUAL,
  OPERATOR_UNEQUAL,
  OPERATOR_LESS_EQUAL,
  OPERATOR_GREATER_EQUAL,
  OPERATOR_LESS,
  OPERATOR_GREATER,
  OPERATOR_MATCH,
  OPERATOR_NO_MATCH,
} Operator;

/* Longer ones first where one begins with another. */
static const struct
{
  const char *text;
  Operator op;
} operators[] = {
  { "==", OPERATOR_EQUAL },      { "!=", OPERATOR_UNEQUAL },       { "!~", OPERATOR_NO_MATCH },
  { "<=", OPERATOR_LESS_EQUAL }, { ">=", OPERATOR_GREATER_EQUAL }, { "=", OPERATOR_EQUAL },
  { "<", OPERATOR_LESS },        { ">", OPERATOR_GREATER },        { "~", OPERATOR_MATCH },
};

typedef struct _Node Node;

struct _Node
{
  NodeKind kind;
  Node *left; /* owned, NULL for a comparison */
  Node *right;

  int number; /* of a comparison, from here on */
  Operator op;
  int other; /* number of the name on the right, or -1 = a literal */
  double factor;
  GanderValue value;
  char *text;
  GRegex *regex;
};

typedef struct
{
  char *name;
  int number;
} Name;

struct _GanderCondition
{
  Node *root;
  GArray *names; /* of Name */
};

typedef struct
{
  GanderCondition *condition;
  const char *text;
  const char *p;
  GanderConditionFind find;
  gpointer data;
  guint depth;
  gsize *where;
  GError **error;
} Parser;

static void
node_free (Node *self)
{
  if (self == NULL)
    return;
  node_free (self->left);
  node_free (self->right);
  g_free (self->text);
  if (self->regex != NULL)
    g_regex_unref (self->regex);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Node, node_free)

static void
name_clear (gpointer data)
{
  g_free (((Name *)data)->name);
}

static Node *parse_or (Parser *self);

static Node *fail (Parser *self, const char *at, const char *format, ...) G_GNUC_PRINTF (3, 4);

/* Returns: NULL, so that one line both tells and gives up. */
static Node *
fail (Parser *self, const char *at, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  *self->where = (gsize)(at - self->text);
  g_set_error_literal (self->error,
                       GANDER_ANALYSIS_ERROR,
                       GANDER_ANALYSIS_ERROR_BAD_CONDITION,
                       message);
  return NULL;
}

static void
skip_blanks (Parser *self)
{
  while (g_ascii_isspace (*self->p))
    self->p++;
}

static gboolean
is_word_byte (char byte)
{
  return g_ascii_isalnum (byte) || (guchar)byte >= 0x80 ||
         (byte != '\0' && strchr ("_.-:/%+", byte) != NULL);
}

/* A name or a number. A name can hold a quoted text in parentheses: task("a b").p99. */
static char *
take_word (Parser *self)
{
  const char *begin = self->p;

  while (is_word_byte (*self->p))
    {
      const char *end;

      self->p++;
      if (self->p[0] != '(' || self->p[1] != '"')
        continue;
      end = strstr (self->p + 2, "\")");
      if (end == NULL)
        break;
      self->p = end + 2;
    }
  return g_strndup (begin, (gsize)(self->p - begin));
}

static gboolean
take (Parser *self, const char *token)
{
  gsize size = strlen (token);

  skip_blanks (self);
  if (strncmp (self->p, token, size) != 0)
    return FALSE;
  if (g_ascii_isalpha (*token) && is_word_byte (self->p[size]))
    return FALSE;
  self->p += size;
  return TRUE;
}

/* A bare text ends at a blank, at && or ||, and at a parenthesis that it did not open. */
static char *
take_bare_text (Parser *self)
{
  const char *begin = self->p;
  guint open = 0;

  for (; *self->p != '\0' && !g_ascii_isspace (*self->p); self->p++)
    {
      if (g_str_has_prefix (self->p, "&&") || g_str_has_prefix (self->p, "||"))
        break;
      if (*self->p == ')' && open == 0)
        break;
      open += *self->p == '(';
      open -= *self->p == ')';
      if (*self->p == '\\' && self->p[1] != '\0' && !g_ascii_isspace (self->p[1]))
        self->p++;
    }
  return g_strndup (begin, (gsize)(self->p - begin));
}

/* Returns: (nullable) NULL when the quote does not end. */
static char *
take_quoted_text (Parser *self)
{
  const char *begin = self->p + 1;
  const char *end = strchr (begin, *self->p);

  if (end == NULL)
    return NULL;
  self->p = end + 1;
  return g_strndup (begin, (gsize)(end - begin));
}

static int
add_name (Parser *self, const char *name, GanderColumnType *type)
{
  int number = self->find (name, type, self->data);
  GArray *names = self->condition->names;
  Name new = { .name = NULL, .number = number };

  if (number < 0)
    return -1;
  for (guint i = 0; i < names->len; i++)
    if (g_array_index (names, Name, i).number == number)
      return number;
  new.name = g_strdup (name);
  g_array_append_val (names, new);
  return number;
}

static gboolean
is_text (GanderColumnType type)
{
  return type == GANDER_COLUMN_TEXT || type == GANDER_COLUMN_FIGURE;
}

static gboolean
read_share (const char *word, double *out)
{
  char *unit;
  double number = g_ascii_strtod (word, &unit);

  if (unit == word || !isfinite (number))
    return FALSE;
  if (g_str_equal (unit, "%"))
    *out = number / 100;
  else if (*unit == '\0' && number >= 0 && number <= 1)
    *out = number;
  else
    return FALSE;
  return TRUE;
}

/* Reads what is compared with a value of type @value->type. */
static gboolean
read_literal (const char *word, GanderValue *value, const char **wanted)
{
  switch (value->type)
    {
    case GANDER_COLUMN_COUNT:
    case GANDER_COLUMN_ID:
      *wanted = "a whole number";
      return g_ascii_string_to_signed (word, 10, G_MININT64, G_MAXINT64, &value->integer, NULL);
    case GANDER_COLUMN_DURATION:
    case GANDER_COLUMN_TIME:
      *wanted = "a duration like 1.5ms";
      return gander_duration_parse (word, &value->integer, NULL);
    case GANDER_COLUMN_BYTES:
      *wanted = "a size like 64MiB";
      return gander_text_parse_bytes (word, &value->integer);
    case GANDER_COLUMN_SHARE:
      *wanted = "a share like 5% or 0.05";
      return read_share (word, &value->share);
    case GANDER_COLUMN_TEXT:
    case GANDER_COLUMN_FIGURE:
    case GANDER_N_COLUMN_TYPES:
      break;
    }
  return FALSE;
}

static gboolean
parse_text_value (Parser *self, Node *node)
{
  const char *at = self->p;
  g_autoptr (GError) error = NULL;

  if (*at == '"' || *at == '\'')
    node->text = take_quoted_text (self);
  else
    node->text = take_bare_text (self);
  if (node->text == NULL)
    return fail (self, at, "this quote has no end") != NULL;
  if (self->p == at)
    return fail (self, at, "here belongs a text") != NULL;
  if (node->op < OPERATOR_MATCH)
    return TRUE;
  node->regex = g_regex_new (node->text, G_REGEX_OPTIMIZE, 0, &error);
  if (node->regex == NULL)
    return fail (self, at, "no regular expression: %s", error->message) != NULL;
  return TRUE;
}

/* What @word on the right of @name stands for, if it is a name. */
static int
find_other (Parser *self, const char *word, const char *name, GanderColumnType *type)
{
  g_autofree char *baseline = NULL;

  if (!g_str_equal (word, "baseline"))
    return add_name (self, word, type);
  baseline = g_strconcat ("baseline.", name, NULL);
  return add_name (self, baseline, type);
}

/* [NUMBER *] NAME, or a literal. */
static gboolean
parse_number_value (Parser *self, Node *node, const char *name)
{
  const char *at = self->p;
  const char *wanted = NULL;
  g_autofree char *word = NULL;
  GanderColumnType type = GANDER_COLUMN_TEXT;
  char *end;

  word = take_word (self);
  if (*word == '\0')
    return fail (self, at, "here belongs a value") != NULL;
  node->factor = 1;
  if (take (self, "*"))
    {
      node->factor = g_ascii_strtod (word, &end);
      if (*end != '\0' || !isfinite (node->factor))
        return fail (self, at, "before “*” belongs a number") != NULL;
      skip_blanks (self);
      at = self->p;
      g_free (word);
      word = take_word (self);
      node->other = find_other (self, word, name, &type);
      if (node->other < 0)
        return fail (self, at, "after “*” belongs the name of a value, or “baseline”") != NULL;
    }
  else
    node->other = find_other (self, word, name, &type);
  if (node->other >= 0 && type != node->value.type)
    return fail (self, at, "“%s” cannot be compared with “%s”", word, name) != NULL;
  if (node->other < 0 && g_str_equal (word, "baseline"))
    return fail (self, at, "there is no baseline to compare “%s” with", name) != NULL;
  if (node->other < 0 && !read_literal (word, &node->value, &wanted))
    return fail (self, at, "“%s” is compared with %s, not with “%s”", name, wanted, word) != NULL;
  return TRUE;
}

static gboolean
parse_operator (Parser *self, Node *node, const char *name)
{
  const char *at;

  skip_blanks (self);
  at = self->p;
  for (gsize i = 0; i < G_N_ELEMENTS (operators); i++)
    if (take (self, operators[i].text))
      {
        gboolean is_match = operators[i].op >= OPERATOR_MATCH;

        node->op = operators[i].op;
        if (is_text (node->value.type) && !is_match && node->op > OPERATOR_UNEQUAL)
          return fail (self, at, "“%s” is a text: compare it with ==, !=, ~ or !~", name) != NULL;
        if (!is_text (node->value.type) && is_match)
          return fail (self, at, "“%s” is a number: compare it with < or >", name) != NULL;
        return TRUE;
      }
  return fail (self, at, "after “%s” belongs ==, !=, <, <=, >, >=, ~ or !~", name) != NULL;
}

static Node *
parse_comparison (Parser *self)
{
  const char *at = self->p;
  g_autofree char *name = take_word (self);
  g_autoptr (Node) node = g_new0 (Node, 1);

  if (*name == '\0')
    return fail (self, at, "here belongs a name, as in running > 5ms");
  node->other = -1;
  node->number = add_name (self, name, &node->value.type);
  if (node->number < 0)
    {
      *self->where = (gsize)(at - self->text);
      g_set_error (self->error,
                   GANDER_ANALYSIS_ERROR,
                   GANDER_ANALYSIS_ERROR_UNKNOWN_NAME,
                   "there is no “%s”",
                   name);
      return NULL;
    }
  if (!parse_operator (self, node, name))
    return NULL;
  skip_blanks (self);
  if (is_text (node->value.type) ? !parse_text_value (self, node)
                                 : !parse_number_value (self, node, name))
    return NULL;
  return g_steal_pointer (&node);
}

static Node *
parse_primary (Parser *self)
{
  g_autoptr (Node) inner = NULL;
  Node *node;

  skip_blanks (self);
  if (self->depth >= MAX_DEPTH)
    return fail (self, self->p, "this is nested too deeply");
  self->depth++;
  if (take (self, "!") || take (self, "not"))
    {
      inner = parse_primary (self);
      if (inner == NULL)
        return NULL;
      node = g_new0 (Node, 1);
      node->kind = NODE_NOT;
      node->left = g_steal_pointer (&inner);
    }
  else if (take (self, "("))
    {
      inner = parse_or (self);
      if (inner == NULL)
        return NULL;
      if (!take (self, ")"))
        return fail (self, self->p, "here belongs “)”, or && or ||");
      node = g_steal_pointer (&inner);
    }
  else
    node = parse_comparison (self);
  self->depth--;
  return node;
}

/* A chain of what @parse_part reads, joined by @sign or @word. */
static Node *
parse_chain (Parser *self,
             NodeKind kind,
             const char *sign,
             const char *word,
             Node *(*parse_part) (Parser *))
{
  g_autoptr (Node) left = parse_part (self);

  while (left != NULL && (take (self, sign) || take (self, word)))
    {
      Node *right = parse_part (self);
      Node *node;

      if (right == NULL)
        return NULL;
      node = g_new0 (Node, 1);
      node->kind = kind;
      node->left = g_steal_pointer (&left);
      node->right = right;
      left = node;
    }
  return g_steal_pointer (&left);
}

static Node *
parse_and (Parser *self)
{
  return parse_chain (self, NODE_AND, "&&", "and", parse_primary);
}

static Node *
parse_or (Parser *self)
{
  return parse_chain (self, NODE_OR, "||", "or", parse_and);
}

GanderCondition *
gander_condition_new (const char *text,
                      GanderConditionFind find,
                      gpointer data,
                      gsize *where,
                      GError **error)
{
  g_autoptr (GanderCondition) self = g_new0 (GanderCondition, 1);
  Parser parser = {
    .condition = self,
    .text = text,
    .p = text,
    .find = find,
    .data = data,
    .where = where,
    .error = error,
  };

  self->names = g_array_new (FALSE, FALSE, sizeof (Name));
  g_array_set_clear_func (self->names, name_clear);
  self->root = parse_or (&parser);
  if (self->root == NULL)
    return NULL;
  skip_blanks (&parser);
  if (*parser.p != '\0')
    {
      fail (&parser, parser.p, "here belongs && or ||");
      return NULL;
    }
  return g_steal_pointer (&self);
}

void
gander_condition_free (GanderCondition *self)
{
  node_free (self->root);
  g_array_unref (self->names);
  g_free (self);
}

static gboolean
is_known (const GanderValue *value)
{
  if (value->type == GANDER_COLUMN_SHARE)
    return !isnan (value->share);
  return value->type != GANDER_COLUMN_TIME || value->integer >= 0;
}

static double
as_double (const GanderValue *value)
{
  return value->type == GANDER_COLUMN_SHARE ? value->share : (double)value->integer;
}

/* Integers are compared as such unless a factor makes fractions of them. */
static int
compare_numbers (const GanderValue *a, const GanderValue *b, double factor)
{
  double left, right;

  if (a->type != GANDER_COLUMN_SHARE && factor == 1)
    return (a->integer > b->integer) - (a->integer < b->integer);
  left = as_double (a);
  right = factor * as_double (b);
  return (left > right) - (left < right);
}

static gboolean
test_text (const Node *node, const char *text)
{
  gboolean is_equal = node->regex == NULL ? g_str_equal (text, node->text)
                                          : g_regex_match (node->regex, text, 0, NULL);

  return is_equal == (node->op == OPERATOR_EQUAL || node->op == OPERATOR_MATCH);
}

static gboolean
test_comparison (const Node *node, GanderConditionGet get, gpointer data)
{
  GanderValue value = { .type = node->value.type };
  GanderValue other = { .type = node->value.type };
  int order;

  if (!get (node->number, &value, data) || !is_known (&value))
    return FALSE;
  if (is_text (value.type))
    return test_text (node, value.text);
  if (node->other >= 0 && (!get (node->other, &other, data) || !is_known (&other)))
    return FALSE;
  order = compare_numbers (&value, node->other >= 0 ? &other : &node->value, node->factor);
  switch (node->op)
    {
    case OPERATOR_EQUAL:
      return order == 0;
    case OPERATOR_UNEQUAL:
      return order != 0;
    case OPERATOR_LESS:
      return order < 0;
    case OPERATOR_LESS_EQUAL:
      return order <= 0;
    case OPERATOR_GREATER:
      return order > 0;
    case OPERATOR_GREATER_EQUAL:
      return order >= 0;
    case OPERATOR_MATCH:
    case OPERATOR_NO_MATCH:
      break;
    }
  return FALSE;
}

static gboolean
test_node (const Node *node, GanderConditionGet get, gpointer data)
{
  switch (node->kind)
    {
    case NODE_COMPARE:
      return test_comparison (node, get, data);
    case NODE_NOT:
      return !test_node (node->left, get, data);
    case NODE_AND:
      return test_node (node->left, get, data) && test_node (node->right, get, data);
    case NODE_OR:
      return test_node (node->left, get, data) || test_node (node->right, get, data);
    }
  return FALSE;
}

gboolean
gander_condition_test (const GanderCondition *self, GanderConditionGet get, gpointer data)
{
  return test_node (self->root, get, data);
}

guint
gander_condition_get_n_names (const GanderCondition *self)
{
  return self->names->len;
}

const char *
gander_condition_get_name (const GanderCondition *self, guint i, int *number)
{
  const Name *name;

  g_return_val_if_fail (i < self->names->len, NULL);
  name = &g_array_index (self->names, Name, i);
  *number = name->number;
  return name->name;
}
