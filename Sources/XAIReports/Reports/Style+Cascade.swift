extension ReportPage {
  /// Controls and maps; narrow windows and paper.
  static let cascadeStyle = """
    .controls {
      display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 15.5rem), 1fr));
      gap: .7rem 1rem; background: var(--panel); border: 1px solid var(--line); border-radius: 8px;
      padding: .9rem;
    }
    .controls > label > span, legend { display: block; font-size: .86rem; color: var(--faint); }
    select, .step button {
      font: inherit; width: 100%; min-height: 2.4rem; padding: .25rem .5rem; color: var(--ink);
      background: var(--page); border: 1px solid var(--faint); border-radius: 6px;
    }
    legend { padding: 0; }
    fieldset { border: 0; margin: 0; padding: 0; min-width: 0; }
    .choice { display: flex; border: 1px solid var(--faint); border-radius: 6px; overflow: hidden; }
    .choice label { flex: 1; position: relative; }
    .choice input {
      position: absolute; opacity: 0; inset: 0; width: 100%; height: 100%; margin: 0;
      cursor: pointer;
    }
    .choice span {
      display: flex; align-items: center; justify-content: center; min-height: 2.3rem;
      padding: .1rem .4rem; background: var(--page); color: var(--ink); font-size: .92rem;
      text-align: center; line-height: 1.15; height: 100%;
    }
    .choice label + label span { border-left: 1px solid var(--faint); }
    .choice input:checked + span { background: var(--accent); color: var(--on-accent); font-weight: 600; }
    .choice input:focus-visible + span { outline: 3px solid var(--ink); outline-offset: -4px; }
    .step {
      display: grid; grid-template-columns: 3rem 1fr 3rem; gap: .8rem; align-items: center;
      margin: 1rem 0 .4rem;
    }
    .step label { grid-column: 1 / -1; margin-bottom: -.6rem; color: var(--faint); font-size: .86rem; }
    .step button { font-size: 1.1rem; cursor: pointer; }
    .step button:disabled { opacity: .4; cursor: default; }
    .step input { width: 100%; height: 2.4rem; accent-color: var(--accent); margin: 0; cursor: pointer; }
    .status { min-height: 3.2em; }
    .status p { margin: .15rem 0; max-width: none; }
    #where { font-weight: 600; }
    .condition { color: var(--faint); }
    .condition.bad { color: var(--ink); font-weight: 600; }
    .stage {
      display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1.05fr); gap: 1.4rem;
      align-items: start; margin-top: .8rem;
    }
    .beside { grid-column: 2; grid-row: 1 / span 2; }
    #forgetting-figure { grid-column: 1; }
    .maps { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: .7rem; }
    .maps img, .maps canvas {
      display: block; width: 100%; height: auto; image-rendering: pixelated; background: var(--panel);
      border: 1px solid var(--line); border-radius: 4px;
    }
    .maps figcaption { line-height: 1.3; padding-top: .3rem; overflow-wrap: anywhere; }
    .maps strong { color: var(--ink); display: block; }
    .legend {
      display: grid; grid-template-columns: auto 1fr auto; gap: .5rem; align-items: center;
      margin: .8rem 0 .2rem; font-size: .88rem;
    }
    .legend i { height: 12px; border: 1px solid var(--line); border-radius: 3px; }
    .legend.red-green i { background: linear-gradient(90deg, #ff0000, #ffffff, #008000); }
    .legend.orange-blue i { background: linear-gradient(90deg, #b35806, #ffffff, #0555a0); }
    .legend.red-green.positive i { background: linear-gradient(90deg, #ffffff, #008000); }
    .legend.orange-blue.positive i { background: linear-gradient(90deg, #ffffff, #0555a0); }
    .legend .against::after { content: "against the class"; }
    .legend.positive .against::after { content: "none"; }
    .strip { display: flex; gap: .4rem; overflow-x: auto; padding: .5rem .2rem .7rem; position: relative; }
    .strip button {
      flex: 1 0 4.6rem; max-width: 7rem; font: inherit; font-size: .84rem; line-height: 1.2;
      color: var(--ink); background: var(--panel); border: 2px solid var(--line); border-radius: 6px; padding: .25rem;
      cursor: pointer; display: flex; flex-direction: column; gap: .2rem;
    }
    .strip button[aria-pressed=true] { border-color: var(--accent); background: var(--here); font-weight: 700; }
    .strip button:hover { border-color: var(--accent); }
    .strip canvas { width: 100%; height: auto; image-rendering: pixelated; display: block; }
    .strip .dead .value { color: var(--fail); font-weight: 700; }
    .key {
      display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; font-size: .88rem; color: var(--faint);
      padding: 0; margin: .3rem 0; list-style: none;
    }
    .key i { display: inline-block; width: 1.9rem; height: .7rem; margin-right: .4rem; vertical-align: middle; }
    .key .mean { border-top: 3px solid var(--mean); background: var(--here); height: .55rem; }
    .key .single { border-top: 3px dotted var(--single); height: 0; }
    .key .other { border-top: 3px solid var(--other); height: 0; }
    .print-only { display: none; }
    .cards tbody th { min-width: 8.5rem; }
    .cards .why { min-width: 13rem; }

    @media (max-width: 900px) {
      .step { position: sticky; top: 2.7rem; z-index: 4; background: var(--page); padding: .2rem 0; }
      .stage { grid-template-columns: minmax(0, 1fr); }
      .beside { grid-column: 1; grid-row: auto; }
    }
    @media (max-width: 620px) {
      header, main, footer { padding-left: .85rem; padding-right: .85rem; }
      .maps { gap: .4rem; }
      .maps figcaption { font-size: .8rem; }
      dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
      dd { margin-bottom: .5rem; }
      table.cards, .cards tbody, .cards tr, .cards th, .cards td { display: block; }
      .cards thead tr { display: flex; flex-wrap: wrap; gap: .2rem .9rem; padding-bottom: .4rem; }
      .cards thead { display: block; }
      .cards thead th { padding: 0; border: 0; }
      .cards tbody tr {
        border: 1px solid var(--line); border-radius: 6px; padding: .5rem .7rem;
        margin-bottom: .6rem;
      }
      .cards thead br { display: none; }
      .cards thead th { text-align: left; }
      .cards tbody th { min-width: 0; }
      table.cards caption { display: block; }
      .cards tbody th, .cards tbody td { border: 0; padding: .1rem 0; text-align: left; }
      .cards tbody th, .cards tbody .outcome { display: inline-block; margin-right: .7rem; }
      .cards td[data-label] { display: inline-block; margin-right: 1rem; }
      .cards td[data-label]::before { content: attr(data-label) " "; color: var(--faint); }
      .cards tbody td:empty, .cards tbody .kind { display: none; }
    }
    @media print {
      :root {
        --page: #ffffff; --panel: #ffffff; --ink: #000000; --faint: #444444; --line: #b5b5b5;
        --accent: #000000; --mean: #0072b2; --single: #b34700; --other: #007a5a;
        --pass: #004d39; --fail: #8a2f00; --unsure: #333333; --here: #0072b218; --warn: #ffffff;
        color-scheme: light;
      }
      body { font-size: 10pt; }
      nav, .skip, .controls, .step, button.sort::after, .no-print { display: none !important; }
      button.sort::after { content: none; }
      .print-only { display: block; }
      header, main, footer { max-width: none; padding-left: 0; padding-right: 0; }
      section { break-before: auto; }
      h2, h3 { break-after: avoid; }
      figure, tr, .stage, .plates figure { break-inside: avoid; }
      .scroll, .strip { overflow: visible; }
      .strip { flex-wrap: wrap; }
      .strip button { flex: 0 0 3.6rem; break-inside: avoid; }
      #means { font-size: 7pt; width: 100%; }
      #means th, #means td { padding: .12rem .18rem; }
      #means th:first-child { position: static; min-width: 0; max-width: 9rem; }
      #means thead th { white-space: normal; }
      table { font-size: 8pt; }
      th, td { padding: .2rem .35rem; }
      .cards .kind { display: none; }
      .stage, .plates { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: .8rem; }
      .beside { grid-column: 2; grid-row: 1 / span 2; }
      svg.plot { font-size: 15px; }
      * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
      button.link { text-decoration: none; color: inherit; }
      @page { margin: 14mm; }
    }
    """
}
