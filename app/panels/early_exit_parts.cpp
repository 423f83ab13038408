// What the early exit dock is made of.
#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSlider>
#include <QSplitter>
#include <QVBoxLayout>
#include <iterator>

#include "app/charts/exit_histogram.h"
#include "app/panels/early_exit_panel.h"
#include "app/panels/file_button.h"
#include "app/panels/list_table.h"

namespace kasuri::app {
namespace {

constexpr int kFacts = 360;
const QString kSamples = QStringLiteral("*.npz *.npy *.pb;;*");

} // namespace

QWidget *EarlyExitPanel::buildInputs()
{
    auto *inputs = new QWidget(this);
    auto *row = new QHBoxLayout(inputs);
    row->setContentsMargins(8, 4, 8, 2);
    data_->setObjectName(QStringLiteral("exitData"));
    data_->setPlaceholderText(tr("samples.npz, .npy, .pb or a folder"));
    data_->setAccessibleName(tr("Data to certify on"));
    drift_->setObjectName(QStringLiteral("exitDrift"));
    drift_->setPlaceholderText(tr("none"));
    drift_->setAccessibleName(tr("Data to watch for drift"));
    certify_->setObjectName(QStringLiteral("certifyExits"));
    row->addWidget(new QLabel(tr("Data"), inputs));
    row->addWidget(data_, 3);
    row->addWidget(fileButton(data_, tr("Data to certify on"), kSamples, inputs));
    row->addWidget(new QLabel(tr("Watch for drift"), inputs));
    row->addWidget(drift_, 2);
    row->addWidget(fileButton(drift_, tr("Data to watch for drift"), kSamples, inputs));
    row->addWidget(certify_);
    connect(data_, &QLineEdit::textChanged, this, &EarlyExitPanel::refresh);
    return inputs;
}

QWidget *EarlyExitPanel::buildOptions()
{
    auto *options = new QWidget(this);
    auto *row = new QHBoxLayout(options);
    row->setContentsMargins(8, 2, 8, 4);
    for (const auto &[text, key] : {std::pair(tr("largest probability"), "max-probability"),
                                    {tr("entropy"), "entropy"},
                                    {tr("top-2 margin"), "margin"},
                                    {tr("saturation"), "saturation"}})
        gate_->addItem(text, QString::fromLatin1(key));
    gate_->setAccessibleName(tr("Gate"));
    attach_->setObjectName(QStringLiteral("attachHeads"));
    attach_->setToolTip(
        tr("For models that have no exit heads: fitted to the full model's answers"));
    limits_->setPlaceholderText(QStringLiteral("7:misses=0.5%"));
    limits_->setAccessibleName(tr("Limits per class"));
    row->addWidget(new QLabel(tr("Gate"), options));
    row->addWidget(gate_);
    row->addWidget(new QLabel(tr("Loss at most"), options));
    row->addWidget(delta_);
    row->addWidget(new QLabel(tr("but with probability"), options));
    row->addWidget(epsilon_);
    row->addWidget(new QLabel(tr("Limits per class"), options));
    row->addWidget(limits_, 1);
    row->addWidget(attach_);
    row->addWidget(progress_, 2);
    return options;
}

QWidget *EarlyExitPanel::buildResults()
{
    auto *left = new QWidget(this);
    auto *column = new QVBoxLayout(left);
    column->setContentsMargins(8, 0, 8, 4);
    column->setSpacing(2);
    slider_->setObjectName(QStringLiteral("exitSlider"));
    slider_->setAccessibleName(tr("Thresholds, from careful to bold"));
    auto *row = new QHBoxLayout;
    row->addWidget(slider_, 1);
    row->addWidget(measure_);
    row->addWidget(export_);
    column->addWidget(chart_, 1);
    column->addLayout(row);
    place_->setObjectName(QStringLiteral("exitPlace"));
    place_->setWordWrap(true);
    column->addWidget(place_);
    facts_->setObjectName(QStringLiteral("exitFacts"));
    facts_->setWordWrap(true);
    facts_->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    facts_->setMargin(8);
    facts_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    table_->setObjectName(QStringLiteral("exitTable"));
    const int widths[] = {90, 112, 66, 88, 70};
    setLeastWidths(*table_, widths);
    auto *split = new QSplitter(Qt::Horizontal, this);
    split->setChildrenCollapsible(false);
    split->addWidget(left);
    split->addWidget(facts_);
    split->addWidget(table_);
    split->setSizes({kFacts + 20, kFacts, kFacts + 160});
    return split;
}

} // namespace kasuri::app
