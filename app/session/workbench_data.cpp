#include "app/session/workbench_data.h"

#include <QCoreApplication>
#include <QSet>

namespace kasuri::app {
namespace {

const QHash<QString, Family> &families()
{
    static const QHash<QString, Family> kFamilies = [] {
        QHash<QString, Family> table;
        const auto put = [&](Family family, std::initializer_list<const char *> types) {
            for (const char *type : types)
                table.insert(QString::fromLatin1(type), family);
        };
        put(Family::Contraction,
            {"MatMul", "Gemm", "Conv", "ConvTranspose", "LSTM", "GRU", "RNN", "Einsum", "Attention",
             "MatMulInteger", "ConvInteger", "QLinearConv", "QLinearMatMul"});
        put(Family::Norm,
            {"LayerNormalization", "BatchNormalization", "InstanceNormalization", "LRN",
             "GroupNormalization", "RMSNormalization", "ReduceMean", "ReduceSum", "ReduceMax",
             "ReduceL2", "GlobalAveragePool", "AveragePool", "MaxPool", "LpNormalization"});
        put(Family::Softmax, {"Softmax", "LogSoftmax"});
        put(Family::Layout,
            {"Reshape", "Transpose", "Squeeze", "Unsqueeze", "Flatten", "Expand", "DepthToSpace",
             "SpaceToDepth", "Identity", "Shape", "Constant"});
        put(Family::Movement,
            {"Concat", "Slice", "Split", "Gather", "GatherND", "GatherElements", "Pad", "Tile",
             "Resize", "ScatterND", "ScatterElements", "Upsample"});
        put(Family::Control, {"If", "Loop", "Scan"});
        put(Family::Elementwise,
            {"Add",         "Sub",       "Mul",        "Div",     "Pow",  "Sqrt", "Exp",
             "Log",         "Erf",       "Tanh",       "Sigmoid", "Relu", "Gelu", "Clip",
             "Where",       "Cast",      "Neg",        "Abs",     "Min",  "Max",  "HardSwish",
             "HardSigmoid", "LeakyRelu", "Reciprocal", "Equal",   "Not",  "And"});
        return table;
    }();
    return kFamilies;
}

} // namespace

Family familyOf(const QString &operatorType)
{
    // A fused kernel ("Conv + bias + Relu", "LayerNorm") counts as its first member.
    const QString first = operatorType.section(QLatin1Char(' '), 0, 0);
    if (const auto it = families().constFind(first); it != families().constEnd())
        return *it;
    if (first.startsWith(QLatin1String("LayerNorm")) || first.startsWith(QLatin1String("RMSNorm")))
        return Family::Norm;
    if (first.startsWith(QLatin1String("softmax"), Qt::CaseInsensitive))
        return Family::Softmax;
    if (first.startsWith(QLatin1String("GELU"), Qt::CaseInsensitive)
        || first == QLatin1String("stitch"))
        return Family::Elementwise;
    return Family::Other;
}

QString nameOf(Family family)
{
    switch (family) {
    case Family::Contraction:
        return QCoreApplication::translate("Family", "contraction");
    case Family::Norm:
        return QCoreApplication::translate("Family", "norm");
    case Family::Softmax:
        return QCoreApplication::translate("Family", "softmax");
    case Family::Elementwise:
        return QCoreApplication::translate("Family", "elementwise");
    case Family::Layout:
        return QCoreApplication::translate("Family", "layout");
    case Family::Movement:
        return QCoreApplication::translate("Family", "movement");
    case Family::Control:
        return QCoreApplication::translate("Family", "control");
    case Family::Other:
        break;
    }
    return QCoreApplication::translate("Family", "other");
}

} // namespace kasuri::app
