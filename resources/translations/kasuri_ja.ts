<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ja" sourcelanguage="en">
<context>
    <name>Advice</name>
    <message>
        <source>%1 machine hours and %2 saved per day; an effort of %3 %4</source>
        <translation>1 日に機械時間 %1 時間、費用 %2 を削減。導入の手間 %3 は%4</translation>
    </message>
    <message>
        <source>pays back in %1 days</source>
        <translation> %1 日で回収できます</translation>
    </message>
    <message>
        <source>does not pay back</source>
        <translation>回収できません</translation>
    </message>
</context>
<context>
    <name>Comparison</name>
    <message>
        <source>%1, %2 streams</source>
        <translation>%1、%2 ストリーム</translation>
    </message>
</context>
<context>
    <name>EngineWords</name>
    <message>
        <source>Compiling kernels</source>
        <translation>カーネルをコンパイル中</translation>
    </message>
    <message>
        <source>Planning memory</source>
        <translation>メモリを計画中</translation>
    </message>
    <message>
        <source>Reading weights</source>
        <translation>重みを読み込み中</translation>
    </message>
    <message>
        <source>Reading nodes</source>
        <translation>ノードを読み込み中</translation>
    </message>
    <message>
        <source>Reading the file</source>
        <translation>ファイルを読み込み中</translation>
    </message>
    <message>
        <source>Making up weights</source>
        <translation>重みを生成中</translation>
    </message>
    <message>
        <source>Writing weights</source>
        <translation>重みを書き出し中</translation>
    </message>
    <message>
        <source>Profiling</source>
        <translation>プロファイル中</translation>
    </message>
    <message>
        <source>Opening the model</source>
        <translation>モデルを読み込み中</translation>
    </message>
    <message>
        <source>Preparing side &apos;%1&apos;</source>
        <translation>「%1」を準備中</translation>
    </message>
    <message>
        <source>Warming up &apos;%1&apos;</source>
        <translation>「%1」をウォームアップ中</translation>
    </message>
    <message>
        <source>Checking outputs of &apos;%1&apos;</source>
        <translation>「%1」の出力を検査中</translation>
    </message>
    <message>
        <source>Reference run</source>
        <translation>基準の実行</translation>
    </message>
    <message>
        <source>Spot check</source>
        <translation>抜き取り検査</translation>
    </message>
    <message>
        <source>Block %1 of %2, %3 s left</source>
        <translation>ブロック %1 / %2、残り %3 秒</translation>
    </message>
    <message>
        <source>Throughput, round %1 of %2</source>
        <translation>スループット計測 %1 / %2 回目</translation>
    </message>
    <message>
        <source>Soak, %1 of %2 s</source>
        <translation>長時間計測 %1 / %2 秒</translation>
    </message>
    <message>
        <source>Memory of &apos;%1&apos; in a fresh process</source>
        <translation>「%1」のメモリを新しいプロセスで計測中</translation>
    </message>
    <message>
        <source>&apos;%1&apos; within %2</source>
        <translation>「%1」を %2 以内で実行中</translation>
    </message>
    <message>
        <source>&apos;%1&apos; without a limit</source>
        <translation>「%1」を制限なしで実行中</translation>
    </message>
    <message>
        <source>Cold start of &apos;%1&apos;</source>
        <translation>「%1」のコールドスタート</translation>
    </message>
    <message>
        <source>Looking for what breaks outputs: without %1</source>
        <translation>出力が変わる原因を探索中: %1 なし</translation>
    </message>
    <message>
        <source>Looking for what slows in %1: %2 sites</source>
        <translation>%1 で遅くなる箇所を探索中: %2 箇所</translation>
    </message>
    <message>
        <source>Recording the inputs of the part</source>
        <translation>部分モデルの入力を記録中</translation>
    </message>
    <message>
        <source>Estimating pass %1</source>
        <translation>パス %1 の効果を推定中</translation>
    </message>
    <message>
        <source>Measuring what this machine can do</source>
        <translation>この環境の性能を計測中</translation>
    </message>
    <message>
        <source>Printing the report</source>
        <translation>レポートを印刷中</translation>
    </message>
    <message>
        <source>Sending %1</source>
        <translation>%1 を送信中</translation>
    </message>
    <message>
        <source>Screening %1</source>
        <translation>選別中 %1</translation>
    </message>
    <message>
        <source>Confirming %1</source>
        <translation>確認中 %1</translation>
    </message>
    <message>
        <source>Planning the parts</source>
        <translation>各部分を計画中</translation>
    </message>
    <message>
        <source>Measuring</source>
        <translation>計測中</translation>
    </message>
    <message>
        <source>Recording features</source>
        <translation>特徴量を記録中</translation>
    </message>
    <message>
        <source>Fitting heads</source>
        <translation>終了ヘッドを学習中</translation>
    </message>
    <message>
        <source>Running all exits</source>
        <translation>すべての終了点を実行中</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>シード</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>プロンプト</translation>
    </message>
    <message>
        <source>Pass %1 with those before it: %2</source>
        <translation>パス %1 累積: %2</translation>
    </message>
    <message>
        <source>Pass %1 alone: %2</source>
        <translation>パス %1 単独: %2</translation>
    </message>
    <message>
        <source>Pass %1 left out: %2</source>
        <translation>パス %1 除外: %2</translation>
    </message>
    <message>
        <source>Pass %1</source>
        <translation>パス %1</translation>
    </message>
</context>
<context>
    <name>ExitWords</name>
    <message>
        <source>never</source>
        <translation>終了しない</translation>
    </message>
    <message>
        <source>margin ≥ %1</source>
        <translation>差 ≥ %1</translation>
    </message>
    <message>
        <source>entropy ≤ %1</source>
        <translation>エントロピー ≤ %1</translation>
    </message>
    <message>
        <source>change ≤ %1</source>
        <translation>変化 ≤ %1</translation>
    </message>
    <message>
        <source>%1: %2 of %3, at most %4 (limit %5)</source>
        <translation>%1: %3 件中 %2 件、上界 %4（上限 %5）</translation>
    </message>
    <message>
        <source>mean %1, p95 %2, worst %3 ms; full model: mean %4, p95 %5, worst %6 ms</source>
        <translation>平均 %1、p95 %2、最悪 %3 ms。全体のモデル: 平均 %4、p95 %5、最悪 %6 ms</translation>
    </message>
    <message>
        <source>Drift: not watched; name data to watch.</source>
        <translation>ドリフト: 監視していません。監視するデータを指定してください。</translation>
    </message>
    <message>
        <source>✓ Drift: %1 samples, the calibration holds.</source>
        <translation>✓ ドリフト: %1 件、較正は有効です。</translation>
    </message>
    <message>
        <source>× Drift: from sample %1 of %2 on the calibration no longer holds: %3. The full model answered %4.</source>
        <translation>× ドリフト: %2 件中 %1 件目から較正が成り立ちません: %3。%4 件は全体のモデルが答えました。</translation>
    </message>
    <message>
        <source>answers the rest</source>
        <translation>残りすべて</translation>
    </message>
    <message>
        <source>%1 agree with the full model, expected %2 ms of %3 ms (%4 test samples)</source>
        <translation>%1 が全体のモデルと一致、期待値 %2 ms（全体 %3 ms、試験データ %4 件）</translation>
    </message>
    <message>
        <source>Static plan: nothing leaves.</source>
        <translation>静的プラン: 早期終了なし。</translation>
    </message>
    <message>
        <source>✓ Certified:</source>
        <translation>✓ 保証済み:</translation>
    </message>
    <message>
        <source>△ Not certified, explored only:</source>
        <translation>△ 保証なし、探索のみ:</translation>
    </message>
    <message>
        <source>Data: %1. Certified on %2 with probability %3, tested on %4 others.</source>
        <translation>データ: %1。%2 件で確率 %3 の保証、別の %4 件で試験。</translation>
    </message>
    <message>
        <source>Measured with the thresholds of the slider.</source>
        <translation>スライダーのしきい値で計測。</translation>
    </message>
    <message>
        <source>× Nothing could be certified: the full model answers.</source>
        <translation>× 保証できるものがなく、全体のモデルが答えます。</translation>
    </message>
    <message>
        <source>Accuracy %1, full model %2</source>
        <translation>正解率 %1、全体のモデル %2</translation>
    </message>
    <message>
        <source>Batch %1, measured: %2 %3× the speed of the full model (%4 … %5); an input that never leaves takes %6× its time</source>
        <translation>バッチ %1、実測: %2 全体のモデルの %3 倍の速さ（%4 … %5）。最後まで終了しない入力の時間は %6 倍</translation>
    </message>
    <message>
        <source>▼ Faster,</source>
        <translation>▼ 速い、</translation>
    </message>
    <message>
        <source>▲ Slower,</source>
        <translation>▲ 遅い、</translation>
    </message>
    <message>
        <source>? Undecided,</source>
        <translation>? 判定不能、</translation>
    </message>
</context>
<context>
    <name>Family</name>
    <message>
        <source>contraction</source>
        <translation>縮約</translation>
    </message>
    <message>
        <source>norm</source>
        <translation>正規化</translation>
    </message>
    <message>
        <source>softmax</source>
        <translation>softmax</translation>
    </message>
    <message>
        <source>elementwise</source>
        <translation>要素ごと</translation>
    </message>
    <message>
        <source>layout</source>
        <translation>レイアウト</translation>
    </message>
    <message>
        <source>movement</source>
        <translation>移動</translation>
    </message>
    <message>
        <source>control</source>
        <translation>制御</translation>
    </message>
    <message>
        <source>other</source>
        <translation>その他</translation>
    </message>
</context>
<context>
    <name>Frames</name>
    <message>
        <source>by hand</source>
        <translation>手動</translation>
    </message>
</context>
<context>
    <name>GraphExport</name>
    <message>
        <source>Cannot write &apos;%1&apos;: end its name in .svg or .png.</source>
        <translation>「%1」に書き込めません: 名前の末尾を .svg か .png にします。</translation>
    </message>
    <message>
        <source>Cannot write &apos;%1&apos;: %2.</source>
        <translation>「%1」に書き込めません: %2</translation>
    </message>
    <message>
        <source>out of memory</source>
        <translation>メモリ不足</translation>
    </message>
</context>
<context>
    <name>Heat</name>
    <message>
        <source>ms</source>
        <translation>ms</translation>
    </message>
</context>
<context>
    <name>MeasuredWords</name>
    <message>
        <source>Measured %1</source>
        <translation>計測済み %1</translation>
    </message>
    <message numerus="yes">
        <source>%n blocks × A/B, interleaved</source>
        <translation>
            <numerusform>%n ブロック × A/B、交互</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>%1 / %2 cores</source>
        <translation>%1 / %2 コア</translation>
    </message>
    <message>
        <source>load %1</source>
        <translation>負荷 %1</translation>
    </message>
    <message>
        <source>A/A false alarms %1 of %2</source>
        <translation>A/A 誤検出 %1 / %2 回</translation>
    </message>
</context>
<context>
    <name>MemoryTimeline</name>
    <message>
        <source>activations</source>
        <translation>中間テンソル</translation>
    </message>
    <message>
        <source>moved copies</source>
        <translation>並べ替えコピー</translation>
    </message>
    <message>
        <source>all others</source>
        <translation>その他すべて</translation>
    </message>
    <message>
        <source>workspace</source>
        <translation>作業領域</translation>
    </message>
</context>
<context>
    <name>Overlay</name>
    <message>
        <source>%1: %2 of %3 names are operators of this model, %4 ms there (%5)</source>
        <translation>%1: %3 個の名前のうち %2 個がこのモデルの演算、計 %4 ms (%5)</translation>
    </message>
</context>
<context>
    <name>PictureMenu</name>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>× Cannot write %1: %2</source>
        <translation>× %1 に書き込めません: %2</translation>
    </message>
    <message>
        <source>Copy the picture</source>
        <translation>図のコピー</translation>
    </message>
    <message>
        <source>Save the picture as SVG or PNG…</source>
        <translation>図を SVG または PNG で保存…</translation>
    </message>
</context>
<context>
    <name>Problems</name>
    <message>
        <source>Cannot run %1 (opset %2): %3</source>
        <translation>%1（opset %2）を実行できません: %3</translation>
    </message>
    <message>
        <source>The model opens but cannot be measured.</source>
        <translation>モデルは開けますが、計測はできません。</translation>
    </message>
    <message>
        <source>Pass %1 breaks outputs and was left out</source>
        <translation>パス %1 は出力を壊すため除外しました</translation>
    </message>
    <message>
        <source>The rest was measured without it.</source>
        <translation>残りはこのパスなしで計測しました。</translation>
    </message>
    <message>
        <source>Outputs differ because of %1</source>
        <translation>%1 が原因で出力が不一致です</translation>
    </message>
    <message>
        <source>Outputs differ beyond the tolerance</source>
        <translation>出力が許容誤差を超えて不一致です</translation>
    </message>
    <message>
        <source>Look at the passes that round or skip.</source>
        <translation>丸めや省略を行うパスを確認します。</translation>
    </message>
    <message>
        <source>Requirement not met: %1</source>
        <translation>要件を満たしません: %1</translation>
    </message>
    <message>
        <source>measured %1</source>
        <translation>実測 %1</translation>
    </message>
    <message>
        <source>no value</source>
        <translation>値なし</translation>
    </message>
    <message>
        <source>this machine</source>
        <translation>この環境</translation>
    </message>
    <message>
        <source>Measure again when it is quiet.</source>
        <translation>負荷が下がってから計測し直します。</translation>
    </message>
    <message>
        <source>The measurement was cancelled: results are partial</source>
        <translation>計測を中止しました: 途中結果です</translation>
    </message>
    <message>
        <source>F5 measures again.</source>
        <translation>F5 で再び計測します。</translation>
    </message>
    <message>
        <source>Slower way for %1: %2</source>
        <translation>%1 は遅い経路で実行: %2</translation>
    </message>
    <message>
        <source>The last result stays. F5 measures again.</source>
        <translation>前回の結果は残ります。F5 で再び計測します。</translation>
    </message>
    <message>
        <source>Switch this site off, or extract it (Ctrl+Shift+X).</source>
        <translation>この箇所をオフにするか、切り出してください (Ctrl+Shift+X)。</translation>
    </message>
    <message>
        <source>Choose other values in Inputs (Ctrl+Alt+I).</source>
        <translation>「入力」で別の値を選んでください (Ctrl+Alt+I)。</translation>
    </message>
    <message>
        <source>Switch it off: the model is faster without it.</source>
        <translation>オフにすると速くなります。</translation>
    </message>
    <message>
        <source>Slower because of %1 (pass %2)</source>
        <translation>%1 が原因で遅くなっています（パス %2）</translation>
    </message>
    <message>
        <source>Slower because of pass %1 as a whole</source>
        <translation>パス %1 全体が原因で遅くなっています</translation>
    </message>
    <message>
        <source>Bisected: no rule or site slows the model or breaks outputs</source>
        <translation>二分探索の結果: 遅くする、または出力を壊す規則・箇所はありません</translation>
    </message>
    <message>
        <source>recipe %1</source>
        <translation>レシピ %1</translation>
    </message>
