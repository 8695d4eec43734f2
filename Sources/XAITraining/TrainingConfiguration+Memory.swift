import XAINetworks

#if canImport(Glibc)
  import Glibc
#endif

extension TrainingConfiguration {
  /// Refuses a network whose training cannot fit into this machine, which would end the program without a
  /// word: a description of a hundred bytes can ask for any number of parameters.
  /// - Throws: `TrainingFailure`.
  public func requireMemory() throws(TrainingFailure) {
    let count = Network(architecture).parameterCount
    // Parameters, gradients, momentum, perhaps an average; activations are not counted.
    let copies = averaging > 0 ? 4 : 3
    let need = copies * MemoryLayout<Float>.stride * count
    let memory = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
    guard need <= memory else {
      throw TrainingFailure(.memoryTooLittle(parameters: count, need: need, available: memory))
    }
  }
}
