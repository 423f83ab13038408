#include "app/panels/start_page.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include "app/session/engine_process.h"
#include "app/session/reason_words.h"
#include "app/session/recent_files.h"
#include "app/session/sample_model.h"
#include "app/session/self_test.h"

namespace kasuri::app {
namespace {

constexpr int kColumnWidth = 560, kMostRecent = 6, kSelfTests = 20;

QLabel *heading(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    QFont font = label->font();
    font.setWeight(QFont::DemiBold);
    label->setFont(font);
    return label;
}

QPushButton *linkButton(const QString &text, QWidget *parent)
{
    auto *button = new QPushButton(text, parent);
    button->setFlat(true);
    button->setCursor(Qt::PointingHandCursor);
    button->setProperty("look", QStringLiteral("link"));
    return button;
}

QJsonArray devicesOf(const QByteArray &json)
{
    return QJsonDocument::fromJson(json).object().value(QLatin1String("devices")).toArray();
}

/// One line per device or runtime, the reason behind what cannot run.
QString deviceLines(const QByteArray &json)
{
    QStringList lines;
    for (const QJsonValue &value : devicesOf(json)) {
        const QJsonObject line = value.toObject();
        const bool runs = line.value(QLatin1String("available")).toBool();
        const QString detail
            = line.value(runs ? QLatin1String("detail") : QLatin1String("why")).toString();
        lines << QStringLiteral("%1 %2   %3")
                     .arg(runs ? QStringLiteral("✓") : QStringLiteral("–"),
                          line.value(QLatin1String("name")).toString(), reasonWords(detail));
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace

StartPage::StartPage(const QString &kasuriProgram, QWidget *parent)
    : QWidget(parent), devices_(new EngineProcess(kasuriProgram, this)), recent_(new QVBoxLayout),
      message_(new QLabel(this)), devicesText_(new QLabel(this)),
      selfTest_(new SelfTest(kasuriProgram, this))
{
    setAccessibleName(tr("Start"));
    auto *column = new QVBoxLayout;
    column->setSpacing(8);
    message_->setWordWrap(true);
    message_->setProperty("ink", QStringLiteral("error"));
    message_->hide();
    column->addWidget(message_);
    column->addWidget(heading(tr("No model open"), this));
    auto *open = linkButton(tr("Open a model…   Ctrl+O"), this);
    auto *sample = linkButton(tr("Open the sample, a small convolutional network"), this);
    sample->setObjectName(QStringLiteral("openSample"));
    column->addWidget(open);
    column->addWidget(sample);
    recover_ = linkButton(tr("Go on with the session that ended unexpectedly"), this);
    recover_->setObjectName(QStringLiteral("recoverSession"));
    recover_->hide();
    column->addWidget(recover_);
    column->addSpacing(12);
    column->addLayout(recent_);
    column->addSpacing(12);
    column->addWidget(heading(tr("What runs here"), this));
    devicesText_->setWordWrap(true);
    devicesText_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    devicesText_->setText(tr("Looking…"));
    column->addWidget(devicesText_);
    buildSelfTest(column);
    auto *middle = new QWidget(this);
    middle->setLayout(column);
    middle->setFixedWidth(kColumnWidth);
    auto *page = new QWidget(this);
    auto *outer = new QVBoxLayout(page);
    // A row gives its parts their own width, at which their lines are counted; an alignment asks
    // with the width of the page, and too few lines squeeze the links.
    auto *centred = new QHBoxLayout;
    centred->addStretch();
    centred->addWidget(middle);
    centred->addStretch();
    outer->addStretch(2);
    outer->addLayout(centred);
    outer->addStretch(3);
    auto *scroll = new QScrollArea(this);
    scroll->setFrameStyle(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setWidget(page);
    auto *whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(scroll);
    connect(open, &QPushButton::clicked, this, &StartPage::openRequested);
    connect(sample, &QPushButton::clicked, this, &StartPage::openSample);
    refresh();
}

void StartPage::refresh()
{
    listRecent();
    listDevices();
}

void StartPage::setRecovery(const QString &file)
{
    recover_->disconnect(this);
    recover_->setVisible(!file.isEmpty());
    connect(recover_, &QPushButton::clicked, this, [this, file] { emit recoveryChosen(file); });
}

void StartPage::setMessage(const QString &message)
{
    message_->setText(message);
    message_->setVisible(!message.isEmpty());
}

void StartPage::listRecent()
{
    while (QLayoutItem *item = recent_->takeAt(0)) {
        if (QWidget *widget = item->widget())
            widget->deleteLater();
        delete item;
    }
    const QStringList files = recentFiles().mid(0, kMostRecent);
    if (files.isEmpty())
        return;
    recent_->addWidget(heading(tr("Opened before"), this));
    for (const QString &path : files) {
        auto *button = linkButton(QFileInfo(path).fileName(), this);
        button->setToolTip(path);
        connect(button, &QPushButton::clicked, this, [this, path] { emit modelChosen(path); });
        recent_->addWidget(button);
    }
}

void StartPage::listDevices()
{
    devices_->start({QStringLiteral("devices"), QStringLiteral("--json")},
                    [this](const EngineProcess::Answer &answer) {
                        devicesText_->setText(answer.ok ? deviceLines(answer.json) : answer.error);
                        tellGpu(answer.json);
                    });
}

void StartPage::tellGpu(const QByteArray &json)
{
    for (const QJsonValue &value : devicesOf(json)) {
        const QJsonObject line = value.toObject();
        if (line.value(QLatin1String("name")).toString() != QLatin1String("cuda"))
            continue;
        const bool runs = line.value(QLatin1String("available")).toBool();
        emit gpuKnown(runs ? tr("GPU: %1").arg(line.value(QLatin1String("detail")).toString())
                           : tr("GPU: none"),
                      reasonWords(line.value(QLatin1String("why")).toString()));
    }
}

void StartPage::openSample()
{
    QString problem;
    const QString path = sampleFile(problem);
    path.isEmpty() ? setMessage(problem) : emit modelChosen(path);
}

void StartPage::buildSelfTest(QVBoxLayout *column)
{
    column->addSpacing(12);
    column->addWidget(heading(tr("How far verdicts can be trusted here"), this));
    test_ = linkButton({}, this);
    test_->setObjectName(QStringLiteral("selfTest"));
    tested_ = new QLabel(this);
    tested_->setObjectName(QStringLiteral("selfTestResult"));
    column->addWidget(test_);
    column->addWidget(tested_);
    connect(test_, &QPushButton::clicked, this,
            [this] { selfTest_->left() > 0 ? selfTest_->cancel() : selfTest_->start(kSelfTests); });
    connect(selfTest_, &SelfTest::changed, this, &StartPage::tellSelfTest);
    connect(selfTest_, &SelfTest::problem, this, &StartPage::setMessage);
    tellSelfTest();
}

void StartPage::tellSelfTest()
{
    const int left = selfTest_->left();
    test_->setText(
        left > 0
            ? tr("A/A self-test: %n comparisons left. Click to cancel", nullptr, left)
            : tr("A/A self-test: compare the sample with itself, %n times", nullptr, kSelfTests));
    const SelfTest::Tally kept = SelfTest::kept();
    tested_->setText(kept.of == 0
                         ? tr("Not tried yet.")
                         : tr("%1 of %2 quick comparisons of equal sides called a difference.")
                               .arg(kept.alarms)
                               .arg(kept.of));
}

/// Never beside a measurement.
void StartPage::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    if (selfTest_->left() > 0)
        selfTest_->cancel();
}

} // namespace kasuri::app
