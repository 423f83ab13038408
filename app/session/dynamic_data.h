#pragma once

#include <QByteArray>
#include <QString>
#include <QVector>
#include <optional>

namespace kasuri::app {

/// An answer of `kasuri generate`.
struct GenerationInfo {
    QString draft, command;
    qint64 prompts = 0, tokens = 0, proposed = 0, identical = 0;
    double tokensPerSecond = 0, firstTokenMs = 0, tokensPerPass = 0, acceptance = 0;
    bool drawn = false; ///< sampled, not greedy: texts need not be equal
    QVector<int> acceptedPasses; ///< by accepted tokens
    /// Empty where plain decoding was not run beside it.
    std::optional<double> speedUp, ceiling, plainTokensPerSecond;
};

/// One way to run the steps of a denoiser.
struct DenoiseWay {
    QString name;
    double evaluations = 0, ms = 0, psnr = 0, ssim = 0, worstTenth = 0;
};

/// An answer of `kasuri diffuse`; the first way is the full result, the second the one asked for.
struct DenoiseInfo {
    QVector<DenoiseWay> ways;
    QString command;
    qint64 seeds = 0;
    QString rival; ///< the best plain way that asks no more often; empty: none
    bool asWell = false, undecided = false;
    double difference = 0, low = 0, high = 0; ///< of SSIM, asked for minus the rival
};

/// Empty when the text is no such answer.
std::optional<GenerationInfo> generationFrom(const QByteArray &json);
std::optional<DenoiseInfo> denoisingFrom(const QByteArray &json);

} // namespace kasuri::app
