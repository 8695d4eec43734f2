import XAIEvaluation

/// Log-odds masking: the measure that needs the maps of two classes.
enum ContrastColumns {
  /// What it is called, without the baseline.
  static let name = "logOdds"

  /// A column for each baseline.
  static func columns(_ baselines: [String]) -> [MeasureColumn] {
    baselines.map {
      MeasureColumn(
        "\(name).\($0)", .faithfulness, .higher,
        "fall of the log-odds against the likeliest other class without the 20 % of the pixels that speak for it, "
          + "against \($0)"
      ).against($0)
    }
  }
}