</context>
<context>
    <name>ReasonWords</name>
    <message>
        <source>en</source>
        <comment>the language of reports: en or ja</comment>
        <translation>ja</translation>
    </message>
</context>
<context>
    <name>RecipeText</name>
    <message>
        <source>There is no recipe in it.</source>
        <translation>レシピが含まれていません。</translation>
    </message>
    <message>
        <source>There is no pass or rule named %1.</source>
        <translation>%1 というパスや規則はありません。</translation>
    </message>
</context>
<context>
    <name>SelectionFacts</name>
    <message>
        <source>ms</source>
        <translation>ms</translation>
    </message>
    <message>
        <source>= same</source>
        <translation>= 同等</translation>
    </message>
    <message>
        <source>fused %1 → 1</source>
        <translation>融合 %1 → 1</translation>
    </message>
    <message>
        <source>Bytes moved</source>
        <translation>移動バイト数</translation>
    </message>
    <message>
        <source>%1 read, %2 written</source>
        <translation>読み出し %1、書き込み %2</translation>
    </message>
    <message>
        <source>%1 GFLOP/s</source>
        <translation>%1 GFLOP/s</translation>
    </message>
    <message>
        <source>%1 GB/s</source>
        <translation>%1 GB/s</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>速度</translation>
    </message>
    <message>
        <source>Kernel</source>
        <translation>カーネル</translation>
    </message>
    <message>
        <source>Why not faster</source>
        <translation>高速でない理由</translation>
    </message>
    <message>
        <source>Made by</source>
        <translation>適用規則</translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation>ほか %1 件</translation>
    </message>
    <message>
        <source>Made from %1 operators</source>
        <translation>元の演算子 %1 個</translation>
    </message>
    <message>
        <source>steps %1–%2</source>
        <translation>ステップ %1–%2</translation>
    </message>
    <message>
        <source>Tensors alive, MiB</source>
        <translation>生存テンソル、MiB</translation>
    </message>
    <message>
        <source>%1 operators in %2 kernels</source>
        <translation>演算子 %1 個、カーネル %2 個</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>型</translation>
    </message>
    <message>
        <source>Inputs</source>
        <translation>入力</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>出力</translation>
    </message>
    <message>
        <source>Scope</source>
        <translation>スコープ</translation>
    </message>
    <message>
        <source>Attributes</source>
        <translation>属性</translation>
    </message>
    <message>
        <source>Cannot run</source>
        <translation>実行できません</translation>
    </message>
</context>
<context>
    <name>SessionFile</name>
    <message>
        <source>Cannot write %1: %2</source>
        <translation>%1 に書き込めません: %2</translation>
    </message>
    <message>
        <source>Cannot read %1: %2</source>
        <translation>%1 を読み込めません: %2</translation>
    </message>
    <message>
        <source>%1 is no Kasuri session: open the model with Ctrl+O instead.</source>
        <translation>%1 は Kasuri のセッションではありません。Ctrl+O でモデルを開きます。</translation>
    </message>
</context>
<context>
    <name>StartPage</name>
    <message>
        <source>Cannot write %1: %2</source>
        <translation>%1 を書き込めません: %2</translation>
    </message>
</context>
<context>
    <name>StepHistogram</name>
    <message>
        <source>before</source>
        <translation>前</translation>
    </message>
    <message>
        <source>after</source>
        <translation>後</translation>
    </message>
    <message>
        <source>%1: %2 runs, %3 … %4 ms</source>
        <translation>%1: %2 回、%3 … %4 ms</translation>
    </message>
    <message>
        <source>ms</source>
        <translation>ms</translation>
    </message>
    <message numerus="yes">
        <source> (%n slower than shown)</source>
        <translation>
            <numerusform>（表示範囲より遅い %n 回）</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Twin</name>
    <message>
        <source>before</source>
        <translation>前</translation>
    </message>
    <message>
        <source>after</source>
        <translation>後</translation>
    </message>
    <message>
        <source>Side</source>
        <translation>側</translation>
    </message>
    <message>
        <source>ms</source>
        <translation>ms</translation>
    </message>
    <message>
        <source>Outlier</source>
        <translation>外れ値</translation>
    </message>
    <message>
        <source>outlier</source>
        <translation>外れ値</translation>
    </message>
    <message>
        <source>Tensor</source>
        <translation>テンソル</translation>
    </message>
    <message>
        <source>Birth, step</source>
        <translation>生成（ステップ）</translation>
    </message>
    <message>
        <source>Death, step</source>
        <translation>解放（ステップ）</translation>
    </message>
    <message>
        <source>Offset, bytes</source>
        <translation>オフセット（バイト）</translation>
    </message>
    <message>
        <source>Size, bytes</source>
        <translation>サイズ（バイト）</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>実行</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>ブロック</translation>
    </message>
</context>
<context>
    <name>VerdictWords</name>
    <message>
        <source>faster</source>
        <translation>速い</translation>
    </message>
    <message>
        <source>slower</source>
        <translation>遅い</translation>
    </message>
    <message>
        <source>same</source>
        <translation>同等</translation>
    </message>
    <message>
        <source>undecided</source>
        <translation>判定不能</translation>
    </message>
    <message>
        <source>broken</source>
        <translation>出力不一致</translation>
    </message>
    <message>
        <source>equal</source>
        <translation>一致</translation>
    </message>
    <message>
        <source>within tolerance</source>
        <translation>許容誤差内</translation>
    </message>
    <message>
        <source>unchecked</source>
        <translation>未検査</translation>
    </message>
</context>
<context>
    <name>Waterfall</name>
    <message>
        <source>× outputs differ</source>
        <translation>× 出力が不一致</translation>
    </message>
    <message>
        <source>= same</source>
        <translation>= 同等</translation>
    </message>
    <message>
        <source>? undecided</source>
        <translation>? 判定不能</translation>
    </message>
    <message>
        <source>rest</source>
        <translation>残り</translation>
    </message>
    <message>
        <source>Effect of each pass   chained ratios, ms</source>
        <translation>パスごとの効果   比の連鎖、ms</translation>
    </message>
    <message>
        <source>Each pass was timed in pairs, with it and without it, after those before it. Its ratio times the latency that is left gives its bar, so that the bars lead from before to after; the rest is what the pairs do not explain.</source>
        <translation>各パスは、先行するパスに続けて有無の対で計測しました。その比を残りのレイテンシに掛けたものが棒で、棒は前から後へつながります。残りは対では説明できない分です。</translation>
    </message>
</context>
<context>
    <name>kasuri::app::AdvicePanel</name>
    <message>
        <source>× outputs differ</source>
        <translation>× 出力が不一致</translation>
    </message>
    <message>
        <source>= same</source>
        <translation>= 同等</translation>
    </message>
    <message>
        <source>? undecided</source>
        <translation>? 判定不能</translation>
    </message>
    <message>
        <source>Not measured yet: F5 shows how good the estimate is.</source>
        <translation>未計測です: F5 で計測すると推定の良さがわかります。</translation>
    </message>
    <message>
        <source>Estimated %1, measured %2 (before: ≈ %3 ms, measured %4 ms).</source>
        <translation>推定 %1、実測 %2（前: ≈ %3 ms、実測 %4 ms）。</translation>
    </message>
    <message>
        <source>Pass</source>
        <translation>パス</translation>
    </message>
    <message>
        <source>Estimate ms</source>
        <translation>推定 ms</translation>
    </message>
    <message>
        <source>Measured ms</source>
        <translation>実測 ms</translation>
    </message>
    <message>
        <source>Arena</source>
        <translation>中間テンソル領域</translation>
    </message>
    <message>
        <source>Sites</source>
        <translation>箇所</translation>
    </message>
    <message>
        <source>Advice</source>
        <translation>助言</translation>
    </message>
    <message>
        <source>Queries per day</source>
        <translation>1 日の問い合わせ数</translation>
    </message>
    <message>
        <source>Cost of a machine per hour</source>
        <translation>機械 1 時間の費用</translation>
    </message>
    <message>
        <source>Hours of work to adopt</source>
        <translation>導入の作業時間</translation>
    </message>
    <message>
        <source>Cost of such an hour</source>
        <translation>作業 1 時間の費用</translation>
    </message>
    <message>
        <source>Estimate</source>
        <translation>推定</translation>
    </message>
    <message>
        <source>No estimate yet. Estimate works it out from the rates of this machine, without running the model.</source>
        <translation>推定はまだありません。「推定」はモデルを実行せず、この環境の性能値から算出します。</translation>
    </message>
    <message>
        <source>No model open. Ctrl+O opens one.</source>
        <translation>モデルが開かれていません。Ctrl+O で開きます。</translation>
    </message>
    <message>
        <source>≈ %1 → %2 ms, estimated; arena %3 → %4</source>
        <translation>≈ %1 → %2 ms（推定）、中間テンソル領域 %3 → %4</translation>
    </message>
    <message>
        <source>The recipe changed: this is of %1.</source>
        <translation>レシピが変わりました: これは %1 のものです。</translation>
    </message>
    <message>
        <source>– No go: neither time nor memory promises 5 %; single kernels that the recipe leaves as they are bound this model.</source>
        <translation>– 見送り: 時間もメモリも 5 % の改善を見込めません。レシピが変えない個々のカーネルが支配的です。</translation>
    </message>
    <message>
        <source>→ Go: about %1 % less time and %2 % less arena to expect; F5 measures.</source>
        <translation>→ 実施: 時間は約 %1 %、中間テンソル領域は約 %2 % の削減が見込めます。F5 で計測します。</translation>
    </message>
    <message>
        <source>Shown</source>
        <translation>示すこと</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状態</translation>
    </message>
    <message>
        <source>PoC checklist</source>
        <translation>PoC チェックリスト</translation>
    </message>
    <message>
        <source>Passes</source>
        <translation>パス</translation>
    </message>
    <message>
        <source>Payback</source>
        <translation>回収</translation>
    </message>
    <message>
        <source>That run all day for this work; without, hours are paid as used</source>
        <translation>この処理のために終日稼働する台数。空欄なら使った時間だけの費用とします</translation>
    </message>
    <message>
        <source>Machines</source>
        <translation>機械の台数</translation>
    </message>
</context>
<context>
    <name>kasuri::app::Checklist</name>
    <message>
        <source>Machine was quiet</source>
        <translation>他の負荷なし</translation>
    </message>
    <message>
        <source>no warning</source>
        <translation>警告なし</translation>
    </message>
    <message>
        <source>F5 measures.</source>
        <translation>F5 で計測します。</translation>
    </message>
    <message>
        <source>see Problems (Ctrl+9)</source>
        <translation>問題 (Ctrl+9) を参照</translation>
    </message>
    <message>
        <source>Payback known</source>
        <translation>回収期間の把握</translation>
    </message>
    <message>
        <source>figures given</source>
        <translation>数値入力済み</translation>
    </message>
    <message>
        <source>Give the figures under Payback.</source>
        <translation>「回収」に数値を入力します。</translation>
    </message>
    <message>
        <source>Requirement stated</source>
        <translation>要件の明示</translation>
    </message>
    <message>
        <source>Write it in Sides (Ctrl+Alt+S): p90&lt;=100ms; rss&lt;=512MiB.</source>
        <translation>比較対象 (Ctrl+Alt+S) に書きます: p90&lt;=100ms; rss&lt;=512MiB。</translation>
    </message>
    <message>
        <source>Real inputs</source>
        <translation>実際の入力</translation>
    </message>
    <message>
        <source>Choose files in Inputs (Ctrl+Alt+I).</source>
        <translation>入力 (Ctrl+Alt+I) でファイルを選びます。</translation>
    </message>
    <message>
        <source>Before and after measured</source>
        <translation>前後の実測</translation>
    </message>
    <message>
        <source>Outputs checked</source>
        <translation>出力の検証</translation>
    </message>
    <message>
        <source>Requirement met</source>
        <translation>要件の充足</translation>
    </message>
    <message>
        <source>State one and measure.</source>
        <translation>要件を書いて計測します。</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%2 件中 %1 件</translation>
    </message>
    <message>
        <source>Beside today&apos;s runtime</source>
        <translation>現在の実行環境との比較</translation>
    </message>
    <message>
        <source>“What runs today” in Sides (Ctrl+Alt+S).</source>
        <translation>比較対象 (Ctrl+Alt+S) の「現在の実行環境」。</translation>
    </message>
    <message>
        <source>Fits the target&apos;s memory</source>
        <translation>対象機のメモリに収まる</translation>
    </message>
    <message>
        <source>Require box&lt;=512MiB in Sides.</source>
        <translation>比較対象で box&lt;=512MiB を要件にします。</translation>
    </message>
    <message>
        <source>from files</source>
        <translation>ファイルから</translation>
    </message>
</context>
<context>
    <name>kasuri::app::CommandPalette</name>
    <message>
        <source>Command palette</source>
        <translation>コマンドパレット</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>候補</translation>
    </message>
    <message>
        <source>Action, operator or tensor</source>
        <translation>操作・演算子・テンソル</translation>
    </message>
</context>
<context>
    <name>kasuri::app::DimsBar</name>
    <message>
        <source>Dynamic dimensions</source>
        <translation>動的な次元</translation>
    </message>
    <message>
        <source>Dimensions</source>
        <translation>次元</translation>
    </message>
    <message>
        <source>%1 (default)</source>
        <translation>%1（既定）</translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation>ほか %1 個</translation>
    </message>
