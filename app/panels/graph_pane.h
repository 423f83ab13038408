#pragma once

#include <QFutureWatcher>
#include <QWidget>
#include <atomic>

#include "app/graph/graph_heat.h"
#include "app/session/document.h"
#include "app/style/theme.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QTabBar;

namespace kasuri::app {

class DimsBar;
class GraphCanvas;
class LegendBar;

/// Which version of the graph is on the canvas: one, both side by side, or the version after with
/// what became of everything.
enum class GraphView { Before, After, Split, Difference };

/// The centre of the window: tool bar, the canvases of both versions, legend. In a split, zoom, pan
/// and selection are shared: the other canvas looks at the counterpart of what the user looks at.
class GraphPane : public QWidget {
    Q_OBJECT
public:
    GraphPane(const Theme &theme, QWidget *parent = nullptr);
    ~GraphPane() override;

    void show(const DocumentState &state);
    void setMessage(const QString &message); ///< where there is no graph to show
    void selectOperators(const QStringList &operators);
    void setView(GraphView view);
    void setHeat(HeatKind kind);
    void focusSearch();
    void nextHit(int direction);
    GraphCanvas *front() const; ///< the canvas that keys and searches go to

signals:
    void operatorsSelected(const QStringList &operators);
    void dimChosen(const QString &name, qint64 value);

protected:
    void keyPressEvent(QKeyEvent *) override;

private:
    /// One version: its canvas, and the layout that is under way or done.
    struct Version {
        GraphCanvas *canvas = nullptr;
        QFutureWatcher<GeometryPointer> watcher;
        std::shared_ptr<std::atomic<bool>> cancelled;
        QString wanted; ///< what the layout is of
        GeometryPointer plain; ///< laid out, without heat and changes
    };
    QWidget *buildBar();
    void prepare(Version &version, bool isBefore);
    template <class Layout> void layOut(Version &version, const QString &key, Layout layout);
    void dress(); ///< heat and changes onto what is laid out
    void followEachOther(GraphCanvas *moved, double scale);

    const Theme &theme_;
    Version before_, after_;
    std::shared_ptr<const PlanInfo> planBefore_, planAfter_;
    GraphView view_ = GraphView::After;
    HeatKind heat_ = HeatKind::Time;
    DimsBar *dims_ = nullptr;
    LegendBar *legend_ = nullptr;
    QTabBar *tabs_ = nullptr;
    QComboBox *heatBox_ = nullptr;
    QLineEdit *search_ = nullptr;
    QLabel *hits_ = nullptr, *zoom_ = nullptr;
    bool following_ = false;
};

} // namespace kasuri::app
