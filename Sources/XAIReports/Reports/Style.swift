extension ReportPage {
  /// How pages look: on paper, on a phone, in the dark.
  ///
  /// Colours are those of Okabe and Ito (2008), darkened or lightened where they carry text.
  static let style = """
    :root {
      --page: #ffffff; --panel: #f4f6f8; --ink: #1a1d21; --faint: #59626c; --line: #d3d9df;
      --accent: #0068a3; --on-accent: #ffffff; --mean: #0072b2; --single: #b34700; --other: #007a5a;
      --pass: #006b4f; --fail: #a83a00; --unsure: #5a5f66; --here: #0072b222; --warn: #fff1e6;
      color-scheme: light;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --page: #14171a; --panel: #1e2327; --ink: #e9ecef; --faint: #a7b0b9; --line: #3a424a;
        --accent: #6cc0f0; --on-accent: #0d1114; --mean: #56b4e9; --single: #f0a061; --other: #3fcfa5;
        --pass: #4fd1ab; --fail: #ff9d66; --unsure: #b8c0c8; --here: #56b4e92e; --warn: #3a2417;
        color-scheme: dark;
      }
    }
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; scroll-padding-top: 3.5rem; }
    body {
      margin: 0; background: var(--page); color: var(--ink);
      font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif;
    }
    header, main, footer { max-width: 1240px; margin: 0 auto; padding: 0 1.25rem; }
    header { padding-top: 1.5rem; }
    h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .4rem; }
    h2 { font-size: 1.3rem; margin: 0 0 .6rem; }
    h3 { font-size: 1.02rem; margin: 1.4rem 0 .4rem; }
    p { margin: .4rem 0 .8rem; max-width: 80ch; }
    section { padding: 1.6rem 0 1rem; border-top: 1px solid var(--line); }
    a { color: var(--accent); }
    .faint, figcaption, caption { color: var(--faint); font-size: .9rem; }
    .name, bdi { unicode-bidi: isolate; overflow-wrap: break-word; }
    code, pre { font-family: ui-monospace, "DejaVu Sans Mono", Consolas, monospace; font-size: .88em; }
    pre {
      background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: .8rem;
      white-space: pre-wrap; overflow-wrap: anywhere; margin: .4rem 0;
    }
    :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
    .skip { position: absolute; left: -999px; }
    .skip:focus { left: 1rem; top: .5rem; background: var(--page); padding: .5rem; z-index: 9; }
    nav {
      position: sticky; top: 0; z-index: 5; background: var(--page);
      border-bottom: 1px solid var(--line);
    }
    nav ul {
      display: flex; gap: 0 .35rem; list-style: none; margin: 0 auto; padding: .35rem 1rem;
      max-width: 1240px; overflow-x: auto;
    }
    nav a {
      display: block; padding: .35rem .6rem; border-radius: 5px; text-decoration: none;
      white-space: nowrap;
    }
    nav a:hover { background: var(--panel); }
    .notice, #failure, .condition.bad {
      border-left: 5px solid var(--fail); background: var(--warn); padding: .6rem .9rem;
      border-radius: 4px; margin: .8rem 0;
    }
    .counts { display: flex; flex-wrap: wrap; gap: .5rem; margin: .8rem 0; }
    .badge {
      display: inline-block; font-weight: 600; font-size: .88rem; white-space: nowrap;
      border: 1.5px solid currentcolor; border-radius: 999px; padding: .05rem .6rem;
    }
    .badge.pass { color: var(--pass); }
    .badge.fail { color: var(--fail); border-style: double; border-width: 3px; }
    .badge.inconclusive { color: var(--unsure); border-style: dashed; }

    .scroll { overflow-x: auto; max-width: 100%; }
    table { border-collapse: collapse; font-size: .92rem; }
    caption { text-align: left; padding: .3rem 0; }
    th, td { text-align: left; padding: .32rem .6rem; border-bottom: 1px solid var(--line); }
    thead th { vertical-align: bottom; border-bottom: 2px solid var(--line); white-space: nowrap; }
    tbody th { font-weight: 600; }
    td.number, th.number, #means td, #means th + th { text-align: right; }
    td { font-variant-numeric: tabular-nums; }
    button.sort {
      font: inherit; color: inherit; background: none; border: 0; padding: .1rem 0; cursor: pointer;
    }
    button.sort::after { content: " \\2195"; color: var(--faint); font-size: .8em; }
    [aria-sort=ascending] button.sort::after { content: " \\2191"; color: var(--accent); }
    [aria-sort=descending] button.sort::after { content: " \\2193"; color: var(--accent); }
    button.link {
      font: inherit; color: var(--accent); background: none; border: 0; padding: 0; cursor: pointer;
      text-decoration: underline; text-align: left; overflow-wrap: break-word;
    }
    #means th:first-child {
      position: sticky; left: 0; background: var(--page); max-width: 16rem; min-width: 8rem;
    }
    #means td { background: color-mix(in srgb, var(--mean) var(--share, 0%), var(--page)); }
    #means .here { box-shadow: inset 2px 0 var(--accent), inset -2px 0 var(--accent); }
    #means .chosen th, #means .chosen td { border-bottom: 2px solid var(--accent); font-weight: 700; }

    figure { margin: 0; }
    svg.plot { display: block; width: 100%; height: auto; font-size: 12px; }
    .grid { stroke: var(--line); stroke-width: 1; }
    .axis { stroke: var(--faint); stroke-width: 1; }
    .tick { fill: var(--faint); paint-order: stroke; stroke: var(--page); stroke-width: 3px; }
    .tick.now { fill: var(--ink); font-weight: 700; }
    .tick.flag { fill: var(--fail); font-weight: 700; font-size: 15px; }
    .end { text-anchor: end; }
    .middle { text-anchor: middle; }
    .here { fill: var(--here); }
    .curve { fill: none; stroke-width: 2.5; stroke-linejoin: round; stroke-linecap: round; }
    .band { opacity: .2; stroke: none; }
    .curve.mean { stroke: var(--mean); }
    .curve.single { stroke: var(--single); stroke-width: 1.8; stroke-dasharray: 2 4; }
    .curve.other { stroke: var(--other); }
    .band.mean, .mark.mean { fill: var(--mean); }
    .band.other, .mark.other { fill: var(--other); }
    .rule { stroke: var(--faint); stroke-width: 1.5; }
    .rule.margin { stroke-dasharray: 2 3; }
    .rule.floor { stroke-dasharray: 9 4; }
    .hit { fill: transparent; cursor: pointer; }
    .plates {
      display: grid; gap: 1.2rem;
      grid-template-columns: repeat(auto-fit, minmax(min(100%, 34rem), 1fr));
    }
    .plates figure {
      background: #ffffff; border: 1px solid var(--line); border-radius: 6px; padding: .4rem;
      overflow-x: auto;
    }
    .plates svg { display: block; width: 100%; height: auto; }
    .narrow { display: none; }
    @media screen and (max-width: 620px) {
      .wide { display: none; }
      .narrow { display: block; }
    }
    dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.2rem; margin: .6rem 0; }
    dt { color: var(--faint); }
    dd { margin: 0; overflow-wrap: anywhere; min-width: 0; }
    details { margin: .6rem 0; }
    summary { cursor: pointer; color: var(--accent); padding: .2rem 0; }
    footer { padding-top: 1rem; padding-bottom: 2rem; }
    [hidden] { display: none !important; }
    """
}
