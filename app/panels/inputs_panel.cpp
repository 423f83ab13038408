#include "app/panels/inputs_panel.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QTimer>
#include <QVBoxLayout>
#include <limits>

#include "app/panels/list_table.h"
#include "app/session/document.h"

namespace kasuri::app {
namespace {

constexpr int kSource = 2; ///< the column that can be typed into
constexpr int kUsualHigh = 1000;

QSpinBox *bound(int value, const QString &name, const char *object, QWidget *parent)
{
    auto *box = new QSpinBox(parent);
    box->setRange(std::numeric_limits<int>::min(), std::numeric_limits<int>::max());
    box->setValue(value);
    box->setMaximumWidth(110);
    box->setAccessibleName(name);
    box->setObjectName(QString::fromLatin1(object));
    return box;
}

QPushButton *button(const QString &text, const char *object, QWidget *parent)
{
    auto *made = new QPushButton(text, parent);
    made->setObjectName(QString::fromLatin1(object));
    return made;
}

} // namespace

InputsPanel::InputsPanel(QWidget *parent)
    : QWidget(parent),
      table_(new ListTable({tr("Input"), tr("Type"), tr("Values")}, tr("Inputs"), this)),
      told_(new QLabel(this)), low_(bound(0, tr("Least value"), "inputLow", this)),
      high_(bound(kUsualHigh, tr("Largest value"), "inputHigh", this)),
      file_(button(tr("File…"), "inputFile", this)),
      folder_(button(tr("Folder…"), "inputFolder", this)),
      range_(button(tr("Use the range"), "inputRange", this)),
      seeded_(button(tr("Made up"), "inputSeeded", this))
{
    table_->setObjectName(QStringLiteral("inputTable"));
    table_->setColumnWidth(0, 220);
    table_->setColumnWidth(1, 200);
    table_->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed);
    auto *row = new QHBoxLayout;
    row->setContentsMargins(8, 4, 8, 4);
    for (QWidget *widget : {static_cast<QWidget *>(file_), static_cast<QWidget *>(folder_),
                            static_cast<QWidget *>(low_), static_cast<QWidget *>(high_),
                            static_cast<QWidget *>(range_), static_cast<QWidget *>(seeded_)})
        row->addWidget(widget);
    row->addStretch();
    told_->setWordWrap(true);
    told_->setContentsMargins(8, 0, 8, 4);
    told_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Minimum);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(row);
    column->addWidget(told_);
    column->addWidget(table_, 1);
    connect(file_, &QPushButton::clicked, this, &InputsPanel::chooseFile);
    connect(folder_, &QPushButton::clicked, this, &InputsPanel::chooseFolder);
    connect(seeded_, &QPushButton::clicked, this, [this] { choose({}); });
    connect(range_, &QPushButton::clicked, this, [this] {
        choose(QStringLiteral("range:%1:%2").arg(low_->value()).arg(high_->value()));
    });
    connect(table_, &ListTable::cellChanged, this, &InputsPanel::typed);
    connect(table_, &ListTable::currentCellChanged, this, &InputsPanel::enableButtons);
    enableButtons();
}

void InputsPanel::show(const DocumentState &state)
{
    QVector<QStringList> rows;
    QStringList names;
    for (const InputInfo &input : state.inputs) {
        names << input.name;
        rows.append({input.name, input.type, state.target.inputs.value(input.name, tr("made up"))});
    }
    told_->setText(!state.inputProblem.isEmpty()
                       ? QStringLiteral("× ") + state.inputProblem
                       : tr("Files: .npy, .npz, .pb; a folder's samples take turns. F2 types a "
                            "path or a rule: range:0:999, mod:7, const:1, seed:3, arange."));
    told_->setToolTip(told_->text());
    if (rows == rows_)
        return;
    names_ = names;
    rows_ = rows;
    table_->setRows(rows);
    const QSignalBlocker quiet(table_);
    for (int r = 0; r < rows.size(); ++r)
        for (int c = 0; c < table_->columnCount(); ++c)
            if (c != kSource)
                table_->item(r, c)->setFlags(Qt::ItemIsSelectable | Qt::ItemIsEnabled);
    if (table_->currentRow() < 0 && !rows.isEmpty())
        table_->setCurrentCell(0, kSource);
    enableButtons();
}

void InputsPanel::enableButtons()
{
    const bool any = table_->currentRow() >= 0;
    for (QPushButton *each : {file_, folder_, range_, seeded_})
        each->setEnabled(any);
}

void InputsPanel::choose(const QString &source)
{
    const QString input = names_.value(table_->currentRow());
    if (!input.isEmpty())
        emit sourceChosen(input, source);
}

void InputsPanel::chooseFile()
{
    const QString file = QFileDialog::getOpenFileName(this, tr("Values of an input"), {},
                                                      QStringLiteral("*.npy *.npz *.pb;;*"));
    if (!file.isEmpty())
        choose(file);
}

void InputsPanel::chooseFolder()
{
    const QString folder = QFileDialog::getExistingDirectory(this, tr("A folder of samples"));
    if (!folder.isEmpty())
        choose(folder);
}

/// What is no rule is a path; where it lies shall not depend on where the window was started.
void InputsPanel::typed(int row, int column)
{
    if (column != kSource || row >= names_.size())
        return;
    QString source = table_->item(row, column)->text().trimmed();
    if (source == tr("made up"))
        source.clear();
    if (!source.isEmpty() && !isInputRule(source))
        source = QFileInfo(source).absoluteFilePath();
    rows_.clear(); // what the document says of it is shown, even if it is what was there
    // The rows are made anew by that, and the editor still stands in this one.
    QTimer::singleShot(0, this,
                       [this, input = names_[row], source] { emit sourceChosen(input, source); });
}

} // namespace kasuri::app
