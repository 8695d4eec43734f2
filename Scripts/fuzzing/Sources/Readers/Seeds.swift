import Foundation
import XAIAttribution
import XAIFiles
import XAINetworks
import XAITensor
import XAITraining

/// Writes undamaged files of the readers whose seeds are not among the fixtures of the tests.
func writeSeeds(to folder: String) throws {
  func write(_ reader: String, _ name: String, _ bytes: [UInt8]) throws {
    try FileManager.default.createDirectory(
      atPath: "\(folder)/\(reader)", withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(filePath: "\(folder)/\(reader)/\(name)"))
  }
  let small = Architecture(
    name: "small", input: [3, 4, 4], stacks: [[2]], hidden: [3], classes: 2, batchNorm: true)
  for (name, architecture) in [("vgg", Architecture.vgg16Tiny), ("small", small)] {
    try write("architecture", name, Array(architecture.json.utf8))
  }
  for entry in MethodCatalog.entries {
    let parameters = try MethodParameters(of: entry.method).json
    try write(
      "parameters", entry.identifier, Array("{\"\(entry.identifier)\": \(parameters)}".utf8))
  }
  let words = [
    "saliency,group1", "file.safetensors:images", "data:64", "auto:3", "1.5GB", "10min", "0.25",
    "ox, cow", "predicted,true,0",
  ]
  for (index, word) in words.enumerated() { try write("words", "\(index)", Array(word.utf8)) }
  let lists = [
    "n01\nn02\n", "n01\tgoldfish, Carassius\n", "n01_0.JPEG\t0\t1\t6\t7\n",
    "val_0.JPEG\tn01\t0\t0\t3\t7\n",
  ]
  for (index, list) in lists.enumerated() {
    try write("annotations", "\(index)", [UInt8(index)] + Array(list.utf8))
  }

  let metrics = EpochMetrics(
    epoch: 1, learningRate: 0.01, trainLoss: 2, trainTop1: 0.5, validationLoss: 2.5,
    validationTop1: 0.25, validationTop5: 0.5, imagesPerSecond: 90, seconds: 10)
  try write("metrics", "log", Array(MetricsLog.text([metrics]).utf8))
  var configuration = Recipe.thesis.configuration(data: "shapes", architecture: small)
  configuration.patience = 10
  var state = TrainingState(stopping: EarlyStopping(patience: 10))
  (state.epoch, state.metrics) = (1, [metrics])
  let texts = (state: try JSONText.encode(state), config: try JSONText.encode(configuration))
  try write("results", "state", [3] + Array(texts.state.utf8))
  try write("results", "configuration", [4] + Array(texts.config.utf8))

  let network = Network(small)
  let parameters = Parameters.initial(for: network, seed: 0)
  let metadata = ["configuration": texts.config, "training_state": texts.state]
  try FileManager.default.createDirectory(
    atPath: "\(folder)/checkpoint", withIntermediateDirectories: true)
  for (name, more) in [("network", [:]), ("training", metadata)] {
    let checkpoint = Checkpoint(
      network: network, parameters: parameters, mean: Tensor(shape: [3]),
      standardDeviation: Tensor(shape: [3], repeating: 1),
      classes: [.init(id: "n01", name: "goldfish"), .init(id: "n02", name: "ox")], metadata: more)
    let velocities = parameters.names.filter { !Parameters.isRunningStatistic($0) }.compactMap {
      name in parameters[name].map { (name: "velocity.\(name)", data: TensorData.float32($0)) }
    }
    try checkpoint.write(to: "\(folder)/checkpoint/\(name)", adding: more.isEmpty ? [] : velocities)
  }
}
