/// What an unpickled state_dict can hold.
///
/// Containers are numbers of `PickleInterpreter.containers`, not references: a hostile pickle could
/// nest them so deeply, or in a ring, that freeing nested objects would overflow the stack or leak.
enum PickleValue {
  case none
  case boolean(Bool)
  case integer(Int)
  case real(Double)
  case text(String)
  case global(PickleGlobal)
  case tuple(Int)
  case list(Int)
  /// Keys and values alternate.
  case dictionary(Int)
  indirect case storage(TorchStorage)
  indirect case tensor(TorchTensor)
  /// Something that no network needs: it is carried to where it belongs and never looked into.
  case opaque
}
