#pragma once

#include <QFutureWatcher>
#include <QObject>
#include <array>
#include <atomic>
#include <memory>
#include <optional>

#include "app/graph/graph_difference.h"
#include "app/graph/graph_geometry.h"
#include "app/graph/graph_heat.h"

namespace kasuri::app {

enum class Side { Before, After };

/// What is to be drawn. A side without its plan has no times; After without a plan has no picture.
struct PictureRequest {
    std::shared_ptr<const ModelInfo> model;
    std::shared_ptr<const PlanInfo> before, after;
    HeatKind heat = HeatKind::Time;
    std::array<std::optional<FoldState>, 2> folds; ///< by Side; none: what suits the graph
    bool aligned = false; ///< both on one scale of heights, see height_alignment.h
    std::shared_ptr<const OverlayInfo> overlay;
    QVector<HandGroup> groups; ///< of operators, drawn by the user
    std::array<StepEstimates, 2> estimates; ///< by Side; shown where nothing was measured
};

/// One version, from its content to its picture.
struct Picture {
    /// Equal for the same graph, however often it was described or measured.
    struct Origin {
        std::shared_ptr<const void> operators;
        QString plan; ///< hash
        QVector<HandGroup> groups;
        bool operator==(const Origin &) const = default;
    };
    Origin madeFrom;
    std::shared_ptr<const GraphContent> plain, content; ///< without and with heat and changes
    FoldState folds;
    QVector<double> rooms; ///< of equal_rooms.h; empty: as wide as the items
    LayoutPointer layout;
    GeometryPointer geometry;
    HeatScale scale;
};

struct Pictures {
    std::array<Picture, 2> sides; ///< by Side
    std::optional<ChangeCounts> counts;
    bool aligned = false;
    const Picture &of(Side side) const { return sides[size_t(side)]; }
};

/// Makes the pictures of both versions off the event loop. The newest request wins; what an older
/// one made and is still right is used again.
class PictureMaker : public QObject {
    Q_OBJECT
public:
    explicit PictureMaker(QObject *parent = nullptr);
    ~PictureMaker() override;

    void request(PictureRequest request);
    void cancel(); ///< forgets everything
    bool busy() const { return running_; }
    const Pictures &pictures() const { return pictures_; }

signals:
    void ready(); ///< read pictures() again

private:
    void start();
    void finished();

    QFutureWatcher<std::shared_ptr<Pictures>> watcher_;
    std::shared_ptr<std::atomic<bool>> cancelled_;
    std::optional<PictureRequest> waiting_, current_;
    Pictures pictures_;
    bool running_ = false;
};

/// What PictureMaker does, at once. Nothing when cancelled.
std::shared_ptr<Pictures> makePictures(const PictureRequest &request, Pictures known,
                                       const std::function<bool()> &cancelled);

} // namespace kasuri::app
