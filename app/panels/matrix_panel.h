#pragma once

#include <QStringList>
#include <QWidget>

#include "app/session/document.h"
#include "app/style/theme.h"

class QLabel;
class QLineEdit;
class QCheckBox;
class QPushButton;

namespace kasuri::app {

class EngineProcess;
class ListTable;
struct MatrixInfo;

/// One comparison for every combination of sizes and threads. Finished cells stay in a file, so a
/// matrix that was cancelled goes on where it stopped.
class MatrixPanel : public QWidget {
    Q_OBJECT
public:
    MatrixPanel(const Theme &theme, const QString &program, QWidget *parent = nullptr);
    ~MatrixPanel() override;

    void show(const DocumentState &state);
    void start(); ///< or cancel, when it runs
    ListTable *table() { return table_; }
    bool running() const;

signals:
    void problem(const QString &message);

private:
    QStringList arguments() const;
    QString keptFile() const; ///< of finished cells
    void fill(const MatrixInfo &matrix);

    const Theme &theme_;
    QString program_;
    EngineProcess *process_;
    ListTable *table_;
    QLineEdit *dims_, *threads_;
    QCheckBox *quick_;
    QPushButton *button_;
    QLabel *progress_;
    QString path_, hash_, recipe_;
    QStringList inputs_; ///< as options
};

} // namespace kasuri::app