</context>
<context>
    <name>kasuri::app::Document</name>
    <message>
        <source>Opening %1</source>
        <translation>%1 を開いています</translation>
    </message>
    <message>
        <source>The comparison has no result.</source>
        <translation>比較の結果がありません。</translation>
    </message>
    <message>
        <source>Nothing to export. Ctrl+O opens a model.</source>
        <translation>書き出すものがありません。Ctrl+O でモデルを開きます。</translation>
    </message>
    <message>
        <source>Nothing measured yet. F5 measures, then the report can be written.</source>
        <translation>まだ計測していません。F5 で計測すると、レポートを書き出せます。</translation>
    </message>
    <message>
        <source>Cannot write %1: %2</source>
        <translation>%1 に書き込めません: %2</translation>
    </message>
    <message>
        <source>switch on %1</source>
        <translation>%1 を有効化</translation>
    </message>
    <message>
        <source>switch off %1</source>
        <translation>%1 を無効化</translation>
    </message>
    <message>
        <source>%1 may change bits of the outputs and is locked out. Ctrl+L unlocks.</source>
        <translation>%1 は出力のビットを変える可能性があるため禁止されています。Ctrl+L で解除します。</translation>
    </message>
    <message>
        <source>Cancelled. Ctrl+O opens a model.</source>
        <translation>中止しました。Ctrl+O でモデルを開きます。</translation>
    </message>
    <message>
        <source>Cancelled. The graph still shows %1; F5 or a switch plans again.</source>
        <translation>中止しました。グラフは %1 のままです。F5 か切り替えで計画し直します。</translation>
    </message>
    <message>
        <source>A measurement runs. Esc cancels it.</source>
        <translation>計測中です。Esc で中止します。</translation>
    </message>
    <message>
        <source>Starting the sides</source>
        <translation>比較対象を準備しています</translation>
    </message>
    <message>
        <source>Cancelled before the first result.</source>
        <translation>最初の結果の前に中止しました。</translation>
    </message>
    <message>
        <source>Cancelled: what was measured until then is shown.</source>
        <translation>中止しました: そこまでの計測結果を表示しています。</translation>
    </message>
    <message>
        <source>%1 is the open model and is never written over. Choose another name.</source>
        <translation>%1 は開いているモデルです。上書きはしません。別の名前にします。</translation>
    </message>
    <message>
        <source>Nothing selected. Click an operator first.</source>
        <translation>何も選択されていません。先に演算子をクリックしてください。</translation>
    </message>
    <message numerus="yes">
        <source>Extracting %n operators</source>
        <translation>
            <numerusform>%n 個の演算子を切り出しています</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 is of another model: none of its names is an operator of this one.</source>
        <translation>%1 は別のモデルのものです。このモデルの演算と一致する名前がありません。</translation>
    </message>
    <message>
        <source>A profile is being laid over the model. Esc cancels it.</source>
        <translation>プロファイルを重ねています。Esc で中止します。</translation>
    </message>
</context>
<context>
    <name>kasuri::app::DynamicPanel</name>
    <message>
        <source>What</source>
        <translation>項目</translation>
    </message>
    <message>
        <source>Evaluations</source>
        <translation>評価回数</translation>
    </message>
    <message>
        <source>ms</source>
        <translation>ms</translation>
    </message>
    <message>
        <source>PSNR dB</source>
        <translation>PSNR dB</translation>
    </message>
    <message>
        <source>SSIM</source>
        <translation>SSIM</translation>
    </message>
    <message>
        <source>Worst tenth</source>
        <translation>下位 1 割</translation>
    </message>
    <message>
        <source>Dynamic execution</source>
        <translation>動的実行</translation>
    </message>
    <message>
        <source>Prompts at most</source>
        <translation>プロンプト数の上限</translation>
    </message>
    <message>
        <source>New tokens</source>
        <translation>新しいトークン</translation>
    </message>
    <message>
        <source>Proposed at once</source>
        <translation>一度の提案数</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>ステップ</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>画像数</translation>
    </message>
    <message>
        <source>Run beside the plain way</source>
        <translation>単純な方法と並べて実行</translation>
    </message>
    <message>
        <source>Decoding with a draft</source>
        <translation>下書き付きデコード</translation>
    </message>
    <message>
        <source>Denoising steps</source>
        <translation>ノイズ除去ステップ</translation>
    </message>
    <message>
        <source>Kind of model</source>
        <translation>モデルの種類</translation>
    </message>
    <message>
        <source>Draft</source>
        <translation>下書き</translation>
    </message>
    <message>
        <source>lookup, an ONNX file, or early:VALUE (this model up to a value)</source>
        <translation>lookup、ONNX ファイル、または early:値（このモデルの途中の値まで）</translation>
    </message>
    <message>
        <source>prompts.json or prompts.json:KEY</source>
        <translation>prompts.json または prompts.json:KEY</translation>
    </message>
    <message>
        <source>Prompts</source>
        <translation>プロンプト</translation>
    </message>
    <message>
        <source>at most</source>
        <translation>最大</translation>
    </message>
    <message>
        <source>schedule.json</source>
        <translation>schedule.json</translation>
    </message>
    <message>
        <source>Noise schedule</source>
        <translation>ノイズスケジュール</translation>
    </message>
    <message>
        <source>Fixed steps beside it</source>
        <translation>並べる固定ステップ</translation>
    </message>
    <message>
        <source>Error a skip may make</source>
        <translation>省略の許容誤差</translation>
    </message>
    <message>
        <source>No model open. Ctrl+O opens one.</source>
        <translation>モデルが開かれていません。Ctrl+O で開きます。</translation>
    </message>
    <message>
        <source>For decoders and denoisers: nothing run yet. Name the prompts or the schedule; the plain way always runs beside it.</source>
        <translation>デコーダーとノイズ除去モデル用。まだ実行していません。プロンプトまたはスケジュールを指定してください。単純な方法も必ず並べて実行します。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>中止</translation>
    </message>
    <message>
        <source>▼ Faster: %1× the tokens per second of plain decoding; the formula with these costs allows %2×</source>
        <translation>▼ 速い: 毎秒トークン数は通常のデコードの %1 倍。計測したコストによる式の上限は %2 倍</translation>
    </message>
    <message>
        <source>= Same as plain decoding (%1×): drafting does not pay here and is switched off most of the time</source>
        <translation>= 通常のデコードと同等（%1 倍）: ここでは下書きの効果がなく、ほとんどの間オフになります</translation>
    </message>
    <message>
        <source>▲ Slower than plain decoding (%1×)</source>
        <translation>▲ 通常のデコードより遅い（%1 倍）</translation>
    </message>
    <message>
        <source>Tokens are drawn: the distribution is that of plain decoding.</source>
        <translation>トークンは抽出され、分布は通常のデコードと同じです。</translation>
    </message>
    <message>
        <source>%1 of %2 texts equal plain decoding token by token</source>
        <translation>%2 件中 %1 件が通常のデコードと全トークン一致</translation>
    </message>
    <message>
        <source>Draft %1: %2 tokens per pass, %3 % of %4 proposed tokens accepted</source>
        <translation>下書き %1: 1 回あたり %2 トークン、提案 %4 トークンの %3 % を採択</translation>
    </message>
    <message>
        <source>%1 tokens/s, plain %2; first token after %3 ms</source>
        <translation>毎秒 %1 トークン、通常 %2。最初のトークンまで %3 ms</translation>
    </message>
    <message numerus="yes">
        <source>passes with %n accepted tokens</source>
        <translation>
            <numerusform>採択 %n トークンの回数</numerusform>
        </translation>
    </message>
    <message>
        <source>? No plain way that asks the network as seldom was compared with.</source>
        <translation>? 同じ程度にしかネットワークを呼ばない単純な方法と比べていません。</translation>
    </message>
    <message>
        <source>= ‘%1’ does as well: deciding by the image is not worth it here</source>
        <translation>= ‘%1’ が同等です。ここでは画像による判断に効果はありません</translation>
    </message>
    <message>
        <source>✓ Better than the best plain way at the cost, ‘%1’</source>
        <translation>✓ 同じコストで最良の単純な方法 ‘%1’ より優れています</translation>
    </message>
    <message numerus="yes">
        <source>SSIM differs by %1 (%2 … %3), %n images</source>
        <translation>
            <numerusform>SSIM の差 %1（%2 … %3）、画像 %n 枚</numerusform>
        </translation>
    </message>
    <message>
        <source>? Undecided with so few images: ‘%1’ may do as well</source>
        <translation>? 画像が少なく判定不能: ‘%1’ が同等の可能性があります</translation>
    </message>
    <message>
        <source>Passes</source>
        <translation>推論回数</translation>
    </message>
    <message>
        <source>Share %</source>
        <translation>割合 %</translation>
    </message>
</context>
<context>
    <name>kasuri::app::EarlyExitPanel</name>
    <message>
        <source>Largest loss</source>
        <translation>損失の上限</translation>
    </message>
    <message>
        <source>Risk of being wrong about it</source>
        <translation>その保証が外れる確率</translation>
    </message>
    <message>
        <source>Fit heads</source>
        <translation>ヘッドを当てはめる</translation>
    </message>
    <message>
        <source>Certify and measure</source>
        <translation>保証と計測</translation>
    </message>
    <message>
        <source>Measure here</source>
        <translation>ここで計測</translation>
    </message>
    <message>
        <source>Export ONNX…</source>
        <translation>ONNX の書き出し…</translation>
    </message>
    <message>
        <source>Exit</source>
        <translation>出口</translation>
    </message>
    <message>
        <source>Leaves where</source>
        <translation>終了の条件</translation>
    </message>
    <message>
        <source>Left here</source>
        <translation>ここで終了</translation>
    </message>
    <message>
        <source>Reached after</source>
        <translation>到達時間</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>重み</translation>
    </message>
    <message>
        <source>Arena</source>
        <translation>中間領域</translation>
    </message>
    <message>
        <source>Exits</source>
        <translation>出口</translation>
    </message>
    <message>
        <source>Export with exits</source>
        <translation>出口付きで書き出し</translation>
    </message>
    <message>
        <source>samples.npz, .npy, .pb or a folder</source>
        <translation>samples.npz、.npy、.pb またはフォルダー</translation>
    </message>
    <message>
        <source>Data to certify on</source>
        <translation>保証に使うデータ</translation>
    </message>
    <message>
        <source>none</source>
        <translation>なし</translation>
    </message>
    <message>
        <source>Data to watch for drift</source>
        <translation>ドリフト監視のデータ</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>データ</translation>
    </message>
    <message>
        <source>Watch for drift</source>
        <translation>ドリフト監視</translation>
    </message>
    <message>
        <source>largest probability</source>
        <translation>最大確率</translation>
    </message>
    <message>
        <source>entropy</source>
        <translation>エントロピー</translation>
    </message>
    <message>
        <source>top-2 margin</source>
        <translation>上位 2 つの差</translation>
    </message>
    <message>
        <source>saturation</source>
        <translation>飽和</translation>
    </message>
    <message>
        <source>Gate</source>
        <translation>判定</translation>
    </message>
    <message>
        <source>For models that have no exit heads: fitted to the full model&apos;s answers</source>
        <translation>出口のないモデル用。全体のモデルの答えに当てはめます</translation>
    </message>
    <message>
        <source>Limits per class</source>
        <translation>クラスごとの上限</translation>
    </message>
    <message>
        <source>Loss at most</source>
        <translation>損失の上限</translation>
    </message>
    <message>
        <source>but with probability</source>
        <translation>例外の確率</translation>
    </message>
    <message>
        <source>Thresholds, from careful to bold</source>
        <translation>しきい値（慎重から大胆へ）</translation>
    </message>
    <message>
        <source>Name the data first.</source>
        <translation>先にデータを指定してください。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>中止</translation>
    </message>
    <message>
        <source>The engine gave no exits.</source>
        <translation>エンジンから出口の結果がありませんでした。</translation>
    </message>
    <message>
        <source>use the certified exits</source>
        <translation>保証された出口を使う</translation>
    </message>
    <message>
        <source>move the exit thresholds</source>
        <translation>出口のしきい値を動かす</translation>
    </message>
    <message>
        <source>No model open. Ctrl+O opens one.</source>
        <translation>モデルが開かれていません。Ctrl+O で開きます。</translation>
    </message>
    <message>
        <source>Inputs that are easy leave early. What that risks is certified on data of yours, never guessed.</source>
        <translation>易しい入力は早く終了します。そのリスクは推測ではなく、お手元のデータで保証します。</translation>
    </message>
    <message>
        <source>The recipe changed: this is of %1.</source>
        <translation>レシピが変わりました。これは %1 の結果です。</translation>
    </message>
</context>
<context>
    <name>kasuri::app::EngineProcess</name>
    <message>
        <source>Cannot start &apos;%1&apos;.</source>
        <translation>「%1」を起動できません。</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>中止しました。</translation>
    </message>
    <message>
        <source>The measuring process ended unexpectedly. The model and your toggles are unchanged; F5 measures again.</source>
        <translation>計測プロセスが予期せず終了しました。モデルと設定はそのままです。F5 で再び計測します。</translation>
    </message>
    <message>
        <source>The engine gave no answer (exit code %1).</source>
        <translation>エンジンから応答がありません（終了コード %1）。</translation>
    </message>
    <message>
        <source>%1, %2 s left</source>
        <translation>%1、残り %2 秒</translation>
    </message>
</context>
<context>
    <name>kasuri::app::ExitHistogram</name>
    <message>
        <source>Share of samples by exit</source>
        <translation>出口ごとのデータの割合</translation>
    </message>
    <message>
        <source>Nothing certified yet. Name the data, then certify.</source>
        <translation>まだ保証されていません。データを指定して保証を実行してください。</translation>
    </message>
    <message>
        <source>full model</source>
        <translation>全体のモデル</translation>
    </message>
