#include "app/panels/graph_pane.h"

#include <QComboBox>
#include <QFileDialog>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QScopedValueRollback>
#include <QTabBar>

#include "app/graph/graph_canvas.h"
#include "app/graph/graph_export.h"
#include "app/graph/legend_bar.h"
#include "app/graph/side_head.h"
#include "app/panels/dims_bar.h"
#include "app/panels/outline_view.h"
#include "app/session/units.h"
#include "app/style/font_scale.h"

namespace kasuri::app {
void GraphPane::show(const DocumentState &state)
{
    dims_->setDims(state.dims);
    if (!state.model) {
        setMessage(state.phase == DocumentState::Phase::Opening
                       ? state.message
                       : tr("No model open. Ctrl+O opens one, or drop a file here."));
        return outline(state);
    }
    outline(state);
    tellSides(state);
    const bool sameModel = request_.model
        && request_.model->operators.constData() == state.model->operators.constData();
    const bool sameOverlay = request_.overlay == state.overlay;
    const bool sameGroups = request_.groups == state.groups;
    const auto estimates = state.advice
        ? std::array{state.advice->stepsBefore, state.advice->stepsAfter}
        : std::array<StepEstimates, 2>();
    if (sameModel && sameOverlay && sameGroups && request_.before == state.before
        && request_.after == state.after && request_.estimates == estimates)
        return;
    if (!state.after && !pictures().of(Side::After).geometry)
        canvas(Side::After)->setMessage(tr("Planning…"));
    request_.model = state.model;
    request_.before = state.before;
    request_.after = state.after;
    request_.estimates = estimates;
    request_.overlay = state.overlay;
    request_.groups = state.groups;
    if (!sameGroups)
        keepAsIs();
    if (!sameOverlay && state.overlay)
        setHeat(HeatKind::Overlay);
    else if (!sameOverlay && request_.heat == HeatKind::Overlay)
        setHeat(HeatKind::Time);
    else
        requestPictures();
}

/// The chain of groups stands in for a picture while the model opens.
void GraphPane::outline(const DocumentState &state)
{
    opening_ = state.phase == DocumentState::Phase::Opening
        || state.phase == DocumentState::Phase::Opened;
    if (opening_ && !state.after) {
        const auto &model = state.outline;
        outline_->setModel(model,
                           model ? model->name + QStringLiteral(" · ")
                                   + tr("%n operators", nullptr, int(model->operators.size()))
                                 : QString());
        outline_->setProgress(state.message, state.progress);
    }
    showOutline();
}

void GraphPane::showOutline()
{
    outline_->setVisible(opening_ && !pictures().of(frontSide()).geometry);
}

/// What is folded and selected stays so in the next picture.
void GraphPane::keepAsIs()
{
    for (Side side : {Side::Before, Side::After})
        if (const Picture &picture = pictures().of(side); picture.content)
            request_.folds[size_t(side)] = picture.folds;
    keep_ = front()->anchor().operators;
    selectWhenReady_ = selected_;
}

void GraphPane::tellSides(const DocumentState &state)
{
    const bool current = state.comparison && state.phase == DocumentState::Phase::Measured;
    for (Side side : {Side::Before, Side::After}) {
        const auto &plan = side == Side::Before ? state.before : state.after;
        const QString count = side == Side::Before
            ? tr("%1 operators").arg(state.model->operators.size())
            : tr("%1 kernels")
                  .arg(plan ? QString::number(plan->steps.size()) : QStringLiteral("–"));
        QStringList figures;
        if (current)
            figures << formatMs(side == Side::Before ? state.comparison->latency.beforeMs
                                                     : state.comparison->latency.afterMs)
                    + QLatin1Char(' ') + tr("ms");
        if (plan)
            figures << formatBytes(plan->memory.arenaBytes);
        heads_[size_t(side)]->setWords(
            plan ? count + QStringLiteral(" · ") + tr("passes %1").arg(plan->recipe) : count,
            figures.join(QStringLiteral("   ")));
    }
}

void GraphPane::requestPictures()
{
    if (request_.model)
        maker_.request(request_);
}

void GraphPane::setMessage(const QString &message)
{
    if (request_.heat == HeatKind::Overlay)
        setHeat(HeatKind::Time);
    maker_.cancel();
    request_ = PictureRequest{{}, {}, {}, request_.heat, {}, request_.aligned, {}};
    hits_.clear();
    selected_.clear();
    for (GraphCanvas *each : canvases_)
        each->setMessage(message);
}

void GraphPane::showPictures()
{
    const QStringList keep = std::exchange(keep_, {});
    if (!front()->graph() && selectWhenReady_.isEmpty())
        selectWhenReady_ = selected_; // before there was anything to mark
    for (Side side : {Side::Before, Side::After})
        if (pictures().of(side).geometry)
            canvas(side)->setGeometryData(pictures().of(side).geometry, keep);
    showOutline();
    if (view_ == GraphView::Split)
        followEachOther(frontSide(), front()->anchor().scale);
    legend_->setHeat(pictures().of(frontSide()).scale);
    const bool both = view_ == GraphView::Split || view_ == GraphView::Difference;
    legend_->setChanges(both ? pictures().counts : std::nullopt);
    if (!search_->text().isEmpty() || !filter_.isEmpty())
        showHits();
    if (const QStringList wanted = std::exchange(selectWhenReady_, {}); !wanted.isEmpty())
        for (Side side : {Side::Before, Side::After})
            canvas(side)->selectOperators(wanted,
                                          side == Side::Before ? hullFor(wanted) : GraphHull{});
}

void GraphPane::setView(GraphView view)
{
    view_ = view;
    tabs_->setCurrentIndex(int(view));
    const bool both = view == GraphView::Split;
    const GraphCanvas *shown
        = canvas(Side::After)->isVisible() ? canvas(Side::After) : canvas(Side::Before);
    const GraphAnchor anchor = shown->anchor();
    canvas(Side::Before)->parentWidget()->setVisible(both || view == GraphView::Before);
    canvas(Side::After)->parentWidget()->setVisible(view != GraphView::Before);
    for (SideHead *head : heads_)
        head->setVisible(both);
    for (GraphCanvas *each : canvases_) {
        each->showChanges(both || view == GraphView::Difference);
        if (each != shown && !anchor.operators.isEmpty())
            each->follow(anchor);
    }
    showOutline();
    if (both != request_.aligned) {
        request_.aligned = both;
        keep_ = anchor.operators;
        requestPictures();
    }
    legend_->setHeat(pictures().of(frontSide()).scale);
    legend_->setChanges(both || view == GraphView::Difference ? pictures().counts : std::nullopt);
    if (!search_->text().isEmpty())
        search(search_->text());
}

void GraphPane::setHeat(HeatKind kind)
{
    request_.heat = kind;
    heatBox_->setCurrentIndex(int(kind));
    requestPictures();
}

GraphCanvas *GraphPane::front() const
{
    return canvas(frontSide());
}

Side GraphPane::frontSide() const
{
    const GraphCanvas *before = canvas(Side::Before);
    return view_ == GraphView::Before || (view_ == GraphView::Split && before->hasFocus())
        ? Side::Before
        : Side::After;
}

void GraphPane::exportTo(const QString &path)
{
    const GeometryPointer picture = pictures().of(frontSide()).geometry;
    if (!picture)
        return emit told(tr("There is no graph to write. Ctrl+O opens a model."));
    const QString file = !path.isEmpty()
        ? path
        : QFileDialog::getSaveFileName(this, tr("Export the graph"), {},
                                       tr("Drawing (*.svg);;Picture (*.png)"));
    if (file.isEmpty())
        return;
    const QString problem = exportPicture(*picture, theme_, font(), file);
    emit told(problem.isEmpty() ? tr("Written: %1").arg(file) : QStringLiteral("× ") + problem);
}

void GraphPane::followEachOther(Side moved, double scale)
{
    if (moved == frontSide())
        zoom_->setText(QStringLiteral("%1 %").arg(qRound(scale / fontScale() * 100)));
    if (following_)
        return;
    if (view_ == GraphView::Split) {
        const QScopedValueRollback guard(following_, true);
        canvas(moved == Side::Before ? Side::After : Side::Before)
            ->follow(canvas(moved)->anchor(),
                     pictures().aligned ? Follow::SameHeights : Follow::Counterpart);
    }
    emit looked();
}

void GraphPane::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_B:
        return setView(GraphView::Before);
    case Qt::Key_A:
        return setView(GraphView::After);
    case Qt::Key_S:
        return setView(GraphView::Split);
    case Qt::Key_D:
        return setView(GraphView::Difference);
    case Qt::Key_H:
        return setHeat(HeatKind((int(request_.heat) + 1) % (request_.overlay ? 5 : 4)));
    default:
        QWidget::keyPressEvent(event);
    }
}

} // namespace kasuri::app
