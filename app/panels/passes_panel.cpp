#include "app/panels/passes_panel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QScrollBar>
#include <QTreeView>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

#include "app/panels/effect_delegate.h"
#include "app/panels/history_button.h"
#include "app/session/units.h"

namespace kasuri::app {
namespace {

constexpr int kWhyHeight = 116, kWhyGap = 2, kMostMoves = 4, kWhyName = 110;
constexpr int kFidelity = 22, kSites = 60, kLeastEffect = 88, kFewestEffect = 72, kMostEffect = 116,
              kNameMargin = 12;
constexpr int kRoomForMovement = 420;
constexpr double kEffectShare = 0.32;

QString fidelityWords(const QString &sign)
{
    if (sign == QLatin1String("="))
        return PassesPanel::tr("exact");
    return sign == QLatin1String("~") ? PassesPanel::tr("approximate")
                                      : PassesPanel::tr("rounding");
}

QString inWords(const std::optional<EffectResult> &effect)
{
    if (!effect)
        return QStringLiteral("–");
    if (effect->verdict == QLatin1String("broken"))
        return PassesPanel::tr("× outputs differ");
    if (effect->verdict == QLatin1String("same"))
        return PassesPanel::tr("same");
    const QString range
        = QStringLiteral("%1 … %2").arg(formatSigned(effect->lowMs), formatSigned(effect->highMs));
    return effect->verdict == QLatin1String("undecided")
        ? PassesPanel::tr("undecided, %1 ms").arg(range)
        : PassesPanel::tr("%1 ms (%2)").arg(formatSigned(effect->ms), range);
}

/// What the selected pass does, measured; empty if it was not.
QString effectLines(const PassEffectInfo &effect)
{
    return PassesPanel::tr("after those before it: %1\nalone: %2\nin the whole recipe: %3")
        .arg(inWords(effect.cumulative), inWords(effect.alone), inWords(effect.leftOut));
}

/// The steps that only move data, those with most bytes first, as links to their operators.
QString linksOf(const PlanInfo &plan)
{
    QVector<const StepInfo *> moves;
    for (const StepInfo &step : plan.steps)
        if (step.movesOnly)
            moves.append(&step);
    std::stable_sort(moves.begin(), moves.end(), [](const StepInfo *a, const StepInfo *b) {
        return a->bytesRead + a->bytesWritten > b->bytesRead + b->bytesWritten;
    });
    QStringList links;
    for (const StepInfo *step : moves.mid(0, kMostMoves))
        links << QStringLiteral("<a href=\"%1\">%2</a> %3")
                     .arg(step->sources.value(0).toHtmlEscaped(), step->name.toHtmlEscaped(),
                          formatBytes(step->bytesRead + step->bytesWritten));
    if (moves.size() > kMostMoves)
        links << QStringLiteral("…");
    return links.join(QStringLiteral(", "));
}

QLabel *label(QWidget *parent, bool strong)
{
    auto *l = new QLabel(parent);
    l->setWordWrap(true);
    l->setTextInteractionFlags(Qt::TextSelectableByMouse);
    QFont f = l->font();
    f.setWeight(strong ? QFont::DemiBold : QFont::Normal);
    l->setFont(f);
    return l;
}

} // namespace

PassesPanel::PassesPanel(const Theme &theme, QWidget *parent)
    : QWidget(parent), model_(new PassTreeModel(this)), tree_(new QTreeView(this)),
      recipe_(new QComboBox(this)), title_(label(this, true)), law_(label(this, false)),
      effect_(label(this, false)), movement_(label(this, false)), whyHead_(label(this, true)),
      why_(new QTreeWidget(this)), top_(new QHBoxLayout),
      exact_(new QCheckBox(tr("Exact only"), this))
{
    setUpTree(theme);
    setUpRecipes();
    QFont mono = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    mono.setPixelSize(12);
    mono_ = mono;
    law_->setProperty("ink", QStringLiteral("secondary"));
    movement_->setObjectName(QStringLiteral("movement"));
    movement_->setTextInteractionFlags(Qt::TextBrowserInteraction);
    connect(movement_, &QLabel::linkActivated, this,
            [this](const QString &name) { emit operatorsSelected({name}); });
    setUpWhy();
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *detail = new QVBoxLayout;
    detail->setContentsMargins(10, 6, 10, 6);
    detail->setSpacing(3);
    detail->addWidget(title_);
    detail->addWidget(law_);
    detail->addWidget(effect_);
    detail->addWidget(movement_);
    detail->addWidget(whyHead_);
    exact_->setObjectName(QStringLiteral("exactOnly"));
    exact_->setToolTip(tr("Locks out whatever may change a bit of the outputs. Ctrl+L"));
    top_->setContentsMargins(8, 4, 4, 4);
    top_->setSpacing(4);
    top_->addWidget(recipe_, 1);
    top_->addWidget(exact_);
    column->addLayout(top_);
    connect(exact_, &QCheckBox::clicked, this, &PassesPanel::exactOnlyRequested);
    column->addWidget(tree_, 1);
    detail->addWidget(why_);
    column->addLayout(detail);
    connect(model_, &PassTreeModel::toggleRequested, this, &PassesPanel::toggleRequested);
    connect(tree_->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex &current) { showDetail(current); });
    refresh();
}

