#include <QJsonDocument>

#include "app/session/dynamic_data.h"
#include "app/session/json_access.h"

namespace kasuri::app {

using namespace access;

std::optional<GenerationInfo> generationFrom(const QByteArray &json)
{
    const QJsonObject o = QJsonDocument::fromJson(json).object();
    if (text(o, "kind") != QLatin1String("generate"))
        return std::nullopt;
    GenerationInfo info;
    info.draft = text(o, "draft");
    info.command = text(o, "command");
    info.prompts = integer(o, "prompts");
    info.tokens = integer(o, "tokens");
    info.proposed = integer(o, "proposed");
    info.identical = integer(o, "identical");
    info.tokensPerSecond = real(o, "tokens_per_second");
    info.firstTokenMs = real(o, "first_token_ms");
    info.tokensPerPass = real(o, "tokens_per_pass");
    info.acceptance = real(o, "acceptance");
    info.drawn = real(object(o, "sampling"), "temperature") > 0;
    info.acceptedPasses = numbers(array(o, "accepted_histogram"));
    info.speedUp = maybe(o, "speed_up");
    info.ceiling = maybe(o, "ceiling");
    info.plainTokensPerSecond = maybe(object(o, "plain"), "tokens_per_second");
    return info;
}

std::optional<DenoiseInfo> denoisingFrom(const QByteArray &json)
{
    const QJsonObject o = QJsonDocument::fromJson(json).object();
    if (text(o, "kind") != QLatin1String("diffuse"))
        return std::nullopt;
    DenoiseInfo info;
    info.command = text(o, "command");
    info.seeds = integer(o, "seeds");
    for (const QJsonValue &value : array(o, "ways")) {
        const QJsonObject way = value.toObject();
        info.ways.append({text(way, "name"), real(way, "evaluations"), real(way, "ms"),
                          real(way, "psnr"), real(way, "ssim"), real(way, "worst_tenth_ssim")});
    }
    const QJsonObject rival = object(o, "rival");
    info.rival = text(rival, "name");
    info.asWell = rival.value(QLatin1String("as_well")).toBool();
    info.undecided = rival.value(QLatin1String("undecided")).toBool();
    info.difference = real(rival, "difference");
    info.low = real(rival, "difference_low");
    info.high = real(rival, "difference_high");
    return info;
}

} // namespace kasuri::app
