/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Conditions in words, as --filter puts them to the rows of a table and --fail-if to the figures of
 * a trace: "running > 5ms && (count >= 3 || function ~ worker$)".
 *
 * A comparison is NAME OP VALUE, OP being == (or =), !=, <, <=, >, >=, and for texts ~ and !~
 * (regular expressions); for texts there is no order. VALUE is a Go duration, a number, a size
 * ("1.5GiB"), a share ("38%" or 0.38), or a text, quoted with " or ' when it holds blanks; or
 * another name of the same type, with a factor if need be: "a > 1.2 * b". Comparisons are joined by
 * && (and), || (or), ! (not) and parentheses; && binds stronger than ||.
 */

#include "analysis/table.h"

G_BEGIN_DECLS

typedef struct _GanderCondition GanderCondition;

/* Returns: a number to get the value by, and its type; or -1, there is no such name. */
typedef int (*GanderConditionFind) (const char *name, GanderColumnType *type, gpointer data);

/* Reads the value with the number that the find function gave out.
 *
 * Returns: FALSE when it is not known; no comparison with it holds then. */
typedef gboolean (*GanderConditionGet) (int number, GanderValue *out, gpointer data);

/* Reads @text, asking @find for each name. The word "baseline" as a value stands for the name
 * "baseline.NAME", NAME being on the left of the comparison.
 *
 * Returns: (transfer full) (nullable) NULL with GANDER_ANALYSIS_ERROR_BAD_CONDITION or
 * _UNKNOWN_NAME; *@where is then the byte of @text that is at fault. */
GanderCondition *gander_condition_new (const char *text,
                                       GanderConditionFind find,
                                       gpointer data,
                                       gsize *where,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

void gander_condition_free (GanderCondition *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanderCondition, gander_condition_free)

/* Returns: whether the condition holds with what @get reads now. */
gboolean gander_condition_test (const GanderCondition *self, GanderConditionGet get, gpointer data);

/* Returns: the number of different names in the condition. */
guint gander_condition_get_n_names (const GanderCondition *self);

/* Returns: (transfer none) a name, in the order of the text; *@number is what the find function
 * gave out for it. */
const char *gander_condition_get_name (const GanderCondition *self, guint i, int *number);

G_END_DECLS
