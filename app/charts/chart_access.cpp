#include "app/charts/chart_access.h"

#include <QAccessibleWidget>
#include <QStringList>
#include <QWidget>

namespace kasuri::app {
namespace {

QAccessibleInterface *chartAccess(const QString &className, QObject *object)
{
    static const QStringList kCharts = {QStringLiteral("kasuri::app::MemoryTimeline"),
                                        QStringLiteral("kasuri::app::KernelTimeline"),
                                        QStringLiteral("kasuri::app::LatencyHistogram"),
                                        QStringLiteral("kasuri::app::LatencyChart"),
                                        QStringLiteral("kasuri::app::ParetoChart"),
                                        QStringLiteral("kasuri::app::ExitHistogram")};
    auto *widget = qobject_cast<QWidget *>(object);
    if (widget == nullptr || !kCharts.contains(className))
        return nullptr;
    return new QAccessibleWidget(widget, QAccessible::Chart, widget->accessibleName());
}

} // namespace

void installChartAccess()
{
    static const bool once = [] {
        QAccessible::installFactory(chartAccess);
        return true;
    }();
    Q_UNUSED(once);
}

} // namespace kasuri::app
