#include "app/panels/report_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpacerItem>
#include <algorithm>

namespace kasuri::app {
namespace {

constexpr int kLeastWidth = 560, kRemarksHeight = 72, kMargin = 16, kGap = 8, kBetween = 10;
constexpr int kButtonWidth = 96, kButtonHeight = 28;

/// Rows that belong together stand apart from the next ones.
void endGroup(QFormLayout *form)
{
    form->addItem(new QSpacerItem(0, kBetween - kGap, QSizePolicy::Minimum, QSizePolicy::Fixed));
}

} // namespace

ReportDialog::ReportDialog(QWidget *window)
    : QDialog(window), remarks_(new QPlainTextEdit(this)), language_(new QComboBox(this)),
      bundle_(new QCheckBox(tr("A &bundle beside it: report, JSON, CSV, model and plan"), this)),
      anonymise_(new QCheckBox(tr("&Anonymise model, nodes, tensors, paths and host"), this))
{
    setObjectName(QStringLiteral("reportDialog"));
    setWindowTitle(tr("Report"));
    setMinimumWidth(kLeastWidth);
    auto *form = new QFormLayout(this);
    form->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
    form->setSpacing(kGap);
    const auto add = [&](const QString &name, const char *object, QString ReportFields::*field) {
        auto *line = new QLineEdit(this);
        line->setObjectName(QString::fromLatin1(object));
        form->addRow(name, line);
        lines_.append({field, line});
        return line;
    };
    add(tr("&Client"), "reportClient", &ReportFields::client);
    add(tr("&Project"), "reportProject", &ReportFields::project);
    add(tr("A&uthor"), "reportAuthor", &ReportFields::author);
    add(tr("&Version"), "reportVersion", &ReportFields::version);
    endGroup(form);
    for (QLineEdit *line : {add(tr("P&repared by, on"), "reportPrepared", &ReportFields::prepared),
                            add(tr("Chec&ked by, on"), "reportChecked", &ReportFields::checked),
                            add(tr("Appr&oved by, on"), "reportApproved", &ReportFields::approved)})
        line->setPlaceholderText(tr("Name, date"));
    endGroup(form);
    remarks_->setObjectName(QStringLiteral("reportRemarks"));
    remarks_->setTabChangesFocus(true);
    remarks_->setFixedHeight(kRemarksHeight);
    form->addRow(tr("Re&marks"), remarks_);
    endGroup(form);
    language_->setObjectName(QStringLiteral("reportLanguage"));
    language_->addItem(tr("As the window"), QString());
    language_->addItem(QStringLiteral("English"), QStringLiteral("en"));
    language_->addItem(QStringLiteral("日本語"), QStringLiteral("ja"));
    form->addRow(tr("&Language"), language_);
    bundle_->setObjectName(QStringLiteral("reportBundle"));
    bundle_->setToolTip(tr("Model and plan only while they are the ones measured, and never "
                           "together with anonymous names."));
    anonymise_->setObjectName(QStringLiteral("reportAnonymise"));
    anonymise_->setToolTip(tr("What is written above stays as it is."));
    form->addRow(QString(), bundle_);
    form->addRow(QString(), anonymise_);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    auto *write = new QPushButton(tr("&Write…"), this);
    write->setProperty("look", QStringLiteral("main")); // before anybody asks for its size
    buttons->addButton(write, QDialogButtonBox::AcceptRole);
    write->setObjectName(QStringLiteral("reportWrite"));
    write->setDefault(true);
    QPushButton *cancel = buttons->button(QDialogButtonBox::Cancel);
    cancel->setText(tr("Cancel"));
    for (QPushButton *button : {write, cancel})
        button->setMinimumSize(kButtonWidth, kButtonHeight);
    endGroup(form);
    form->addRow(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &ReportDialog::give);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

void ReportDialog::ask()
{
    const ReportFields kept = keptReportFields();
    for (const auto &[field, line] : lines_)
        line->setText(kept.*field);
    remarks_->setPlainText(kept.remarks);
    language_->setCurrentIndex(std::max(0, language_->findData(kept.language)));
    bundle_->setChecked(kept.bundle);
    anonymise_->setChecked(kept.anonymise);
    open();
    lines_.first().second->setFocus();
}

ReportFields ReportDialog::fields() const
{
    ReportFields given;
    for (const auto &[field, line] : lines_)
        given.*field = line->text();
    given.remarks = remarks_->toPlainText();
    given.language = language_->currentData().toString();
    given.bundle = bundle_->isChecked();
    given.anonymise = anonymise_->isChecked();
    return given;
}

void ReportDialog::give()
{
    const ReportFields given = fields();
    keep(given);
    accept();
    emit fieldsGiven(given);
}

} // namespace kasuri::app
