/// The picker of a page: selections, and switches for the look of maps (`picker.js`).
package struct Picker {
  private let choices: [(identifier: String, title: String)]

  /// A picker with selections beside that of the method, which every page has.
  /// - Parameter choices: The name of each choice in the page's state, and its title.
  package init(_ choices: [(identifier: String, title: String)]) {
    self.choices = [("method", "Method")] + choices
  }

  /// The controls, and, on paper, what they say.
  package var html: HTML {
    let selections = choices.map { choice -> HTML in
      """
      <label><span>\(choice.title)</span>\
      <select id="\(choice.identifier)" data-choice></select></label>

      """
    }
    return """
      <p class="print-only">Shown here: <span id="chosen" class="name"></span></p>
      <div class="controls">
      \(selections)\(Self.look)
      </div>
      """
  }

  /// How maps are shown.
  private static let look: HTML = """
    <fieldset><legend>Relevance</legend><div class="choice">
    <label><input type="radio" name="sign" value="all"><span>all</span></label>
    <label><input type="radio" name="sign" value="positive"><span>positive only</span></label>
    </div></fieldset>
    <fieldset><legend>Scale of colors</legend><div class="choice">
    <label><input type="radio" name="scale" value="own"><span>each map</span></label>
    <label><input type="radio" name="scale" value="shared"><span>shared</span></label>
    </div></fieldset>
    <fieldset><legend>Colors of the two signs</legend><div class="choice">
    <label><input type="radio" name="colors" value="blue-orange"><span>blue, orange</span></label>
    <label><input type="radio" name="colors" value="red-green"><span>green, red</span></label>
    </div></fieldset>
    """
}
