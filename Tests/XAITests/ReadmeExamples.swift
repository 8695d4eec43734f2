import XAI

// The examples of README's section "From Swift", word for word; `ReadmeTests` compares.

enum ReadmeExamples {
  static func explain() throws {
    // begin explain
    let network = try ExplainedNetwork(checkpoint: "best.safetensors")
    let image = try network.image(at: "cat.jpg")
    let map = try network.explain(image, by: .integratedGradients, target: .predicted)
    print(map.target, map.probability, map.law as Any)
    try map.heatmap.write(to: "cat.png", enlarged: 4)
    // end explain
  }

  static func train() throws {
    // begin train
    let shapes = ShapesDataset()
    var recipe = Recipe.strong.configuration(data: shapes.name, architecture: .vgg16Tiny)
    recipe.architecture.classes = shapes.classes.count
    recipe.epochs = 3
    let trainer = try Trainer(
      recipe, dataset: shapes, folder: RunFolder(path: "Models/mine"), backend: CPUBackend())
    let summary = try trainer.run()
    print(summary.bestValidationTop1 as Any)
    // end train
  }

  static func test() throws {
    // begin test
    var request = Session.Request(checkpoints: ["best.safetensors"])
    request.data = DataOpening("shapes")
    let session = try Session(request)
    let experiment = try RandomizationExperiment(
      of: [.saliency, .guidedBackprop, .gradCAM], images: 5, in: session, keeping: "Tested")
    let outcome = try experiment.finish()
    for verdict in outcome.results.verdicts { print(verdict.method, verdict.degree as Any) }
    try outcome.report().write(to: "Tested")
    // end test
  }
}
