import XAIAttribution
package import XAIFiles
import XAIImages
import XAIPlots
public import XAINetworks
import XAITensor
import XAIClassifiers
public import XAIExperiments

/// Writes explanations: pictures and raw maps as they come, and `results.json`, which says whether they
/// are complete.
public struct ExplanationFolder: AttributionRecorder {
  /// An image with one of its targets.
  public typealias Subject = AttributionExperiment.Subject
  /// A map and what is known about it.
  public typealias Finding = AttributionExperiment.Finding

  /// The file of the record.
  public static let resultsName = "results.json"
  private static let tensorsName = "maps.safetensors"
  private static let sheetName = "sheet.png"
  private static let enlargement = 4

  /// The folder.
  public let path: String
  /// Where files are written: the folder, or the one that will replace it.
  package let place: String
  /// No other program explains into the folder meanwhile.
  package let lock: FolderLock
  /// Takes the name of an older folder at the end.
  private let replacement: NewFolder?
  /// Whether files were written that may not have reached the disk.
  private var isPending = false
  private let classes: [Checkpoint.ClassName]
  private var results: ExplanationResults
  private var imageNames = FileNames(
    besides: [resultsName, "origin.json", "units", "shards", FolderLock.name])
  private var targetNames: [Int: FileNames] = [:]
  private var imageFolders: [Int: String] = [:]
  private var open: [Place: [Finding]] = [:]
  /// Where the record of a subject is.
  private var indices: [Place: (image: Int, target: Int)] = [:]

  /// The number of an image, and a class.
  private struct Place: Hashable {
    let image: Int
    let target: Int

    init(_ subject: Subject) { (image, target) = (subject.number, subject.target) }
  }

  /// Creates the folder.
  /// - Parameters:
  ///   - path: The folder, which must not hold explanations yet, but for those whose finished maps are there.
  ///   - classes: The names of the network's classes; may be empty.
  ///   - results: The record to fill.
  ///   - isReplacing: Whether explanations that are there already are replaced once the new ones are
  ///     complete; what else is there is not.
  /// - Throws: Where it cannot be created, is used already or by another process.
  public init(
    path: String, classes: [Checkpoint.ClassName], results: ExplanationResults,
    replacing isReplacing: Bool = false
  ) throws {
    let work = "writing explanations into"
    if isReplacing, Folder.exists(path), try !Folder.entries(of: path).isEmpty {
      let folder = try NewFolder(path, work: work) {
        WrittenFolder.holdsResults($0, of: AttributionExperiment.study)
      }
      (replacement, lock, place) = (folder, folder.lock, folder.draft)
    } else {
      (replacement, place) = (nil, path)
      lock = try FolderLock(path, work: work, alsoIn: ["units"])
      let names = try Folder.entries(of: path)
      if names.contains(Self.resultsName), !names.contains("origin.json") {
        throw ReportFailure(.holdsExplanations, path: path)
      }
    }
    try AtomicFile.check("\(place)/\(Self.resultsName)")
    (self.path, self.classes, self.results) = (path, classes, results)
  }

  /// Whether an older folder stays as it is until the new one is complete.
  public var isReplacing: Bool { replacement != nil }

  /// Begins an image's target; those of one image follow each other.
  /// - Parameter subject: The image and its target.
  /// - Throws: Where its folder cannot be created.
  public mutating func begin(_ subject: Subject) throws {
    if imageFolders[subject.number] == nil {
      imageFolders[subject.number] = imageNames.name(for: subject.image.name)
      results.images.append(
        .init(
          name: subject.image.name, source: subject.image.source, key: subject.image.keyText,
          predicted: record(subject.prediction.predicted, subject.prediction),
          label: subject.image.label.map { record($0, subject.prediction) }, targets: []))
    }
    let folder =
      "\(imageFolders[subject.number] ?? "")/"
      + targetNames[subject.number, default: FileNames()].name(for: shortName(subject.target))
    try Folder.create("\(place)/\(folder)", durability: .later)
    let image = results.images.count - 1
    results.images[image].targets.append(
      .init(
        target: record(subject.target, subject.prediction), folder: folder,
        tensors: Self.tensorsName, sheet: Self.sheetName, maps: []))
    indices[Place(subject)] = (image, results.images[image].targets.count - 1)
    open[Place(subject)] = []
  }

  /// Writes the pictures of a map.
  /// - Parameters:
  ///   - finding: The map.
  ///   - subject: The image and its target, which was begun.
  /// - Throws: Where a file cannot be written.
  public mutating func add(_ finding: Finding, of subject: Subject) throws {
    guard let index = indices[Place(subject)] else { return }
    let folder = results.images[index.image].targets[index.target].folder
    let shown = heatmap(finding, sign: results.sign)
    let palette = look(finding).palette
    let name = finding.method
    let picture = subject.image.picture
    let pictures = [
      (name, shown.picture(in: palette)),
      ("\(name)-overlay", shown.overlay(on: picture, in: palette)),
    ]
    isPending = true
    for (name, picture) in pictures {
      try AtomicFile.write(
        PNG.encode(picture.enlarged(by: Self.enlargement)),
        to: "\(place)/\(folder)/\(name).png", durability: .later)
    }
    results.images[index.image].targets[index.target].maps.append(
      .init(
        method: name, parameters: .object(finding.parameters.values),
        baseline: finding.baseline?.description, law: finding.law.map { .init($0) },
        notes: finding.notes, seconds: finding.seconds, shape: finding.map.shape,
        scale: shown.scale, heatmap: "\(name).png", overlay: "\(name)-overlay.png"))
    open[Place(subject)]?.append(finding)
  }

