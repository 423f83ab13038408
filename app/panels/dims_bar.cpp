#include "app/panels/dims_bar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QSpinBox>

namespace kasuri::app {
namespace {

constexpr int kHeight = 30, kMostShown = 8, kLargestDim = 1 << 20;

bool sameDims(const QVector<DimInfo> &a, const QVector<DimInfo> &b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const DimInfo &x, const DimInfo &y) {
                          return x.name == y.name && x.value == y.value && x.given == y.given;
                      });
}

} // namespace

DimsBar::DimsBar(QWidget *parent) : QWidget(parent), row_(new QHBoxLayout(this))
{
    setFixedHeight(kHeight);
    setAccessibleName(tr("Dynamic dimensions"));
    row_->setContentsMargins(8, 2, 8, 2);
    row_->setSpacing(6);
    hide();
}

void DimsBar::setDims(const QVector<DimInfo> &dims)
{
    if (sameDims(dims, shown_))
        return;
    shown_ = dims;
    while (QLayoutItem *item = row_->takeAt(0)) {
        if (QWidget *widget = item->widget())
            widget->deleteLater();
        delete item;
    }
    setVisible(!dims.isEmpty());
    row_->addWidget(new QLabel(tr("Dimensions"), this));
    for (int i = 0; i < std::min<int>(kMostShown, int(dims.size())); ++i) {
        const DimInfo &dim = dims[i];
        auto *label = new QLabel(dim.given ? dim.name : tr("%1 (default)").arg(dim.name), this);
        auto *box = new QSpinBox(this);
        box->setRange(1, kLargestDim);
        box->setValue(int(dim.value));
        box->setKeyboardTracking(false);
        box->setAccessibleName(dim.name);
        box->setObjectName(QStringLiteral("dim:") + dim.name);
        label->setBuddy(box);
        row_->addWidget(label);
        row_->addWidget(box);
        // A step with the arrows waits for the end of editing: each value is a new plan.
        connect(box, &QSpinBox::editingFinished, this, [this, box, dim] {
            if (box->value() != dim.value)
                emit dimChosen(dim.name, box->value());
        });
    }
    if (dims.size() > kMostShown)
        row_->addWidget(new QLabel(tr("and %1 more").arg(dims.size() - kMostShown), this));
    row_->addStretch();
}

} // namespace kasuri::app
