#pragma once

#include <QJsonObject>
#include <QObject>
#include <QSet>
#include <QUndoStack>
#include <functional>
#include <memory>
#include <optional>

#include "app/session/workbench_data.h"

namespace kasuri::app {

class EngineProcess;
class WorkerLink;
struct DocumentState;

/// What the user may ask for besides toggling.
enum class ExportKind { Onnx, Plan, Report, Json };

/// The open model, its recipe and what was measured of it. The only object that owns them; changes
/// of the recipe are undoable commands. Every evaluation runs in a child process.
class Document : public QObject {
    Q_OBJECT
public:
    explicit Document(QString kasuriProgram, QObject *parent = nullptr);
    ~Document() override;

    void open(const QString &path);
    void toggle(const QString &key, bool on); ///< a pass, rule or site; undoable
    void measure(bool quick);
    void exportTo(ExportKind kind, const QString &path);
    void cancel();

    QString recipe() const; ///< the SPEC of the after side
    QUndoStack *undoStack() { return &undo_; }
    const DocumentState &state() const { return *state_; }

signals:
    void changed(); ///< read state() again
    void progressed(const QString &what, double share); ///< share < 0: unknown
    void problem(const QString &message); ///< something failed, in words
    void exported(const QString &path);

private:
    friend class ToggleCommand;
    void setToggle(const QString &key, bool on);
    void reopen();
    void describeBefore();
    void describeAfter();
    void profileBoth();
    void writeJson(const QString &path);
    void ask(QJsonObject request, std::function<void(const QJsonObject &)> receive);
    void fail(const QString &message);

    QString program_, path_;
    int opset_ = 0;
    QUndoStack undo_;
    std::unique_ptr<DocumentState> state_;
    WorkerLink *worker_; ///< describes and profiles
    EngineProcess *compare_; ///< measures
};

/// Everything the views show, as values.
struct DocumentState {
    enum class Phase { Empty, Opening, Opened, Measuring, Measured, Stale, Failed };
    Phase phase = Phase::Empty;
    QString message;
    double progress = 0;
    std::shared_ptr<const ModelInfo> model;
    std::shared_ptr<const PlanInfo> before, after;
    std::optional<ComparisonInfo> comparison;
    QSet<QString> off, on;
};

} // namespace kasuri::app