  /// Writes the raw maps and the sheet of a subject; nothing where it has no map.
  /// - Parameter subject: The image and its target.
  /// - Throws: Where a file cannot be written.
  public mutating func finish(_ subject: Subject) throws {
    guard let index = indices[Place(subject)],
      let findings = open.removeValue(forKey: Place(subject)), !findings.isEmpty
    else { return }
    let target = results.images[index.image].targets[index.target]
    let folder = "\(place)/\(target.folder)"
    isPending = true
    let parameters = Dictionary(
      findings.map { ($0.method, $0.parameters) }, uniquingKeysWith: { $1 })
    try SafetensorsFile.write(
      findings.map { ($0.method, .float32($0.map)) },
      metadata: [
        "parameters": String(try JSONText.encode(parameters).dropLast()),
        "image": subject.image.name, "target": "\(subject.target)", "seed": "\(results.seed)",
      ], to: "\(folder)/\(Self.tensorsName)", durability: .later)
    let sheet = ContactSheet(
      of: subject.image.picture, title: title(of: subject, target.target),
      entries: findings.map {
        .init(
          $0.label, all: heatmap($0, sign: .all), positive: heatmap($0, sign: .positive),
          look: look($0))
      }, note: note)
    try AtomicFile.write(
      PNG.encode(sheet.picture), to: "\(folder)/\(Self.sheetName)", durability: .later)
  }

  /// Writes `results.json` as it stands, replacing an earlier one, once the files that it names have
  /// reached the disk.
  /// - Parameters:
  ///   - isComplete: Whether everything that was asked for is there.
  ///   - failure: What ended the work early.
  ///   - digest: The digest of the checkpoint; empty where it is not known yet.
  /// - Throws: Where it cannot be written.
  public mutating func save(
    complete isComplete: Bool, failure: String?, digest: String
  ) throws {
    if isComplete { try lock.requireFolder() }
    if isPending { try Folder.synchronizeAll(in: place) }
    isPending = false
    (results.complete, results.failure) = (isComplete, failure)
    results.checkpoint.sha256 = digest
    try AtomicFile.write(try JSONText.encode(results), to: "\(place)/\(Self.resultsName)")
    if isComplete { try replacement?.finish() }
  }

  /// A map as it is drawn.
  private func heatmap(_ finding: Finding, sign: MapSign) -> Heatmap {
    let heatmap = Heatmap(finding.map, sign: sign, clip: results.clip ?? 0)
    return finding.isEnlarged ? heatmap.smoothed() : heatmap
  }

  private func look(_ finding: Finding) -> MapLook {
    MapLook(finding.meaning, results.colors ?? .blueOrange)
  }

  /// What was done to the numbers of all maps on a sheet.
  private var note: String {
    guard let clip = results.clip, clip > 0 else {
      return "each map divided by its largest magnitude"
    }
    let share = SVG.number(100 * clip)
    return "each map divided by the magnitude above which \(share) % of its mass lies"
  }

  private func record(_ index: Int, _ prediction: Prediction) -> ExplanationResults.ClassRecord {
    .init(
      index: index, id: classes.isEmpty ? nil : classes[index].id,
      name: classes.isEmpty ? nil : classes[index].name, logit: prediction.logits[index],
      probability: prediction.probability(of: index))
  }

  /// The first synonym.
  private func shortName(_ index: Int) -> String {
    guard classes.indices.contains(index) else { return "class \(index)" }
    return String(classes[index].name.prefix { $0 != "," })
  }

  private func title(
    of subject: Subject, _ target: ExplanationResults.ClassRecord
  ) -> [String] {
    let predicted = subject.prediction.predicted
    func percent(_ index: Int) -> String {
      let share = subject.prediction.probability(of: index)
      return "\((share * 1000).rounded() / 10) %"
    }
    let logit = (Double(target.logit) * 100).rounded() / 100
    let id = target.id.map { " (\($0))" } ?? ""
    var lines = [
      subject.image.name,
      "target: \(shortName(subject.target))\(id), logit \(logit), probability "
        + percent(subject.target),
    ]
    var others: [String] = []
    others.append(
      predicted == subject.target
        ? "the predicted class" : "predicted: \(shortName(predicted)), \(percent(predicted))")
    if let label = subject.image.label {
      others.append(
        label == subject.target ? "the true class" : "true: \(shortName(label)), \(percent(label))")
    }
    lines.append(others.joined(separator: "; "))
    return lines
  }
}
