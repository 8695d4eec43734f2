import XAIFiles

/// `complexity` and `completeness.*`.
enum MapTensors: TensorFamily {
  static func tensor(_ name: TensorName, _ context: TensorContext) throws -> TensorData? {
    if name.text == "complexity" {
      return try context.perMap([5]) { map, image in
        let complexity = MapComplexity(of: context.maps[map][image].map)
        return [
          complexity.gini, complexity.entropy, complexity.normalizedEntropy,
          complexity.activeShare, complexity.massShare,
        ]
      }
    }
    let isRelative = name.parts.count == 3 && name[2] == "relative"
    guard name[0] == "completeness", name.parts.count == 2 || isRelative else { return nil }
    return try context.perMap(isRelative ? [] : [3]) { map, image in
      let completeness = try Completeness(
        context.maps[map][image], try context.removal(name[1], image))
      return isRelative
        ? [completeness.relative]
        : [completeness.attributed, completeness.explained, completeness.difference]
    }
  }
}
