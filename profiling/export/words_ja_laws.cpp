#include <map>
#include <string>

#include "profiling/export/words.h"

namespace kasuri::profiling {
namespace {

// clang-format off
const std::map<std::string, const char*> kTable = {
    {"what depends on constants and shapes only is computed once",
     "定数と形状だけで決まる値は一度だけ計算"},
    {"equal computations once, neutral ones never",
     "同じ計算は一度だけ、効果のない計算は省略"},
    {"affine maps behind a contraction move into its weights",
     "縮約の後のアフィン変換を重みに取り込む"},
    {"parallel convolutions of one input that are added become one",
     "同じ入力の畳み込みの和を 1 つの畳み込みに統合"},
    {"contractions of dequantised numbers run over their 8-bit codes",
     "逆量子化した値の縮約を 8 ビット符号のまま実行"},
    {"codes of weights that no kernel takes become numbers once",
     "カーネルが直接扱えない重みの符号は一度だけ数値に変換"},
    {"well-known groups and whatever is elementwise behind a contraction",
     "典型的な演算の組と、縮約に続く要素ごとの演算を融合"},
    {"memory-bound neighbours on the same rows become one kernel",
     "同じ行を扱うメモリ律速の隣接演算を 1 カーネルに融合"},
    {"values lie where their readers want them; movements become index maps",
     "値を読み手に合う配置に置き、移動を添字の写像に置換"},
    {"less memory for the same steps",
     "同じステップをより少ないメモリで実行"},
    {"spot check",
     "抜き取り検査"},
    {"{}, kept from an earlier run",
     "{}、以前の実行から再利用"},
    {"this machine shows no energy counters (RAPL)",
     "この環境では電力カウンター（RAPL）が見えません"},
    {"the energy counters (RAPL) may not be read by this user",
     "このユーザーには電力カウンター（RAPL）を読む権限がありません"},
    {"this side was not timed",
     "この側は計測されていません"},
    {"{0}, 1 thread",
     "{0}、1 スレッド"},
    {"({} streams)",
     "（{} ストリーム）"},
    {"Items per second of several streams are measured with so many runs at the same time, each with threads of its own. Latency is that of one stream alone, the process peak that of all streams.",
     "複数ストリームの件/秒は、その数だけ同時に（それぞれ専用のスレッドで）実行した実測値です。レイテンシーは 1 ストリームのみ、プロセスのピークは全ストリームの値です。"},
    {"of the largest value",
     "出力の最大値に対する比"},
};
// clang-format on

}  // namespace

const char* japanese_of_law(const std::string& english) {
  const auto found = kTable.find(english);
  return found == kTable.end() ? nullptr : found->second;
}

}  // namespace kasuri::profiling
