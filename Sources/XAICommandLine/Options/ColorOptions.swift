public import ArgumentParser
public import XAIImages

extension MapColors: ExpressibleByArgument {}

/// The colors of maps in pictures.
package struct ColorOptions: ParsableArguments {
  @Option(
    help: """
      The colors of the two signs in pictures: blue-orange, which every reader can tell apart, or red-green \
      as in Nuzzo 2020; default is blue-orange.
      """)
  package var colors = MapColors.blueOrange

  package init() {}
}
