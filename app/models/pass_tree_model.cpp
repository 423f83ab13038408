#include "app/models/pass_tree_model.h"

#include <QFont>
#include <QGuiApplication>
#include <QMap>
#include <QPalette>
#include <algorithm>
#include <cmath>

#include "app/session/reason_words.h"
#include "app/session/units.h"

namespace kasuri::app {
namespace {

constexpr int kLevelBits = 12;
constexpr double kNothingMs = 0.0005;
constexpr quintptr kLevelMask = (quintptr(1) << kLevelBits) - 1;

QString fidelitySign(const QString &fidelity)
{
    if (fidelity == QLatin1String("exact"))
        return QStringLiteral("=");
    return fidelity == QLatin1String("approximate") ? QStringLiteral("~") : QStringLiteral("≈");
}

bool isReal(const EffectResult &effect)
{
    return effect.verdict == QLatin1String("faster") || effect.verdict == QLatin1String("slower");
}

QString effectText(const std::optional<EffectResult> &effect)
{
    if (!effect)
        return QString();
    if (effect->verdict == QLatin1String("broken"))
        return PassTreeModel::tr("× differ");
    return isReal(*effect)                         ? formatSigned(effect->ms)
        : effect->verdict == QLatin1String("same") ? PassTreeModel::tr("same")
                                                   : QStringLiteral("?");
}

QString siteLabel(const QString &site)
{
    const qsizetype at = site.indexOf(QLatin1Char('@'));
    return at < 0 ? site : site.mid(at + 1);
}

QPair<int, int> countSites(const RuleInfo &rule)
{
    const int applied = int(std::count_if(rule.sites.begin(), rule.sites.end(),
                                          [](const SiteInfo &s) { return s.applied; }));
    return {applied, int(rule.sites.size()) - applied};
}

} // namespace

// internalId: 0 for a pass; pass+1 for a rule; (rule+1) << bits | pass+1 for a site.
quintptr PassTreeModel::pack(int pass, int rule)
{
    return (quintptr(rule + 1) << kLevelBits) | quintptr(pass + 1);
}

void PassTreeModel::setPasses(QVector<PassInfo> passes, QSet<QString> off, QSet<QString> on)
{
    const bool sameShape = passes.size() == passes_.size()
        && std::equal(passes.begin(), passes.end(), passes_.begin(),
                      [](const PassInfo &a, const PassInfo &b) {
                          return a.name == b.name && a.rules.size() == b.rules.size()
                              && std::equal(a.rules.begin(), a.rules.end(), b.rules.begin(),
                                            [](const RuleInfo &x, const RuleInfo &y) {
                                                return x.name == y.name
                                                    && x.sites.size() == y.sites.size();
                                            });
                      });
    if (!sameShape)
        beginResetModel();
    passes_ = std::move(passes);
    off_ = std::move(off);
    on_ = std::move(on);
    if (!sameShape)
        endResetModel();
    else if (!passes_.isEmpty())
        emit dataChanged(index(0, 0), index(int(passes_.size()) - 1, ColumnCount - 1));
}

PassTreeModel::Place PassTreeModel::placeOf(const QModelIndex &index) const
{
    const quintptr id = index.internalId();
    if (id == 0)
        return {index.row(), -1, -1};
    const int pass = int(id & kLevelMask) - 1;
    const int rule = int(id >> kLevelBits) - 1;
    if (rule < 0)
        return {pass, index.row(), -1};
    return {pass, rule, index.row()};
}

QModelIndex PassTreeModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    if (!parent.isValid())
        return createIndex(row, column, quintptr(0));
    const Place above = placeOf(parent);
    return createIndex(row, column, pack(above.pass, above.rule));
}

QModelIndex PassTreeModel::parent(const QModelIndex &child) const
{
    if (!child.isValid())
        return {};
    const Place place = placeOf(child);
    if (place.rule < 0)
        return {};
    if (place.site < 0)
        return createIndex(place.pass, 0, quintptr(0));
    return createIndex(place.rule, 0, pack(place.pass, -1));
}

