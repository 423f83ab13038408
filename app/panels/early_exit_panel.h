#pragma once

#include <QWidget>

#include "app/session/document.h"
#include "app/session/exit_data.h"
#include "app/style/theme.h"

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSlider;
class QUndoStack;

namespace kasuri::app {

class EngineProcess;
class ExitHistogram;
class ListTable;

/// Easy inputs leave early, at a certified risk: data and limits go in, `kasuri early-exit`
/// certifies and measures, the slider explores what other thresholds would do. Every place of the
/// slider is undone like any other change; its first place is the static plan, where nothing
/// leaves.
class EarlyExitPanel : public QWidget {
    Q_OBJECT
public:
    EarlyExitPanel(const Theme &theme, const QString &program, QUndoStack *undo,
                   QWidget *parent = nullptr);
    ~EarlyExitPanel() override;

    void show(const DocumentState &state);
    void start(); ///< certifies and measures; or cancels, when it runs
    void measureHere(); ///< with the thresholds of the slider
    void exportTo(const QString &onnx);
    bool running() const;
    const std::optional<ExitInfo> &info() const { return info_; }
    void setPlace(int place); ///< of the slider; not undoable

signals:
    void problem(const QString &message);

private:
    QWidget *buildInputs();
    QWidget *buildOptions();
    QWidget *buildResults();
    QStringList arguments() const;
    QStringList placeArguments() const;
    void run(const QStringList &more, bool keepPlace);
    void take(const QByteArray &json, bool keepPlace);
    void choose(int place);
    void refresh();

    const Theme &theme_;
    EngineProcess *process_;
    QUndoStack *undo_;
    QLineEdit *data_, *drift_, *limits_;
    QComboBox *gate_;
    QDoubleSpinBox *delta_, *epsilon_;
    QCheckBox *attach_;
    QPushButton *certify_, *measure_, *export_;
    QLabel *progress_, *place_, *facts_;
    QSlider *slider_;
    ExitHistogram *chart_;
    ListTable *table_;
    std::optional<ExitInfo> info_;
    int shown_ = 0; ///< place of the slider that is in force
    QString path_, recipe_, told_;
    QStringList target_;
    bool exactOnly_ = false, attached_ = false;
};

} // namespace kasuri::app
