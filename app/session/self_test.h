#pragma once

#include <QObject>
#include <QString>

namespace kasuri::app {

class EngineProcess;

/// A/A: quick comparisons of the sample with itself, by two live processes of one plan. How often
/// they are called faster or slower is how far a verdict can be trusted on this machine.
class SelfTest : public QObject {
    Q_OBJECT
public:
    struct Tally {
        int alarms = 0; ///< false: there was no difference
        int of = 0;
    };

    explicit SelfTest(const QString &program, QObject *parent = nullptr);

    /// All comparisons so far with the build that made the last one; kept in the settings.
    static Tally kept();
    void start(int times);
    void cancel(); ///< what was found until then stays
    int left() const { return left_; } ///< 0: it does not run

signals:
    void changed();
    void problem(const QString &message);

private:
    void compareOnce();
    void take(const QByteArray &json);

    EngineProcess *process_;
    QString model_;
    int left_ = 0;
};

} // namespace kasuri::app