int PassTreeModel::rowCount(const QModelIndex &parent) const
{
    if (parent.column() > 0)
        return 0;
    if (!parent.isValid())
        return int(passes_.size());
    const Place place = placeOf(parent);
    if (place.rule < 0)
        return int(passes_[place.pass].rules.size());
    return place.site < 0 ? int(passes_[place.pass].rules[place.rule].sites.size()) : 0;
}

int PassTreeModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

QString PassTreeModel::keyOf(const Place &place) const
{
    const PassInfo &pass = passes_[place.pass];
    if (place.rule < 0)
        return pass.name;
    return place.site < 0 ? pass.rules[place.rule].name
                          : pass.rules[place.rule].sites[place.site].site;
}

bool PassTreeModel::passOn(const PassInfo &pass) const
{
    if (pass.alwaysOn || on_.contains(pass.name))
        return true;
    return pass.onByDefault && !off_.contains(pass.name);
}

Qt::CheckState PassTreeModel::checkState(const Place &place) const
{
    const PassInfo &pass = passes_[place.pass];
    if (!passOn(pass))
        return Qt::Unchecked;
    const auto ruleState = [&](const RuleInfo &rule) {
        if (off_.contains(rule.name))
            return Qt::Unchecked;
        const bool some = std::any_of(rule.sites.begin(), rule.sites.end(),
                                      [&](const SiteInfo &s) { return off_.contains(s.site); });
        return some ? Qt::PartiallyChecked : Qt::Checked;
    };
    if (place.rule < 0) {
        const bool whole
            = std::all_of(pass.rules.begin(), pass.rules.end(),
                          [&](const RuleInfo &r) { return ruleState(r) == Qt::Checked; });
        return whole ? Qt::Checked : Qt::PartiallyChecked;
    }
    const RuleInfo &rule = pass.rules[place.rule];
    if (place.site < 0)
        return ruleState(rule);
    return off_.contains(rule.name) || off_.contains(rule.sites[place.site].site) ? Qt::Unchecked
                                                                                  : Qt::Checked;
}

/// On, but without a site where it applies.
bool PassTreeModel::idle(const Place &place) const
{
    const PassInfo &pass = passes_[place.pass];
    return place.site < 0 && passOn(pass)
        && std::all_of(
               pass.rules.begin(), pass.rules.end(),
               [&](const RuleInfo &rule) { return countSites(rule).first == 0; });
}

QVariant PassTreeModel::display(const Place &place, int column) const
{
    const PassInfo &pass = passes_[place.pass];
    const RuleInfo *rule = place.rule < 0 ? nullptr : &pass.rules[place.rule];
    const SiteInfo *site = place.site < 0 ? nullptr : &rule->sites[place.site];
    switch (column) {
    case Name:
        return site ? siteLabel(site->site) : rule ? rule->name : pass.name;
    case Fidelity:
        return site ? QString() : fidelitySign(rule ? rule->fidelity : pass.fidelity);
    case Effect:
        if (rule)
            return QString();
        if (pass.effect)
            return effectText(pass.effect->cumulative);
        if (!pass.estimateMs)
            return QString();
        return std::abs(*pass.estimateMs) < kNothingMs
            ? QStringLiteral("≈ 0")
            : QStringLiteral("≈ ") + formatSigned(*pass.estimateMs);
    case Sites: {
        if (site)
            return site->applied ? tr("applied") : tr("declined");
        int applied = 0, declined = 0;
        for (const RuleInfo &r : rule ? QVector<RuleInfo>{*rule} : pass.rules) {
            const auto [a, d] = countSites(r);
            applied += a;
            declined += d;
        }
        return QStringLiteral("%1 / %2").arg(applied).arg(declined);
    }
    default:
        return {};
    }
}

