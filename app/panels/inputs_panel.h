#pragma once

#include <QStringList>
#include <QVector>
#include <QWidget>

class QLabel;
class QPushButton;
class QSpinBox;

namespace kasuri::app {

class ListTable;
struct DocumentState;

/// What every input of the model is fed: made-up values, a file, a folder of samples, a range. The
/// text of a row can be typed as `--input` takes it.
class InputsPanel : public QWidget {
    Q_OBJECT
public:
    explicit InputsPanel(QWidget *parent = nullptr);

    void show(const DocumentState &state);

signals:
    /// An empty source: made up.
    void sourceChosen(const QString &input, const QString &source);

private:
    void choose(const QString &source); ///< for the current row
    void chooseFile();
    void chooseFolder();
    void typed(int row, int column);
    void enableButtons();

    ListTable *table_;
    QLabel *told_;
    QSpinBox *low_, *high_;
    QPushButton *file_, *folder_, *range_, *seeded_;
    QVector<QStringList> rows_;
    QStringList names_;
};

} // namespace kasuri::app
