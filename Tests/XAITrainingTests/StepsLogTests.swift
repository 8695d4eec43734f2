import Foundation
import Testing
import XAINetworks
import XAITraining

@Suite struct StepsLogTests {
  /// A state as a file has it, with some steps done.
  private func log(_ json: String) throws -> StepsLog {
    try JSONDecoder().decode(StepsLog.self, from: Data(json.utf8))
  }

  @Test func `rows are numbers that read back, under a header`() throws {
    let log = try log(
      """
      {"rows": [{"step": 50, "epoch": 0.5, "learningRate": 0.01, "loss": 2.25, "top1": 0.125},
                {"step": 100, "epoch": 1, "learningRate": 0.005, "loss": 1.75, "top1": 0.25}],
       "lossSum": 0, "correct": 0, "images": 0}
      """)
    #expect(
      log.text == """
        step,epoch,learning_rate,train_loss,train_top1
        50,0.5,0.01,2.25,0.125
        100,1.0,0.005,1.75,0.25

        """)
    #expect(StepsLog().text == "step,epoch,learning_rate,train_loss,train_top1\n")
  }

  @Test func `the curves have a thin line of steps, also before the first epoch ends`() {
    let rows = (1...9).map {
      StepMetrics(step: 50 * $0, epoch: 0.1 * Double($0), learningRate: 0.1, loss: 3, top1: 0.1)
    }
    let empty = CurvesPlot(title: "a", epochs: [], bestEpoch: nil).svg()
    let plot = CurvesPlot(title: "a", epochs: [], bestEpoch: nil, steps: rows).svg()
    #expect(!empty.contains("stroke-width=\"1\" stroke-linejoin"))
    #expect(plot.components(separatedBy: "stroke-width=\"1\" stroke-linejoin").count == 3)
  }

  @Test func `a configuration says what is not as its recipe has it`() {
    var configuration = Recipe.strong.configuration(data: "shapes", architecture: .vgg16Tiny)
    #expect(configuration.changesOfRecipe.isEmpty)
    configuration.epochs = 3
    configuration.seed = 7
    configuration.architecture.classes = 12
    #expect(configuration.changesOfRecipe == ["epochs 3 instead of 30"])
  }
}
