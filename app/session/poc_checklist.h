#pragma once

#include <QString>
#include <QVector>

namespace kasuri::app {

struct DocumentState;

/// One thing a proof of concept has to show before it goes to its review.
struct ChecklistLine {
    bool done = false;
    QString what; ///< "Outputs within tolerance"
    QString state; ///< what is known of it, or what to do: "F5 measures."
};

/// From the requirement to the payback, in the order in which they are worked off; done is only
/// what the open document shows. `payback`: whether figures for it are given.
QVector<ChecklistLine> pocChecklist(const DocumentState &state, bool payback);

} // namespace kasuri::app
