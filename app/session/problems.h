#pragma once

#include <QString>
#include <QStringList>
#include <QVector>

namespace kasuri::app {

struct DocumentState;

/// Something the user should know about the model or the last measurement.
struct ProblemInfo {
    enum class Kind { Error, Warning, Note } kind = Kind::Warning;
    QString what, where, advice;
    QStringList operators; ///< to jump to
    bool bisected = false; ///< the answer to a bisection
};

/// Errors first: what cannot run, inputs that cannot be read, passes that broke outputs with the
/// site that did, requirements not met, kernels that fell back to a slower way, what the machine
/// disturbed, what a bisection found to slow the model (or that nothing does).
QVector<ProblemInfo> problemsOf(const DocumentState &state);

} // namespace kasuri::app
