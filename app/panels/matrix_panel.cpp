#include "app/panels/matrix_panel.h"

#include <QCheckBox>
#include <QCryptographicHash>
#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStandardPaths>
#include <QVBoxLayout>

#include "app/panels/list_table.h"
#include "app/session/engine_process.h"
#include "app/session/matrix_data.h"
#include "app/session/units.h"
#include "app/session/verdict_words.h"

namespace kasuri::app {

MatrixPanel::MatrixPanel(const Theme &theme, const QString &program, QWidget *parent)
    : QWidget(parent), theme_(theme), program_(program), process_(new EngineProcess(program, this)),
      table_(new ListTable({tr("Sizes"), tr("Before ms"), tr("After ms"), tr("Verdict"),
                            tr("99 % interval"), tr("Arena before"), tr("Arena after")},
                           tr("Matrix"), this)),
      dims_(new QLineEdit(this)), threads_(new QLineEdit(QStringLiteral("1,2"), this)),
      quick_(new QCheckBox(tr("Quick (9 blocks)"), this)),
      button_(new QPushButton(tr("Measure the matrix"), this)), progress_(new QLabel(this))
{
    table_->setObjectName(QStringLiteral("matrixTable"));
    table_->setColumnWidth(0, 220);
    table_->setColumnWidth(4, 150);
    dims_->setPlaceholderText(tr("batch=1,8 seq=32,128"));
    dims_->setAccessibleName(tr("Dimensions"));
    threads_->setAccessibleName(tr("Threads"));
    threads_->setMaximumWidth(90);
    button_->setObjectName(QStringLiteral("measureMatrix"));
    quick_->setObjectName(QStringLiteral("quickMatrix"));
    auto *row = new QHBoxLayout;
    row->setContentsMargins(8, 4, 8, 4);
    row->addWidget(new QLabel(tr("Dimensions"), this));
    row->addWidget(dims_, 1);
    row->addWidget(new QLabel(tr("Threads"), this));
    row->addWidget(threads_);
    row->addWidget(quick_);
    row->addWidget(button_);
    row->addWidget(progress_, 1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(row);
    column->addWidget(table_, 1);
    connect(button_, &QPushButton::clicked, this, &MatrixPanel::start);
    connect(process_, &EngineProcess::progressed, this,
            [this](const QString &what, double) { progress_->setText(what); });
}

MatrixPanel::~MatrixPanel() = default;

bool MatrixPanel::running() const
{
    return process_->running();
}

void MatrixPanel::show(const DocumentState &state)
{
    path_ = state.model ? state.model->path : QString();
    hash_ = state.model ? state.model->hash : QString();
    recipe_ = state.model ? specOf(effective(state.recipe, state.model->passes)) : QString();
    inputs_ = inputOptionsOf(state.target);
    button_->setEnabled(state.model != nullptr);
    if (dims_->text().isEmpty() && !dims_->hasFocus()) {
        QStringList words;
        for (const DimInfo &dim : state.dims)
            words << QStringLiteral("%1=%2").arg(dim.name).arg(dim.value);
        dims_->setText(words.join(QLatin1Char(' ')));
    }
    if (!running() && table_->rowCount() == 0)
        progress_->setText(tr("One comparison per combination; a cancelled matrix goes on later."));
}

QString MatrixPanel::keptFile() const
{
    const QDir folder(QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation)
                      + QStringLiteral("/kasuri"));
    folder.mkpath(QStringLiteral("."));
    // What another build measured, or of a model elsewhere, is another matrix.
    const QString build = QFileInfo(program_).lastModified().toString(Qt::ISODateWithMs);
    const QString kind = quick_->isChecked() ? QStringLiteral("quick") : QStringLiteral("full");
    const QString what
        = (QStringList{path_, hash_, recipe_, build, kind} + inputs_).join(QLatin1Char('\n'));
    const QByteArray key
        = QCryptographicHash::hash(what.toUtf8(), QCryptographicHash::Sha1).toHex();
    return folder.filePath(QStringLiteral("matrix-%1.json").arg(QString::fromLatin1(key)));
}

QStringList MatrixPanel::arguments() const
{
    QStringList list{QStringLiteral("sweep"),      path_,
                     QStringLiteral("--after"),    recipe_,
                     QStringLiteral("--json"),     QStringLiteral("--progress"),
                     QStringLiteral("json"),       QStringLiteral("--synthesize-weights"),
                     QStringLiteral("--out"),      keptFile(),
                     QStringLiteral("--no-memory")};
    if (quick_->isChecked())
        list << QStringLiteral("--blocks") << QStringLiteral("9");
    for (const QString &axis : dims_->text().split(QLatin1Char(' '), Qt::SkipEmptyParts))
        list << QStringLiteral("--dim") << axis;
    for (const QString &count : threads_->text().split(QLatin1Char(','), Qt::SkipEmptyParts))
        list << QStringLiteral("--threads") << count.trimmed();
    return list + inputs_;
}

void MatrixPanel::start()
{
    if (running())
        return process_->cancel();
    if (path_.isEmpty())
        return;
    button_->setText(tr("Cancel the matrix"));
    process_->start(arguments(), [this](const EngineProcess::Answer &answer) {
        button_->setText(tr("Measure the matrix"));
        const MatrixInfo matrix = matrixFrom(answer.json);
        const bool any = !matrix.cells.isEmpty(); // one that fails does not stop the others
        progress_->setText(answer.cancelled && any
                               ? tr("Partial, cancelled. Measuring again goes on where it stopped.")
                               : any ? tr("Done. Cells are kept: more sizes only add to them.")
                                     : answer.error);
        if (any)
            fill(matrix);
        else if (!answer.cancelled)
            emit problem(answer.error);
    });
}

void MatrixPanel::fill(const MatrixInfo &matrix)
{
    QVector<QStringList> rows;
    const auto bytes
        = [](const std::optional<qint64> &v) { return v ? formatBytes(*v) : QStringLiteral("–"); };
    for (const MatrixCell &cell : matrix.cells) {
        QStringList at;
        for (int i = 0; i < matrix.axes.size(); ++i)
            at << matrix.axes[i] + QLatin1Char(' ') + cell.at[i];
        QStringList row{at.join(QStringLiteral(", "))};
        if (!cell.latency)
            row << QStringLiteral("–") << QStringLiteral("–") << tr("× failed") << cell.error;
        else
            row << formatMs(cell.latency->beforeMs) << formatMs(cell.latency->afterMs)
                << (cell.partial ? tr("%1, partial") : QStringLiteral("%1"))
                       .arg(verdictWord(cell.latency->verdict))
                << QStringLiteral("%1 … %2").arg(formatSignedPercent(cell.latency->ratioLow - 1),
                                                 formatSignedPercent(cell.latency->ratioHigh - 1));
        rows.append(row << bytes(cell.arenaBefore) << bytes(cell.arenaAfter));
    }
    table_->setRows(rows, 1);
    // Seven dips: how long a run takes after, over all cells.
    double most = 0;
    for (const MatrixCell &cell : matrix.cells)
        most = std::max(most, cell.latency ? cell.latency->afterMs : 0);
    for (int r = 0; r < matrix.cells.size() && most > 0; ++r)
        if (matrix.cells[r].latency) {
            const QColor fill = theme_.heat(matrix.cells[r].latency->afterMs / most);
            table_->item(r, 2)->setBackground(fill);
            table_->item(r, 2)->setForeground(theme_.textOn(fill));
        }
}

} // namespace kasuri::app
