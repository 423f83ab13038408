#include "app/panels/early_exit_panel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSlider>
#include <QUndoStack>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "app/charts/exit_histogram.h"
#include "app/panels/exit_words.h"
#include "app/panels/list_table.h"
#include "app/session/engine_process.h"
#include "app/session/units.h"

namespace kasuri::app {
namespace {

constexpr int kNumberField = 84;

/// Moves the slider; the next moves join it.
class PlaceCommand : public QUndoCommand {
public:
    PlaceCommand(EarlyExitPanel *panel, const QString &text, int from, int to)
        : QUndoCommand(text), panel_(panel), from_(from), to_(to)
    {
    }
    int id() const override { return 0x6578; }
    bool mergeWith(const QUndoCommand *next) override
    {
        const auto *other = static_cast<const PlaceCommand *>(next);
        if (other->text() != text())
            return false;
        to_ = other->to_;
        return true;
    }
    void redo() override { panel_->setPlace(to_); }
    void undo() override { panel_->setPlace(from_); }

private:
    EarlyExitPanel *panel_;
    int from_, to_;
};

QDoubleSpinBox *percentField(double value, double most, const QString &name, QWidget *parent)
{
    auto *box = new QDoubleSpinBox(parent);
    box->setRange(0.01, most);
    box->setDecimals(2);
    box->setValue(value);
    box->setSuffix(QStringLiteral(" %"));
    box->setMaximumWidth(kNumberField);
    box->setAccessibleName(name);
    return box;
}

/// Costs are measured anew each time, so the path is not the same to the point.
int nearestPlace(const ExitInfo &info, const QVector<double> &thresholds)
{
    int best = 0;
    double least = -1;
    for (int place = 0; place < info.path.size(); ++place) {
        const QVector<double> &there = info.path[place].thresholds;
        double apart = there.size() == thresholds.size() ? 0 : 1e9;
        for (int k = 0; k < std::min(there.size(), thresholds.size()); ++k)
            apart += std::abs(there[k] - thresholds[k]);
        if (least < 0 || apart < least) {
            least = apart;
            best = place;
        }
    }
    return best;
}

} // namespace

EarlyExitPanel::EarlyExitPanel(const Theme &theme, const QString &program, QUndoStack *undo,
                               QWidget *parent)
    : QWidget(parent), theme_(theme), process_(new EngineProcess(program, this)), undo_(undo),
      data_(new QLineEdit(this)), drift_(new QLineEdit(this)), limits_(new QLineEdit(this)),
      gate_(new QComboBox(this)), delta_(percentField(1, 99, tr("Largest loss"), this)),
      epsilon_(percentField(5, 50, tr("Risk of being wrong about it"), this)),
      attach_(new QCheckBox(tr("Fit heads"), this)),
      certify_(new QPushButton(tr("Certify and measure"), this)),
      measure_(new QPushButton(tr("Measure here"), this)),
      export_(new QPushButton(tr("Export ONNX…"), this)), progress_(new QLabel(this)),
      place_(new QLabel(this)), facts_(new QLabel(this)),
      slider_(new QSlider(Qt::Horizontal, this)), chart_(new ExitHistogram(theme, this)),
      table_(new ListTable({tr("Exit"), tr("Leaves where"), tr("Left here"), tr("Reached after"),
                            tr("Weights"), tr("Arena")},
                           tr("Exits"), this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildInputs());
    column->addWidget(buildOptions());
    column->addWidget(buildResults(), 1);
    connect(certify_, &QPushButton::clicked, this, &EarlyExitPanel::start);
    connect(measure_, &QPushButton::clicked, this, &EarlyExitPanel::measureHere);
    connect(export_, &QPushButton::clicked, this, [this] {
        exportTo(QFileDialog::getSaveFileName(window(), tr("Export with exits"), {},
                                              QStringLiteral("*.onnx")));
    });
    connect(slider_, &QSlider::valueChanged, this, &EarlyExitPanel::choose);
    connect(process_, &EngineProcess::progressed, this,
            [this](const QString &what, double) { progress_->setText(what); });
    refresh();
}

EarlyExitPanel::~EarlyExitPanel() = default;

bool EarlyExitPanel::running() const
{
    return process_->running();
}

void EarlyExitPanel::show(const DocumentState &state)
{
    const QString path = state.model ? state.model->path : QString();
    if (path != path_) {
        info_.reset();
        shown_ = 0;
        progress_->clear();
    }
    path_ = path;
    recipe_ = state.model ? specOf(effective(state.recipe, state.model->passes)) : QString();
    exactOnly_ = state.recipe.exactOnly;
    Target target = state.target;
    target.requirements.clear();
    target.inputs.clear(); // its data is its input
    target_ = optionsOf(target);
    refresh();
}

QStringList EarlyExitPanel::arguments() const
{
    QStringList list{QStringLiteral("early-exit"), path_,
                     QStringLiteral("--data"),     data_->text(),
                     QStringLiteral("--gate"),     gate_->currentData().toString(),
                     QStringLiteral("--delta"),    QString::number(delta_->value() / 100, 'g', 6),
                     QStringLiteral("--eps"),      QString::number(epsilon_->value() / 100, 'g', 6),
                     QStringLiteral("--passes"),   recipe_,
                     QStringLiteral("--json"),     QStringLiteral("--progress"),
                     QStringLiteral("json")};
    for (const QString &limit : limits_->text().split(QLatin1Char(' '), Qt::SkipEmptyParts))
        list << QStringLiteral("--class-limit") << limit;
    if (!drift_->text().isEmpty())
        list << QStringLiteral("--drift-data") << drift_->text();
    if (attach_->isChecked())
        list << QStringLiteral("--attach");
    if (exactOnly_)
        list << QStringLiteral("--exact-only");
    return list + target_;
}

/// The thresholds of the slider, for the exits that were kept.
QStringList EarlyExitPanel::placeArguments() const
{
    QStringList list, numbers;
    if (!attached_)
        for (int k = 0; k + 1 < info_->heads.size(); ++k)
            list << QStringLiteral("--exit") << info_->heads[k].name;
    for (const double threshold : info_->path[shown_].thresholds)
        numbers << QString::number(threshold, 'g', 17);
    return list << QStringLiteral("--thresholds") << numbers.join(QLatin1Char(','));
}

void EarlyExitPanel::start()
{
    if (running())
        return process_->cancel();
    if (path_.isEmpty() || data_->text().isEmpty())
        return progress_->setText(tr("Name the data first."));
    attached_ = attach_->isChecked();
    run({}, false);
}

void EarlyExitPanel::measureHere()
{
    if (info_ && !running())
        run(placeArguments(), true);
}

void EarlyExitPanel::exportTo(const QString &onnx)
{
    if (!info_ || onnx.isEmpty() || running())
        return;
    const QStringList file{QStringLiteral("--export"), onnx};
    run(shown_ == info_->chosen ? file : placeArguments() + file, true);
}

void EarlyExitPanel::run(const QStringList &more, bool keepPlace)
{
    certify_->setText(tr("Cancel"));
    const QString of = path_;
    process_->start(arguments() + more, [this, keepPlace, of](const EngineProcess::Answer &answer) {
        certify_->setText(tr("Certify and measure"));
        progress_->setText(answer.ok ? QString() : answer.error);
        if (answer.ok && of == path_)
            take(answer.json, keepPlace);
        else if (!answer.ok && !answer.cancelled)
            emit problem(answer.error);
        refresh();
    });
    refresh();
}

void EarlyExitPanel::take(const QByteArray &json, bool keepPlace)
{
    auto found = exitsFrom(json);
    if (!found)
        return progress_->setText(tr("The engine gave no exits."));
    told_ = recipe_;
    const QVector<double> before = info_ ? info_->path[shown_].thresholds : QVector<double>();
    info_ = std::move(found);
    if (keepPlace)
        return setPlace(nearestPlace(*info_, before));
    setPlace(0);
    if (!exactOnly_)
        undo_->push(new PlaceCommand(this, tr("use the certified exits"), 0, info_->chosen));
}

/// The user moves the slider.
void EarlyExitPanel::choose(int place)
{
    if (info_ && place != shown_)
        undo_->push(new PlaceCommand(this, tr("move the exit thresholds"), shown_, place));
}

void EarlyExitPanel::setPlace(int place)
{
    shown_ = info_ ? std::clamp(place, 0, int(info_->path.size()) - 1) : 0;
    refresh();
}

void EarlyExitPanel::refresh()
{
    const QSignalBlocker quiet(slider_);
    slider_->setRange(0, info_ ? int(info_->path.size()) - 1 : 0);
    slider_->setValue(shown_);
    slider_->setEnabled(info_ && !exactOnly_);
    certify_->setEnabled(running() || (!path_.isEmpty() && !data_->text().isEmpty()));
    measure_->setEnabled(info_ && !running());
    export_->setEnabled(info_ && !running());
    if (!info_) {
        chart_->setExits({}, {}, {});
        table_->setRows({});
        place_->clear();
        facts_->setText(path_.isEmpty() ? tr("No model open. Ctrl+O opens one.")
                                        : tr("Inputs that are easy leave early. What that risks is "
                                             "certified on data of yours, never guessed."));
        return;
    }
    QStringList names;
    for (const ExitHead &head : info_->heads)
        names << head.name;
    const int place = exactOnly_ ? 0 : shown_;
    chart_->setExits(names, info_->path[place].shares, info_->path[info_->chosen].shares);
    table_->setRows(exitRows(*info_, place), 2);
    place_->setText(placeWords(*info_, place));
    QString facts = exitFacts(*info_);
    if (told_ != recipe_)
        facts = tr("The recipe changed: this is of %1.").arg(told_) + QLatin1Char('\n') + facts;
    facts_->setText(facts);
}

} // namespace kasuri::app
