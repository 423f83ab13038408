#include "app/graph/picture_maker.h"

#include <QtConcurrent>

#include "app/graph/equal_rooms.h"
#include "app/graph/graph_views.h"
#include "app/graph/height_alignment.h"

namespace kasuri::app {
namespace {

/// Content of one side, where it is not known already.
void fill(Picture &picture, const Picture::Origin &from, const std::function<GraphContent()> &make)
{
    if (picture.plain && picture.madeFrom == from)
        return;
    picture = Picture{};
    picture.plain = std::make_shared<const GraphContent>(make());
    picture.madeFrom = from;
}

/// Its layout, where that is not known already.
bool layOut(Picture &picture, const std::optional<FoldState> &folds, const QVector<double> &rooms,
            const std::function<bool()> &cancelled)
{
    if (cancelled())
        return false;
    const FoldState wanted = folds ? *folds : defaultFolds(*picture.plain);
    if (picture.layout && wanted == picture.folds && rooms == picture.rooms)
        return true;
    picture.folds = wanted;
    picture.rooms = rooms;
    picture.layout = layoutNested(*picture.plain, wanted, cancelled, rooms);
    return picture.layout != nullptr;
}

/// Contents and layouts of both sides.
bool layOutBoth(Picture &before, Picture &after, const PictureRequest &request,
                const std::function<bool()> &cancelled)
{
    const ModelInfo &model = *request.model;
    // A model described again with other passes shares its operators.
    const std::shared_ptr<const void> operators(request.model, model.operators.constData());
    fill(before, {operators, QString(), request.groups},
         [&] { return contentOfOperators(model, request.groups); });
    if (!request.after)
        after = Picture{};
    else
        fill(after, {operators, request.after->hash, request.groups},
             [&] { return contentOfKernels(*request.after, model, request.groups); });
    std::array<QVector<double>, 2> rooms;
    if (request.aligned && request.after)
        rooms = equalRooms(*before.plain, *after.plain);
    return layOut(before, request.folds[0], rooms[0], cancelled)
        && (!request.after || layOut(after, request.folds[1], rooms[1], cancelled));
}

/// The plans of a request with measured times, or with estimates where there are none. A
/// difference is never made of one and the other.
class TimedPlans {
public:
    explicit TimedPlans(const PictureRequest &request) : kind_(request.heat)
    {
        const std::array given{request.before, request.after};
        for (size_t side = 0; side < given.size(); ++side) {
            plans_[side] = withEstimates(given[side], request.estimates[side]);
            estimated_[side] = plans_[side] != given[side];
        }
        if (kind_ == HeatKind::Delta && estimated_[0] != estimated_[1]) {
            plans_ = given;
            estimated_ = {};
        }
    }

    HeatScale heat(QVector<GraphItem> &items, Side side) const
    {
        const bool before = side == Side::Before;
        HeatScale scale = applyHeat(items, kind_, before, plans_[size_t(side)].get(),
                                    plans_[size_t(before ? Side::After : Side::Before)].get());
        if (estimated_[size_t(side)])
            markEstimated(items, scale);
        return scale;
    }

private:
    HeatKind kind_;
    std::array<std::shared_ptr<const PlanInfo>, 2> plans_;
    std::array<bool, 2> estimated_{};
};

} // namespace

std::shared_ptr<Pictures> makePictures(const PictureRequest &request, Pictures known,
                                       const std::function<bool()> &cancelled)
{
    auto out = std::make_shared<Pictures>(std::move(known));
    Picture &before = out->sides[0], &after = out->sides[1];
    const ModelInfo &model = *request.model;
    if (!layOutBoth(before, after, request, cancelled))
        return nullptr;
    auto lines = std::make_shared<GraphContent>(*before.plain);
    auto cards = after.plain ? std::make_shared<GraphContent>(*after.plain) : nullptr;
    out->counts.reset();
    const TimedPlans times(request);
    if (cards) {
        out->counts = markChanges(lines->items, cards->items);
        applyOverlay(cards->items, request.after.get(), request.overlay.get());
        markViews(lines->items, model, *request.after);
        after.scale = times.heat(cards->items, Side::After);
        after.content = cards;
        after.geometry = composeGeometry(*cards, *after.layout);
    }
    applyOverlay(lines->items, request.before.get(), request.overlay.get());
    before.scale = times.heat(lines->items, Side::Before);
    before.content = lines;
    before.geometry = composeGeometry(*lines, *before.layout);
    out->aligned = request.aligned && cards;
    if (out->aligned) {
        AlignedPictures both = alignHeights(*before.geometry, *after.geometry);
        before.geometry = std::move(both.before);
        after.geometry = std::move(both.after);
    }
    return cancelled() ? nullptr : out;
}

PictureMaker::PictureMaker(QObject *parent) : QObject(parent)
{
    connect(&watcher_, &QFutureWatcherBase::finished, this, &PictureMaker::finished);
}

PictureMaker::~PictureMaker()
{
    cancel();
    watcher_.waitForFinished();
}

void PictureMaker::request(PictureRequest request)
{
    // What runs is let finish unless it is of another model: the user sees it in between.
    if (running_ && current_ && current_->model->path != request.model->path)
        cancelled_->store(true);
    waiting_ = std::move(request);
    if (!running_)
        start();
}

void PictureMaker::cancel()
{
    waiting_.reset();
    pictures_ = Pictures{};
    if (cancelled_)
        cancelled_->store(true);
}

void PictureMaker::start()
{
    current_ = std::move(waiting_);
    waiting_.reset();
    running_ = true;
    cancelled_ = std::make_shared<std::atomic<bool>>(false);
    watcher_.setFuture(
        QtConcurrent::run([request = *current_, known = pictures_, flag = cancelled_]() mutable {
            return makePictures(request, std::move(known), [flag] { return flag->load(); });
        }));
}

void PictureMaker::finished()
{
    running_ = false;
    const std::shared_ptr<Pictures> made = watcher_.result();
    const bool usable = made && !cancelled_->load();
    if (usable)
        pictures_ = *made;
    if (waiting_)
        start();
    if (usable)
        emit ready();
}

} // namespace kasuri::app
