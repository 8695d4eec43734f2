import XAIKernels

/// Where the time of a training went.
package struct ProfileTable {
  package let lines: [String]

  init(_ profile: KernelProfile, steps: Int) {
    let total = profile.rows.reduce(0) { $0 + $1.seconds }
    func right(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    func row(_ name: String, _ cells: [String]) -> String {
      name + String(repeating: " ", count: max(0, 30 - name.count))
        + cells.map { right($0, 12) }.joined()
    }
    lines =
      [row("kernel", ["calls", "seconds", "ms/step", "share"])]
      + profile.rows.map {
        row(
          $0.name,
          [
            "\($0.calls)", Format.fixed($0.seconds, digits: 2),
            Format.fixed($0.seconds * 1000 / Double(max(steps, 1)), digits: 1),
            Format.percent($0.seconds / total),
          ])
      }
  }
}
