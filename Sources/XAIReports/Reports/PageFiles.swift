/// The scripts and style sheets of pages: the files in `Resources`, which are a part of the program.
///
/// A page puts its scripts behind each other into one element, so that they share their names and none
/// of them needs to be loaded.
package enum PageFiles {
  /// Scripts that touch no page, each with tests of its own: numbers, scales, the marks of
  /// plots and charts, orders, pixels, choices.
  package static let pureScripts = text(
    PackageResources.numbers_js, PackageResources.scales_js, PackageResources.marks_js,
    PackageResources.chart_js, PackageResources.ordering_js, PackageResources.pixels_js,
    PackageResources.choices_js)

  /// What every page has: the pure functions, and the parts.
  static let scripts =
    pureScripts
    + text(
      PackageResources.page_js, PackageResources.table_js, PackageResources.badge_js,
      PackageResources.maps_js, PackageResources.plot_js, PackageResources.report_js,
      PackageResources.viewer_js, PackageResources.picker_js)

  /// How every page looks: on paper, on a phone, in the dark.
  static let styles = text(PackageResources.page_css, PackageResources.parts_css)

  /// The script of the page of a randomization test.
  static let cascade = text(PackageResources.cascade_js, PackageResources.cascadeView_js)

  /// The script of a page about pairs of maps.
  static let contrast = text(PackageResources.contrast_js, PackageResources.contrastView_js)

  /// What is special in the looks of a page about pairs of maps.
  static let contrastStyle = text(PackageResources.contrast_css)

  /// The script of the page of an evaluation.
  static let evaluation = text(
    PackageResources.evaluation_js, PackageResources.evaluationCurves_js,
    PackageResources.evaluationView_js)

  /// What is special in the looks of the page of an evaluation.
  static let evaluationStyle = text(PackageResources.evaluation_css)

  /// The script of a page whose parts stand in it from the start.
  static let plain = text(PackageResources.plain_js)

  /// How such a page shows pictures.
  static let plainStyle = text(PackageResources.plain_css)

  private static func text(_ files: [UInt8]...) -> [String] {
    files.map { String(decoding: $0, as: UTF8.self) }
  }
}
