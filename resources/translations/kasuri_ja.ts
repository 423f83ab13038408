<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ja" sourcelanguage="en">
<context>
    <name>Heat</name>
    <message>
        <source>ms</source>
        <translation>ms</translation>
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
        <source>Effect of each pass   cumulative, ms</source>
        <translation>各パスの効果   累積、ms</translation>
    </message>
</context>
<context>
    <name>kasuri::app::CommandPalette</name>
    <message>
        <source>Command palette</source>
        <translation>コマンドパレット</translation>
    </message>
    <message>
        <source>Action or operator</source>
        <translation>操作または演算子</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>候補</translation>
    </message>
    <message>
        <source>%1   operator</source>
        <translation>%1   演算子</translation>
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
        <source>set %1 to %2</source>
        <translation>%1 を %2 に設定</translation>
    </message>
    <message numerus="yes">
        <source>use %n threads</source>
        <translation>
            <numerusform>%n スレッドを使用</numerusform>
        </translation>
    </message>
    <message>
        <source>Starting both sides</source>
        <translation>前と後を準備しています</translation>
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
        <source>made from %1 operators</source>
        <translation>%1 個の演算子から構成</translation>
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
        <source>&amp;Export ONNX…</source>
        <translation>ONNX の書き出し(&amp;E)…</translation>
    </message>
    <message>
        <source>Export &amp;plan…</source>
        <translation>プランの書き出し(&amp;P)…</translation>
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
        <source>&amp;Copy operators as text</source>
        <translation>演算子をテキストでコピー(&amp;C)</translation>
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
        <source>x: source order · y: MiB of the planned arena, the seven largest tensors</source>
        <translation>x: 元の順序 · y: 中間テンソル領域（MiB）、最大の 7 テンソル</translation>
    </message>
    <message>
        <source>x: source order · a bar per tensor of the arena, by birth</source>
        <translation>x: 元の順序 · 領域内のテンソルごとに 1 本、生成順</translation>
    </message>
    <message>
        <source>x: source order · y: address in the arena, MiB; hatched: free</source>
        <translation>x: 元の順序 · y: 領域内のアドレス（MiB）、斜線: 空き</translation>
    </message>
    <message>
        <source>x: source order · y: MiB of the planned arena</source>
        <translation>x: 元の順序 · y: 中間テンソル領域（MiB）</translation>
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
        <translation>パス › 規則 › 箇所</translation>
    </message>
    <message>
        <source>ms</source>
        <translation>ms</translation>
    </message>
    <message>
        <source>Sites</source>
        <translation>箇所</translation>
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
</context>
<context>
    <name>kasuri::app::SelectionPanel</name>
    <message>
        <source>Median</source>
        <translation>中央値</translation>
    </message>
    <message>
        <source>Backend</source>
        <translation>バックエンド</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>読み出し</translation>
    </message>
    <message>
        <source>Written</source>
        <translation>書き込み</translation>
    </message>
    <message>
        <source>Why not faster</source>
        <translation>速くならない理由</translation>
    </message>
    <message>
        <source>Made from %1 operators</source>
        <translation>%1 個の演算子から構成</translation>
    </message>
    <message>
        <source>Selection</source>
        <translation>選択</translation>
    </message>
    <message>
        <source>Nothing selected. Click an operator, or walk with the arrow keys.</source>
        <translation>何も選択されていません。演算子をクリックするか、矢印キーで移動します。</translation>
    </message>
    <message>
        <source>After</source>
        <translation>後</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>前</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>種類</translation>
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
        <translation>実行不可</translation>
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
        <source>walk from operator to operator</source>
        <translation>演算子から演算子へ移動</translation>
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
        <source>Cannot write %1: %2</source>
        <translation>%1 に書き込めません: %2</translation>
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
        <source>Recipe changed</source>
        <translation>レシピ変更</translation>
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
        <source>%1 of %1 checked   max abs %2</source>
        <translation>%1 / %1 検査済み   最大絶対誤差 %2</translation>
    </message>
    <message>
        <source>Effect of each pass: %1</source>
        <translation>各パスの効果: %1</translation>
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
</context>
</TS>
