extension ReportPage {
  /// Pairs of maps and bars, beside the style of cascades.
  static let contrastStyle = """
    .maps.four { grid-template-columns: repeat(4, minmax(0, 1fr)); }
    .strip.tall button { flex: 0 0 5.6rem; max-width: none; }
    .strip.tall .layer { min-height: 3.6em; overflow-wrap: anywhere; }
    .status { min-height: 0; }
    .plates.single { max-width: 58rem; }
    #overview td, #overview th { white-space: nowrap; }
    svg.bars { display: block; width: 100%; height: auto; font-size: 12px; }
    .bar { fill: var(--mean); opacity: .55; }
    .bar.now { opacity: 1; }
    .whisker { stroke: var(--single); stroke-width: 2; }
    .dot { fill: var(--single); }
    .name-now { fill: var(--ink); font-weight: 700; }
    .key i.bar { background: var(--mean); }
    .key i.single { border-top: 3px solid var(--single); height: 0; }
    #panel td { text-align: right; }
    #panel .chosen th, #panel .chosen td { border-bottom: 2px solid var(--accent); font-weight: 700; }
    @media (max-width: 620px) {
      #overview td, #overview th { white-space: normal; }
      .maps.four { grid-template-columns: repeat(2, minmax(0, 1fr)); }
    }
    @media print {
      .maps.four { grid-template-columns: repeat(4, minmax(0, 1fr)); }
      .strip.tall button { flex: 0 0 4.4rem; break-inside: avoid; }
    }
    """
}