QVariant PassTreeModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const Place place = placeOf(index);
    const PassInfo &pass = passes_[place.pass];
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return display(place, index.column());
    case Qt::CheckStateRole:
        return index.column() == Name ? QVariant(checkState(place)) : QVariant();
    case KeyRole:
        return keyOf(place);
    case EstimateRole:
        return place.rule < 0 && pass.estimateMs ? QVariant(*pass.estimateMs) : QVariant();
    case MeasuredRole:
        return place.rule < 0 && pass.effect && pass.effect->cumulative
                && isReal(*pass.effect->cumulative)
            ? QVariant(pass.effect->cumulative->ms)
            : QVariant();
    case LawRole:
        return place.rule < 0 ? pass.law : pass.rules[place.rule].law;
    case OperatorsRole:
        return place.site < 0 ? QStringList() : pass.rules[place.rule].sites[place.site].nodes;
    case Qt::ForegroundRole:
        return index.column() == Name && idle(place)
            ? QVariant(QGuiApplication::palette().brush(QPalette::Disabled, QPalette::Text))
            : QVariant();
    case ReasonRole:
    case Qt::ToolTipRole:
        if (place.rule < 0 && idle(place))
            return tr("%1\nIt found nothing to change here.").arg(pass.law);
        return place.site < 0 ? (place.rule < 0 ? pass.law : pass.rules[place.rule].law)
                              : reasonWords(pass.rules[place.rule].sites[place.site].reason);
    case Qt::FontRole: {
        QFont font;
        if (place.rule < 0 && index.column() == Name)
            font.setWeight(QFont::DemiBold);
        return font;
    }
    case Qt::TextAlignmentRole:
        return int((index.column() >= Effect         ? Qt::AlignRight
                        : index.column() == Fidelity ? Qt::AlignHCenter
                                                     : Qt::AlignLeft)
                   | Qt::AlignVCenter);
    default:
        return {};
    }
}

bool PassTreeModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != Qt::CheckStateRole || index.column() != Name)
        return false;
    emit toggleRequested(keyOf(placeOf(index)), value.toInt() == Qt::Checked);
    return false;
}

QVariant PassTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section >= Effect ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    static const char *const kHeads[]
        = {QT_TR_NOOP("Pass › rule › site"), "", QT_TR_NOOP("ms"), QT_TR_NOOP("Sites")};
    return tr(kHeads[section]);
}

Qt::ItemFlags PassTreeModel::flags(const QModelIndex &index) const
{
    Qt::ItemFlags f = Qt::ItemIsSelectable | Qt::ItemIsEnabled;
    if (index.isValid() && index.column() == Name && !passes_[placeOf(index).pass].alwaysOn)
        f |= Qt::ItemIsUserCheckable;
    return f;
}

QVector<PassTreeModel::Declined> PassTreeModel::declinedReasons(const QModelIndex &index) const
{
    QMap<QPair<QString, QString>, Declined> known; // by rule and what reasons share
    const Place place = index.isValid() ? placeOf(index) : Place{};
    for (int p = 0; p < passes_.size(); ++p)
        for (int r = 0; r < passes_[p].rules.size(); ++r) {
            if (place.pass >= 0 && (p != place.pass || (place.rule >= 0 && r != place.rule)))
                continue;
            const RuleInfo &rule = passes_[p].rules[r];
            for (const SiteInfo &site : rule.sites) {
                if (site.applied)
                    continue;
                const QString shape = reasonShape(site.reason);
                Declined &declined = known[{rule.name, shape}];
                declined.pass = passes_[p].name;
                declined.rule = rule.name;
                declined.reason = declined.sites++ == 0 ? site.reason : shape;
                declined.operators += site.nodes;
            }
        }
    QVector<Declined> list(known.begin(), known.end());
    for (Declined &declined : list)
        declined.reason = reasonWords(declined.reason);
    std::stable_sort(list.begin(), list.end(),
                     [](const Declined &a, const Declined &b) { return a.sites > b.sites; });
    return list;
}

} // namespace kasuri::app
