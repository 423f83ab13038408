#include "app/panels/sides_panel.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSplitter>
#include <QTableWidget>
#include <QVBoxLayout>

#include "app/panels/list_table.h"
#include "app/session/units.h"
#include "app/session/verdict_words.h"

namespace kasuri::app {
namespace {

enum Column { Name, Runtime, Model, Recipe, Threads, Cpus, Streams, Dims, Settings, ColumnCount };

QString milliseconds(const std::optional<double> &v)
{
    return v ? formatMs(*v) : QStringLiteral("–");
}

QString bytesText(const std::optional<qint64> &v)
{
    return v ? formatBytes(*v) : QStringLiteral("–");
}

QString intervalOf(const LatencyResult &l)
{
    return QStringLiteral("%1 … %2").arg(formatSignedPercent(l.ratioLow - 1),
                                         formatSignedPercent(l.ratioHigh - 1));
}

QStringList resultRow(const SideInfo &side)
{
    const bool real = side.against
        && (side.against->verdict == QLatin1String("faster")
            || side.against->verdict == QLatin1String("slower"));
    return {side.name,
            side.runtime,
            milliseconds(side.medianMs),
            milliseconds(side.p90Ms),
            side.against ? verdictWord(side.against->verdict) : SidesPanel::tr("baseline"),
            real ? intervalOf(*side.against) : QStringLiteral("–"),
            side.itemsPerSecond ? formatMs(*side.itemsPerSecond) : QStringLiteral("–"),
            bytesText(side.memory.arena),
            bytesText(side.memory.peakRss),
            milliseconds(side.firstRunMs),
            fidelityWord(side.fidelity)};
}

QString requirementLine(const RequirementResult &r)
{
    return QStringLiteral("%1 %2").arg(r.met ? QStringLiteral("✓") : QStringLiteral("×"), r.text)
        + (r.value ? SidesPanel::tr("  (measured %1)").arg(formatRequired(r.text, *r.value))
                   : SidesPanel::tr("  (no value)"));
}

QString travelLines(const TravelInfo &t)
{
    QString text = SidesPanel::tr("Travels with the ONNX file in %1: %2 %3")
                       .arg(t.runtime, verdictWord(t.file.verdict), intervalOf(t.file));
    if (t.plan)
        text += SidesPanel::tr("; needs the Kasuri plan: %1 %2")
                    .arg(verdictWord(t.plan->verdict), intervalOf(*t.plan));
    return text;
}

QString verdictText(const ComparisonInfo &c)
{
    QStringList lines;
    for (const RequirementResult &r : c.requirements)
        lines << requirementLine(r);
    for (const TravelInfo &t : c.travels)
        lines << travelLines(t);
    return lines.join(QLatin1Char('\n'));
}

/// "seq=64 batch=2" -> "dim.seq=64", "dim.batch=2"
QStringList dimWords(const QString &text)
{
    QStringList words;
    for (const QString &word : text.split(QLatin1Char(' '), Qt::SkipEmptyParts))
        words << QStringLiteral("dim.") + word;
    return words;
}

} // namespace

SidesPanel::SidesPanel(QWidget *parent)
    : QWidget(parent), editor_(new QTableWidget(0, ColumnCount, this)),
      results_(new ListTable({tr("Side"), tr("Runtime"), tr("Median ms"), tr("p90 ms"),
                              tr("Verdict"), tr("99 % interval"), tr("Items/s"), tr("Arena"),
                              tr("RSS, peak"), tr("First run ms"), tr("Outputs")},
                             tr("Results of the sides"), this)),
      requirements_(new QLineEdit(this)), verdict_(new QLabel(this))
{
    editor_->setObjectName(QStringLiteral("sideTable"));
    editor_->setAccessibleName(tr("Sides"));
    editor_->setHorizontalHeaderLabels({tr("Name"), tr("Runtime"), tr("Model"), tr("Recipe"),
                                        tr("Threads"), tr("CPUs"), tr("Streams"), tr("Dimensions"),
                                        tr("Settings")});
    editor_->horizontalHeaderItem(Streams)->setToolTip(
        tr("Runs at the same time; items per second are those of all together. Empty: one"));
    editor_->verticalHeader()->hide();
    editor_->verticalHeader()->setDefaultSectionSize(24);
    editor_->horizontalHeader()->setStretchLastSection(true);
    editor_->setFrameStyle(QFrame::NoFrame);
    editor_->setTabKeyNavigation(false);
    const int sizes[] = {62, 92, 68, 72, 62, 48, 66, 88};
    setLeastWidths(*editor_, sizes);
    results_->setObjectName(QStringLiteral("sideResults"));
    const int widths[] = {52, 66, 80, 58, 72, 136, 62, 76, 78, 90};
    setLeastWidths(*results_, widths);
    requirements_->setPlaceholderText(
        tr("p90<=100ms; rss<=512MiB; box<=1GiB; deadline 33ms misses<=0.1%"));
    requirements_->setAccessibleName(tr("Requirements"));
    requirements_->setObjectName(QStringLiteral("requirements"));
    verdict_->setWordWrap(true);
    verdict_->setObjectName(QStringLiteral("sideVerdict"));
    verdict_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto *left = new QWidget(this);
    auto *leftColumn = new QVBoxLayout(left);
    leftColumn->setContentsMargins(0, 0, 0, 4);
    leftColumn->addWidget(editor_, 1);
    leftColumn->addWidget(buildButtons());
    auto *right = new QWidget(this);
    auto *rightColumn = new QVBoxLayout(right);
    rightColumn->setContentsMargins(8, 0, 0, 4);
    auto *row = new QHBoxLayout;
    row->addWidget(new QLabel(tr("Requirements"), this));
    row->addWidget(requirements_, 1);
    rightColumn->addLayout(row);
    rightColumn->addWidget(verdict_);
    rightColumn->addWidget(results_, 1);
    auto *split = new QSplitter(this);
    split->addWidget(left);
    split->addWidget(right);
    split->setSizes({520, 700});
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(split);
    connect(requirements_, &QLineEdit::editingFinished, this, [this] {
        QStringList wanted;
        for (const QString &text :
             requirements_->text().split(QLatin1Char(';'), Qt::SkipEmptyParts))
            if (!text.trimmed().isEmpty())
                wanted << text.trimmed();
        emit requirementsChosen(wanted);
    });
    addSide(QStringLiteral("none"), QStringLiteral("kasuri"), {});
    editor_->item(0, Recipe)->setText(QStringLiteral("none"));
    addSide(QStringLiteral("after"), QStringLiteral("kasuri"), {});
}

QWidget *SidesPanel::buildButtons()
{
    auto *bar = new QWidget(this);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(8, 2, 8, 2);
    const auto add = [&](const QString &text, const char *name, auto slot) {
        auto *button = new QPushButton(text, bar);
        button->setObjectName(QString::fromLatin1(name));
        row->addWidget(button);
        connect(button, &QPushButton::clicked, this, slot);
    };
    add(tr("Measure the sides"), "measureSides", [this] { emit measureRequested(sides()); });
    add(tr("Add"), "addSide", [this] {
        addSide(tr("side%1").arg(editor_->rowCount() + 1), QStringLiteral("kasuri"), {});
    });
    add(tr("What runs today"), "addUsual", [this] { addUsual(); });
    add(tr("Remove"), "removeSide", [this] { editor_->removeRow(editor_->currentRow()); });
    row->addStretch();
    return bar;
}

void SidesPanel::addSide(const QString &name, const QString &runtime, const QString &model)
{
    const int row = editor_->rowCount();
    editor_->insertRow(row);
    auto *runtimes = new QComboBox(editor_);
    runtimes->addItems(
        {QStringLiteral("kasuri"), QStringLiteral("ort"), QStringLiteral("openvino")});
    runtimes->setCurrentText(runtime);
    runtimes->setAccessibleName(tr("Runtime of %1").arg(name));
    editor_->setCellWidget(row, Runtime, runtimes);
    for (int column = 0; column < ColumnCount; ++column)
        if (column != Runtime)
            editor_->setItem(row, column, new QTableWidgetItem);
    editor_->item(row, Name)->setText(name);
    editor_->item(row, Model)->setText(model);
    editor_->item(row, Threads)->setText(QString::number(threads_));
}

/// ONNX Runtime on the original, ONNX Runtime and OpenVINO on the file that is exported.
void SidesPanel::addUsual()
{
    addSide(QStringLiteral("today"), QStringLiteral("ort"), {});
    addSide(QStringLiteral("exported"), QStringLiteral("ort"), QStringLiteral("exported"));
    addSide(QStringLiteral("openvino"), QStringLiteral("openvino"), QStringLiteral("exported"));
}

QStringList SidesPanel::sides() const
{
    QStringList list;
    for (int row = 0; row < editor_->rowCount(); ++row) {
        const auto text = [&](int column) {
            const QTableWidgetItem *item = editor_->item(row, column);
            return item ? item->text().trimmed() : QString();
        };
        if (text(Name).isEmpty())
            continue;
        const auto *runtimes = qobject_cast<QComboBox *>(editor_->cellWidget(row, Runtime));
        QStringList words{QStringLiteral("runtime=") + runtimes->currentText()};
        const auto add = [&](const char *key, QString value) {
            if (!value.isEmpty())
                words << QLatin1String(key) + value.replace(QLatin1Char(','), QLatin1Char(';'));
        };
        add("model=", text(Model));
        if (runtimes->currentText() == QLatin1String("kasuri"))
            add("passes=", text(Recipe));
        add("threads=", text(Threads));
        add("cpus=", text(Cpus));
        add("streams=", text(Streams));
        words << dimWords(text(Dims)) << text(Settings).split(QLatin1Char(' '), Qt::SkipEmptyParts);
        list << text(Name) + QLatin1Char(':') + words.join(QLatin1Char(','));
    }
    return list;
}

void SidesPanel::show(const DocumentState &state)
{
    threads_ = state.target.threads;
    if (!requirements_->hasFocus())
        requirements_->setText(state.target.requirements.join(QStringLiteral("; ")));
    const auto &shown = state.columns ? state.columns : state.comparison;
    QVector<QStringList> rows;
    if (shown)
        for (const SideInfo &side : shown->sides)
            rows.append(resultRow(side));
    results_->setRows(rows, 6);
    verdict_->setText(shown ? verdictText(*shown)
                            : tr("Not measured yet. The first side is the baseline; all run "
                                 "interleaved."));
    verdict_->setVisible(!verdict_->text().isEmpty());
}

} // namespace kasuri::app
