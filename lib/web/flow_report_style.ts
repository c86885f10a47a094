/** The report's stylesheet. What depends on the number of lifelines is written for each report. */

/** Of a lifeline, in rem: narrower, and the fields of a request no longer fit beside it. */
const LANE_WIDTH_REM = 18;
/** Of the user's, who says little. */
const USER_WIDTH_REM = 9;

export function reportStyle(laneCount: number): string {
  return `${STYLE}${laneRules(laneCount)}`;
}

/** An arrow begins and ends in the middle of a lane: half a lane is left free on both sides. */
function laneRules(count: number): string {
  const columns = Array.from({ length: count }, (_, index) => index + 1);
  const user = `${USER_WIDTH_REM}rem`;
  return [
    `.lifelines,.heads,.message,.note{grid-template-columns:${user} repeat(${
      count - 1
    },minmax(${LANE_WIDTH_REM}rem,1fr))}`,
    `.sequence{min-width:${USER_WIDTH_REM + (count - 1) * LANE_WIDTH_REM}rem}`,
    ...columns.map((column) =>
      `.from${column}{grid-column-start:${column}}.to${column}{grid-column-end:${column + 1}}` +
      `.span${column}{margin-inline:calc(50%/${column})}`
    ),
    `.from1{margin-inline:calc(${user}/2) calc((100% - ${user})/2)}`,
    "",
  ].join("\n");
}

