// What the generation dock asks for, by kind of model.
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

#include "app/panels/dynamic_panel.h"
#include "app/panels/file_button.h"

namespace kasuri::app {
namespace {

constexpr int kNumberField = 84;
const QString kJson = QStringLiteral("*.json;;*");

} // namespace

QWidget *DynamicPanel::buildDecoding()
{
    auto *page = new QWidget(this);
    auto *row = new QHBoxLayout(page);
    row->setContentsMargins(0, 0, 0, 0);
    draft_->setEditable(true);
    draft_->addItem(QStringLiteral("lookup"));
    draft_->setMinimumWidth(120);
    draft_->setObjectName(QStringLiteral("dynamicDraft"));
    draft_->setAccessibleName(tr("Draft"));
    draft_->setToolTip(tr("lookup, an ONNX file, or early:VALUE (this model up to a value)"));
    prompts_->setObjectName(QStringLiteral("dynamicPrompts"));
    prompts_->setPlaceholderText(tr("prompts.json or prompts.json:KEY"));
    prompts_->setAccessibleName(tr("Prompts"));
    row->addWidget(new QLabel(tr("Draft"), page));
    row->addWidget(draft_, 1);
    row->addWidget(new QLabel(tr("Prompts"), page));
    row->addWidget(prompts_, 2);
    row->addWidget(fileButton(prompts_, tr("Prompts"), kJson, page));
    for (const auto &[text, box] : {std::pair(tr("at most"), limit_),
                                    {tr("New tokens"), tokens_},
                                    {tr("Proposed at once"), depth_}}) {
        row->addWidget(new QLabel(text, page));
        row->addWidget(box);
    }
    return page;
}

QWidget *DynamicPanel::buildDenoising()
{
    auto *page = new QWidget(this);
    auto *row = new QHBoxLayout(page);
    row->setContentsMargins(0, 0, 0, 0);
    schedule_->setObjectName(QStringLiteral("dynamicSchedule"));
    schedule_->setPlaceholderText(tr("schedule.json"));
    schedule_->setAccessibleName(tr("Noise schedule"));
    fixed_->setText(QStringLiteral("18 25 50"));
    fixed_->setAccessibleName(tr("Fixed steps beside it"));
    fixed_->setMaximumWidth(110);
    error_->setRange(0, 10);
    error_->setSingleStep(0.1);
    error_->setValue(0.5);
    error_->setMaximumWidth(kNumberField);
    error_->setAccessibleName(tr("Error a skip may make"));
    row->addWidget(new QLabel(tr("Noise schedule"), page));
    row->addWidget(schedule_, 1);
    row->addWidget(fileButton(schedule_, tr("Noise schedule"), kJson, page));
    for (const auto &[text, box] : {std::pair<QString, QWidget *>(tr("Steps"), steps_),
                                    {tr("Error a skip may make"), error_},
                                    {tr("Fixed steps beside it"), fixed_},
                                    {tr("Images"), seeds_}}) {
        row->addWidget(new QLabel(text, page));
        row->addWidget(box);
    }
    return page;
}

} // namespace kasuri::app
