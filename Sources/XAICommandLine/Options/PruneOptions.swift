package import ArgumentParser
import XAIDatasets
package import XAIExperiments
package import XAIRepresentations

/// Which filters go, and how fast.
package struct PruneOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A safetensors file.", valueName: "file"))
  package var checkpoint: String
  @Option(
    help: ArgumentHelp(
      """
      What decides which filters go, separated by commas: lrp, taylor, gradient, weight, random; default is \
      lrp,taylor,weight. Random orders are compared in any case.
      """, valueName: "name"),
    transform: { try Words.list($0, of: "criterion") })
  package var criterion: [FilterCriterion] = []
  @Option(
    parsing: .unconditional,
    help: "The share of the original filters that goes in a step; default is 0.05.",
    transform: Parse.properFraction)
  package var rate = 0.05
  @Option(
    parsing: .unconditional,
    help: "The share of the original filters that is gone at the end; default is 0.9.",
    transform: Parse.properFraction)
  package var until = 0.9
  @Option(
    parsing: .unconditional,
    help: "The share of each layer's filters that stays, at least one filter; default is 0.05.",
    transform: Parse.fraction)
  package var floor = PruningPlan.defaultFloor
  @Option(
    parsing: .unconditional,
    help: "Epochs of fine-tuning after each step; default is 0.",
    transform: Parse.nonNegativeInteger)
  package var epochs = 0
  @Option(
    parsing: .unconditional,
    help: """
      The learning rate of fine-tuning; default is that at the end of the network's own training, or a tenth of its \
      largest where that fell to 0 or is not known.
      """,
    transform: Parse.positiveNumber)
  package var learningRate: Double?
  @Option(
    parsing: .unconditional,
    help: "Training images of each class on which filters are judged; default is 10.",
    transform: Parse.positiveInteger)
  package var images = 10
  @Option(
    parsing: .unconditional, help: "Random orders that others are held against; default is 3.",
    transform: Parse.positiveInteger)
  package var randomOrders = 3
  @Flag(
    help:
      "Leave out the orders that criteria find in a network of random weights, a second control.")
  package var noRandomized = false
  @Option(
    parsing: .unconditional,
    help: """
      Batches of 64 training images on which batch norm is estimated again after each step without fine-tuning; \
      default is 64, and 0 leaves it as it was.
      """,
    transform: Parse.nonNegativeInteger)
  package var recalibrate = 64
  @Option(
    parsing: .unconditional,
    help: "At most so many validation images, evenly from all; default is all.",
    transform: Parse.positiveInteger)
  package var validationImages: Int?
  @Option(
    parsing: .unconditional,
    help: """
      How much validation accuracy the smallest network that is kept may lose; default is 0.01.
      """,
    transform: Parse.fraction)
  package var tolerance = 0.01

  package init() {}

  /// The configuration of the experiment.
  package var configuration: PruningExperiment.Configuration {
    var configuration = PruningExperiment.Configuration()
    if !criterion.isEmpty { configuration.criteria = criterion }
    (configuration.rate, configuration.until, configuration.floor) = (rate, until, floor)
    (configuration.epochs, configuration.learningRate) = (epochs, learningRate)
    (configuration.images, configuration.randomOrders) = (images, randomOrders)
    configuration.includesRandomized = !noRandomized
    (configuration.recalibration, configuration.tolerance) = (recalibrate, tolerance)
    configuration.validationImages = validationImages
    return configuration
  }
}