const STYLE = `
:root{color-scheme:light dark;--page:#fbfbfa;--card:#fff;--text:#1c1e21;--soft:#5b6068;--rule:#d9dce1;
--typed:#8a4b00;--typed-bg:#fff1dc;--made:#6b2fa8;--made-bg:#f3e9fd;--taken:#0b57a4;--taken-bg:#e4f0fd;
--cookie:#1d6a3c;--cookie-bg:#e2f5e9;--bad:#a8201a;--bad-bg:#fdeceb;--good:#1d6a3c;--lit:#ffd54a;--lit-text:#1c1e21;--thread:#c77700}
@media (prefers-color-scheme:dark){:root{--page:#15171a;--card:#1d2024;--text:#e8eaed;--soft:#a3a9b3;--rule:#383d45;
--typed:#ffc37a;--typed-bg:#3b2a12;--made:#d3aefc;--made-bg:#33234a;--taken:#93c5fd;--taken-bg:#172f4c;
--cookie:#8ddcaa;--cookie-bg:#153825;--bad:#ff9c96;--bad-bg:#43191a;--good:#8ddcaa;--lit:#ffd54a;--lit-text:#1c1e21;--thread:#ffb84d}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:15px/1.5 system-ui,sans-serif}
header,main,footer{max-width:110rem;margin:0 auto;padding:0 1.5rem}
header{padding-top:1.5rem}
h1{font-size:1.6rem;margin:0 0 .25rem}
h2{font-size:1.15rem;margin:2rem 0 .5rem}
p{margin:0}
code,.call,.fields,.values,.constants li{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.9em}
a{color:var(--taken)}
:focus-visible{outline:3px solid var(--taken);outline-offset:2px}
.state{display:inline-block;border-radius:1rem;padding:.1rem .7rem;font-weight:600;font-size:.9rem}
.state.good{background:var(--cookie-bg);color:var(--good)}
.state.warn{background:var(--typed-bg);color:var(--typed)}
.state.bad{background:var(--bad-bg);color:var(--bad)}
.good{color:var(--good)}
.bad{color:var(--bad)}
#status{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.facts{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;margin:1rem 0}
.facts dt{color:var(--soft)}
.facts dd{margin:0;overflow-wrap:anywhere}
.reasons{border-left:4px solid var(--bad);background:var(--bad-bg);padding:.75rem 1rem .75rem 2rem;margin:1rem 0;border-radius:.25rem}
.columns{display:grid;grid-template-columns:minmax(0,1fr) 22rem;gap:2rem;align-items:start}
aside{position:sticky;top:0;max-height:100vh;overflow:auto;padding-bottom:1rem}
@media (max-width:70rem){.columns{grid-template-columns:minmax(0,1fr)}aside{position:static;max-height:none}}
.hint{color:var(--soft);font-size:.9rem;margin-bottom:.5rem}
.scroll{overflow-x:auto;border:1px solid var(--rule);border-radius:.5rem;background:var(--card)}
.sequence{position:relative;padding-bottom:1.5rem}
.sequence ol{list-style:none;margin:0;padding:0;position:relative}
.lifelines,.heads,.message,.note{display:grid}
.lifelines{position:absolute;inset:3.2rem 0 0 0}
.lifelines i{justify-self:center;width:0;border-left:2px dotted var(--rule)}
.heads{position:relative;padding:.6rem 0}
.heads span{justify-self:center;text-align:center;font-weight:600;border:1px solid var(--rule);border-radius:.4rem;background:var(--page);padding:.2rem .7rem;max-width:94%;overflow-wrap:anywhere}
.message{padding-top:.8rem}
.arrow{position:relative;grid-row:1;padding:0 .6rem;min-width:0}
.arrow>p,.arrow>dl,.arrow>details{background:var(--card);position:relative}
.call{overflow-wrap:anywhere}
.meta{color:var(--soft);font-size:.85rem}
.leftward>.call{text-align:right}
.line{position:relative;border-top:2px solid var(--soft);margin:.25rem -.5rem .35rem}
.answer .line{border-top-style:dashed}
.line::after{content:"";position:absolute;top:-6px;border:5px solid transparent}
.rightward .line::after{right:0;border-left-color:var(--soft);border-right-width:0}
.leftward .line::after{left:0;border-right-color:var(--soft);border-left-width:0}
.yields .line{border-top-width:4px;border-color:var(--good)}
.yields .line::after{top:-9px;border-width:7px;border-right-width:0;border-left-color:var(--good)}
.note{padding-top:.8rem}
.note p{grid-column:2;justify-self:center;max-width:96%;border:1px solid var(--rule);border-radius:.3rem;background:var(--page);padding:.2rem .6rem;position:relative}
.fields{margin:0;display:grid;grid-template-columns:fit-content(50%) minmax(0,1fr);gap:.15rem .6rem}
.fields div{display:contents}
.fields dt{color:var(--soft);overflow-wrap:anywhere}
.fields dd{margin:0;overflow-wrap:anywhere}
.constants{color:var(--soft);font-size:.85rem}
.constants ul{margin:.2rem 0;padding-left:1.2rem}
.value{display:inline-block;border-radius:.3rem;padding:0 .35rem;text-decoration:none;border:1px solid currentcolor;max-width:100%;overflow-wrap:anywhere}
.value.typed{color:var(--typed);background:var(--typed-bg)}
.value.made{color:var(--made);background:var(--made-bg)}
.value.taken{color:var(--taken);background:var(--taken-bg)}
.value.cookie{color:var(--cookie);background:var(--cookie-bg)}
.value.lit{background:var(--lit);color:var(--lit-text);outline:2px solid var(--thread)}
.sequence .value.lit::after{content:" used here";font-size:.8em;font-style:italic}
.sequence .value.lit[data-role=origin]::after{content:" comes from here"}
.tracing a.value:not(.lit){opacity:.45}
.threads{position:absolute;inset:0;width:100%;height:100%;pointer-events:none;overflow:visible}
.threads path{fill:none;stroke:var(--thread);stroke-width:2;opacity:.8}
.values{list-style:none;margin:0;padding:0}
.values>li{border-top:1px solid var(--rule);padding:.5rem .25rem}
.values>li:target,.values>li.lit{background:var(--card);box-shadow:inset 3px 0 var(--thread)}
.origin,.uses{font-family:system-ui,sans-serif;color:var(--soft)}
.origin{overflow-wrap:anywhere}
.uses{margin:0;padding-left:1.2rem;overflow-wrap:anywhere}
.legend{display:flex;flex-wrap:wrap;gap:.4rem;margin-bottom:.5rem}
table{border-collapse:collapse}
td,th{text-align:left;padding:.15rem 1rem .15rem 0;vertical-align:top}
th{color:var(--soft);font-weight:400}
footer{color:var(--soft);font-size:.85rem;padding-block:2rem}
`;
