import XAINetworks

/// Networks that are explained together because they have layers in common with one of them.
///
/// Forward passes of the same images agree up to the first layer that differs. A method that knows
/// what to do with a family runs that part once for all of them; for any other method a family is a list.
public struct NetworkFamily {
  /// A network with the class that is explained of each image.
  public struct Member {
    /// The network.
    public let network: ExplainedNetwork
    /// One class for each image of a request.
    public let targets: [Int]

    /// Groups a network with its targets.
    /// - Parameters:
    ///   - network: The network.
    ///   - targets: One class for each image of a request.
    public init(_ network: ExplainedNetwork, targets: [Int]) {
      (self.network, self.targets) = (network, targets)
    }
  }

  /// The network that the members were made from; it need not be one of them.
  public let base: ExplainedNetwork
  /// The networks that are explained, all of the architecture of `base`.
  public let members: [Member]

  /// Groups networks.
  /// - Parameters:
  ///   - base: The network that the members were made from.
  ///   - members: The networks that are explained.
  public init(base: ExplainedNetwork, members: [Member]) {
    (self.base, self.members) = (base, members)
  }

  /// The family of one network.
  /// - Parameters:
  ///   - network: The network.
  ///   - targets: One class for each image of a request.
  public init(_ network: ExplainedNetwork, targets: [Int]) {
    self.init(base: network, members: [Member(network, targets: targets)])
  }

  /// The same networks for other images.
  /// - Parameter images: Which of the images, in any order and number.
  /// - Returns: The family with the targets of these.
  func rows(at images: [Int]) -> NetworkFamily {
    NetworkFamily(
      base: base,
      members: members.map { member in
        Member(member.network, targets: images.map { member.targets[$0] })
      })
  }

  /// The forward walks of the members in units of whole ones, where common layers run once.
  var forwardWalks: Double {
    let form = base.merged()
    let all = Double(max(form.network.multiplyAdds, 1))
    return members.reduce(1) { sum, member in
      let first = member.network.merged().firstDifference(from: form)
      return sum + Double(form.nodes[first...].reduce(0) { $0 + $1.multiplyAdds }) / all
    }
  }
}
