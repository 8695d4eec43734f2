import XAIExperiments
import XAITensor

/// Whether the measures are to be believed.
extension EvaluationReport {
  /// What trials of the measures showed; nothing where they were not tried.
  var trialSection: ReportPage.Section? {
    guard let trials = results.trials, !trials.isEmpty else { return nil }
    var table = PageTable(
      "Trials of the measures", isSortable: true, isCards: true,
      columns: [
        .init("measure"), .init("noise resilience \u{2191}", isNumber: true),
        .init("adversary \u{2191}", isNumber: true),
      ])
    for trial in trials {
      let measure = results.measures.first { $0.identifier == trial.measure }
      table.append(
        "<bdi>\(measure?.longTitle ?? trial.measure)</bdi>",
        [
          .number(trial.noiseResilience, label: "noise resilience"),
          .number(trial.adversary, label: "adversary"),
        ])
    }
    return ReportPage.Section(
      "trials", link: "Trials", title: "Are the measures to be believed?",
      content: """
        <p>On \(counted(trials.first?.images ?? 0, "image")). <strong>Noise resilience</strong>: each image is disturbed
        by less than five of 255 levels and explained again; Kendall's tau between the scores of the methods before and
        after, in the mean: 1 is best. <strong>Adversary</strong>: the share of images and methods whose score gets worse
        with the maps of a network whose layers are all random: 1 is best, 0.5 is a coin. A measure that likes such maps
        as well is about something else than this network.</p>
        \(table.html)
        <p class="faint">All numbers are in <code>trials.csv</code>.</p>
        """)
  }
}
