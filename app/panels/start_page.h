#pragma once

#include <QWidget>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace kasuri::app {

class EngineProcess;
class SelfTest;

/// What the window shows before a model is open: open, the sample, models opened before, and what
/// can run here with the reason for what cannot, and how far verdicts on this machine can be
/// trusted.
class StartPage : public QWidget {
    Q_OBJECT
public:
    StartPage(const QString &kasuriProgram, QWidget *parent = nullptr);

    void refresh(); ///< lists recent models and devices anew
    void setRecovery(const QString &file); ///< a session left behind; empty: none
    void setMessage(const QString &message); ///< why the last model did not open

signals:
    void recoveryChosen(const QString &file);
    void openRequested();
    void modelChosen(const QString &path);
    /// The graphics processor that kernels can run on, or none; `why` says why not more.
    void gpuKnown(const QString &words, const QString &why);

protected:
    void hideEvent(QHideEvent *) override;

private:
    void listRecent();
    void buildSelfTest(QVBoxLayout *column);
    void tellSelfTest();
    void listDevices();
    void tellGpu(const QByteArray &json);
    void openSample();

    EngineProcess *devices_;
    QVBoxLayout *recent_;
    QLabel *message_, *devicesText_;
    QPushButton *recover_ = nullptr, *test_ = nullptr;
    QLabel *tested_ = nullptr;
    SelfTest *selfTest_;
};

} // namespace kasuri::app
