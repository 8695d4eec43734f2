/// The functions and classes that files of `torch.save` may name; no other name is looked up.
///
/// None of them is ever imported or called. Some are understood; the rest are names of values that
/// are harmless and that no network needs, such as the settings of a training (`opaque`).
enum PickleGlobal: Equatable {
  case orderedDictionary
  case defaultDictionary
  case rebuildTensor
  case rebuildTypedTensor
  case rebuildFromType
  case rebuildParameter
  case size
  case storage(StoredType)
  case type(StoredType)
  case opaque

  init?(module: String, name: String) {
    if let known = Self.understood["\(module).\(name)"] {
      self = known
    } else if Self.isHarmless(module, name) {
      self = .opaque
    } else {
      return nil
    }
  }

  private static let understood: [String: PickleGlobal] = {
    var globals: [String: PickleGlobal] = [
      "collections.OrderedDict": .orderedDictionary,
      "collections.defaultdict": .defaultDictionary,
      "torch._utils._rebuild_tensor": .rebuildTensor,
      "torch._utils._rebuild_tensor_v2": .rebuildTensor,
      "torch._utils._rebuild_tensor_v3": .rebuildTypedTensor,
      "torch._tensor._rebuild_from_type_v2": .rebuildFromType,
      "torch._utils._rebuild_parameter": .rebuildParameter,
      "torch._utils._rebuild_parameter_with_state": .rebuildParameter,
      "torch.Size": .size,
      "torch.storage.UntypedStorage": .storage(StoredType(.uint8)),
      "torch.UntypedStorage": .storage(StoredType(.uint8)),
    ]
    for (name, type) in storages {
      globals["torch.\(name)Storage"] = .storage(type)
      globals["torch.cuda.\(name)Storage"] = .storage(type)
    }
    for (name, type) in types { globals["torch.\(name)"] = .type(type) }
    return globals
  }()

  private static let storages: [String: StoredType] = [
    "Float": StoredType(.float32), "Double": StoredType(.float64), "Half": StoredType(.float16),
    "BFloat16": StoredType(.bfloat16), "Long": StoredType(.int64), "Int": StoredType(.int32),
    "Short": StoredType(.int16), "Char": StoredType(.int8), "Byte": StoredType(.uint8),
    "Bool": StoredType(.bool), "ComplexFloat": .complex64, "ComplexDouble": .complex128,
  ]

  private static let types: [String: StoredType] = [
    "float32": StoredType(.float32), "float64": StoredType(.float64),
    "float16": StoredType(.float16), "bfloat16": StoredType(.bfloat16),
    "int64": StoredType(.int64), "int32": StoredType(.int32), "int16": StoredType(.int16),
    "int8": StoredType(.int8), "uint8": StoredType(.uint8), "uint16": StoredType(.uint16),
    "uint32": StoredType(.uint32), "uint64": StoredType(.uint64), "bool": StoredType(.bool),
    "complex64": .complex64, "complex128": .complex128,
    "float8_e4m3fn": .float8e4m3, "float8_e5m2": .float8e5m2, "float8_e8m0fnu": .float8e8m0,
    "float8_e4m3fnuz": .float8e4m3fnuz, "float8_e5m2fnuz": .float8e5m2fnuz,
  ]
}

extension PickleGlobal {
  /// Whether a value of this class, or made by this function, is one that data consist of.
  private static func isHarmless(_ module: String, _ name: String) -> Bool {
    switch module {
    case "builtins", "__builtin__":
      [
        "set", "frozenset", "list", "dict", "tuple", "int", "long", "float", "complex", "bool",
        "str", "unicode", "bytes", "bytearray", "object", "slice", "range", "xrange",
      ].contains(name)
    case "collections": ["Counter", "deque"].contains(name)
    // How classes of the old kind, and bytes in old protocols, are pickled.
    case "copyreg", "copy_reg": name == "_reconstructor"
    case "_codecs": name == "encode"
    case "argparse": name == "Namespace"
    case "types": name == "SimpleNamespace"
    case "datetime": ["datetime", "date", "time", "timedelta", "timezone"].contains(name)
    case "pathlib", "pathlib._local": name.hasSuffix("Path")
    case "decimal": name == "Decimal"
    case "fractions": name == "Fraction"
    case "uuid": name == "UUID"
    case "typing": name == "Any"
    case "torch":
      ["device", "strided", "contiguous_format", "channels_last", "preserve_format", "Tensor"]
        .contains(name)
    case "torch._tensor": name == "Tensor"
    case "torch.nn.parameter": ["Parameter", "Buffer"].contains(name)
    case "torch.serialization": name == "_get_layout"
    case "torch.torch_version": name == "TorchVersion"
    case "numpy": ["dtype", "ndarray"].contains(name) || isNumberOfNumpy(name)
    case "numpy.dtypes": name.hasSuffix("DType")
    case "numpy.core.multiarray", "numpy._core.multiarray":
      ["scalar", "_reconstruct"].contains(name)
    case "numpy.core.numeric", "numpy._core.numeric": name == "_frombuffer"
    case "omegaconf.dictconfig": name == "DictConfig"
    case "omegaconf.listconfig": name == "ListConfig"
    case "omegaconf.base": ["ContainerMetadata", "Metadata"].contains(name)
    case "omegaconf.nodes": name.hasSuffix("Node")
    case "yacs.config", "fvcore.common.config": name == "CfgNode"
    case "easydict": name == "EasyDict"
    case "addict.addict": name == "Dict"
    case "lightning_fabric.utilities.data", "lightning.fabric.utilities.data",
      "pytorch_lightning.utilities.parsing", "lightning.pytorch.utilities.parsing":
      name == "AttributeDict"
    default: false
    }
  }

  private static func isNumberOfNumpy(_ name: String) -> Bool {
    let widths = ["", "8", "16", "32", "64", "128", "_"]
    return ["float", "int", "uint", "complex", "bool", "str"].contains { kind in
      name.hasPrefix(kind) && widths.contains(String(name.dropFirst(kind.count)))
    }
  }
}
