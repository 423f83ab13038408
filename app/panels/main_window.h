#pragma once

#include <QFutureWatcher>
#include <QMainWindow>
#include <atomic>

#include "app/graph/graph_geometry.h"
#include "app/session/document.h"
#include "app/style/theme.h"

class QLineEdit;
class QLabel;
class QTabBar;
class QProgressBar;

namespace kasuri::app {

class GraphCanvas;
class LegendBar;
class VerdictHeader;
class PassesPanel;
class OperatorsPanel;
class SelectionPanel;
class MemoryTimeline;
class LatencyChart;
class LiveSetList;

/// Menu, verdict header, docks and the canvas in the middle; turns the document's state into what
/// each panel shows and links their selections.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    MainWindow(const Theme &theme, const QString &kasuriProgram, QWidget *parent = nullptr);
    ~MainWindow() override;

    void openModel(const QString &path);
    Document &document() { return document_; }

protected:
    void closeEvent(QCloseEvent *) override;
    void dragEnterEvent(QDragEnterEvent *) override;
    void dropEvent(QDropEvent *) override;

private:
    void buildCentre();
    void buildDocks();
    void buildMenus();
    void refresh();
    void refreshGraph();
    void refreshHeader();
    void linkSelection(const QStringList &operators);
    void chooseModel();
    void chooseExport(ExportKind kind);
    void showProblem(const QString &message);

    const Theme &theme_;
    Document document_;
    VerdictHeader *header_ = nullptr;
    GraphCanvas *canvas_ = nullptr;
    LegendBar *legend_ = nullptr;
    QTabBar *sideTabs_ = nullptr;
    QLineEdit *search_ = nullptr;
    QLabel *hits_ = nullptr;
    PassesPanel *passes_ = nullptr;
    OperatorsPanel *operators_ = nullptr;
    SelectionPanel *selection_ = nullptr;
    MemoryTimeline *timeline_ = nullptr;
    LiveSetList *live_ = nullptr;
    LatencyChart *chart_ = nullptr;
    QLabel *status_ = nullptr;
    QProgressBar *busy_ = nullptr;
    QFutureWatcher<GeometryPointer> layout_;
    std::shared_ptr<std::atomic<bool>> layoutCancelled_;
    const void *laidOut_ = nullptr;
    bool linking_ = false;
};

} // namespace kasuri::app
