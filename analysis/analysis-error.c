/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/analysis-error.h"

/* clang-format off */
G_DEFINE_QUARK (gander-analysis-error-quark, gander_analysis_error)
/* clang-format on */
