#include "app/session/engine_words.h"

#include <QCoreApplication>

#include "app/session/sentence_table.h"

namespace kasuri::app {
namespace {

constexpr const char *kSentences[] = {
    QT_TRANSLATE_NOOP("EngineWords", "Compiling kernels"),
    QT_TRANSLATE_NOOP("EngineWords", "Planning memory"),
    QT_TRANSLATE_NOOP("EngineWords", "Reading weights"),
    QT_TRANSLATE_NOOP("EngineWords", "Reading nodes"),
    QT_TRANSLATE_NOOP("EngineWords", "Reading the file"),
    QT_TRANSLATE_NOOP("EngineWords", "Making up weights"),
    QT_TRANSLATE_NOOP("EngineWords", "Writing weights"),
    QT_TRANSLATE_NOOP("EngineWords", "Profiling"),
    QT_TRANSLATE_NOOP("EngineWords", "Opening the model"),
    QT_TRANSLATE_NOOP("EngineWords", "Preparing side '%1'"),
    QT_TRANSLATE_NOOP("EngineWords", "Warming up '%1'"),
    QT_TRANSLATE_NOOP("EngineWords", "Checking outputs of '%1'"),
    QT_TRANSLATE_NOOP("EngineWords", "Reference run"),
    QT_TRANSLATE_NOOP("EngineWords", "Spot check"),
    QT_TRANSLATE_NOOP("EngineWords", "Block %1 of %2, %3 s left"),
    QT_TRANSLATE_NOOP("EngineWords", "Throughput, round %1 of %2"),
    QT_TRANSLATE_NOOP("EngineWords", "Soak, %1 of %2 s"),
    QT_TRANSLATE_NOOP("EngineWords", "Memory of '%1' in a fresh process"),
    QT_TRANSLATE_NOOP("EngineWords", "'%1' within %2"),
    QT_TRANSLATE_NOOP("EngineWords", "'%1' without a limit"),
    QT_TRANSLATE_NOOP("EngineWords", "Cold start of '%1'"),
    QT_TRANSLATE_NOOP("EngineWords", "Looking for what breaks outputs: without %1"),
    QT_TRANSLATE_NOOP("EngineWords", "Looking for what slows in %1: %2 sites"),
    QT_TRANSLATE_NOOP("EngineWords", "Recording the inputs of the part"),
    QT_TRANSLATE_NOOP("EngineWords", "Estimating pass %1"),
    QT_TRANSLATE_NOOP("EngineWords", "Measuring what this machine can do"),
    QT_TRANSLATE_NOOP("EngineWords", "Printing the report"),
    QT_TRANSLATE_NOOP("EngineWords", "Sending %1"),
    QT_TRANSLATE_NOOP("EngineWords", "Screening %1"),
    QT_TRANSLATE_NOOP("EngineWords", "Confirming %1"),
    QT_TRANSLATE_NOOP("EngineWords", "Planning the parts"),
    QT_TRANSLATE_NOOP("EngineWords", "Measuring"),
    QT_TRANSLATE_NOOP("EngineWords", "Recording features"),
    QT_TRANSLATE_NOOP("EngineWords", "Fitting heads"),
    QT_TRANSLATE_NOOP("EngineWords", "Running all exits"),
    QT_TRANSLATE_NOOP("EngineWords", "Seed"),
    QT_TRANSLATE_NOOP("EngineWords", "Prompt"),
    QT_TRANSLATE_NOOP("EngineWords", "Pass %1 with those before it: %2"),
    QT_TRANSLATE_NOOP("EngineWords", "Pass %1 alone: %2"),
    QT_TRANSLATE_NOOP("EngineWords", "Pass %1 left out: %2"),
    QT_TRANSLATE_NOOP("EngineWords", "Pass %1"),
};

} // namespace

QString engineWords(const QString &said)
{
    static const SentenceTable table("EngineWords", kSentences);
    return table.translate(said);
}

} // namespace kasuri::app
