/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The one header of widgets/draw/ that other folders include. */

#include "widgets/draw/label.h"
#include "widgets/draw/overview.h"
#include "widgets/draw/page.h"
#include "widgets/draw/rows.h"
#include "widgets/draw/ruler.h"
#include "widgets/draw/scale.h"
#include "widgets/draw/theme.h"
#include "widgets/draw/timeline.h"
