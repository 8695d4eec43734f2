public import XAITensor

extension FailureKind {
  /// What a program that fails so returns to the system (the values of `sysexits.h`).
  public var exitStatus: Int32 {
    switch self {
    case .usage: 64
    case .badData: 65
    case .missingInput: 66
    case .software: 70
    case .cannotCreate: 73
    case .inputOutput: 74
    }
  }
}
