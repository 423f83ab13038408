#include "app/panels/dims_bar.h"

#include <QEvent>
#include <QFrame>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScreen>
#include <QScrollArea>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>

namespace kasuri::app {
namespace {

constexpr int kHeight = 30, kLargestDim = 1 << 20, kMargin = 8, kGap = 6, kBetween = 8;
constexpr int kLongestName = 120, kLongestNameOfRest = 320, kTallestRest = 320;

bool sameNames(const QVector<DimInfo> &dims, const auto &fields)
{
    return std::equal(
        dims.begin(), dims.end(), fields.begin(), fields.end(),
        [](const DimInfo &dim, const auto &field) { return dim.name == field.dim.name; });
}

int nameWidth(const QLabel &label, const QString &name)
{
    return std::min(kLongestName, label.fontMetrics().horizontalAdvance(name) + 1);
}

QString shortened(const QLabel &label, const QString &name, int width)
{
    return label.fontMetrics().elidedText(name, Qt::ElideMiddle, width);
}

} // namespace

DimsBar::DimsBar(QWidget *parent)
    : QWidget(parent), row_(new QHBoxLayout(this)), head_(new QLabel(tr("Dimensions"), this)),
      more_(new QPushButton(this)), rest_(new QFrame(this, Qt::Popup))
{
    setFixedHeight(kHeight);
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    setAccessibleName(tr("Dynamic dimensions"));
    row_->setContentsMargins(kMargin, 2, kMargin, 2);
    row_->setSpacing(kGap);
    more_->setObjectName(QStringLiteral("moreDims"));
    more_->setFlat(true);
    more_->setCursor(Qt::PointingHandCursor);
    more_->setProperty("look", QStringLiteral("link"));
    connect(more_, &QPushButton::clicked, this, &DimsBar::openRest);
    rest_->setObjectName(QStringLiteral("restOfDims"));
    rest_->setAccessibleName(tr("Dynamic dimensions"));
    rest_->setFrameStyle(QFrame::Box | QFrame::Plain);
    auto *page = new QWidget;
    grid_ = new QGridLayout(page);
    auto *scroll = new QScrollArea(rest_);
    scroll->setFrameStyle(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidgetResizable(true);
    scroll->setWidget(page);
    auto *whole = new QVBoxLayout(rest_);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(scroll);
    hide();
}

QSize DimsBar::minimumSizeHint() const
{
    return {0, kHeight};
}

void DimsBar::setDims(const QVector<DimInfo> &dims)
{
    if (!sameNames(dims, fields_)) {
        rest_->hide();
        for (const Field &field : fields_) {
            delete field.label;
            delete field.box;
        }
        fields_.clear();
        for (const DimInfo &dim : dims)
            addField(dim);
        arrange();
    }
    for (int i = 0; i < dims.size(); ++i)
        tell(fields_[i], dims[i]);
    setVisible(!dims.isEmpty());
}

void DimsBar::addField(const DimInfo &dim)
{
    auto *label = new QLabel(this);
    auto *box = new QSpinBox(this);
    box->setRange(1, kLargestDim);
    box->setValue(int(dim.value));
    box->setKeyboardTracking(false);
    box->setAccessibleName(dim.name);
    box->setObjectName(QStringLiteral("dim:") + dim.name);
    label->setBuddy(box);
    fields_.append({dim, label, box});
    // A step with the arrows waits for the end of editing: each value is a new plan.
    connect(box, &QSpinBox::editingFinished, this, [this, box, name = dim.name] {
        for (const Field &field : fields_)
            if (field.box == box && box->value() != field.dim.value)
                return emit dimChosen(name, box->value());
    });
}

/// A default is pale, and says so where it is pointed at. What is being typed elsewhere stays.
void DimsBar::tell(Field &field, const DimInfo &dim)
{
    if (field.dim.value != dim.value)
        field.box->setValue(int(dim.value));
    field.dim = dim;
    const QString words = dim.given ? dim.name : tr("%1 (default)").arg(dim.name);
    field.label->setToolTip(words);
    field.box->setToolTip(words);
    field.label->setForegroundRole(dim.given ? QPalette::WindowText : QPalette::PlaceholderText);
}

int DimsBar::cellWidth(const Field &field) const
{
    return nameWidth(*field.label, field.dim.name) + field.box->sizeHint().width() + 2 * kGap
        + kBetween;
}

int DimsBar::fitting() const
{
    const auto most = tr("and %1 more").arg(fields_.size());
    int left = width() - 2 * kMargin - head_->sizeHint().width() - kGap;
    int all = 0;
    for (const Field &field : fields_)
        all += cellWidth(field);
    if (all <= left)
        return int(fields_.size());
    left -= more_->fontMetrics().horizontalAdvance(most) + 3 * kGap;
    int count = 0;
    while (count < fields_.size() && (left -= cellWidth(fields_[count])) >= 0)
        ++count;
    return count;
}

void DimsBar::arrange()
{
    while (QLayoutItem *item = row_->takeAt(0))
        delete item;
    while (QLayoutItem *item = grid_->takeAt(0))
        delete item;
    const int count = fitting();
    row_->addWidget(head_);
    for (int i = 0; i < fields_.size(); ++i) {
        const Field &field = fields_[i];
        const bool inBar = i < count;
        const int most = inBar ? nameWidth(*field.label, field.dim.name) : kLongestNameOfRest;
        field.label->setText(shortened(*field.label, field.dim.name, most));
        if (inBar) {
            row_->addSpacing(kBetween);
            row_->addWidget(field.label);
            row_->addWidget(field.box);
        } else {
            grid_->addWidget(field.label, i - count, 0);
            grid_->addWidget(field.box, i - count, 1);
        }
        field.label->show();
        field.box->show();
    }
    more_->setText(tr("and %1 more").arg(fields_.size() - count));
    more_->setVisible(count < fields_.size());
    row_->addWidget(more_);
    row_->addStretch();
}

void DimsBar::openRest()
{
    const QSize wanted = grid_->parentWidget()->sizeHint();
    const int scrollBar = wanted.height() > kTallestRest ? 20 : 0;
    rest_->resize(wanted.width() + scrollBar + 2, std::min(wanted.height() + 2, kTallestRest));
    QPoint place = more_->mapToGlobal(QPoint(0, more_->height()));
    place.setX(std::min(place.x(), screen()->geometry().right() - rest_->width()));
    rest_->move(place);
    rest_->show();
    if (QLayoutItem *first = grid_->itemAtPosition(0, 1))
        first->widget()->setFocus(Qt::PopupFocusReason);
}

void DimsBar::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    if (!rest_->isVisible())
        arrange();
}

void DimsBar::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        arrange();
}

} // namespace kasuri::app
