#pragma once

#include <QWidget>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace kasuri::app {

class EngineProcess;

/// What the window shows before a model is open: open, the sample, models opened before, and what
/// can run here with the reason for what cannot.
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

private:
    void listRecent();
    void listDevices();
    void openSample();

    EngineProcess *devices_;
    QVBoxLayout *recent_;
    QLabel *message_, *devicesText_;
    QPushButton *recover_ = nullptr;
};

} // namespace kasuri::app