</context>
<context>
    <name>kasuri::app::FilterStrip</name>
    <message>
        <source>Filter</source>
        <translation>絞り込み</translation>
    </message>
    <message>
        <source>Show everything</source>
        <translation>すべて表示</translation>
    </message>
    <message numerus="yes">
        <source>Filtered: %1 · %n operators</source>
        <translation>
            <numerusform>絞り込み中: %1 · 演算子 %n 個</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kasuri::app::GraphAccess</name>
    <message>
        <source>%1 alike blocks, folded</source>
        <translation>同じブロック %1 個、折りたたみ</translation>
    </message>
    <message>
        <source>folded group of %1 items</source>
        <translation>%1 項目のグループ、折りたたみ</translation>
    </message>
    <message>
        <source>operator</source>
        <translation>演算子</translation>
    </message>
    <message>
        <source>kernel of %1 operators</source>
        <translation>演算子 %1 個のカーネル</translation>
    </message>
    <message>
        <source>kernel</source>
        <translation>カーネル</translation>
    </message>
    <message>
        <source>unchanged</source>
        <translation>変更なし</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>変更</translation>
    </message>
    <message>
        <source>fused</source>
        <translation>融合</translation>
    </message>
    <message>
        <source>added</source>
        <translation>追加</translation>
    </message>
    <message>
        <source>removed</source>
        <translation>削除</translation>
    </message>
    <message>
        <source>after minus before %1</source>
        <translation>後 − 前 %1</translation>
    </message>
    <message>
        <source>%1 more</source>
        <translation>ほか %1 個</translation>
    </message>
    <message>
        <source>reads %1</source>
        <translation>入力元 %1</translation>
    </message>
    <message>
        <source>read by %1</source>
        <translation>出力先 %1</translation>
    </message>
    <message>
        <source>cannot run: %1</source>
        <translation>実行不可: %1</translation>
    </message>
    <message>
        <source>only a view</source>
        <translation>ビューのみ</translation>
    </message>
    <message>
        <source>%1, estimated</source>
        <translation>%1（推定）</translation>
    </message>
</context>
<context>
    <name>kasuri::app::GraphCanvas</name>
    <message>
        <source>Graph</source>
        <translation>グラフ</translation>
    </message>
    <message>
        <source>What is selected has no counterpart here.</source>
        <translation>選択したものに対応するものはこちらにありません。</translation>
    </message>
    <message>
        <source>Path from %1: select where it ends, then P.</source>
        <translation>%1 からの経路: 終点を選んで P を押します。</translation>
    </message>
    <message>
        <source>Nothing flows between the two.</source>
        <translation>両者の間に流れはありません。</translation>
    </message>
    <message>
        <source>%1 items between the two. P or Esc ends.</source>
        <translation>両者の間に %1 個。P か Esc で終わります。</translation>
    </message>
    <message>
        <source>From %1. Enter jumps there.</source>
        <translation>%1 から。Enter で移動します。</translation>
    </message>
</context>
<context>
    <name>kasuri::app::GraphPane</name>
    <message>
        <source>Graph before</source>
        <translation>前のグラフ</translation>
    </message>
    <message>
        <source>Graph after</source>
        <translation>後のグラフ</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>前</translation>
    </message>
    <message>
        <source>After</source>
        <translation>後</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>並列</translation>
    </message>
    <message>
        <source>Diff</source>
        <translation>差分</translation>
    </message>
    <message>
        <source>Heat: time</source>
        <translation>色: 時間</translation>
    </message>
    <message>
        <source>Heat: bytes</source>
        <translation>色: バイト数</translation>
    </message>
    <message>
        <source>Heat: share</source>
        <translation>色: 割合</translation>
    </message>
    <message>
        <source>Heat: delta</source>
        <translation>色: 差</translation>
    </message>
    <message>
        <source>Heat</source>
        <translation>色分け</translation>
    </message>
    <message>
        <source>Find operator, type, shape…   Ctrl+F</source>
        <translation>演算子・種類・形状を検索…   Ctrl+F</translation>
    </message>
    <message>
        <source>%1 hits</source>
        <translation>%1 件</translation>
    </message>
    <message>
        <source>No model open. Ctrl+O opens one, or drop a file here.</source>
        <translation>モデルが開かれていません。Ctrl+O で開くか、ファイルをここにドロップします。</translation>
    </message>
    <message>
        <source>Planning…</source>
        <translation>計画を作成中…</translation>
    </message>
    <message>
        <source>Words that all must hold: relu, type:Conv, name:encoder, scope:layer.3, shape:64,56, dtype:float16, attr:group=2, change:fused, /expression/, type:/^Re/, ms&gt;0.5, bytes:1MiB..8MiB, fused&gt;3. F3 goes to the next.</source>
        <translation>すべての語を満たすもの: relu、type:Conv、name:encoder、scope:layer.3、shape:64,56、dtype:float16、attr:group=2、change:fused、/正規表現/、type:/^Re/、ms&gt;0.5、bytes:1MiB..8MiB、fused&gt;3。F3 で次の候補へ移ります。</translation>
    </message>
    <message>
        <source>There is no graph to write. Ctrl+O opens a model.</source>
        <translation>書き出すグラフがありません。Ctrl+O でモデルを開きます。</translation>
    </message>
    <message>
        <source>Export the graph</source>
        <translation>グラフの書き出し</translation>
    </message>
    <message>
        <source>Drawing (*.svg);;Picture (*.png)</source>
        <translation>図面 (*.svg);;画像 (*.png)</translation>
    </message>
    <message>
        <source>Written: %1</source>
        <translation>書き出しました: %1</translation>
    </message>
    <message>
        <source>Show all blocks</source>
        <translation>すべてのブロックを表示</translation>
    </message>
    <message>
        <source>%1 has no source operators.</source>
        <translation>%1 に元の演算子はありません。</translation>
    </message>
    <message>
        <source>%1 ← %2 source operators</source>
        <translation>%1 ← 元の演算子 %2 個</translation>
    </message>
    <message>
        <source>%1 of %2 hits</source>
        <translation>%2 件中 %1 件目</translation>
    </message>
    <message>
        <source>%1 operators</source>
        <translation>演算子 %1 個</translation>
    </message>
    <message>
        <source>%1 kernels</source>
        <translation>カーネル %1 個</translation>
    </message>
    <message>
        <source>ms</source>
        <translation>ms</translation>
    </message>
    <message>
        <source>passes %1</source>
        <translation>パス %1</translation>
    </message>
    <message>
        <source>%1 operators → %2</source>
        <translation>演算子 %1 個 → %2</translation>
    </message>
    <message>
        <source>Heat: overlay</source>
        <translation>色: 重ね合わせ</translation>
    </message>
    <message numerus="yes">
        <source>%n operators</source>
        <translation>
            <numerusform>演算子 %n 個</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kasuri::app::HoverCard</name>
    <message>
        <source>Holds</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>%1 items</source>
        <translation>%1 個</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>種類</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名前</translation>
    </message>
    <message>
        <source>After − before</source>
        <translation>後 − 前</translation>
    </message>
    <message>
        <source>Heat</source>
        <translation>色分け</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>出力</translation>
    </message>
    <message>
        <source>Writes</source>
        <translation>出力</translation>
    </message>
    <message>
        <source>Made from</source>
        <translation>構成</translation>
    </message>
    <message>
        <source>%1 operators</source>
        <translation>演算子 %1 個</translation>
    </message>
    <message>
        <source>Backend</source>
        <translation>バックエンド</translation>
    </message>
    <message>
        <source>Attributes</source>
        <translation>属性</translation>
    </message>
    <message>
        <source>Scope</source>
        <translation>スコープ</translation>
    </message>
    <message>
        <source>Cannot run</source>
        <translation>実行不可</translation>
    </message>
    <message>
        <source>≈ %1, estimated</source>
        <translation>≈ %1（推定）</translation>
    </message>
    <message>
        <source>Copies</source>
        <translation>コピー</translation>
    </message>
    <message>
        <source>none: only a view</source>
        <translation>なし（ビューのみ）</translation>
    </message>
    <message>
        <source>Overlay</source>
        <translation>重ね合わせ</translation>
    </message>
    <message>
        <source>ms</source>
        <translation>ms</translation>
    </message>
</context>
<context>
    <name>kasuri::app::InputsPanel</name>
    <message>
        <source>Input</source>
        <translation>入力</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>型</translation>
    </message>
    <message>
        <source>Values</source>
        <translation>値</translation>
    </message>
    <message>
        <source>Inputs</source>
        <translation>入力</translation>
    </message>
    <message>
        <source>Least value</source>
        <translation>最小値</translation>
    </message>
    <message>
        <source>Largest value</source>
        <translation>最大値</translation>
    </message>
    <message>
        <source>File…</source>
        <translation>ファイル…</translation>
    </message>
    <message>
        <source>Folder…</source>
        <translation>フォルダー…</translation>
    </message>
    <message>
        <source>Use the range</source>
        <translation>この範囲を使う</translation>
    </message>
    <message>
        <source>Made up</source>
        <translation>自動生成</translation>
    </message>
    <message>
        <source>made up</source>
        <translation>自動生成</translation>
    </message>
    <message>
        <source>Files: .npy, .npz, .pb; a folder&apos;s samples take turns. F2 types a path or a rule: range:0:999, mod:7, const:1, seed:3, arange.</source>
        <translation>ファイルは .npy、.npz、.pb。フォルダーのサンプルは順に使います。F2 でパスか規則を入力: range:0:999、mod:7、const:1、seed:3、arange。</translation>
    </message>
    <message>
        <source>Values of an input</source>
        <translation>入力の値</translation>
    </message>
    <message>
        <source>A folder of samples</source>
        <translation>サンプルのフォルダー</translation>
    </message>
</context>
<context>
    <name>kasuri::app::KernelTimeline</name>
    <message>
        <source>Kernels in time</source>
        <translation>カーネルの時間軸</translation>
    </message>
    <message>
        <source>before</source>
        <translation>前</translation>
    </message>
    <message>
        <source>after</source>
        <translation>後</translation>
    </message>
    <message>
        <source>No profile yet. F6 profiles.</source>
        <translation>プロファイルがまだありません。F6 で取得します。</translation>
    </message>
    <message numerus="yes">
        <source>%n kernels</source>
        <translation>
            <numerusform>カーネル %n 個</numerusform>
        </translation>
    </message>
    <message>
        <source>%1, thread %2</source>
        <translation>%1、スレッド %2</translation>
    </message>
    <message>
        <source>No times per kernel yet. F5 measures, F6 only profiles.</source>
        <translation>カーネルごとの時間がまだありません。F5 で計測、F6 でプロファイルのみ取得します。</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>ms of one run</source>
        <translation>1 回の実行（ms）</translation>
    </message>
    <message>
        <source>%1
%2
%3 ms from %4 ms on</source>
        <translation>%1
%2
%4 ms から %3 ms</translation>
    </message>
    <message>
        <source>Kernel</source>
        <translation>カーネル</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>種類</translation>
    </message>
    <message>
        <source>Side</source>
        <translation>側</translation>
    </message>
    <message>
        <source>Thread</source>
        <translation>スレッド</translation>
    </message>
    <message>
        <source>Start, ms</source>
        <translation>開始（ms）</translation>
    </message>
    <message>
        <source>Duration, ms</source>
        <translation>所要時間（ms）</translation>
    </message>
    <message>
        <source>time, %1–%2 ms</source>
        <translation>時間、%1–%2 ms</translation>
    </message>
</context>
<context>
    <name>kasuri::app::LatencyChart</name>
    <message>
        <source>Measured blocks in run order</source>
        <translation>計測ブロック（実行順）</translation>
    </message>
    <message>
        <source>Milliseconds per run, by block</source>
        <translation>ブロックごとの 1 回あたりの時間（ms）</translation>
    </message>
    <message>
        <source>No measurement yet. F5 measures.</source>
        <translation>まだ計測がありません。F5 で計測します。</translation>
    </message>
    <message>
        <source>before</source>
        <translation>前</translation>
    </message>
    <message>
        <source>after</source>
        <translation>後</translation>
    </message>
    <message>
        <source>block</source>
        <translation>ブロック</translation>
    </message>
    <message>
        <source>ms</source>
        <translation>ms</translation>
    </message>
</context>
<context>
    <name>kasuri::app::LatencyHistogram</name>
    <message>
        <source>Histogram of latency</source>
        <translation>レイテンシの分布</translation>
    </message>
    <message>
        <source>before, median %1 ms</source>
        <translation>前、中央値 %1 ms</translation>
    </message>
    <message>
        <source>after, median %1 ms</source>
        <translation>後、中央値 %1 ms</translation>
    </message>
    <message numerus="yes">
        <source>; %n slower than shown</source>
        <translation>
            <numerusform>、表示範囲より遅いもの %n 回</numerusform>
        </translation>
    </message>
    <message>
        <source>No measurement yet. F5 measures.</source>
        <translation>まだ計測がありません。F5 で計測します。</translation>
    </message>
    <message>
        <source>ms</source>
        <translation>ms</translation>
    </message>
    <message>
        <source>%1: median %2 ms, p90 %3 ms, n = %4 runs</source>
        <translation>%1: 中央値 %2 ms、p90 %3 ms、n = %4 回</translation>
    </message>
    <message>
        <source>before</source>
        <translation>前</translation>
    </message>
    <message>
        <source>after</source>
        <translation>後</translation>
    </message>
</context>
<context>
    <name>kasuri::app::LegendBar</name>
    <message>
        <source>Legend</source>
        <translation>凡例</translation>
    </message>
    <message>
        <source>No times yet: F5 measures</source>
        <translation>時間は未計測です: F5 で計測</translation>
    </message>
    <message>
        <source>Median time, ms, up to</source>
        <translation>時間の中央値（ms）、最大</translation>
    </message>
    <message>
        <source>Bytes moved, MiB, up to</source>
        <translation>移動バイト数（MiB）、最大</translation>
    </message>
    <message>
        <source>Share of all kernels, %, up to</source>
        <translation>全カーネルに占める割合（%）、最大</translation>
    </message>
    <message>
        <source>After − before, ms</source>
        <translation>後 − 前（ms）</translation>
    </message>
    <message>
        <source>fused</source>
        <translation>融合</translation>
    </message>
    <message>
        <source>removed</source>
        <translation>削除</translation>
    </message>
    <message>
        <source>added</source>
        <translation>追加</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>変更</translation>
    </message>
    <message>
        <source>the same</source>
        <translation>同じ</translation>
    </message>
    <message>
        <source>No profile overlaid: Ctrl+Alt+O</source>
        <translation>重ねたプロファイルなし: Ctrl+Alt+O</translation>
    </message>
    <message>
        <source>Overlaid profile, ms, up to</source>
        <translation>重ねたプロファイル（ms）、最大</translation>
    </message>
    <message>
        <source>Estimated time, ms, up to</source>
        <translation>推定時間（ms）、最大</translation>
    </message>
    <message>
        <source>Estimated share of all kernels, %, up to</source>
        <translation>全カーネルに占める推定割合（%）、最大</translation>
    </message>
    <message>
        <source>Estimated after − before, ms</source>
        <translation>推定の差（後 − 前、ms）</translation>
    </message>
