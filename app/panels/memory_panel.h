#pragma once

#include <QWidget>
#include <memory>

#include "app/charts/memory_timeline.h"
#include "app/session/keeps_look.h"

class QComboBox;
class QLabel;
class QSplitter;
class QStackedWidget;
class QTabBar;

namespace kasuri::app {

class LiveSetList;
class TwinView;
struct DocumentState;

/// The memory timeline with its four modes, beside it as a table the live set at its cursor or all
/// tensors, and every figure of the memory by its exact name.
class MemoryPanel : public QWidget, public KeepsLook {
    Q_OBJECT
public:
    MemoryPanel(const Theme &theme, QWidget *parent = nullptr);

    void show(const DocumentState &state);
    void selectOperators(const QStringList &operators);
    MemoryTimeline *timeline() { return timeline_; }

signals:
    void operatorsSelected(const QStringList &operators);

private:
    QJsonObject look() const override;
    void restoreLook(const QJsonObject &look) override;
    QWidget *buildTables();
    void buildChoices();
    void applyChoices();
    void showChoices(); ///< those that the mode has
    void nameGroups(const std::shared_ptr<const ModelInfo> &model);
    void showStep(int step);
    void chooseTensor(const QString &name);
    void showTable(bool all);
    void fillTensors();

    MemoryTimeline *timeline_;
    LiveSetList *live_;
    TwinView *tensors_;
    QTabBar *modes_, *scope_;
    QStackedWidget *tables_;
    QSplitter *split_;
    QLabel *figures_;
    QComboBox *axis_, *order_, *colors_;
    std::shared_ptr<const ModelInfo> named_; ///< whose groups are known, or being found
    std::shared_ptr<const GroupPaths> groups_;
    std::shared_ptr<const PlanInfo> listedBefore_, listedAfter_; ///< in the table of all
    QStringList selected_, ofTensor_; ///< users of the tensor that is outlined
};

} // namespace kasuri::app
