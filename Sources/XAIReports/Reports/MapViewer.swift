/// The map viewer of a page: the image beside large maps with their legend, and a strip of small ones
/// (`viewer.js`).
package struct MapViewer {
  /// The canvases of the large maps, by name.
  let figures: [String]
  /// What the strip is called for readers who hear the page.
  let stripLabel: String
  /// Whether the items of the strip have several maps.
  let isTall: Bool
  /// Whether the outline of an object is drawn over the image and the maps.
  let hasOutlines: Bool

  /// A viewer of some large maps.
  package init(
    figures: [String], stripLabel: String, isTall: Bool = false, hasOutlines: Bool = false
  ) {
    (self.figures, self.stripLabel, self.isTall) = (figures, stripLabel, isTall)
    self.hasOutlines = hasOutlines
  }

  /// A picture under the outline, where there is one.
  private func framed(_ picture: HTML) -> HTML {
    guard hasOutlines else { return picture }
    return """
      <span class="framed">\(picture)<svg class="outline" preserveAspectRatio="none" \
      aria-hidden="true"><path/><path/></svg></span>
      """
  }

  /// The image, the large maps and their legend.
  package var maps: HTML {
    let canvases = figures.map { figure -> HTML in
      """
      <figure>\(framed("<canvas id=\"\(figure)\" role=\"img\"></canvas>"))<figcaption>\
      <strong id="\(figure)-name" class="name"></strong>
      <span id="\(figure)-facts" class="name"></span></figcaption></figure>

      """
    }
    return """
      <div class="maps\(figures.count > 2 ? " four" : "")">
      <figure>\(framed("<img id=\"picture\" alt=\"\">"))<figcaption><strong id="picture-name" class="name"></strong>
      <span id="picture-facts" class="name"></span></figcaption></figure>
      \(canvases)</div>
      <div id="legend" class="legend"><span></span><i></i><span></span></div>
      <p class="faint" id="whole"></p>

      """
  }

  /// The row of small maps.
  package var strip: HTML {
    """
    <div class="strip\(isTall ? " tall" : "")" id="strip" role="group" aria-label="\(stripLabel)"></div>

    """
  }
}
