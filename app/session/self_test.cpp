#include "app/session/self_test.h"

#include <QSettings>

#include "app/session/engine_json.h"
#include "app/session/engine_process.h"
#include "app/session/sample_model.h"

namespace kasuri::app {
namespace {

const QString kBuild = QStringLiteral("selfTest/build"),
              kAlarms = QStringLiteral("selfTest/alarms"), kTrials = QStringLiteral("selfTest/of");

QSettings settings()
{
    return QSettings(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("kasuri"),
                     QStringLiteral("kasuri"));
}

} // namespace

SelfTest::SelfTest(const QString &program, QObject *parent)
    : QObject(parent), process_(new EngineProcess(program, this))
{
}

SelfTest::Tally SelfTest::kept()
{
    const QSettings kept = settings();
    return {kept.value(kAlarms).toInt(), kept.value(kTrials).toInt()};
}

void SelfTest::start(int times)
{
    QString why;
    model_ = sampleFile(why);
    if (model_.isEmpty())
        return emit problem(why);
    left_ = times;
    compareOnce();
}

void SelfTest::cancel()
{
    left_ = 0;
    process_->cancel();
    emit changed();
}

void SelfTest::compareOnce()
{
    emit changed();
    if (left_ == 0)
        return;
    const QStringList arguments{QStringLiteral("compare"),
                                model_,
                                QStringLiteral("--before"),
                                QStringLiteral("default"),
                                QStringLiteral("--after"),
                                QStringLiteral("default"),
                                QStringLiteral("--time-identical"),
                                QStringLiteral("--no-fidelity"),
                                QStringLiteral("--no-memory"),
                                QStringLiteral("--blocks"),
                                QStringLiteral("9"),
                                QStringLiteral("--json"),
                                QStringLiteral("--quiet")};
    process_->start(arguments, [this](const EngineProcess::Answer &answer) {
        if (left_ == 0)
            return;
        if (!answer.ok) {
            left_ = 0;
            emit problem(answer.error);
            return emit changed();
        }
        take(answer.json);
        --left_;
        compareOnce();
    });
}

/// Another build starts to count anew.
void SelfTest::take(const QByteArray &json)
{
    const std::optional<ComparisonInfo> found = comparisonFrom(json);
    if (!found || found->partial)
        return;
    QSettings kept = settings();
    const bool same = kept.value(kBuild).toString() == found->machine.build;
    const QString &verdict = found->latency.verdict;
    const int alarm
        = verdict == QLatin1String("faster") || verdict == QLatin1String("slower") ? 1 : 0;
    kept.setValue(kAlarms, (same ? kept.value(kAlarms).toInt() : 0) + alarm);
    kept.setValue(kTrials, (same ? kept.value(kTrials).toInt() : 0) + 1);
    kept.setValue(kBuild, found->machine.build);
}

} // namespace kasuri::app
