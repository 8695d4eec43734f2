/// The scripts and style sheets of pages: the files in `Resources`, which are a part of the program.
///
/// A page puts its scripts behind each other into one element, so that they share their names and none
/// of them needs to be loaded.
package enum PageFiles {
  /// Scripts that touch no page, each with tests of its own: numbers, scales, orders, pixels, choices.
  package static let pureScripts = text(
    PackageResources.numbers_js, PackageResources.scales_js, PackageResources.ordering_js,
    PackageResources.pixels_js, PackageResources.choices_js)

  /// What every page has: failures are shown, tables sort themselves, maps are painted.
  static let baseScripts =
    pureScripts
    + text(PackageResources.page_js, PackageResources.table_js, PackageResources.maps_js)

  /// The scripts of the page of a randomization test.
  static let cascadeScripts =
    baseScripts
    + text(
      PackageResources.plot_js, PackageResources.explore_js, PackageResources.cascade_js,
      PackageResources.cascadeView_js)

  /// The scripts of a page about pairs of maps.
  static let contrastScripts =
    baseScripts
    + text(
      PackageResources.bars_js, PackageResources.explore_js, PackageResources.contrast_js,
      PackageResources.contrastView_js)

  /// How the page of a randomization test looks: on paper, on a phone, in the dark.
  static let cascadeStyles = text(PackageResources.page_css, PackageResources.explore_css)

  /// How a page about pairs of maps looks.
  static let contrastStyles = cascadeStyles + text(PackageResources.contrast_css)

  private static func text(_ files: [UInt8]...) -> [String] {
    files.map { String(decoding: $0, as: UTF8.self) }
  }
}
