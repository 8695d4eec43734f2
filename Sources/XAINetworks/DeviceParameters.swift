public import XAIKernels
import XAITensor

/// Parameters in a backend's memory; what training changes in place.
public final class DeviceParameters {
  /// The names, in node order.
  public let names: [String]
  private let tensors: [String: DeviceTensor]

  /// Copies parameters to a device.
  /// - Parameters:
  ///   - parameters: The values.
  ///   - backend: Where they go.
  /// - Throws: Where memory runs out.
  public init(_ parameters: Parameters, backend: any Backend) throws(KernelFailure) {
    var tensors: [String: DeviceTensor] = [:]
    for name in parameters.names {
      if let tensor = parameters[name] { tensors[name] = try backend.upload(tensor) }
    }
    names = parameters.names
    self.tensors = tensors
  }

  /// Zeros in the shapes of the trained parameters: gradients or velocities.
  /// - Parameters:
  ///   - network: The network.
  ///   - backend: Where they lie.
  /// - Throws: Where memory runs out.
  public init(zerosFor network: Network, backend: any Backend) throws(KernelFailure) {
    let shapes = network.parameterShapes.filter { !Parameters.isRunningStatistic($0.name) }
    var tensors: [String: DeviceTensor] = [:]
    for (name, shape) in shapes { tensors[name] = try backend.zeros(shape) }
    names = shapes.map(\.name)
    self.tensors = tensors
  }

  /// One tensor, which must be there.
  /// - Parameter name: The name.
  public subscript(name: String) -> DeviceTensor {
    guard let tensor = tensors[name] else {
      preconditionFailure("no parameter is named \(name)")
    }
    return tensor
  }

  /// Copies all to the host.
  /// - Parameter backend: Where they lie.
  /// - Returns: The values.
  public func download(from backend: any Backend) -> Parameters {
    var parameters = Parameters()
    for name in names { parameters[name] = backend.download(self[name]) }
    return parameters
  }

  /// Overwrites all with other values.
  /// - Parameters:
  ///   - parameters: Values of the same names and shapes.
  ///   - backend: Where they lie.
  public func write(_ parameters: Parameters, backend: any Backend) {
    for name in names {
      if let tensor = parameters[name] { backend.write(tensor, into: self[name]) }
    }
  }
}
