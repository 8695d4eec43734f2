import XAIAttribution
import XAIKernels
import XAITensor

/// Runs methods on the first network of a session, and tells how far they are and what is odd about their maps.
final class AttributionRunner {
  private let session: Session
  private let algorithm: ConvolutionAlgorithm?
  private var walked = 0.0
  /// Notes that were told.
  private var told: Set<String> = []

  init(_ session: Session, algorithm: ConvolutionAlgorithm?) {
    (self.session, self.algorithm) = (session, algorithm)
  }

  private var network: ExplainedNetwork { session.network.explained }

  private var observer: any WorkObserver { session.observer }

  /// What a request costs, in walks by the fastest convolutions.
  func walks(of method: MethodUnderTest, _ request: AttributionRequest) -> Double {
    method.method.slowness(on: network, algorithm: algorithm)
      * method.method.cost(of: request, on: network.network).walks
  }

  /// Begins to tell how far the work is.
  func begin(walks: Double) {
    walked = 0
    observer.begin("explaining", total: wholeNumber(walks), unit: "walks")
  }

  /// Computes one method's maps.
  /// - Throws: `AttributionStopped` where the observer asked to stop.
  func attribute(
    _ method: MethodUnderTest, _ request: AttributionRequest
  ) throws -> (Attribution, seconds: Double) {
    let start = ContinuousClock.now
    let before = walked
    let slowness = method.method.slowness(on: network, algorithm: algorithm)
    let context = AttributionContext(
      memory: session.memory.activations, algorithm: algorithm,
      advance: { [self] walks in
        walked += slowness * walks
        observer.advance(to: Int(walked), method.identifier)
      },
      isStopped: { [self] in observer.isStopped })
    if observer.isStopped { throw AttributionStopped() }
    let result: Attribution
    do {
      result = try method.method.attribute(request, on: network, in: context).inspected
    } catch let failure as AttributionFailure {
      throw ExperimentFailure(.method(method.identifier), cause: failure)
    }
    // Methods may need fewer walks than they expected.
    walked = before + walks(of: method, request)
    observer.advance(to: Int(walked), method.identifier)
    return (result, (.now - start) / .seconds(1))
  }

  /// Tells what else should be known about maps: what is about all of them, once; what is about several
  /// images, in one sentence.
  func tell(
    _ notes: [Attribution.Note], of method: MethodUnderTest, _ name: (Int) -> String
  ) {
    let places = Dictionary(grouping: notes, by: \.text).mapValues { $0.compactMap(\.image) }
    for text in notes.map(\.text) {
      let names = (places[text] ?? []).map(name)
      let others = names.count > 3 ? " and \(grouped(names.count - 3, "other"))" : ""
      let place = names.isEmpty ? "" : " of \(names.prefix(3).joined(separator: ", "))\(others)"
      let sentence = "\(method.identifier)\(place): \(text)"
      if told.insert(sentence).inserted { observer.note(sentence) }
    }
  }

  /// Warns where a map does not keep the law of its theory.
  ///
  /// Where that cannot be told, the map has a note, which is stored with it.
  func warn(of law: LawCheck, _ method: MethodUnderTest, _ image: String) {
    guard law.holds == false else { return }
    observer.warn(
      "\(method.identifier) of \(image): \(law.law.rawValue) does not hold: expected a sum of "
        + "\(Self.number(law.expected)), found \(Self.number(law.found)), relative error "
        + "\(Self.number(law.relativeError)) above \(Self.number(law.tolerance))")
  }

  /// Warns of a map that is not finite.
  func warnOfInfinity(_ method: MethodUnderTest, _ image: String) {
    observer.warn("\(method.identifier) of \(image): the map holds NaN or infinity")
  }

  /// A number in few digits.
  private static func number(_ value: Double) -> String {
    abs(value) >= 1e-3 || value == 0 ? fixedPoint(value, digits: 4) : "\(Float(value))"
  }
}