void PassesPanel::setUpTree(const Theme &theme)
{
    tree_->setModel(model_);
    tree_->setIndentation(12);
    tree_->setUniformRowHeights(true);
    tree_->setAccessibleName(tr("Passes"));
    tree_->setObjectName(QStringLiteral("passTree"));
    tree_->header()->setStretchLastSection(false);
    tree_->header()->setSectionResizeMode(PassTreeModel::Name, QHeaderView::Stretch);
    tree_->header()->setSectionResizeMode(PassTreeModel::Fidelity, QHeaderView::Fixed);
    tree_->header()->resizeSection(PassTreeModel::Fidelity, kFidelity);
    tree_->setItemDelegateForColumn(PassTreeModel::Fidelity, new FidelityDelegate(theme, this));
    tree_->setItemDelegateForColumn(PassTreeModel::Effect, new EffectDelegate(theme, this));
    tree_->header()->resizeSection(PassTreeModel::Sites, kSites);
    tree_->header()->setMinimumSectionSize(20);
    tree_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    connect(tree_->verticalScrollBar(), &QScrollBar::rangeChanged, this, &PassesPanel::shareColumns,
            Qt::QueuedConnection);
}

/// The columns share what there is: a wide dock shows longer bars, a scroll bar takes from them
/// before it takes from names.
void PassesPanel::shareColumns()
{
    const int names
        = static_cast<QAbstractItemView *>(tree_)->sizeHintForColumn(PassTreeModel::Name)
        + kNameMargin;
    const int left = tree_->viewport()->width() - kFidelity - kSites - names;
    const int wished = std::clamp(int(width() * kEffectShare), kLeastEffect, kMostEffect);
    tree_->header()->resizeSection(PassTreeModel::Effect,
                                   std::max(kFewestEffect, std::min(wished, left)));
}

void PassesPanel::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    shareColumns();
    showMovement(tree_->currentIndex());
}

void PassesPanel::setUpWhy()
{
    why_->setAccessibleName(tr("Why not"));
    why_->setObjectName(QStringLiteral("whyList"));
    why_->setColumnCount(4);
    why_->setHeaderHidden(true);
    why_->setRootIsDecorated(false);
    why_->setIndentation(0);
    why_->setUniformRowHeights(true);
    why_->setTextElideMode(Qt::ElideRight);
    why_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    why_->setFrameStyle(QFrame::NoFrame);
    why_->setStyleSheet(QStringLiteral("QTreeView { background: transparent; }"));
    why_->header()->setStretchLastSection(false);
    why_->header()->setMinimumSectionSize(10);
    why_->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    why_->header()->setSectionResizeMode(2, QHeaderView::Stretch);
    why_->header()->setMaximumSectionSize(kWhyName);
    const auto jump = [this](QTreeWidgetItem *item) {
        emit operatorsSelected(item->data(0, Qt::UserRole).toStringList());
    };
    connect(why_, &QTreeWidget::itemClicked, this, jump);
    connect(why_, &QTreeWidget::itemActivated, this, jump);
}

void PassesPanel::setHistory(QAction *undo, QAction *redo)
{
    using Way = HistoryButton::Way;
    for (const auto &[way, action] : {std::pair(Way::Back, undo), {Way::Again, redo}}) {
        auto *button = new HistoryButton(way, this);
        button->setDefaultAction(action);
        button->setObjectName(way == Way::Back ? QStringLiteral("undoButton")
                                               : QStringLiteral("redoButton"));
        top_->addWidget(button);
    }
}

void PassesPanel::setUpRecipes()
{
    for (const char *base : {"default", "none", "all"})
        recipe_->addItem(tr("Recipe: %1").arg(QLatin1String(base)), QString::fromLatin1(base));
    recipe_->addItem(tr("Recipe from a file…"), QString());
    recipe_->setObjectName(QStringLiteral("recipeBox"));
    recipe_->setAccessibleName(tr("Recipe"));
    recipe_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    connect(recipe_, &QComboBox::activated, this, [this](int chosen) {
        recipe_->setCurrentIndex(shownRecipe_);
        emit recipeChosen(recipe_->itemData(chosen).toString());
    });
}

