#pragma once

#include <QSet>
#include <QWidget>

#include "app/graph/graph_hull.h"
#include "app/graph/picture_maker.h"
#include "app/session/document.h"
#include "app/session/keeps_look.h"
#include "app/style/theme.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QTabBar;

namespace kasuri::app {

class DimsBar;
class GraphCanvas;
class LegendBar;
class OutlineView;
class SideHead;

/// Which version of the graph is on the canvas: one, both side by side, or the version after with
/// what became of everything.
enum class GraphView { Before, After, Split, Difference };

/// The centre of the window: tool bar, the canvases of both versions, legend. In a split, zoom, pan
/// and selection are shared: kernels stand at the height of the operators they were made from.
class GraphPane : public QWidget, public KeepsLook {
    Q_OBJECT
public:
    GraphPane(const Theme &theme, QWidget *parent = nullptr);

    void show(const DocumentState &state);
    void setMessage(const QString &message); ///< where there is no graph to show
    void selectOperators(const QStringList &operators);
    void setView(GraphView view);
    void setHeat(HeatKind kind);
    void focusSearch();
    void nextHit(int direction);
    void setFilter(const QStringList &operators); ///< all others fade; empty: none
    void foldAll(bool folded); ///< everything open with every block, or what suits the graph
    void exportTo(const QString &path); ///< the front picture; empty path: asks for one
    GraphCanvas *front() const; ///< the canvas that keys and searches go to
    const Pictures &pictures() const { return maker_.pictures(); }

signals:
    void operatorsSelected(const QStringList &operators);
    void dimChosen(const QString &name, qint64 value);
    void told(const QString &message); ///< for the status line
    void looked(); ///< the user moved what a canvas shows
    void drawn(); ///< pictures() are new

protected:
    void keyPressEvent(QKeyEvent *) override;

private:
    QJsonObject look() const override;
    void restoreLook(const QJsonObject &look) override;
    QWidget *buildBar();
    void connectCanvas(Side side);
    GraphCanvas *canvas(Side side) const { return canvases_[size_t(side)]; }
    Side frontSide() const;
    void requestPictures();
    void showPictures();
    void keepAsIs();
    void outline(const DocumentState &state);
    void showOutline(); ///< unless there is a picture
    void fold(const QString &path, bool folded);
    void changeFolds(Side side, const FoldState &folds, const QStringList &keep);
    void showItem(Side side, int item); ///< of the content, unfolding what hides it
    void chooseBlock(Side side, const QString &path, const QPoint &position);
    void peek(Side side, int item);
    void search(const QString &text);
    void showHits();
    QSet<int> itemsWithin(Side side) const;
    void selectBoth(const QStringList &operators);
    void tellSides(const DocumentState &state);
    GraphHull hullFor(const QStringList &operators) const;
    void tellWhere(const QStringList &operators);
    void followEachOther(Side moved, double scale);

    const Theme &theme_;
    std::array<GraphCanvas *, 2> canvases_{};
    std::array<SideHead *, 2> heads_{};
    PictureMaker maker_;
    PictureRequest request_;
    QVector<int> hits_; ///< in the content of the front side
    int hit_ = -1;
    QSet<QString> filter_; ///< operators shown in full; empty: all
    QStringList keep_, selectWhenReady_, selected_;
    GraphView view_ = GraphView::After;
    DimsBar *dims_ = nullptr;
    LegendBar *legend_ = nullptr;
    OutlineView *outline_ = nullptr;
    QTabBar *tabs_ = nullptr;
    QComboBox *heatBox_ = nullptr;
    QLineEdit *search_ = nullptr;
    QLabel *hitCount_ = nullptr, *zoom_ = nullptr, *where_ = nullptr;
    bool following_ = false, opening_ = false;
};

} // namespace kasuri::app
