#include "app/panels/passes_panel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QListWidget>
#include <QTreeView>
#include <QVBoxLayout>
#include <algorithm>

#include "app/panels/effect_delegate.h"
#include "app/session/units.h"

namespace kasuri::app {
namespace {

constexpr int kWhyHeight = 96, kWhyGap = 2, kMostMoves = 4;

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
      why_(new QListWidget(this)), exact_(new QCheckBox(tr("Exact only"), this))
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
    why_->setAccessibleName(tr("Why not"));
    why_->setObjectName(QStringLiteral("whyList"));
    why_->setTextElideMode(Qt::ElideRight);
    why_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    why_->setFrameStyle(QFrame::NoFrame);
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
    auto *top = new QHBoxLayout;
    top->setContentsMargins(8, 4, 0, 4);
    top->addWidget(recipe_, 1);
    top->addWidget(exact_);
    top->addSpacing(8);
    column->addLayout(top);
    connect(exact_, &QCheckBox::clicked, this, &PassesPanel::exactOnlyRequested);
    column->addWidget(tree_, 1);
    column->addLayout(detail);
    column->addWidget(why_);
    connect(model_, &PassTreeModel::toggleRequested, this, &PassesPanel::toggleRequested);
    connect(tree_->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex &current) { showDetail(current); });
    connect(why_, &QListWidget::itemClicked, this, [this](QListWidgetItem *item) {
        emit operatorsSelected(item->data(Qt::UserRole).toStringList());
    });
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
    tree_->header()->resizeSection(PassTreeModel::Fidelity, 22);
    tree_->header()->resizeSection(PassTreeModel::Effect, 104);
    tree_->setItemDelegateForColumn(PassTreeModel::Effect, new EffectDelegate(theme, this));
    tree_->header()->resizeSection(PassTreeModel::Sites, 64);
    tree_->header()->setMinimumSectionSize(20);
    tree_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
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
        movement_->setVisible(isPass && index.data().toString() == QLatin1String("layout"));
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
        movement_->setVisible(!movement_->text().isEmpty());
        title_->setText(tr("All passes"));
        law_->setFont(font());
        law_->setText(tr("Space switches the selected pass, rule or site."));
    }
    why_->clear();
    int sites = 0;
    for (const auto &[reason, operators] : model_->declinedReasons(index)) {
        auto *item = new QListWidgetItem(
            QStringLiteral("%1   %2").arg(operators.size(), 3).arg(reason), why_);
        item->setData(Qt::UserRole, operators);
        item->setToolTip(reason);
        sites += int(operators.size());
    }
    whyHead_->setText(tr("Why not   %1 sites").arg(sites));
    why_->setVisible(why_->count() > 0);
    const int lines = why_->count() * std::max(1, why_->sizeHintForRow(0));
    why_->setFixedHeight(std::min(kWhyHeight, lines + 2 * kWhyGap));
}

} // namespace kasuri::app
