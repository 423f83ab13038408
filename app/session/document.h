#pragma once

#include <QJsonObject>
#include <QMap>
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
/// How much is measured: all blocks, the fewest that give a verdict, or every pass as well.
enum class MeasureKind { Full, Quick, EachPass };

/// The open model, its recipe and what was measured of it. The only object that owns them; changes
/// of the recipe are undoable commands. Every evaluation runs in a child process.
class Document : public QObject {
    Q_OBJECT
public:
    explicit Document(QString kasuriProgram, QObject *parent = nullptr);
    ~Document() override;

    void open(const QString &path);
    void toggle(const QString &key, bool on); ///< a pass, rule or site; undoable
    void setDim(const QString &name, qint64 value); ///< a dynamic dimension; undoable
    void setThreads(int threads); ///< of both sides; undoable
    void measure(MeasureKind kind);
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
    friend class TargetCommand;
    void setToggle(const QString &key, bool on);
    void setTarget(int threads, const QMap<QString, qint64> &dims);
    QStringList targetArguments() const; ///< of the command line
    void openAgainIfLost();
    void reopen();
    void describeBefore();
    void describeAfter();
    void showEffects();
    void profileBoth();
    void writeReport(const QString &path);
    void writeJson(const QString &path);
    void ask(QJsonObject request, std::function<void(const QJsonObject &)> receive);
    void fail(const QString &message);

    QString program_, path_;
    int opset_ = 0;
    bool loaded_ = false; ///< the worker holds the model, with the dimensions of the state
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
    int threads = 1;
    QVector<DimInfo> dims;
    QMap<QString, qint64> givenDims;
};

} // namespace kasuri::app
