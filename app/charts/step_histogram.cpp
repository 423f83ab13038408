#include "app/charts/step_histogram.h"

#include <QCoreApplication>
#include <QPainter>
#include <algorithm>
#include <utility>

#include "app/session/units.h"

namespace kasuri::app {
namespace {

constexpr int kBins = 40;
constexpr double kShownShare = 0.95;
constexpr double kLabelHeight = 16, kTop = 2, kGap = 1;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(StepHistogram)
};

double medianOf(QVector<double> values)
{
    std::sort(values.begin(), values.end());
    const qsizetype middle = values.size() / 2;
    return values.size() % 2 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

/// The longest that is shown: a run that was interrupted must not squeeze the others.
double shownTo(QVector<double> values)
{
    std::sort(values.begin(), values.end());
    return values.isEmpty() ? 0 : values[int(kShownShare * double(values.size() - 1))];
}

double shownTo(const StepRuns &runs)
{
    return std::max(shownTo(runs.before), shownTo(runs.after));
}

/// The bins of an axis; runs beyond it are counted at its end.
struct Bins {
    double from = 0, to = 1;
    QVector<int> before, after;
    int most = 1;

    explicit Bins(const StepRuns &runs)
    {
        const QVector<double> all = runs.before + runs.after;
        const double least = *std::min_element(all.begin(), all.end()), largest = shownTo(runs);
        const double margin = std::max((largest - least) * 0.02, largest * 1e-3 + 1e-9);
        from = least - margin;
        to = largest + margin;
        for (const auto &[values, counts] :
             {std::pair(&runs.before, &before), std::pair(&runs.after, &after)}) {
            counts->fill(0, kBins);
            for (const double ms : *values)
                most = std::max(most, ++(*counts)[int(place(ms) * kBins)]);
        }
    }
    double place(double ms) const { return std::clamp((ms - from) / (to - from), 0.0, 0.999999); }
};

} // namespace

QString wordsOf(const StepRuns &runs)
{
    QStringList sides;
    for (const auto &[values, name] : {std::pair(&runs.before, Words::tr("before")),
                                       std::pair(&runs.after, Words::tr("after"))}) {
        if (values->isEmpty())
            continue;
        const auto [least, largest] = std::minmax_element(values->begin(), values->end());
        sides << Words::tr("%1: %2 runs, %3 … %4 ms")
                     .arg(name)
                     .arg(values->size())
                     .arg(formatMs(*least), formatMs(*largest));
        const double end = shownTo(runs);
        if (const auto beyond
            = std::count_if(values->begin(), values->end(), [end](double ms) { return ms > end; });
            beyond > 0)
            sides.last() += Words::tr(" (%n slower than shown)", nullptr, int(beyond));
    }
    return sides.join(QStringLiteral("; "));
}

QImage stepHistogram(const StepRuns &runs, const Theme &theme, const QFont &font, const QSize &size,
                     double scale)
{
    QImage image(size * scale, QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(scale);
    image.fill(Qt::transparent);
    if (runs.empty())
        return image;
    const Bins bins(runs);
    QPainter p(&image);
    p.setFont(font);
    const QFontMetricsF metrics(font);
    const QString unit = Words::tr("ms");
    const double axis = size.height() - kLabelHeight - 0.5,
                 wide = size.width() - metrics.horizontalAdvance(unit) - 6;
    const double bin = wide / kBins;
    struct Label {
        QRectF box;
        QString text, token;
    };
    QVector<Label> labels;
    for (const bool before : {true, false}) {
        const QVector<double> &values = before ? runs.before : runs.after;
        if (values.isEmpty())
            continue;
        const QString side = before ? QStringLiteral("before") : QStringLiteral("after");
        const QVector<int> &counts = before ? bins.before : bins.after;
        for (int k = 0; k < kBins; ++k) {
            const double high = (axis - kTop) * counts[k] / bins.most;
            const bool both = bins.before[k] > 0 && bins.after[k] > 0; // then beside each other
            const double left = k * bin + (both && !before ? bin / 2 : 0);
            p.fillRect(QRectF(left, axis - high, both ? bin / 2 : bin - kGap, high),
                       theme.color(side + QStringLiteral(".mark")));
        }
        const QString text = formatMs(medianOf(values));
        const double length = metrics.horizontalAdvance(text),
                     x = wide * bins.place(medianOf(values)) - length / 2;
        labels.append({QRectF(std::clamp(x, 0.0, wide - length), axis + 1, length, kLabelHeight),
                       text, side});
    }
    if (labels.size() == 2 && labels[0].box.intersects(labels[1].box)) {
        auto &left = labels[0].box.left() < labels[1].box.left() ? labels[0].box : labels[1].box;
        auto &right = &left == &labels[0].box ? labels[1].box : labels[0].box;
        left.moveRight(std::max(left.width(), (left.center().x() + right.center().x()) / 2 - 4));
        right.moveLeft(left.right() + 8);
    }
    for (const Label &label : labels) {
        p.setPen(theme.color(label.token));
        p.drawText(label.box, Qt::AlignCenter, label.text);
    }
    p.setPen(theme.color(QStringLiteral("line.strong")));
    p.drawLine(QPointF(0, axis), QPointF(wide, axis));
    p.setPen(theme.color(QStringLiteral("text.2")));
    p.drawText(QRectF(0, axis + 1, size.width(), kLabelHeight), Qt::AlignRight | Qt::AlignVCenter,
               unit);
    return image;
}

} // namespace kasuri::app
