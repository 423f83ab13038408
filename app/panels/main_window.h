#pragma once

#include <QMainWindow>

#include "app/session/document.h"
#include "app/style/theme.h"

class QLabel;
class QProgressBar;
class QStackedWidget;

namespace kasuri::app {

class GraphPane;
class StartPage;
class VerdictHeader;
class PassesPanel;
class OperatorsPanel;
class SelectionPanel;
class MemoryPanel;
class LatencyChart;

/// Menu, verdict header, docks and the canvas in the middle; turns the document's state into what
/// each panel shows and links their selections.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    MainWindow(const Theme &theme, const QString &kasuriProgram, QWidget *parent = nullptr);

    void openModel(const QString &path);
    Document &document() { return document_; }

protected:
    void closeEvent(QCloseEvent *) override;
    void dragEnterEvent(QDragEnterEvent *) override;
    void dropEvent(QDropEvent *) override;

private:
    void buildCentre(const QString &kasuriProgram);
    void buildDocks();
    void buildMenus();
    void buildHelp();
    void refresh();
    void refreshHeader();
    void linkSelection(const QStringList &operators);
    void chooseModel();
    void chooseExport(ExportKind kind);
    void showProblem(const QString &message);

    const Theme &theme_;
    Document document_;
    VerdictHeader *header_ = nullptr;
    QStackedWidget *centre_ = nullptr;
    StartPage *start_ = nullptr;
    GraphPane *graph_ = nullptr;
    PassesPanel *passes_ = nullptr;
    OperatorsPanel *operators_ = nullptr;
    SelectionPanel *selection_ = nullptr;
    MemoryPanel *memory_ = nullptr;
    LatencyChart *chart_ = nullptr;
    QLabel *status_ = nullptr;
    QProgressBar *busy_ = nullptr;
    bool linking_ = false;
};

} // namespace kasuri::app
