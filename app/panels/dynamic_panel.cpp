#include "app/panels/dynamic_panel.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <cmath>
#include <numeric>

#include "app/panels/list_table.h"
#include "app/session/engine_process.h"
#include "app/session/units.h"

namespace kasuri::app {
namespace {

constexpr double kSame = 0.03; ///< of the speed of plain decoding
constexpr int kNumberField = 84, kFirstColumn = 220;

QSpinBox *number(int least, int most, int value, const QString &name, QWidget *parent)
{
    auto *box = new QSpinBox(parent);
    box->setRange(least, most);
    box->setValue(value);
    box->setMaximumWidth(kNumberField);
    box->setAccessibleName(name);
    return box;
}

QString fixed(double value, int decimals)
{
    return QString::number(value, 'f', decimals);
}

} // namespace

DynamicPanel::DynamicPanel(const QString &program, QWidget *parent)
    : QWidget(parent), process_(new EngineProcess(program, this)),
      table_(new ListTable({}, tr("Dynamic execution"), this)), kind_(new QComboBox(this)),
      draft_(new QComboBox(this)), inputs_(new QStackedWidget(this)), prompts_(new QLineEdit(this)),
      schedule_(new QLineEdit(this)), fixed_(new QLineEdit(this)),
      limit_(number(1, 1000000, 20, tr("Prompts at most"), this)),
      tokens_(number(1, 1 << 20, 64, tr("New tokens"), this)),
      depth_(number(1, 16, 4, tr("Proposed at once"), this)),
      steps_(number(1, 100000, 200, tr("Steps"), this)),
      seeds_(number(1, 1000000, 8, tr("Images"), this)), error_(new QDoubleSpinBox(this)),
      button_(new QPushButton(tr("Run beside the plain way"), this)), progress_(new QLabel(this)),
      facts_(new QLabel(this))
{
    table_->setObjectName(QStringLiteral("dynamicTable"));
    kind_->addItems({tr("Decoding with a draft"), tr("Denoising steps")});
    kind_->setObjectName(QStringLiteral("dynamicKind"));
    kind_->setAccessibleName(tr("Kind of model"));
    button_->setObjectName(QStringLiteral("runDynamic"));
    facts_->setObjectName(QStringLiteral("dynamicFacts"));
    facts_->setWordWrap(true);
    facts_->setMargin(8);
    facts_->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    facts_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    layOut();
    connect(kind_, &QComboBox::currentIndexChanged, this, &DynamicPanel::showKind);
    connect(button_, &QPushButton::clicked, this, &DynamicPanel::start);
    connect(process_, &EngineProcess::progressed, this,
            [this](const QString &what, double) { progress_->setText(what); });
    showKind();
}

DynamicPanel::~DynamicPanel() = default;

void DynamicPanel::layOut()
{
    inputs_->addWidget(buildDecoding());
    inputs_->addWidget(buildDenoising());
    inputs_->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    auto *row = new QHBoxLayout;
    row->setContentsMargins(8, 4, 8, 4);
    row->addWidget(kind_);
    row->addWidget(inputs_, 1);
    row->addWidget(button_);
    auto *split = new QSplitter(Qt::Horizontal, this);
    split->setChildrenCollapsible(false);
    split->addWidget(facts_);
    split->addWidget(table_);
    split->setSizes({480, 700});
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(row);
    column->addWidget(progress_);
    column->addWidget(split, 1);
}

bool DynamicPanel::running() const
{
    return process_->running();
}

bool DynamicPanel::decodes() const
{
    return kind_->currentIndex() == 0;
}

void DynamicPanel::show(const DocumentState &state)
{
    const QString path = state.model ? state.model->path : QString();
    if (path != path_ && !running()) {
        path_ = path;
        clear();
    }
    path_ = path;
    recipe_ = state.model ? specOf(effective(state.recipe, state.model->passes)) : QString();
    target_ = {QStringLiteral("--threads"), QString::number(state.target.threads)};
    button_->setEnabled(state.model != nullptr);
}

void DynamicPanel::showKind()
{
    inputs_->setCurrentIndex(kind_->currentIndex());
    table_->setHeads(decodes() ? QStringList{tr("What"), tr("Passes"), tr("Share %")}
                               : QStringList{tr("What"), tr("Evaluations"), tr("ms"), tr("PSNR dB"),
                                             tr("SSIM"), tr("Worst tenth")});
    table_->setColumnWidth(0, kFirstColumn);
    clear();
}

void DynamicPanel::clear()
{
    table_->setRows({});
    progress_->clear();
    facts_->setText(path_.isEmpty()
                        ? tr("No model open. Ctrl+O opens one.")
                        : tr("For decoders and denoisers: nothing run yet. Name the prompts or the "
                             "schedule; the plain way always runs beside it."));
}

QStringList DynamicPanel::arguments() const
{
    QStringList list{decodes() ? QStringLiteral("generate") : QStringLiteral("diffuse"),
                     path_,
                     QStringLiteral("--passes"),
                     recipe_,
                     QStringLiteral("--json"),
                     QStringLiteral("--progress"),
                     QStringLiteral("json")};
    if (decodes())
        list << QStringLiteral("--draft") << draft_->currentText() << QStringLiteral("--prompts")
             << prompts_->text() << QStringLiteral("--limit") << limit_->text()
             << QStringLiteral("--new-tokens") << tokens_->text()
             << QStringLiteral("--draft-tokens") << depth_->text() << QStringLiteral("--compare");
    else
        list << QStringLiteral("--schedule") << schedule_->text() << QStringLiteral("--steps")
             << steps_->text() << QStringLiteral("--full-steps") << steps_->text()
             << QStringLiteral("--skip-error") << QString::number(error_->value())
             << QStringLiteral("--seeds") << seeds_->text();
    const QStringList counts = fixed_->text().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    if (!decodes() && !counts.isEmpty())
        list << QStringLiteral("--fixed") << counts;
    return list + target_;
}

void DynamicPanel::start()
{
    if (running())
        return process_->cancel();
    if (path_.isEmpty())
        return;
    button_->setText(tr("Cancel"));
    kind_->setEnabled(false);
    const QString of = path_;
    process_->start(arguments(), [this, of](const EngineProcess::Answer &answer) {
        button_->setText(tr("Run beside the plain way"));
        kind_->setEnabled(true);
        progress_->setText(answer.ok ? QString() : answer.error);
        if (answer.ok && of == path_)
            showAnswer(answer.json);
        else if (!answer.ok && !answer.cancelled)
            emit problem(answer.error);
    });
}

void DynamicPanel::showAnswer(const QByteArray &json)
{
    if (const auto generation = generationFrom(json))
        tell(*generation);
    else if (const auto denoising = denoisingFrom(json))
        tell(*denoising);
}

void DynamicPanel::tell(const GenerationInfo &info)
{
    QStringList lines;
    const double speed = info.speedUp.value_or(0);
    if (speed > 1 + kSame)
        lines << tr("▼ Faster: %1× the tokens per second of plain decoding; the formula with these "
                    "costs allows %2×")
                     .arg(fixed(speed, 2), fixed(info.ceiling.value_or(0), 2));
    else if (speed >= 1 - kSame)
        lines << tr("= Same as plain decoding (%1×): drafting does not pay here and is switched "
                    "off most of the time")
                     .arg(fixed(speed, 2));
    else
        lines << tr("▲ Slower than plain decoding (%1×)").arg(fixed(speed, 2));
    lines << (info.drawn ? tr("Tokens are drawn: the distribution is that of plain decoding.")
                         : tr("%1 of %2 texts equal plain decoding token by token")
                               .arg(info.identical)
                               .arg(info.prompts));
    lines << tr("Draft %1: %2 tokens per pass, %3 % of %4 proposed tokens accepted")
                 .arg(info.draft, fixed(info.tokensPerPass, 2), fixed(info.acceptance * 100, 1))
                 .arg(info.proposed);
    lines << tr("%1 tokens/s, plain %2; first token after %3 ms")
                 .arg(fixed(info.tokensPerSecond, 0),
                      fixed(info.plainTokensPerSecond.value_or(0), 0), formatMs(info.firstTokenMs));
    facts_->setText((lines << info.command).join(QLatin1Char('\n')));
    QVector<QStringList> rows;
    const double all = std::accumulate(info.acceptedPasses.begin(), info.acceptedPasses.end(), 0.0);
    for (int k = 0; k < info.acceptedPasses.size(); ++k)
        rows.append({tr("passes with %n accepted tokens", nullptr, k),
                     QString::number(info.acceptedPasses[k]),
                     all > 0 ? fixed(info.acceptedPasses[k] / all * 100, 1) : QStringLiteral("–")});
    table_->setRows(rows, 1);
}

void DynamicPanel::tell(const DenoiseInfo &info)
{
    QStringList lines;
    const auto sign = [](double value) {
        return (value < 0 ? QStringLiteral("−") : QStringLiteral("+")) + fixed(std::abs(value), 4);
    };
    if (info.rival.isEmpty())
        lines << tr("? No plain way that asks the network as seldom was compared with.");
    else
        lines << (info.asWell
                      ? tr("= ‘%1’ does as well: deciding by the image is not worth it here")
                      : info.undecided ? tr("? Undecided with so few images: ‘%1’ may do as well")
                                       : tr("✓ Better than the best plain way at the cost, ‘%1’"))
                     .arg(info.rival)
              << tr("SSIM differs by %1 (%2 … %3), %n images", nullptr, int(info.seeds))
                     .arg(sign(info.difference), sign(info.low), sign(info.high));
    facts_->setText((lines << info.command).join(QLatin1Char('\n')));
    QVector<QStringList> rows;
    for (const DenoiseWay &way : info.ways)
        rows.append({way.name, fixed(way.evaluations, 1), formatMs(way.ms), fixed(way.psnr, 1),
                     fixed(way.ssim, 4), fixed(way.worstTenth, 4)});
    table_->setRows(rows, 1);
}

} // namespace kasuri::app
