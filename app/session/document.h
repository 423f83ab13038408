#pragma once

#include <QJsonObject>
#include <QMap>
#include <QObject>
#include <QUndoStack>
#include <any>
#include <functional>
#include <memory>
#include <optional>

#include "app/session/hand_groups.h"
#include "app/session/measure_request.h"
#include "app/session/overlay_data.h"
#include "app/session/recipe_state.h"
#include "app/session/report_fields.h"
#include "app/session/workbench_data.h"

namespace kasuri::app {

class EngineProcess;
class WorkerLink;
struct DocumentState;

/// What is written for others.
enum class ExportKind { Onnx, Plan, Report, Json, Trace, Recipe };

/// What a session remembers of a model besides its file.
struct OpenWith {
    RecipeState recipe;
    Target target;
    QVector<HandGroup> groups;
    QString overlay; ///< a profile to lay over it; empty: none
};

/// The open model, its recipe and what was measured of it. The only object that owns them; changes
/// of the recipe are undoable commands. Every evaluation runs in a child process.
class Document : public QObject {
    Q_OBJECT
public:
    explicit Document(QString kasuriProgram, QObject *parent = nullptr);
    ~Document() override;

    /// Without `with`: the default recipe and the threads chosen last. An empty path closes.
    void open(const QString &path, const std::optional<OpenWith> &with = std::nullopt);
    void toggle(const QString &key, bool on); ///< a pass, rule or site; undoable
    void setRecipe(const QString &undoText, const RecipeState &recipe); ///< undoable
    void retarget(const QString &undoText, const Target &target); ///< undoable
    void regroup(const QString &undoText, const QVector<HandGroup> &groups); ///< undoable
    void measure(const MeasureRequest &request); ///< nothing happens while another runs
    /// `fields`: what stands on a report; other kinds have none.
    void exportTo(ExportKind kind, const QString &path, const ReportFields &fields = {});
    /// These operators and what lies between them, as a model of their own with its inputs.
    void extract(const QStringList &operators, const QString &path);
    void cancel(); ///< what runs; the last result stays

    QString recipe() const; ///< the SPEC of the after side
    QUndoStack *undoStack() { return &undo_; }
    const DocumentState &state() const { return *state_; }

signals:
    void changed(); ///< read state() again
    void progressed(const QString &what, double share); ///< share < 0: unknown
    void problem(const QString &message); ///< something failed, in words
    void exported(const QString &path);
    void measured(const kasuri::app::ComparisonInfo &result, const QString &recipe);

private:
    friend class GroupCommand;
    friend class RecipeCommand;
    friend class TargetCommand;
    void applyRecipe(const RecipeState &recipe);
    void applyTarget(const Target &target);
    void applyGroups(const QVector<HandGroup> &groups);
    QStringList targetArguments() const; ///< of the command line
    QStringList compareArguments(const MeasureRequest &request) const;
    void dropRequests();
    void openAgainIfLost();
    void reopen();
    void askForOutline();
    void describe();
    void describeIfWanting();
    void describeBefore();
    void askForPlan(const QString &recipe,
                    std::function<void(std::shared_ptr<const PlanInfo>)> receive);
    void describeAfter();
    void takeComparison(const QByteArray &json, const MeasureRequest &request, const QString &spec);
    void estimate(const PaybackInput &payback);
    void overlay(const QString &path);
    void matchOverlay(const QString &path, const QString &spec);
    void showEstimates();
    void showEffects();
    void profileBoth();
    void profileSide(const QString &spec, bool isBefore);
    void exportTrace(const QString &path);
    void writeReport(const QString &path, const ReportFields &fields);
    void writeModelsInto(const QString &folder, const QString &report);
    bool refuseWhileMeasuring();
    QJsonObject bindMessage() const;
    void checkInputs();
    void writeText(const QString &path, const QByteArray &bytes);
    /// `decode` makes a value of the answer, off the event loop; `receive` gets it.
    void ask(QJsonObject request, std::function<std::any(const QJsonObject &)> decode,
             std::function<void(const std::any &)> receive);
    /// Asks for what is done, not told.
    void order(QJsonObject request, std::function<void()> done = {});
    void fail(const QString &message);

    QString program_, path_, hash_;
    QString overlayWanted_; ///< once the model is planned
    int opset_ = 0;
    bool loading_ = false, loaded_ = false; ///< the worker was asked for the model, holds it
    bool beforeStale_ = true;
    std::shared_ptr<const PlanInfo> profiled_; ///< the after side as last profiled
    QMap<QString, QString> measuringInputs_, measuredInputs_;
    bool cancelled_ = false; ///< by the user, and nothing asked for since
    QUndoStack undo_;
    std::unique_ptr<DocumentState> state_;
    WorkerLink *worker_; ///< describes and profiles
    EngineProcess *compare_; ///< measures
    EngineProcess *adviser_; ///< estimates
    EngineProcess *overlayer_; ///< matches another program's profile
};

/// Everything the views show, as values.
struct DocumentState {
    enum class Phase { Empty, Opening, Opened, Measuring, Measured, Stale, Failed };
    Phase phase = Phase::Empty;
    QString message;
    double progress = 0;
    /// Names, types and scopes of the operators, known long before the model is read; null:
    /// unknown.
    std::shared_ptr<const ModelInfo> outline;
    std::shared_ptr<const ModelInfo> model;
    std::shared_ptr<const PlanInfo> before, after;
    std::optional<ComparisonInfo> comparison; ///< none against the recipe
    QString measuredRecipe; ///< of `comparison`
    std::optional<ComparisonInfo> columns; ///< any other sides
    std::optional<AdviceInfo> advice;
    std::shared_ptr<const OverlayInfo> overlay;
    RecipeState recipe;
    Target target;
    QVector<HandGroup> groups; ///< of operators in the graph
    QVector<DimInfo> dims;
    QVector<InputInfo> inputs;
    QString inputProblem; ///< why the inputs of the target cannot be read; empty: they can

    bool working() const { return phase == Phase::Opening || phase == Phase::Measuring; }
};

} // namespace kasuri::app
