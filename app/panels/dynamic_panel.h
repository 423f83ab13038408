#pragma once

#include <QWidget>

#include "app/session/document.h"
#include "app/session/dynamic_data.h"

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;
class QStackedWidget;

namespace kasuri::app {

class EngineProcess;
class ListTable;

/// Computing less where inputs allow it, beside early exit: decoders with a draft (`kasuri
/// generate`, plain decoding beside it) and denoisers with as many steps as each image needs
/// (`kasuri diffuse`, plain ways beside it). Says plainly where it is not worth it.
class DynamicPanel : public QWidget {
    Q_OBJECT
public:
    DynamicPanel(const QString &program, QWidget *parent = nullptr);
    ~DynamicPanel() override;

    void show(const DocumentState &state);
    void start(); ///< or cancel, when it runs
    bool running() const;
    ListTable *table() { return table_; }

signals:
    void problem(const QString &message);

private:
    void layOut();
    QWidget *buildDecoding();
    QWidget *buildDenoising();
    bool decodes() const;
    QStringList arguments() const;
    void showAnswer(const QByteArray &json);
    void tell(const GenerationInfo &info);
    void tell(const DenoiseInfo &info);
    void showKind(); ///< what is asked for, and the heads of its answer
    void clear();

    EngineProcess *process_;
    ListTable *table_;
    QComboBox *kind_, *draft_;
    QStackedWidget *inputs_;
    QLineEdit *prompts_, *schedule_, *fixed_;
    QSpinBox *limit_, *tokens_, *depth_, *steps_, *seeds_;
    QDoubleSpinBox *error_;
    QPushButton *button_;
    QLabel *progress_, *facts_;
    QString path_, recipe_;
    QStringList target_;
};

} // namespace kasuri::app