</context>
<context>
    <name>kasuri::app::LiveSetList</name>
    <message>
        <source>Live tensor, MiB</source>
        <translation>生存テンソル、MiB</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>前</translation>
    </message>
    <message>
        <source>After</source>
        <translation>後</translation>
    </message>
    <message>
        <source>Live set at the cursor</source>
        <translation>カーソル位置の生存テンソル</translation>
    </message>
    <message>
        <source>workspace, alignment</source>
        <translation>作業領域・整列</translation>
    </message>
    <message>
        <source>Sum</source>
        <translation>合計</translation>
    </message>
    <message>
        <source>in both</source>
        <translation>両方</translation>
    </message>
    <message>
        <source>only after</source>
        <translation>後のみ</translation>
    </message>
    <message>
        <source>only before</source>
        <translation>前のみ</translation>
    </message>
    <message>
        <source>%1 bytes</source>
        <translation>%1 バイト</translation>
    </message>
</context>
<context>
    <name>kasuri::app::MainWindow</name>
    <message>
        <source>Written: %1</source>
        <translation>書き出しました: %1</translation>
    </message>
    <message>
        <source>Opening…</source>
        <translation>開いています…</translation>
    </message>
    <message>
        <source>%1 — Kasuri</source>
        <translation>%1 — Kasuri</translation>
    </message>
    <message>
        <source>Kasuri</source>
        <translation>Kasuri</translation>
    </message>
    <message>
        <source>Kernels: %1 before, %2 after</source>
        <translation>カーネル: 前 %1、後 %2</translation>
    </message>
    <message>
        <source>%1 · opset %2 · %3 operators → %4 kernels</source>
        <translation>%1 · opset %2 · 演算子 %3 → カーネル %4</translation>
    </message>
    <message>
        <source>No model open. Ctrl+O opens one.</source>
        <translation>モデルが開かれていません。Ctrl+O で開きます。</translation>
    </message>
    <message>
        <source>Passes</source>
        <translation>パス</translation>
    </message>
    <message>
        <source>Selection</source>
        <translation>選択</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>メモリ</translation>
    </message>
    <message>
        <source>Operators</source>
        <translation>演算子</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>時間</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>ファイル(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Open…</source>
        <translation>開く(&amp;O)…</translation>
    </message>
    <message>
        <source>&amp;Report…</source>
        <translation>レポート(&amp;R)…</translation>
    </message>
    <message>
        <source>Comparison as &amp;JSON…</source>
        <translation>比較の JSON 書き出し(&amp;J)…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>終了(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>編集(&amp;E)</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>元に戻す</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>やり直し</translation>
    </message>
    <message>
        <source>Copy the command &amp;line</source>
        <translation>コマンドラインのコピー(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Find</source>
        <translation>検索(&amp;F)</translation>
    </message>
    <message>
        <source>Next hit</source>
        <translation>次の候補</translation>
    </message>
    <message>
        <source>Previous hit</source>
        <translation>前の候補</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>実行(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Measure</source>
        <translation>計測(&amp;M)</translation>
    </message>
    <message>
        <source>Measure &amp;quickly (9 blocks)</source>
        <translation>簡易計測（9 ブロック）(&amp;Q)</translation>
    </message>
    <message>
        <source>Measure &amp;each pass alone and left out</source>
        <translation>各パスの単独・除外計測(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>中止(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>表示(&amp;V)</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>全体表示</translation>
    </message>
    <message>
        <source>1:1</source>
        <translation>1:1</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>前</translation>
    </message>
    <message>
        <source>After</source>
        <translation>後</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>並列</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>差分</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>ヘルプ(&amp;H)</translation>
    </message>
    <message>
        <source>Command &amp;palette</source>
        <translation>コマンドパレット(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Keys</source>
        <translation>キー一覧(&amp;K)</translation>
    </message>
    <message>
        <source>Open a model</source>
        <translation>モデルを開く</translation>
    </message>
    <message>
        <source>Models (*.onnx *.ktxt);;All files (*)</source>
        <translation>モデル (*.onnx *.ktxt);;すべてのファイル (*)</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>書き出し</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>進行状況</translation>
    </message>
    <message>
        <source>Session saved: %1</source>
        <translation>セッションを保存しました: %1</translation>
    </message>
    <message>
        <source>     profiled, overhead %1 %</source>
        <translation>     プロファイル済み、負担 %1 %</translation>
    </message>
    <message>
        <source>Nothing further back.</source>
        <translation>これより前はありません。</translation>
    </message>
    <message>
        <source>Nothing further on.</source>
        <translation>これより後はありません。</translation>
    </message>
    <message>
        <source>Open a session</source>
        <translation>セッションを開く</translation>
    </message>
    <message>
        <source>Sessions (*.kasuri);;All files (*)</source>
        <translation>セッション (*.kasuri);;すべてのファイル (*)</translation>
    </message>
    <message>
        <source>Save the session</source>
        <translation>セッションの保存</translation>
    </message>
    <message>
        <source>Sessions (*.kasuri)</source>
        <translation>セッション (*.kasuri)</translation>
    </message>
    <message>
        <source>A plan or model as baseline</source>
        <translation>基準とするプランまたはモデル</translation>
    </message>
    <message>
        <source>Plans and models (*.kplan *.onnx *.ktxt)</source>
        <translation>プランとモデル (*.kplan *.onnx *.ktxt)</translation>
    </message>
    <message>
        <source>No own layout yet. Ctrl+Alt+4 keeps the present one.</source>
        <translation>自分の配置がまだありません。Ctrl+Alt+4 で現在の配置を保存します。</translation>
    </message>
    <message>
        <source>Open &amp;session…</source>
        <translation>セッションを開く(&amp;S)…</translation>
    </message>
    <message>
        <source>&amp;Save session</source>
        <translation>セッションの保存(&amp;S)</translation>
    </message>
    <message>
        <source>Save session &amp;as…</source>
        <translation>名前を付けてセッションを保存(&amp;A)…</translation>
    </message>
    <message>
        <source>&amp;Export ONNX or plan…</source>
        <translation>ONNX・プランの書き出し(&amp;E)…</translation>
    </message>
    <message>
        <source>Export &amp;graph as picture…</source>
        <translation>グラフを画像で書き出し(&amp;G)…</translation>
    </message>
    <message>
        <source>Export &amp;trace…</source>
        <translation>トレースの書き出し(&amp;T)…</translation>
    </message>
    <message>
        <source>Re&amp;cipe as text…</source>
        <translation>レシピをテキストで書き出し(&amp;C)…</translation>
    </message>
    <message>
        <source>&amp;Close model</source>
        <translation>モデルを閉じる(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Settings</source>
        <translation>設定(&amp;S)</translation>
    </message>
    <message>
        <source>Unfold everything</source>
        <translation>すべて展開</translation>
    </message>
    <message>
        <source>Fold what repeats</source>
        <translation>繰り返しを折りたたむ</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>拡大</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>縮小</translation>
    </message>
    <message>
        <source>Larger text</source>
        <translation>文字を大きく</translation>
    </message>
    <message>
        <source>Smaller text</source>
        <translation>文字を小さく</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>戻る</translation>
    </message>
    <message>
        <source>Forward</source>
        <translation>進む</translation>
    </message>
    <message>
        <source>&amp;Passes</source>
        <translation>パス(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Exact only</source>
        <translation>厳密のみ(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Default recipe</source>
        <translation>既定のレシピ(&amp;D)</translation>
    </message>
    <message>
        <source>default recipe</source>
        <translation>既定のレシピ</translation>
    </message>
    <message>
        <source>&amp;Profile</source>
        <translation>プロファイル(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Search for the best recipe</source>
        <translation>最良のレシピを探索(&amp;S)</translation>
    </message>
    <message>
        <source>Es&amp;timate</source>
        <translation>推定(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Compare</source>
        <translation>比較(&amp;C)</translation>
    </message>
    <message>
        <source>Measure the &amp;sides</source>
        <translation>比較対象の計測(&amp;S)</translation>
    </message>
    <message>
        <source>Against a saved &amp;plan…</source>
        <translation>保存したプランと比較(&amp;P)…</translation>
    </message>
    <message>
        <source>Measure the &amp;matrix</source>
        <translation>マトリックスの計測(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Next problem</source>
        <translation>次の問題(&amp;N)</translation>
    </message>
    <message>
        <source>Re&amp;port</source>
        <translation>レポート(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Window</source>
        <translation>ウィンドウ(&amp;W)</translation>
    </message>
    <message>
        <source>Layout: explore</source>
        <translation>配置: 探索</translation>
    </message>
    <message>
        <source>Layout: compare</source>
        <translation>配置: 比較</translation>
    </message>
    <message>
        <source>Layout: memory</source>
        <translation>配置: メモリ</translation>
    </message>
    <message>
        <source>Layout: my own</source>
        <translation>配置: 自分用</translation>
    </message>
    <message>
        <source>Keep this as my own layout</source>
        <translation>現在の配置を自分用に保存</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>全画面</translation>
    </message>
    <message>
        <source>set %1 to %2</source>
        <translation>%1 を %2 に設定</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>判定</translation>
    </message>
    <message numerus="yes">
        <source>use %n threads</source>
        <translation>
            <numerusform>%n スレッドを使用</numerusform>
        </translation>
    </message>
    <message>
        <source>Advice</source>
        <translation>助言</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>計測履歴</translation>
    </message>
    <message>
        <source>Why not</source>
        <translation>適用されない理由</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>問題</translation>
    </message>
    <message>
        <source>Sides</source>
        <translation>比較対象</translation>
    </message>
    <message>
        <source>Matrix</source>
        <translation>マトリックス</translation>
    </message>
    <message>
        <source>exact only</source>
        <translation>厳密のみ</translation>
    </message>
    <message>
        <source>unlock what is not exact</source>
        <translation>厳密でないものを許可</translation>
    </message>
    <message>
        <source>use %1</source>
        <translation>%1 を使用</translation>
    </message>
    <message>
        <source>change the requirements</source>
        <translation>要件の変更</translation>
    </message>
    <message>
        <source>A search or a matrix runs. Esc cancels it.</source>
        <translation>探索またはマトリックスの計測中です。Esc で中止します。</translation>
    </message>
    <message>
        <source>A measurement runs. Esc cancels it.</source>
        <translation>計測中です。Esc で中止します。</translation>
    </message>
    <message>
        <source>Operators as CS&amp;V…</source>
        <translation>演算子の表を CSV に(&amp;V)…</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>探索</translation>
    </message>
    <message>
        <source>Early exit</source>
        <translation>早期終了</translation>
    </message>
    <message>
        <source>&amp;Copy as text</source>
        <translation>テキストとしてコピー(&amp;C)</translation>
    </message>
    <message>
        <source>Generation</source>
        <translation>生成</translation>
    </message>
    <message>
        <source>Nothing selected. Click an operator first.</source>
        <translation>何も選択されていません。先に演算子をクリックしてください。</translation>
    </message>
    <message>
        <source>Extract the selection</source>
        <translation>選択部分の切り出し</translation>
    </message>
    <message>
        <source>make up %1</source>
        <translation>%1 を自動生成に戻す</translation>
    </message>
    <message>
        <source>feed %1 with %2</source>
        <translation>%1 に %2 を入力</translation>
    </message>
    <message>
        <source>E&amp;xtract selection…</source>
        <translation>選択部分を切り出す(&amp;X)…</translation>
    </message>
    <message>
        <source>Inputs</source>
        <translation>入力</translation>
    </message>
    <message>
        <source>A profile of ONNX Runtime or a Chrome trace</source>
        <translation>ONNX Runtime のプロファイルまたは Chrome トレース</translation>
    </message>
    <message>
        <source>Profiles (*.json)</source>
        <translation>プロファイル (*.json)</translation>
    </message>
    <message>
        <source>&amp;Bisect: which rule or site breaks or slows</source>
        <translation>原因の規則・箇所を二分探索(&amp;B)</translation>
    </message>
    <message>
        <source>&amp;Overlay a profile…</source>
        <translation>プロファイルを重ねる(&amp;O)…</translation>
    </message>
    <message>
        <source>&amp;Clear the overlay</source>
        <translation>重ね合わせを解除(&amp;C)</translation>
    </message>
    <message>
        <source>A group needs two operators. Ctrl+click takes several, Ctrl+drag takes a rectangle of the graph.</source>
        <translation>グループには演算子が 2 つ以上必要です。Ctrl+クリックで複数、Ctrl+ドラッグで矩形内を選択します。</translation>
    </message>
    <message numerus="yes">
        <source>Name of the group of %n operators</source>
        <translation>
            <numerusform>演算子 %n 個のグループ名</numerusform>
        </translation>
    </message>
    <message>
        <source>Group %1</source>
        <translation>グループ %1</translation>
    </message>
    <message>
        <source>group %1</source>
        <translation>グループ化 %1</translation>
    </message>
    <message>
        <source>Nothing selected is in a group made by hand. Ctrl+G groups a selection.</source>
        <translation>選択は手動グループに含まれていません。Ctrl+G で選択をグループ化します。</translation>
    </message>
    <message>
        <source>ungroup</source>
        <translation>グループ解除</translation>
    </message>
    <message>
        <source>&amp;Group the selection…</source>
        <translation>選択のグループ化(&amp;G)…</translation>
    </message>
    <message>
        <source>&amp;Ungroup</source>
        <translation>グループ解除(&amp;U)</translation>
    </message>
    <message>
        <source>Filter to the selection</source>
        <translation>選択で絞り込み</translation>
    </message>
    <message>
        <source>selection</source>
        <translation>選択</translation>
    </message>
    <message>
        <source>Show everything</source>
        <translation>すべて表示</translation>
    </message>
    <message>
        <source>operator</source>
        <translation>演算子</translation>
    </message>
    <message>
        <source>tensor</source>
        <translation>テンソル</translation>
    </message>
    <message>
        <source>A recipe</source>
        <translation>レシピ</translation>
    </message>
    <message>
        <source>Recipes (*.txt);;All files (*)</source>
        <translation>レシピ (*.txt);;すべてのファイル (*)</translation>
    </message>
    <message>
        <source>Cannot read %1: %2</source>
        <translation>%1 を読めません: %2</translation>
    </message>
    <message>
        <source>Recipe from a &amp;file…</source>
        <translation>ファイルのレシピ(&amp;F)…</translation>
    </message>
    <message>
        <source>Not measured yet. F5 measures.</source>
        <translation>まだ計測していません。F5 で計測します。</translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation>最近開いたモデル(&amp;R)</translation>
    </message>
    <message>
        <source>No model was opened before</source>
        <translation>まだ開いたモデルはありません</translation>
    </message>
</context>
<context>
    <name>kasuri::app::MatrixPanel</name>
    <message>
        <source>Sizes</source>
        <translation>大きさ</translation>
    </message>
    <message>
        <source>Before ms</source>
        <translation>前 ms</translation>
    </message>
    <message>
        <source>After ms</source>
        <translation>後 ms</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>判定</translation>
    </message>
    <message>
        <source>99 % interval</source>
        <translation>99 % 信頼区間</translation>
    </message>
    <message>
        <source>Arena before</source>
        <translation>領域 前</translation>
    </message>
    <message>
        <source>Arena after</source>
        <translation>領域 後</translation>
    </message>
    <message>
        <source>Matrix</source>
        <translation>マトリックス</translation>
    </message>
    <message>
        <source>Measure the matrix</source>
        <translation>マトリックスの計測</translation>
    </message>
    <message>
        <source>batch=1,8 seq=32,128</source>
        <translation>batch=1,8 seq=32,128</translation>
    </message>
    <message>
        <source>Dimensions</source>
        <translation>次元</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>スレッド</translation>
    </message>
    <message>
        <source>One comparison per combination; a cancelled matrix goes on later.</source>
        <translation>組み合わせごとに 1 回比較します。中止したマトリックスは後で続行できます。</translation>
    </message>
    <message>
        <source>Cancel the matrix</source>
        <translation>マトリックスの中止</translation>
    </message>
    <message>
        <source>Done. Cells are kept: more sizes only add to them.</source>
        <translation>完了しました。結果は保持され、大きさを増やすと追加だけ計測します。</translation>
    </message>
    <message>
        <source>× failed</source>
        <translation>× 失敗</translation>
    </message>
    <message>
        <source>Quick (9 blocks)</source>
        <translation>簡易（9 ブロック）</translation>
    </message>
    <message>
        <source>Partial, cancelled. Measuring again goes on where it stopped.</source>
        <translation>途中結果、中止しました。もう一度計測すると続きから進みます。</translation>
    </message>
    <message>
        <source>%1, partial</source>
        <translation>%1、途中結果</translation>
    </message>
</context>
<context>
    <name>kasuri::app::MemoryPanel</name>
    <message>
        <source>Stacked</source>
        <translation>積み上げ</translation>
    </message>
    <message>
        <source>Lifetimes</source>
        <translation>生存区間</translation>
    </message>
    <message>
        <source>Arena map</source>
        <translation>領域の配置</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>差分</translation>
    </message>
    <message>
        <source>planned arena</source>
        <translation>中間テンソル領域</translation>
    </message>
    <message>
        <source>lower bound</source>
        <translation>下限</translation>
    </message>
    <message>
        <source>workspace</source>
        <translation>作業領域</translation>
    </message>
    <message>
        <source>weights</source>
        <translation>重み</translation>
    </message>
    <message>
        <source>packed copies</source>
        <translation>並べ替えた重みの写し</translation>
    </message>
    <message>
        <source>process RSS, peak</source>
        <translation>プロセス RSS、ピーク</translation>
    </message>
    <message>
        <source>device – (runs on the CPU)</source>
        <translation>デバイス –（CPU で実行）</translation>
    </message>
    <message>
        <source>All tensors</source>
        <translation>すべてのテンソル</translation>
    </message>
    <message>
        <source>At the cursor</source>
        <translation>カーソル位置</translation>
    </message>
    <message>
        <source>Tensors listed</source>
        <translation>一覧に示すテンソル</translation>
    </message>
    <message>
        <source>x: source order</source>
        <translation>x: 元の演算順</translation>
    </message>
    <message>
        <source>x: step</source>
        <translation>x: ステップ</translation>
    </message>
    <message>
        <source>x: measured ms</source>
        <translation>x: 実測 ms</translation>
    </message>
    <message>
        <source>By birth</source>
        <translation>生成順</translation>
    </message>
    <message>
        <source>By size</source>
        <translation>大きさ順</translation>
    </message>
    <message>
        <source>By length of life</source>
        <translation>生存区間の長さ順</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>種別</translation>
    </message>
    <message>
        <source>Largest tensors</source>
        <translation>最大のテンソル</translation>
    </message>
    <message>
        <source>Axis of the memory timeline</source>
        <translation>メモリタイムラインの軸</translation>
    </message>
    <message>
        <source>Order of the lifetimes</source>
        <translation>生存区間の並び順</translation>
    </message>
    <message>
        <source>What colours mean</source>
        <translation>色の意味</translation>
    </message>
    <message>
        <source>No times yet. F6 profiles the kernels.</source>
        <translation>まだ時間がありません。F6 でカーネルを計測します。</translation>
    </message>
</context>
<context>
    <name>kasuri::app::MemoryTimeline</name>
    <message>
        <source>Memory timeline</source>
        <translation>メモリの推移</translation>
    </message>
    <message>
        <source>No plan yet. Open a model: Ctrl+O.</source>
        <translation>プランがまだありません。モデルを開きます: Ctrl+O</translation>
    </message>
    <message>
        <source>before, peak %1</source>
        <translation>前、ピーク %1</translation>
    </message>
    <message>
        <source>after, peak %1</source>
        <translation>後、ピーク %1</translation>
    </message>
    <message>
        <source>lower bound %1</source>
        <translation>下限 %1</translation>
    </message>
    <message>
        <source>before %1 MiB</source>
        <translation>前 %1 MiB</translation>
    </message>
    <message>
        <source>after %1 MiB</source>
        <translation>後 %1 MiB</translation>
    </message>
    <message>
        <source>memory, steps %1–%2</source>
        <translation>メモリ、ステップ %1–%2</translation>
    </message>
    <message>
        <source>x: source order</source>
        <translation>x: 元の演算順</translation>
    </message>
    <message>
        <source>x: step</source>
        <translation>x: ステップ</translation>
    </message>
    <message>
        <source>x: ms, measured</source>
        <translation>x: ms（実測）</translation>
    </message>
    <message>
        <source>MiB</source>
        <translation>MiB</translation>
    </message>
    <message>
        <source>space used again</source>
        <translation>再利用した領域</translation>
    </message>
</context>
<context>
    <name>kasuri::app::Minimap</name>
    <message>
        <source>Overview of the graph</source>
        <translation>グラフの全体図</translation>
    </message>
</context>
<context>
    <name>kasuri::app::NameStrip</name>
    <message>
        <source>Enter takes the name, Esc takes it back.</source>
        <translation>Enter で確定、Esc で取り消します。</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名前</translation>
    </message>
</context>
<context>
    <name>kasuri::app::OperatorTableModel</name>
    <message>
        <source>Operator</source>
        <translation>演算子</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>種類</translation>
    </message>
    <message>
        <source>Before ms</source>
        <translation>前 ms</translation>
    </message>
    <message>
        <source>After ms</source>
        <translation>後 ms</translation>
    </message>
    <message>
        <source>Δ ms</source>
        <translation>Δ ms</translation>
    </message>
    <message>
        <source>Share %</source>
        <translation>割合 %</translation>
    </message>
    <message>
        <source>MiB moved</source>
        <translation>移動 MiB</translation>
    </message>
    <message>
        <source>GFLOP/s</source>
        <translation>GFLOP/s</translation>
    </message>
    <message>
        <source>Backend</source>
        <translation>バックエンド</translation>
    </message>
    <message>
        <source>p90 needs 50 runs, the profile has %1</source>
        <translation>p90 には 50 回の実行が必要ですが、プロファイルは %1 回です</translation>
    </message>
    <message>
        <source>not profiled yet</source>
        <translation>まだプロファイルしていません</translation>
    </message>
    <message>
        <source>Calls</source>
        <translation>回数</translation>
    </message>
    <message>
        <source>p90 ms</source>
        <translation>p90 ms</translation>
    </message>
    <message>
        <source>Overlay ms</source>
        <translation>重ね合わせ ms</translation>
    </message>
    <message>
        <source>= same</source>
        <translation>= 同等</translation>
    </message>
    <message>
        <source>Δ %</source>
        <translation>Δ %</translation>
    </message>
    <message>
        <source>GB/s</source>
        <translation>GB/s</translation>
    </message>
    <message>
        <source>= exact</source>
        <translation>= 厳密</translation>
    </message>
    <message>
        <source>≈ rounding</source>
        <translation>≈ 丸め</translation>
    </message>
    <message>
        <source>~ approximate</source>
        <translation>~ 近似</translation>
    </message>
    <message>
        <source>a sum of kernels has no p90</source>
        <translation>カーネルの合計に p90 はありません</translation>
    </message>
    <message>
        <source>Fidelity</source>
        <translation>忠実度</translation>
    </message>
</context>
<context>
    <name>kasuri::app::OperatorsPanel</name>
    <message>
        <source>Operators</source>
        <translation>演算子</translation>
    </message>
    <message>
        <source>Filter by name, type or backend</source>
        <translation>名前・種類・バックエンドで絞り込み</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>絞り込み</translation>
    </message>
    <message>
        <source>Cannot write %1: %2</source>
        <translation>%1 に書き込めません: %2</translation>
    </message>
    <message numerus="yes">
        <source>Sum of %n kernels</source>
        <translation>
            <numerusform>カーネル %n 個の合計</numerusform>
        </translation>
    </message>
    <message>
        <source>ms</source>
        <translation>ms</translation>
    </message>
    <message>
        <source>Group blocks</source>
        <translation>ブロックをまとめる</translation>
    </message>
    <message>
        <source>Kernels at the same place of repeated blocks as one row, ×12</source>
        <translation>繰り返すブロックの同じ位置のカーネルを 1 行にまとめます(×12)</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>列</translation>
    </message>
</context>
<context>
    <name>kasuri::app::OutlineView</name>
    <message>
        <source>Outline of the model</source>
        <translation>モデルの概要</translation>
    </message>
    <message>
        <source>%1 ×%2, %3 operators each</source>
        <translation>%1 ×%2、演算子は各 %3 個</translation>
    </message>
    <message>
        <source>%1, %2 operators</source>
        <translation>%1、演算子 %2 個</translation>
    </message>
    <message numerus="yes">
        <source>%n operators</source>
        <translation>
            <numerusform>演算子 %n 個</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kasuri::app::ParetoChart</name>
    <message>
        <source>Latency against memory of the recipes tried</source>
        <translation>試したレシピのレイテンシとメモリ</translation>
    </message>
    <message>
        <source>%1 recipes, %2 of them on the Pareto front</source>
        <translation>レシピ %1 件、うちパレート最適 %2 件</translation>
    </message>
    <message>
        <source>%1
%2 ms screened, arena %3</source>
        <translation>%1
予備計測 %2 ms、中間テンソル領域 %3</translation>
    </message>
    <message>
        <source>◆ Pareto front   ○ other   □ searched from   × outputs differ   ◎ confirmed</source>
        <translation>◆ パレート最適   ○ その他   □ 探索の起点   × 出力不一致   ◎ 確認済み</translation>
    </message>
    <message>
        <source>ms, screened</source>
        <translation>ms (予備計測)</translation>
    </message>
    <message>
        <source>%1 ms, screened</source>
        <translation>%1 ms (予備計測)</translation>
    </message>
    <message>
        <source>arena</source>
        <translation>中間テンソル領域</translation>
    </message>
    <message>
        <source>No recipe tried yet. F7 searches.</source>
        <translation>まだ何も試していません。F7 で探索します。</translation>
    </message>
</context>
<context>
    <name>kasuri::app::PassTreeModel</name>
    <message>
        <source>same</source>
        <translation>同等</translation>
    </message>
    <message>
        <source>applied</source>
        <translation>適用</translation>
    </message>
    <message>
        <source>declined</source>
        <translation>不適用</translation>
    </message>
    <message>
        <source>Pass › rule › site</source>
        <translation>パス・箇所</translation>
    </message>
    <message>
        <source>ms</source>
        <translation>ms</translation>
    </message>
    <message>
        <source>Sites</source>
        <translation>箇所</translation>
    </message>
    <message>
        <source>× differ</source>
        <translation>× 不一致</translation>
    </message>
    <message>
        <source>%1
It found nothing to change here.</source>
        <translation>%1
このモデルでは変更箇所がありません。</translation>
    </message>
</context>
<context>
    <name>kasuri::app::PassesPanel</name>
    <message>
        <source>exact</source>
        <translation>厳密</translation>
    </message>
    <message>
        <source>approximate</source>
        <translation>近似</translation>
    </message>
    <message>
        <source>rounding</source>
        <translation>丸め</translation>
    </message>
    <message>
        <source>× outputs differ</source>
        <translation>× 出力が不一致</translation>
    </message>
    <message>
        <source>same</source>
        <translation>同等</translation>
    </message>
    <message>
        <source>undecided, %1 ms</source>
        <translation>判定不能、%1 ms</translation>
    </message>
    <message>
        <source>%1 ms (%2)</source>
        <translation>%1 ms（%2）</translation>
    </message>
    <message>
        <source>after those before it: %1
alone: %2
in the whole recipe: %3</source>
        <translation>直前までのパスの後: %1
単独: %2
レシピ全体の中で: %3</translation>
    </message>
    <message>
        <source>Passes</source>
        <translation>パス</translation>
    </message>
    <message>
        <source>Why not</source>
        <translation>適用されない理由</translation>
    </message>
    <message>
        <source>Recipe: %1</source>
        <translation>レシピ: %1</translation>
    </message>
    <message>
        <source>All passes</source>
        <translation>すべてのパス</translation>
    </message>
    <message>
        <source>Space switches the selected pass, rule or site.</source>
        <translation>スペースキーで選択中のパス・規則・箇所を切り替えます。</translation>
    </message>
    <message>
        <source>Why not   %1 sites</source>
        <translation>適用されない理由   %1 箇所</translation>
    </message>
    <message>
        <source>Exact only</source>
        <translation>厳密のみ</translation>
    </message>
    <message>
        <source>Locks out whatever may change a bit of the outputs. Ctrl+L</source>
        <translation>出力のビットを変える可能性のあるものを禁止します。Ctrl+L</translation>
    </message>
    <message>
        <source>estimate: ≈ %1 ms</source>
        <translation>推定: ≈ %1 ms</translation>
    </message>
    <message>
        <source>Transposes and copies: before %1, now %2</source>
        <translation>転置とコピー: 前 %1、現在 %2</translation>
    </message>
    <message>
        <source>Transposes and copies: before %1, removed %2, left %3</source>
        <translation>転置とコピー: 前 %1、削減 %2、残り %3</translation>
    </message>
    <message>
        <source>Recipe from a file…</source>
        <translation>ファイルのレシピ…</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>レシピ</translation>
    </message>
</context>
<context>
    <name>kasuri::app::PeekSheet</name>
    <message>
        <source>Source operators</source>
        <translation>元の演算子</translation>
    </message>
</context>
<context>
    <name>kasuri::app::ProblemsPanel</name>
    <message>
        <source>Kind</source>
        <translation>種別</translation>
    </message>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>場所</translation>
    </message>
    <message>
        <source>What to do</source>
        <translation>対処</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>問題</translation>
    </message>
    <message>
        <source>× Error</source>
        <translation>× エラー</translation>
    </message>
    <message>
        <source>△ Warning</source>
        <translation>△ 警告</translation>
    </message>
    <message>
        <source>No problems: every operator runs%1.</source>
        <translation>問題はありません: すべての演算子が動きます%1。</translation>
    </message>
    <message>
        <source>, outputs agree</source>
        <translation>、出力は一致しています</translation>
    </message>
    <message>
        <source>No model open. Ctrl+O opens one.</source>
        <translation>モデルが開かれていません。Ctrl+O で開きます。</translation>
    </message>
    <message>
        <source>✓ Note</source>
        <translation>✓ 情報</translation>
    </message>
</context>
<context>
    <name>kasuri::app::ReportDialog</name>
    <message>
        <source>A &amp;bundle beside it: report, JSON, CSV, model and plan</source>
        <translation>一式を隣に書き出す: レポート、JSON、CSV、モデル、プラン(&amp;B)</translation>
    </message>
    <message>
        <source>&amp;Anonymise model, nodes, tensors, paths and host</source>
        <translation>モデル、ノード、テンソル、パス、ホストの名前を匿名化(&amp;A)</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>レポート</translation>
    </message>
    <message>
        <source>&amp;Client</source>
        <translation>お客様(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Project</source>
        <translation>案件(&amp;P)</translation>
    </message>
    <message>
        <source>A&amp;uthor</source>
        <translation>作成者(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Version</source>
        <translation>版(&amp;V)</translation>
    </message>
    <message>
        <source>P&amp;repared by, on</source>
        <translation>作成 (氏名、日付)(&amp;R)</translation>
    </message>
    <message>
        <source>Chec&amp;ked by, on</source>
        <translation>確認 (氏名、日付)(&amp;K)</translation>
    </message>
    <message>
        <source>Appr&amp;oved by, on</source>
        <translation>承認 (氏名、日付)(&amp;O)</translation>
    </message>
    <message>
        <source>Re&amp;marks</source>
        <translation>備考(&amp;M)</translation>
    </message>
    <message>
        <source>As the window</source>
        <translation>ウィンドウと同じ</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>言語(&amp;L)</translation>
    </message>
    <message>
        <source>Model and plan only while they are the ones measured, and never together with anonymous names.</source>
        <translation>モデルとプランは、計測したものと同じ場合だけ含めます。匿名化するときは含めません。</translation>
    </message>
    <message>
        <source>What is written above stays as it is.</source>
        <translation>上に記入した内容はそのまま残ります。</translation>
    </message>
    <message>
        <source>&amp;Write…</source>
        <translation>書き出す(&amp;W)…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>キャンセル</translation>
    </message>
    <message>
        <source>Name, date</source>
        <translation>氏名、日付</translation>
    </message>
</context>
<context>
    <name>kasuri::app::RunHistory</name>
    <message>
        <source>%1: – (not known for both)</source>
        <translation>%1: –（両方の値がそろいません）</translation>
    </message>
    <message>
        <source>%1: = %2</source>
        <translation>%1: = %2</translation>
    </message>
    <message>
        <source>%1: %2 → %3, %4</source>
        <translation>%1: %2 → %3、%4</translation>
    </message>
    <message>
        <source>run %1</source>
        <translation>計測済み %1</translation>
    </message>
    <message>
        <source>%1 → %2</source>
        <translation>%1 → %2</translation>
    </message>
    <message>
        <source>recipe: = %1</source>
        <translation>レシピ: = %1</translation>
    </message>
    <message>
        <source>recipe: %1 → %2</source>
        <translation>レシピ: %1 → %2</translation>
    </message>
    <message>
        <source>threads: %1 → %2</source>
        <translation>スレッド: %1 → %2</translation>
    </message>
    <message>
        <source>plan: = the same plan</source>
        <translation>プラン: = 同じプラン</translation>
    </message>
    <message>
        <source>planned arena</source>
        <translation>中間テンソル領域</translation>
    </message>
    <message>
        <source>process RSS, peak</source>
        <translation>プロセス RSS、ピーク</translation>
    </message>
    <message>
        <source>weights</source>
        <translation>重み</translation>
    </message>
    <message>
        <source>packed copies</source>
        <translation>並べ替えた重みの写し</translation>
    </message>
    <message>
        <source>latency: %1 ms then, %2 ms then. Measured apart, so no ratio: Measure together runs both interleaved.</source>
        <translation>レイテンシ: %1 ms と %2 ms（別々の計測のため比は出しません）。「一緒に計測」で交互に計測します。</translation>
    </message>
    <message>
        <source>inputs: not the same</source>
        <translation>入力: 同じではありません</translation>
    </message>
</context>
<context>
    <name>kasuri::app::RunsPanel</name>
    <message>
        <source>partial, %1 blocks</source>
        <translation>途中結果、%1 ブロック</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名前</translation>
    </message>
    <message>
        <source>When</source>
        <translation>日時</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>モデル</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>レシピ</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>スレッド</translation>
    </message>
    <message>
        <source>Before ms</source>
        <translation>前 ms</translation>
    </message>
    <message>
        <source>After ms</source>
        <translation>後 ms</translation>
    </message>
    <message>
        <source>Δ %</source>
        <translation>Δ %</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>判定</translation>
    </message>
    <message>
        <source>Arena</source>
        <translation>中間テンソル領域</translation>
    </message>
    <message>
        <source>RSS, peak</source>
        <translation>RSS、ピーク</translation>
    </message>
    <message>
        <source>Outputs</source>
        <translation>出力</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>計測履歴</translation>
    </message>
    <message>
        <source>Use its recipe</source>
        <translation>このレシピを使う</translation>
    </message>
    <message>
        <source>Measure together</source>
        <translation>一緒に計測</translation>
    </message>
    <message>
        <source>Against a saved plan…</source>
        <translation>保存したプランと比較…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>削除</translation>
    </message>
    <message>
        <source>No runs yet. F5 measures.</source>
        <translation>計測履歴がまだありません。F5 で計測します。</translation>
    </message>
    <message>
        <source>Select two runs to compare them. F2 renames.</source>
        <translation>2 つ選ぶと比較します。F2 で名前を変えます。</translation>
    </message>
    <message>
        <source>Select two runs first.</source>
        <translation>先に 2 つ選びます。</translation>
    </message>
</context>
<context>
    <name>kasuri::app::SearchPanel</name>
    <message>
        <source>▼ Faster</source>
        <translation>▼ 速い</translation>
    </message>
    <message>
        <source>▲ Slower</source>
        <translation>▲ 遅い</translation>
    </message>
    <message>
        <source>= Same</source>
        <translation>= 同等</translation>
    </message>
    <message>
        <source>? Undecided</source>
        <translation>? 判定不能</translation>
    </message>
    <message>
        <source>× Outputs differ</source>
        <translation>× 出力不一致</translation>
    </message>
    <message>
        <source>× does not run: %1</source>
        <translation>× 実行できません: %1</translation>
    </message>
    <message>
        <source>× outputs differ</source>
        <translation>× 出力不一致</translation>
    </message>
    <message>
        <source>stopped: far slower</source>
        <translation>打ち切り: 大幅に遅い</translation>
    </message>
    <message>
        <source>✓ best</source>
        <translation>✓ 最良</translation>
    </message>
    <message>
        <source>□ searched from</source>
        <translation>□ 探索の起点</translation>
    </message>
    <message>
        <source>◆ Pareto front</source>
        <translation>◆ パレート最適</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>レシピ</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状態</translation>
    </message>
    <message>
        <source>Confirmed</source>
        <translation>確認</translation>
    </message>
    <message>
        <source>Screened ms</source>
        <translation>予備計測 ms</translation>
    </message>
    <message>
        <source>Arena</source>
        <translation>中間テンソル領域</translation>
    </message>
    <message>
        <source>Kernels</source>
        <translation>カーネル数</translation>
    </message>
    <message>
        <source>Recipes tried</source>
        <translation>試したレシピ</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>探索</translation>
    </message>
    <message>
        <source>Double click or Enter uses a recipe; Ctrl+Z goes back.</source>
        <translation>ダブルクリックか Enter でレシピを使用、Ctrl+Z で元に戻します。</translation>
    </message>
    <message>
        <source> s</source>
        <translation> 秒</translation>
    </message>
    <message>
        <source>Time budget</source>
        <translation>制限時間</translation>
    </message>
    <message>
        <source>Switches single passes off and on; the Pareto front is confirmed interleaved.</source>
        <translation>パスを 1 つずつ切り替えて試し、パレート最適なものを交互計測で確認します。</translation>
    </message>
    <message>
        <source>Cancel the search</source>
        <translation>探索の中止</translation>
    </message>
    <message>
        <source>Starting the search</source>
        <translation>探索を開始しています</translation>
    </message>
    <message>
        <source>Cancelled before the first recipe was tried.</source>
        <translation>最初のレシピを試す前に中止しました。</translation>
    </message>
    <message>
        <source>The search found nothing.</source>
        <translation>探索の結果はありません。</translation>
    </message>
    <message numerus="yes">
        <source>%n recipes tried until then are kept.</source>
        <translation>
            <numerusform>それまでに試した %n 件のレシピを残しました。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n recipes tried in %1 s; none was confirmed as better.</source>
        <translation>
            <numerusform>%1 秒で %n 件のレシピを試しました。より良いと確認されたものはありません。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n recipes tried in %1 s; best: %2. Double click uses it.</source>
        <translation>
            <numerusform>%1 秒で %n 件のレシピを試しました。最良: %2。ダブルクリックで使用します。</numerusform>
        </translation>
    </message>
    <message>
        <source>Partial, cancelled</source>
        <translation>途中結果 (中止)</translation>
    </message>
    <message numerus="yes">
        <source>%n recipes tried in %1 s; the time was over before all of the Pareto front was confirmed.</source>
        <translation>
            <numerusform>%1 秒で %n 件のレシピを試しました。パレート最適なものすべてを確認する前に時間切れになりました。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kasuri::app::SelectionPanel</name>
    <message>
        <source>Selection</source>
        <translation>選択</translation>
    </message>
    <message>
        <source>Nothing selected. Click an operator, or walk with the arrow keys.</source>
        <translation>何も選択されていません。演算子をクリックするか、矢印キーで移動します。</translation>
    </message>
</context>
<context>
    <name>kasuri::app::SessionKeeper</name>
    <message>
        <source>%1 is not the file this session was made with: the runs kept are of the earlier one.</source>
        <translation>%1 はこのセッションを作ったときのファイルと異なります。残っている計測は以前のファイルのものです。</translation>
    </message>
    <message>
        <source>%1 changed on disk and was opened again; recipe and runs are kept.</source>
        <translation>%1 が変更されたため開き直しました。レシピと計測は残っています。</translation>
    </message>
    <message>
        <source>The profile %1 laid over the model is no longer there; everything else is as it was.</source>
        <translation>モデルに重ねたプロファイル %1 が見つかりません。その他は元のままです。</translation>
    </message>
</context>
<context>
    <name>kasuri::app::SettingsSheet</name>
    <message>
        <source>Settings</source>
        <translation>設定</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>明</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>暗</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>システムに合わせる</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>外観</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>言語</translation>
    </message>
    <message>
        <source>Size of text</source>
        <translation>文字の大きさ</translation>
    </message>
    <message>
        <source>Another language is used from the next start on.</source>
        <translation>言語の変更は次回の起動から有効です。</translation>
    </message>
</context>
<context>
    <name>kasuri::app::ShortcutSheet</name>
    <message>
        <source>Keys</source>
        <translation>キー一覧</translation>
    </message>
    <message>
        <source>Graph, when it has the focus</source>
        <translation>グラフにフォーカスがあるとき</translation>
    </message>
    <message>
        <source>Arrows</source>
        <translation>矢印</translation>
    </message>
    <message>
        <source>before, after, split, difference</source>
        <translation>前・後・並列・差分</translation>
    </message>
    <message>
        <source>next meaning of the heat</source>
        <translation>色分けの切り替え</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>スペース</translation>
    </message>
    <message>
        <source>everything in view</source>
        <translation>全体を表示</translation>
    </message>
    <message>
        <source>Wheel</source>
        <translation>ホイール</translation>
    </message>
    <message>
        <source>zoom at the cursor</source>
        <translation>カーソル位置で拡大・縮小</translation>
    </message>
    <message>
        <source>Memory, when it has the focus</source>
        <translation>メモリにフォーカスがあるとき</translation>
    </message>
    <message>
        <source>step</source>
        <translation>1 ステップ移動</translation>
    </message>
    <message>
        <source>Home, End</source>
        <translation>Home、End</translation>
    </message>
    <message>
        <source>first, last step</source>
        <translation>最初・最後のステップ</translation>
    </message>
    <message>
        <source>to the peak</source>
        <translation>ピークへ</translation>
    </message>
    <message>
        <source>stacked, lifetimes, arena map, difference</source>
        <translation>積み上げ・生存区間・領域の配置・差分</translation>
    </message>
    <message>
        <source>walk from operator to operator; left also to the pills before it</source>
        <translation>演算子間を移動。左は手前のピルへも</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>Shift+Enter</source>
        <translation>Shift+Enter</translation>
    </message>
    <message>
        <source>fold or unfold; on a pill to the other end of its edge</source>
        <translation>折りたたみと展開。ピルでは線のもう一方の端へ</translation>
    </message>
    <message>
        <source>source operators of a kernel</source>
        <translation>カーネルの元の演算子</translation>
    </message>
    <message>
        <source>zoom to the selection</source>
        <translation>選択箇所を拡大</translation>
    </message>
    <message>
        <source>path: here, then there</source>
        <translation>経路: 始点、続いて終点</translation>
    </message>
</context>
<context>
    <name>kasuri::app::SideHead</name>
    <message>
        <source>Before</source>
        <translation>前</translation>
    </message>
    <message>
        <source>After</source>
        <translation>後</translation>
    </message>
</context>
<context>
    <name>kasuri::app::SidesPanel</name>
    <message>
        <source>baseline</source>
        <translation>基準</translation>
    </message>
    <message>
        <source>  (measured %1)</source>
        <translation>  （実測 %1）</translation>
    </message>
    <message>
        <source>  (no value)</source>
        <translation>  （値なし）</translation>
    </message>
    <message>
        <source>Travels with the ONNX file in %1: %2 %3</source>
        <translation>ONNX ファイルだけで得られる効果（%1）: %2 %3</translation>
    </message>
    <message>
        <source>; needs the Kasuri plan: %1 %2</source>
        <translation>、Kasuri のプランが必要な効果: %1 %2</translation>
    </message>
    <message>
        <source>Side</source>
        <translation>対象</translation>
    </message>
    <message>
        <source>Runtime</source>
        <translation>ランタイム</translation>
    </message>
    <message>
        <source>Median ms</source>
        <translation>中央値 ms</translation>
    </message>
    <message>
        <source>p90 ms</source>
        <translation>p90 ms</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>判定</translation>
    </message>
    <message>
        <source>99 % interval</source>
        <translation>99 % 信頼区間</translation>
    </message>
    <message>
        <source>Items/s</source>
        <translation>件/秒</translation>
    </message>
    <message>
        <source>Arena</source>
        <translation>中間テンソル領域</translation>
    </message>
    <message>
        <source>RSS, peak</source>
        <translation>RSS、ピーク</translation>
    </message>
    <message>
        <source>First run ms</source>
        <translation>初回 ms</translation>
    </message>
    <message>
        <source>Outputs</source>
        <translation>出力</translation>
    </message>
    <message>
        <source>Results of the sides</source>
        <translation>比較対象の結果</translation>
    </message>
    <message>
        <source>Sides</source>
        <translation>比較対象</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名前</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>モデル</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>レシピ</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>スレッド</translation>
    </message>
    <message>
        <source>CPUs</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>Dimensions</source>
        <translation>次元</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>設定</translation>
    </message>
    <message>
        <source>Requirements</source>
        <translation>要件</translation>
    </message>
    <message>
        <source>Measure the sides</source>
        <translation>比較対象の計測</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>追加</translation>
    </message>
    <message>
        <source>side%1</source>
        <translation>side%1</translation>
    </message>
    <message>
        <source>What runs today</source>
        <translation>現在の実行環境</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>削除</translation>
    </message>
    <message>
        <source>Runtime of %1</source>
        <translation>%1 のランタイム</translation>
    </message>
    <message>
        <source>Not measured yet. The first side is the baseline; all run interleaved.</source>
        <translation>未計測です。最初の対象が基準で、すべて交互に計測します。</translation>
    </message>
    <message>
        <source>p90&lt;=100ms; rss&lt;=512MiB; box&lt;=1GiB; deadline 33ms misses&lt;=0.1%</source>
        <translation>p90&lt;=100ms; rss&lt;=512MiB; box&lt;=1GiB; deadline 33ms misses&lt;=0.1%</translation>
    </message>
    <message>
        <source>Streams</source>
        <translation>ストリーム</translation>
    </message>
    <message>
        <source>Runs at the same time; items per second are those of all together. Empty: one</source>
        <translation>同時に実行する数。1 秒あたりの件数は全体の合計です。空欄: 1</translation>
    </message>
</context>
<context>
    <name>kasuri::app::StartPage</name>
    <message>
        <source>Start</source>
        <translation>開始</translation>
    </message>
    <message>
        <source>No model open</source>
        <translation>モデルが開かれていません</translation>
    </message>
    <message>
        <source>Open a model…   Ctrl+O</source>
        <translation>モデルを開く…   Ctrl+O</translation>
    </message>
    <message>
        <source>Open the sample, a small convolutional network</source>
        <translation>見本（小さな畳み込みネットワーク）を開く</translation>
    </message>
    <message>
        <source>What runs here</source>
        <translation>この環境で動くもの</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>確認中…</translation>
    </message>
    <message>
        <source>Opened before</source>
        <translation>最近開いたモデル</translation>
    </message>
    <message>
        <source>Go on with the session that ended unexpectedly</source>
        <translation>予期せず終了したセッションを続ける</translation>
    </message>
    <message>
        <source>How far verdicts can be trusted here</source>
        <translation>この環境での判定の信頼度</translation>
    </message>
    <message numerus="yes">
        <source>A/A self-test: %n comparisons left. Click to cancel</source>
        <translation>
            <numerusform>A/A 自己診断: 残り %n 回。クリックで中止</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>A/A self-test: compare the sample with itself, %n times</source>
        <translation>
            <numerusform>A/A 自己診断: サンプルを同じもの同士で %n 回比較</numerusform>
        </translation>
    </message>
    <message>
        <source>Not tried yet.</source>
        <translation>まだ実行していません。</translation>
    </message>
    <message>
        <source>%1 of %2 quick comparisons of equal sides called a difference.</source>
        <translation>同一条件の簡易比較 %2 回のうち %1 回が差ありと判定されました。</translation>
    </message>
    <message>
        <source>GPU: %1</source>
        <translation>GPU: %1</translation>
    </message>
    <message>
        <source>GPU: none</source>
        <translation>GPU: なし</translation>
    </message>
</context>
<context>
    <name>kasuri::app::TimePanel</name>
    <message>
        <source>drift –</source>
        <translation>変動 –</translation>
    </message>
    <message>
        <source>no drift</source>
        <translation>変動なし</translation>
    </message>
    <message>
        <source>drift %1</source>
        <translation>変動 %1</translation>
    </message>
    <message>
        <source>%1: first run %2 ms, then median %3, p90 %4, %5</source>
        <translation>%1: 初回 %2 ms、以後 中央値 %3、p90 %4、%5</translation>
    </message>
    <message>
        <source>, %1 of %2 runs flagged as outliers</source>
        <translation>、%2 回中 %1 回を外れ値として表示</translation>
    </message>
    <message>
        <source>profile: %1 ms instrumented, %2 ms plain, overhead %3, %4 runs</source>
        <translation>プロファイル: 計装あり %1 ms、なし %2 ms、負担 %3、%4 回</translation>
    </message>
    <message>
        <source>Kernels</source>
        <translation>カーネル</translation>
    </message>
    <message>
        <source>Histogram</source>
        <translation>分布</translation>
    </message>
    <message>
        <source>Run order</source>
        <translation>実行順</translation>
    </message>
    <message>
        <source>before</source>
        <translation>前</translation>
    </message>
    <message>
        <source>after</source>
        <translation>後</translation>
    </message>
    <message>
        <source>Nothing timed yet. F5 measures.</source>
        <translation>まだ計測していません。F5 で計測します。</translation>
    </message>
    <message>
        <source>Kernels as a table</source>
        <translation>カーネルの表</translation>
    </message>
    <message>
        <source>Measured runs as a table</source>
        <translation>計測した実行の表</translation>
    </message>
    <message>
        <source>Measured blocks as a table</source>
        <translation>計測ブロックの表</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>表</translation>
    </message>
    <message>
        <source>The picture as a table</source>
        <translation>図を表で表示</translation>
    </message>
</context>
<context>
    <name>kasuri::app::TwinView</name>
    <message>
        <source>Copy as text</source>
        <translation>テキストとしてコピー</translation>
    </message>
    <message>
        <source>Write as CSV…</source>
        <translation>CSV に書き出す…</translation>
    </message>
    <message>
        <source>Cannot write %1: %2</source>
        <translation>%1 に書き込めません: %2</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>書き出し</translation>
    </message>
</context>
<context>
    <name>kasuri::app::VerdictHeader</name>
    <message>
        <source>▼ Faster</source>
        <translation>▼ 速い</translation>
    </message>
    <message>
        <source>▲ Slower</source>
        <translation>▲ 遅い</translation>
    </message>
    <message>
        <source>= Same</source>
        <translation>= 同等</translation>
    </message>
    <message>
        <source>? Undecided</source>
        <translation>? 判定不能</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>判定</translation>
    </message>
    <message>
        <source>Runs on</source>
        <translation>実行環境</translation>
    </message>
    <message>
        <source>CPU · 1 thread</source>
        <translation>CPU · 1 スレッド</translation>
    </message>
    <message>
        <source>CPU · %1 threads</source>
        <translation>CPU · %1 スレッド</translation>
    </message>
    <message>
        <source>Cancel  Esc</source>
        <translation>中止  Esc</translation>
    </message>
    <message>
        <source>Measure  F5</source>
        <translation>計測  F5</translation>
    </message>
    <message>
        <source>Latency   median of paired blocks</source>
        <translation>レイテンシ   対にしたブロックの中央値</translation>
    </message>
    <message>
        <source>ms</source>
        <translation>ms</translation>
    </message>
    <message>
        <source>not measured yet: F5</source>
        <translation>未計測: F5</translation>
    </message>
    <message>
        <source>99 %  %1 … %2</source>
        <translation>99 %  %1 … %2</translation>
    </message>
    <message>
        <source> ms   </source>
        <translation> ms   </translation>
    </message>
    <message>
        <source>Planned arena   peak</source>
        <translation>中間テンソル領域   ピーク</translation>
    </message>
    <message>
        <source>MiB</source>
        <translation>MiB</translation>
    </message>
    <message>
        <source>lower bound %1</source>
        <translation>下限 %1</translation>
    </message>
    <message>
        <source>▼ Less</source>
        <translation>▼ 減少</translation>
    </message>
    <message>
        <source>▲ More</source>
        <translation>▲ 増加</translation>
    </message>
    <message>
        <source>Process RSS   peak</source>
        <translation>プロセス RSS   ピーク</translation>
    </message>
    <message>
        <source>inside the threshold ±2 %</source>
        <translation>しきい値 ±2 % 以内</translation>
    </message>
    <message>
        <source>Outputs</source>
        <translation>出力</translation>
    </message>
    <message>
        <source>× Failed</source>
        <translation>× 失敗</translation>
    </message>
    <message>
        <source>unchecked</source>
        <translation>未検査</translation>
    </message>
    <message>
        <source>× Outputs differ</source>
        <translation>× 出力が不一致</translation>
    </message>
    <message>
        <source>? Unchecked</source>
        <translation>? 未検査</translation>
    </message>
    <message>
        <source>✓ Equal</source>
        <translation>✓ 一致</translation>
    </message>
    <message>
        <source>✓ Within tolerance</source>
        <translation>✓ 許容誤差内</translation>
    </message>
    <message>
        <source>%1 of %1   max abs %2</source>
        <translation>%1 / %1   最大絶対誤差 %2</translation>
    </message>
    <message>
        <source>Effect of each pass: %1</source>
        <translation>各パスの効果: %1</translation>
    </message>
    <message>
        <source>estimated, not measured yet: F5</source>
        <translation>推定、未計測: F5</translation>
    </message>
    <message>
        <source>~ Recipe changed</source>
        <translation>~ レシピ変更</translation>
    </message>
    <message numerus="yes">
        <source>– Partial, %n blocks</source>
        <translation>
            <numerusform>– 途中結果、%n ブロック</numerusform>
        </translation>
    </message>
    <message>
        <source>measured with %1; F5 measures again</source>
        <translation>%1 で計測済み。F5 で再び計測</translation>
    </message>
    <message>
        <source>not compared</source>
        <translation>比較なし</translation>
    </message>
    <message>
        <source>✓ %1 of %2 requirements met</source>
        <translation>✓ 要件 %2 件中 %1 件を満たす</translation>
    </message>
    <message>
        <source>× %1 of %2 requirements met</source>
        <translation>× 要件 %2 件中 %1 件を満たす</translation>
    </message>
    <message>
        <source>no verdict on times while the outputs differ</source>
        <translation>出力が不一致のため、時間は判定しません</translation>
    </message>
</context>
<context>
    <name>kasuri::app::WhyNotPanel</name>
    <message>
        <source>Pass</source>
        <translation>パス</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>規則</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>理由</translation>
    </message>
    <message>
        <source>Sites</source>
        <translation>箇所</translation>
    </message>
    <message>
        <source>First site</source>
        <translation>最初の箇所</translation>
    </message>
    <message>
        <source>Why not</source>
        <translation>適用されない理由</translation>
    </message>
    <message>
        <source>Filter by pass, rule, reason or operator</source>
        <translation>パス・規則・理由・演算子で絞り込み</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>絞り込み</translation>
    </message>
    <message>
        <source>No rule was declined anywhere.</source>
        <translation>不適用の規則はありません。</translation>
    </message>
    <message>
        <source>Nothing matches the filter.</source>
        <translation>絞り込みに一致するものがありません。</translation>
    </message>
</context>
<context>
    <name>kasuri::app::WorkerLink</name>
    <message>
        <source>The engine process ended unexpectedly%1. The window and your toggles are unchanged; F5 measures again.</source>
        <translation>エンジンのプロセスが予期せず終了しました%1。ウィンドウと設定はそのままです。F5 で再び計測します。</translation>
    </message>
    <message>
        <source>Cannot run &apos;%1&apos; (exit code %2).</source>
        <translation>「%1」を実行できません（終了コード %2）。</translation>
    </message>
    <message>
        <source>Reading %1 of %2 MiB</source>
        <translation>読み込み中 %1 / %2 MiB</translation>
    </message>
    <message>
        <source>%1, %2 s left</source>
        <translation>%1、残り %2 秒</translation>
    </message>
</context>
</TS>
