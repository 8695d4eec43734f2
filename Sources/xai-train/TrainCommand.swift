import ArgumentParser
import Glibc
import XAIConsole
import XAIDatasets
import XAIFiles
import XAIKernels
import XAINetworks
import XAITensor
import XAITraining

/// Trains a network and saves `bestmodel`.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "xai-train",
    abstract: "Train a modified VGG-16 from JPEG files to bestmodel.safetensors.",
    discussion: """
      Writes into the run folder: bestmodel.safetensors, last.safetensors, config.json, metrics.csv, \
      curves.svg, summary.json. SIGINT and SIGTERM finish the step and save; --resume continues, and \
      the result equals that of an uninterrupted run bit for bit.

      xai-train export-data --data shapes --output DIR writes the built-in data set as JPEG files.
      """,
    version: Toolkit.version)

  @OptionGroup var common: CommonOptions
  @OptionGroup var recipe: RecipeOptions
  @OptionGroup var session: SessionOptions

  func run() throws {
    try Console(program: "xai-train", quiet: common.quiet).reportingFailures { console in
      ThreadTeam.setCount(common.threadCount)
      console.warn(ofThreads: ThreadTeam.count, insteadOf: common.threads)
      if session.resume, !Folder.exists(session.output) {
        throw TrainingFailure(
          .missingInput,
          "\(session.output): there is no such run folder to resume; start the training without "
            + "--resume")
      }
      let folder = try RunFolder(path: session.output)
      let saved = try session.resume ? savedTraining(in: folder) : nil
      if saved == nil { try requireUnused(folder) }
      let (configuration, dataset) = try prepare(saved, console)
      if let saved { warnOfLostModel(saved.state, folder, console) }
      try requireMemory(for: configuration)
      // Not before: until here there is nothing to save, and a signal may end the program at once.
      Interruption.install()
      let backend = try CPUBackend()
      if session.profile { backend.profile = KernelProfile() }
      ModelSummary(Network(configuration.architecture)).lines.forEach(console.note)
      console.note("\(backend.summary); run folder \(session.output)")
      let events = ConsoleEvents(console, configuration)
      let trainer = try Trainer(
        configuration, dataset: dataset, folder: folder, backend: backend, resuming: saved,
        options: session.trainerOptions, events: events)
      let summary = try trainer.run()
      events.finish()
      if let profile = backend.profile {
        ProfileTable(profile, steps: summary.steps - (saved?.state.step ?? 0)).lines
          .forEach(console.print)
      }
      try report(summary, folder, console)
    }
  }

  /// A new training must not replace the results of another.
  private func requireUnused(_ folder: RunFolder) throws {
    if folder.holdsState {
      throw TrainingFailure(
        .cannotCreate,
        "\(session.output): holds a training already; continue it with --resume or choose another "
          + "folder")
    }
    if folder.holdsModel {
      throw TrainingFailure(
        .cannotCreate,
        "\(folder.bestModel): exists already; move it away or choose another folder")
    }
  }

  private func savedTraining(in folder: RunFolder) throws -> SavedTraining {
    guard folder.holdsState else {
      throw TrainingFailure(
        .missingInput,
        "\(folder.last): there is no state to resume from; start the training without --resume")
    }
    return try SavedTraining(path: folder.last)
  }

  /// Warns where the best model of earlier sessions is gone; that of the last epoch can be written anew.
  private func warnOfLostModel(_ state: TrainingState, _ folder: RunFolder, _ console: Console) {
    guard let best = state.stopping.bestEpoch, !state.isBest, folder.bestModelEpoch != best else {
      return
    }
    console.warn(
      "\(folder.bestModel): is missing, damaged or not the model of epoch \(best), the best so far; that "
        + "model is lost, and the next better one takes its place")
  }

  /// The resolved configuration and the data it is for.
  private func prepare(
    _ saved: SavedTraining?, _ console: Console
  ) throws -> (TrainingConfiguration, any ImageDataset) {
    var wanted =
      saved?.configuration
      ?? (recipe.recipe ?? .thesis).configuration(data: "", architecture: .vgg16Tiny)
    try recipe.apply(to: &wanted)
    try wanted.validate()
    let dataset = try common.open(
      input: wanted.architecture.input, validationFraction: wanted.validationFraction,
      seed: wanted.seed, console)
    wanted.data = dataset.name
    if saved == nil || recipe.architecture != nil {
      let classes = dataset.classes.count
      if let file = recipe.architecture, wanted.architecture.classes != classes {
        console.note(
          "\(file) has \(wanted.architecture.classes) classes, \(dataset.name) has \(classes): the "
            + "last layer is made for \(classes)")
      }
      wanted.architecture.classes = classes
    }
    if let saved { try check(saved, wanted, dataset) }
    guard let seed = wanted.randomLabels else { return (wanted, dataset) }
    return (wanted, RelabelledDataset(dataset, seed: seed))
  }

  /// Refuses a network whose training cannot fit into this machine, which would end the program without a
  /// word: a description of a hundred bytes can ask for any number of parameters.
  private func requireMemory(for configuration: TrainingConfiguration) throws {
    let count = Network(configuration.architecture).parameterCount
    // Parameters, gradients, momentum, perhaps an average; activations are not counted.
    let copies = configuration.averaging > 0 ? 4 : 3
    let need = copies * MemoryLayout<Float>.stride * count
    let memory = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
    guard need <= memory else {
      throw TrainingFailure(
        .inputOutput,
        "training a network of \(Format.count(count)) parameters takes more than "
          + "\(Format.bytes(need)) of memory, and this machine has \(Format.bytes(memory)); use a "
          + "smaller network")
    }
  }

  private func check(
    _ saved: SavedTraining, _ wanted: TrainingConfiguration, _ dataset: any ImageDataset
  ) throws {
    var allowed = saved.configuration
    // More epochs change nothing that was done, unless the schedule looks ahead to the last one.
    if case .cosine = allowed.schedule {} else { allowed.epochs = wanted.epochs }
    let differences = wanted.differences(to: allowed)
    guard differences.isEmpty else {
      throw TrainingFailure(
        .usage,
        "\(session.output): --resume with another configuration (\(differences.joined(separator: "; "))"
          + "); leave these options out or start in another folder")
    }
    guard saved.classIDs == dataset.classes.map(\.id) else {
      throw TrainingFailure(
        .badData,
        "\(session.output): the classes of \(dataset.name) are not those of the saved state")
    }
  }

  private func report(_ summary: RunSummary, _ folder: RunFolder, _ console: Console) throws {
    if let epoch = summary.bestEpoch, let loss = summary.bestValidationLoss,
      let top1 = summary.bestValidationTop1
    {
      let place = folder.bestModelEpoch == epoch ? folder.bestModel : "its model is lost"
      console.note(
        "best epoch \(epoch): validation loss \(Format.fixed(loss, digits: 4)), top-1 "
          + "\(Format.percent(top1)); \(place)")
    }
    switch summary.stoppedBy {
    case .interrupted:
      throw Interrupted(
        "interrupted after step \(summary.steps), everything is saved; continue with: "
          + session.resumeCommand(common))
    case .maximumSteps:
      console.note(
        "stopped after \(summary.steps) steps by --max-steps; continue with --resume; "
          + folder.bestModel)
    case .epochs, .earlyStopping:
      console.note("\(summary.epochs) epochs in \(Format.duration(summary.seconds))")
    }
  }
}
