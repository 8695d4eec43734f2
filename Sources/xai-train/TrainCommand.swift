import ArgumentParser
import Glibc
import XAICommandLine
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
      the result equals that of an uninterrupted run bit for bit. A run that is over goes on with \
      --resume and more --epochs or --patience.

      --from CHECKPOINT starts from trained weights (fine-tuning): classes are matched by their ids, \
      or by their names where it has names alone; outputs of other classes are new, and --freeze keeps \
      layers as they are.

      xai-train export-data --data shapes --output DIR writes the built-in data set as JPEG files.
      """,
    version: Toolkit.version)

  @OptionGroup var common: CommonOptions
  @OptionGroup var recipe: RecipeOptions
  @OptionGroup var session: SessionOptions

  func validate() throws {
    try common.requireData()
    if session.resume && session.resumeOrStart {
      throw ValidationError("--resume and --resume-or-start exclude each other; give one of them")
    }
  }

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
      let saved = try session.resumes(folder) ? savedTraining(in: folder) : nil
      if saved == nil { try requireUnused(folder) }
      let prepared = try TrainingPreparation(
        common, recipe, folder: session.output, resuming: saved, console)
      let configuration = prepared.configuration
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
        configuration, dataset: prepared.dataset, folder: folder, backend: backend,
        resuming: saved, startingFrom: prepared.start, options: session.trainerOptions,
        events: events)
      let summary = try trainer.run()
      events.finish()
      if let profile = backend.profile {
        ProfileTable(profile, steps: summary.steps - (saved?.state.step ?? 0)).lines
          .forEach(console.print)
      }
      try report(
        TrainingReport(summary: summary, stopping: trainer.state.stopping, folder: folder), console)
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

  private func report(_ report: TrainingReport, _ console: Console) throws {
    if let best = report.best { console.note(best) }
    guard report.summary.stoppedBy != .interrupted else {
      throw Interrupted("\(report.end); continue with: " + session.resumeCommand(common))
    }
    console.note(report.end)
  }
}
