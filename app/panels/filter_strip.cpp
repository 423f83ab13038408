#include "app/panels/filter_strip.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace kasuri::app {
namespace {

constexpr int kHeight = 30;

} // namespace

FilterStrip::FilterStrip(QWidget *parent) : QWidget(parent), words_(new QLabel(this))
{
    setFixedHeight(kHeight);
    setAccessibleName(tr("Filter"));
    words_->setObjectName(QStringLiteral("filterWords"));
    auto *end = new QPushButton(tr("Show everything"), this);
    end->setObjectName(QStringLiteral("filterClear"));
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(8, 2, 8, 2);
    row->addWidget(words_);
    row->addWidget(end);
    row->addStretch();
    connect(end, &QPushButton::clicked, this, &FilterStrip::cleared);
    hide();
}

void FilterStrip::setFilter(const QString &words, int operators)
{
    words_->setText(tr("Filtered: %1 · %n operators", nullptr, operators).arg(words));
    setVisible(!words.isEmpty());
}

} // namespace kasuri::app