void PassesPanel::setRecipe(const QString &recipe, bool exactOnly)
{
    exact_->setChecked(exactOnly);
    shownRecipe_ = recipe_->findData(recipe);
    recipe_->setPlaceholderText(tr("Recipe: %1").arg(recipe));
    recipe_->setCurrentIndex(shownRecipe_);
    recipe_->setToolTip(recipe);
}

void PassesPanel::setMovement(const PlanInfo *before, const PlanInfo *after)
{
    if (!before || !after)
        return movement_->clear();
    const auto words = [](int steps, qint64 bytes) {
        return QStringLiteral("%1 · %2").arg(steps).arg(formatBytes(bytes));
    };
    const MovementInfo &then = before->movement, &now = after->movement;
    const bool more = now.steps > then.steps || now.bytes > then.bytes;
    QString text = more ? tr("Transposes and copies: before %1, now %2")
                              .arg(words(then.steps, then.bytes), words(now.steps, now.bytes))
                        : tr("Transposes and copies: before %1, removed %2, left %3")
                              .arg(words(then.steps, then.bytes),
                                   words(then.steps - now.steps, then.bytes - now.bytes),
                                   words(now.steps, now.bytes));
    if (now.steps > 0)
        text += QStringLiteral("<br>") + linksOf(*after);
    movement_->setText(text);
}

void PassesPanel::refresh()
{
    showDetail(tree_->currentIndex());
}

void PassesPanel::showDetail(const QModelIndex &current)
{
    const QModelIndex index = current.siblingAtColumn(PassTreeModel::Name);
    if (index.isValid()) {
        const QString sign = current.siblingAtColumn(PassTreeModel::Fidelity).data().toString();
        title_->setText(
            index.data().toString()
            + (sign.isEmpty() ? QString() : QStringLiteral("   ") + fidelityWords(sign)));
        const QString reason = index.data(PassTreeModel::ReasonRole).toString();
        law_->setFont(mono_);
        law_->setText(index.data(PassTreeModel::LawRole).toString()
                      + (reason.isEmpty() || reason == index.data(PassTreeModel::LawRole).toString()
                             ? QString()
                             : QStringLiteral("\n") + reason));
        const bool isPass = !index.parent().isValid();
        const auto &effect = model_->passes()[isPass ? index.row() : 0].effect;
        const auto &estimate = model_->passes()[isPass ? index.row() : 0].estimateMs;
        QStringList lines;
        if (isPass && effect)
            lines << effectLines(*effect);
        if (isPass && estimate)
            lines << tr("estimate: ≈ %1 ms").arg(formatSigned(*estimate));
        effect_->setText(lines.join(QLatin1Char('\n')));
        effect_->setVisible(!lines.isEmpty());
        emit operatorsSelected(index.data(PassTreeModel::OperatorsRole).toStringList());
    } else {
        effect_->hide();
        title_->setText(tr("All passes"));
        law_->setFont(font());
        law_->setText(tr("Space switches the selected pass, rule or site."));
    }
    showMovement(index);
    showWhy(index);
}

void PassesPanel::showMovement(const QModelIndex &current)
{
    const QModelIndex index = current.siblingAtColumn(PassTreeModel::Name);
    const bool belongs = index.isValid()
        ? !index.parent().isValid() && index.data().toString() == QLatin1String("layout")
        : height() >= kRoomForMovement;
    movement_->setVisible(belongs && !movement_->text().isEmpty());
}

void PassesPanel::showWhy(const QModelIndex &index)
{
    why_->clear();
    int sites = 0;
    for (const PassTreeModel::Declined &declined : model_->declinedReasons(index)) {
        auto *item = new QTreeWidgetItem(why_,
                                         {index.isValid() ? declined.rule : declined.pass,
                                          QString::number(declined.sites), declined.reason,
                                          QStringLiteral("↗")});
        item->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
        item->setData(0, Qt::UserRole, declined.operators);
        item->setToolTip(2, QStringLiteral("%1: %2").arg(declined.rule, declined.reason));
        sites += declined.sites;
    }
    whyHead_->setText(tr("Why not   %1 sites").arg(sites));
    why_->setVisible(why_->topLevelItemCount() > 0);
    const int lines = why_->topLevelItemCount() * std::max(1, why_->sizeHintForRow(0));
    why_->setFixedHeight(std::min(kWhyHeight, lines + 2 * kWhyGap));
}

} // namespace kasuri::app
