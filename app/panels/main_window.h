#pragma once

#include <QJsonObject>
#include <QMainWindow>
#include <QMap>
#include <functional>

#include "app/charts/axis_window.h"
#include "app/charts/memory_modes.h"
#include "app/graph/graph_anchor.h"
#include "app/session/document.h"
#include "app/session/run_history.h"
#include "app/session/session_keeper.h"
#include "app/session/view_history.h"
#include "app/style/theme.h"

class QLabel;
class QMenu;
class QProgressBar;
class QStackedWidget;

namespace kasuri::app {

class AdvicePanel;
class DynamicPanel;
class EarlyExitPanel;
class KeepsLook;
class FilterStrip;
class GraphPane;
class InputsPanel;
class MatrixPanel;
class MemoryPanel;
class NameStrip;
class OperatorsPanel;
class PassesPanel;
class ProblemsPanel;
class RunsPanel;
class SearchPanel;
class SelectionPanel;
class SidesPanel;
class StartPage;
class TimePanel;
class VerdictHeader;
class WhyNotPanel;

/// Menu, verdict header, docks and the canvas in the middle; turns the document's state into what
/// each panel shows and links their selections.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    /// `theme`: what all painters read, outlives the window, which changes it with the settings.
    MainWindow(Theme &theme, const QString &kasuriProgram, QWidget *parent = nullptr);

    void openModel(const QString &path); ///< or a session file
    Document &document() { return document_; }
    RunHistory &runs() { return runs_; }
    SessionKeeper &keeper() { return keeper_; }

protected:
    void closeEvent(QCloseEvent *) override;
    void showEvent(QShowEvent *) override;
    void resizeEvent(QResizeEvent *) override;
    void dragEnterEvent(QDragEnterEvent *) override;
    void dropEvent(QDropEvent *) override;

private:
    /// What all views are filtered to.
    struct ViewFilter {
        QString words; ///< empty: nothing is filtered
        QStringList operators;
        bool operator==(const ViewFilter &) const = default;
    };
    /// What Alt+← goes back to.
    struct Place {
        QStringList operators;
        QString filter;
        ViewFilter within; ///< a range taken on a chart
        int memoryMode = 0;
        AxisWindow memory, time; ///< what their charts show
        GraphAnchor look; ///< place and zoom in the graph
        bool operator==(const Place &) const = default;
    };
    enum class Layout { Explore, Compare, Memory, Own };

    void buildCentre(const QString &kasuriProgram);
    void buildHeader();
    void buildDocks(const QString &kasuriProgram);
    void linkPanels();
    void buildMenus();
    void buildFileMenu();
    void buildRecent(QMenu &menu);
    void buildEditMenu();
    void buildViewMenu();
    void buildModelMenus();
    void buildWindowMenu();
    void buildHelp();
    QAction *addTo(QMenu *menu, const QString &text, const QKeySequence &key,
                   std::function<void()> slot);
    void refresh();
    void refreshPanels();
    void refreshStatus();
    void tellModel();
    void refreshHeader();
    void linkSelection(const QStringList &operators);
    void linkLooks();
    QMap<QString, KeepsLook *> keptViews() const; ///< by key of the session file
    QJsonObject looks() const;
    void takeLooks(const QJsonObject &looks); ///< what is of a model waits until it is planned
    void restoreLooks();
    void groupSelected();
    void giveGroup(const QString &name);
    void ungroupSelected();
    void narrow(const ViewFilter &filter); ///< a step of its own
    Place here() const;
    void visit();
    void settle();
    void goBack(int direction);
    void showAppearance(Theme::Appearance appearance);
    void applyLayout(Layout layout);
    void keepOwnLayout();
    void spreadDocks();
    void showFilter(const ViewFilter &filter);
    void chooseModel();
    void chooseExport(ExportKind kind, const ReportFields &fields = {});
    void extractSelection();
    void feed(const QString &input, const QString &source); ///< empty: made up
    void chooseTable();
    void copyAsText(); ///< the list that has the focus; else the operators
    void chooseSession();
    void chooseRecipe(); ///< a file of text
    void useRecipe(const QString &text);
    void chooseBaseline();
    void chooseOverlay();
    void overlayProfile(const QString &path); ///< empty: takes it away
    void showProblems(const std::function<void()> &jump);
    void saveSession(bool ask);
    void searchRecipe();
    void measure(const MeasureRequest &request); ///< never beside a search or a matrix
    void offerRecovery();
    void closeModel();
    void showProblem(const QString &message);
    void keepRun(const ComparisonInfo &result, const QString &recipe);

    Theme &theme_;
    Document document_;
    RunHistory runs_;
    SessionKeeper keeper_;
    VerdictHeader *header_ = nullptr;
    QStackedWidget *centre_ = nullptr;
    StartPage *start_ = nullptr;
    GraphPane *graph_ = nullptr;
    PassesPanel *passes_ = nullptr;
    OperatorsPanel *operators_ = nullptr;
    SelectionPanel *selection_ = nullptr;
    MemoryPanel *memory_ = nullptr;
    TimePanel *time_ = nullptr;
    RunsPanel *runsPanel_ = nullptr;
    AdvicePanel *advice_ = nullptr;
    WhyNotPanel *whyNot_ = nullptr;
    ProblemsPanel *problems_ = nullptr;
    SidesPanel *sides_ = nullptr;
    MatrixPanel *matrix_ = nullptr;
    SearchPanel *search_ = nullptr;
    EarlyExitPanel *exits_ = nullptr;
    DynamicPanel *dynamic_ = nullptr;
    InputsPanel *inputs_ = nullptr;
    NameStrip *name_ = nullptr;
    FilterStrip *filter_ = nullptr;
    QLabel *status_ = nullptr, *about_ = nullptr;
    QProgressBar *busy_ = nullptr;
    ViewHistory<Place> history_;
    QStringList selected_, grouping_; ///< what a name is asked for
    ViewFilter within_;
    QJsonObject waitingLooks_;
    QString notice_;
    bool linking_ = false, going_ = false, spread_ = false;
};

} // namespace kasuri::app
