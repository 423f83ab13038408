#pragma once

#include <QWidget>

#include "app/session/document.h"
#include "app/session/search_data.h"
#include "app/style/theme.h"

class QLabel;
class QPushButton;
class QSpinBox;

namespace kasuri::app {

class EngineProcess;
class ListTable;
class ParetoChart;

/// A search for a better recipe within a time: its trials as they come, as a table and as latency
/// against memory. What a cancelled search found stays and is called partial.
class SearchPanel : public QWidget {
    Q_OBJECT
public:
    SearchPanel(const Theme &theme, const QString &program, QWidget *parent = nullptr);
    ~SearchPanel() override;

    void show(const DocumentState &state);
    void start(); ///< or cancel, when it runs
    bool running() const;
    ListTable *table() { return table_; }
    ParetoChart *chart() { return chart_; }
    const SearchInfo &found() const { return found_; }

signals:
    void problem(const QString &message);
    void recipeChosen(const QString &spec);

private:
    void build();
    QStringList arguments() const;
    void takeTrial(const QJsonObject &line);
    void refresh();
    void finish(const QByteArray &json, bool cancelled);
    QString summary(bool cancelled) const;

    EngineProcess *process_;
    ListTable *table_;
    ParetoChart *chart_;
    QSpinBox *seconds_;
    QPushButton *button_;
    QLabel *progress_, *stamp_;
    SearchInfo found_;
    QString path_, recipe_; ///< of the document
    QString searched_; ///< the model the trials belong to
    QStringList target_;
    bool exactOnly_ = false;
};

} // namespace kasuri::app
