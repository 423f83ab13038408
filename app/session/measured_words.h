#pragma once

#include <QDateTime>
#include <QString>

#include "app/session/comparison_data.h"
#include "app/session/self_test.h"

namespace kasuri::app {

/// "avx512f avx2 ..." -> "AVX-512": the widest of what a processor can.
QString widestIsa(const QString &isa);

/// On what, when and how a comparison was measured, for one line. Unknown parts are left out.
QString measuredWords(const ComparisonInfo &comparison, const SelfTest::Tally &selfTest,
                      const QDateTime &now);

} // namespace kasuri::app
