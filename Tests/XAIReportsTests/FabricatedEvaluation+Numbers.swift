import XAIAttribution
import XAIEvaluation
import XAIExperiments
import XAIFiles
import XAITensor

/// The made-up numbers, as the file that holds them.
extension FabricatedEvaluation {
  private static let headlines = ["share", "infidelity", "energy.gain", "sensitivity.maximal"]

  private func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
  private func whole(_ value: Int) -> JSONValue { .integer(Int64(value)) }
  private func strings(_ values: [String]) -> JSONValue { .array(values.map { .string($0) }) }

  private func isHeadline(_ column: MeasureColumn) -> Bool {
    Self.headlines.contains(column.name) && column.quantity != .logit
  }

  /// A method's number by a measure on an image; undefined here and there.
  private func value(_ method: Int, _ column: MeasureColumn, _ place: Int, _ image: Int) -> Double?
  {
    if column.family == .localization, truth == nil { return nil }
    if column.family == .robustness, all[method] == "constant" { return nil }
    if column.identifier == "sic", image % 4 != 0 { return nil }
    if column.identifier == "aic", image == 0 { return nil }
    var stream = RandomStream(seed: 7, purpose: "score", method, place, image)
    let sign = column.direction == .lower ? -1.0 : 1.0
    let quality = sign * quality(method) * (place % 5 == 3 ? -0.6 : 1)
    let least = column.direction == .lower ? 1.0 : 0
    let noise = 0.3 * stream.normal()
    let value = (column.null ?? least) + 0.6 * quality + noise
    // Literal quotients have no limit.
    return column.identifier.hasSuffix("literal") ? 1e5 * abs(value) : value
  }

  private struct Row {
    let value: Double
    let half: Double
    let count: Int
  }

  private func row(_ values: [Double?]) -> Row? {
    let known = values.compactMap(\.self)
    guard !known.isEmpty, 2 * known.count >= values.count else { return nil }
    let mean = known.reduce(0, +) / Double(known.count)
    let square = known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = (square / Double(max(known.count - 1, 1))).squareRoot()
    return Row(
      value: mean, half: 2.2 * deviation / Double(known.count).squareRoot(), count: known.count)
  }

  var json: JSONValue {
    get throws {
      let columns = try columns
      let scores = all.indices.map { method in
        images.indices.map { image in
          columns.enumerated().map { value(method, $1, $0, image) }
        }
      }
      let checkpoint: JSONValue = .object([
        "path": .string("Models/\(word)/best.safetensors"),
        "sha256": .string(String(repeating: "4f", count: 32)),
        "architecture": .object(["input": .array([.integer(3), whole(side), whole(side)])]),
      ])
      return .object([
        "schema": .string(EvaluationResults.schema),
        "schema_version": whole(EvaluationResults.schemaVersion), "version": .string("1.5.0"),
        "checkpoint": checkpoint, "seed": .integer(0), "setup": setup,
        "images": .array(images.indices.map(imageRecord)),
        "methods": .array(all.indices.map(methodRecord)),
        "measures": .array(columns.map(measureRecord)),
        "scores": .array(
          all.indices.flatMap { method in
            images.indices.map { scoreRecord(method, $0, scores[method][$0]) }
          }),
        "summaries": .array(summaries(columns, scores)),
        "boxes": families.contains(.localization) && truth != nil
          ? .array(all.indices.map(boxRecord)) : .array([]),
        "agreement": agreement(columns), "pareto": strings(Array(methods.prefix(2))),
        "findings": strings(findings), "notes": strings(["1 map of \(word) holds NaN"]),
      ])
    }
  }

  private var findings: [String] {
    guard methods.count > 1 else { return [] }
    return [
      "Between \(methods[0]) and \(methods[1]) these \(images.count) images cannot decide.",
      "\(methods[methods.count - 1]) is not better than random maps in the share of the possible.",
      "Share of the possible and relative infidelity contradict each other.",
    ]
  }

  private var setup: JSONValue {
    .object([
      "samples": .string("the first \(images.count) of the validation images"),
      "target": .string("predicted"), "baselines": strings(baselines),
      "cells": .array([.integer(3), .integer(3)]), "steps": whole(steps),
      "box_area": .array([.number(0), .number(0.25)]), "correct_only": .boolean(false),
      "neighbors": whole(families.contains(.robustness) ? 10 : 0),
      "families": strings(families.map(\.rawValue)),
    ])
  }

  private func classRecord(_ index: Int) -> JSONValue {
    .object([
      "index": whole(index), "id": .string("n0\(index)"), "name": .string(word),
      "logit": .number(12.5), "probability": .number(0.873),
    ])
  }

  private func imageRecord(_ image: Int) -> JSONValue {
    .object([
      "name": .string(images[image]), "source": .string("val/\(images[image])"),
      "key": .string("k\(image)"), "label": classRecord(image), "predicted": classRecord(image),
      "target": classRecord(image + image % 2),
      "truth": truth.map { .string($0.rawValue) } ?? .null,
      "area": truth == nil ? .null : .number(object(image).areaShare),
    ])
  }

  private func methodRecord(_ method: Int) -> JSONValue {
    let kind = kind(method)
    let groups = ["gradients", "references", "paths", "relevance", "perturbation"]
    let group =
      MethodGroup(rawValue: groups[method / 4 % 5]) ?? MethodGroup.allCases[method / 4 % 5]
    let record: JSONValue = .object([
      "identifier": .string(all[method]), "method": .string("saliency"),
      "group": .string(kind == .control ? MethodGroup.control.rawValue : group.rawValue),
      "parameters": .object(["steps": .integer(50)]), "baseline": .string("blur"),
      "meaning": .string(MapMeaning.allCases[method % 3].rawValue),
      "summary": .string("does what \(word) does"), "source": .string("Somebody 2020"),
    ])
    let degrees = MethodVerdict.Degree.allCases
    let verdict: JSONValue = .object([
      "outcome": .string("inconclusive"), "degree": .string(degrees[method % 4].rawValue),
      "top_similarity": .number(0.2 + 0.03 * Double(method)),
    ])
    return .object([
      "identifier": .string(all[method]), "kind": .string(kind.rawValue),
      "method": kind == .given ? .null : record, "summary": .string("does what \(word) does"),
      "verdict": hasVerdicts && kind == .method ? verdict : .null,
      "consistency": hasVerdicts && kind == .method ? .number(0.7) : .null,
    ])
  }

  private func measureRecord(_ column: MeasureColumn) -> JSONValue {
    .object([
      "identifier": .string(column.identifier), "name": .string(column.name),
      "family": .string(column.family.rawValue), "direction": .string(column.direction.rawValue),
      "summary": .string(column.summary), "null": number(column.null),
      "baseline": column.baseline.map { .string($0) } ?? .null,
      "quantity": column.quantity.map { .string($0.rawValue) } ?? .null,
      "headline": .boolean(isHeadline(column)),
      "statistic": .string(column.identifier.contains("literal") ? "median" : "mean"),
    ])
  }

  private func scoreRecord(_ method: Int, _ image: Int, _ values: [Double?]) -> JSONValue {
    .object([
      "method": .string(all[method]), "image": whole(image), "values": .array(values.map(number)),
      "constant": .boolean(all[method] == "constant"),
      "tied_share": .number(all[method] == "constant" ? 1 : 0),
    ])
  }

  private func summaries(_ columns: [MeasureColumn], _ scores: [[[Double?]]]) -> [JSONValue] {
    let random = all.firstIndex(of: "random")
    return all.indices.flatMap { method in
      columns.enumerated().map { place, column in
        let values = scores[method].map { $0[place] }
        let row = row(values)
        let ranks = column.direction != .describes
        let sign = column.direction == .lower ? -1.0 : 1.0
        let least = random.flatMap { self.row(scores[$0].map { $0[place] })?.value }
        let gain = ranks ? least.flatMap { base in row.map { sign * ($0.value - base) } } : nil
        let rank = ranks && kind(method) != .control && row != nil ? Double(1 + method) : nil
        let half = row?.half ?? 0
        return .object([
          "method": .string(all[method]), "measure": .string(column.identifier),
          "count": whole(values.compactMap(\.self).count), "value": number(row?.value),
          "lower": number(row.map { $0.value - half }),
          "upper": number(row.map { $0.value + half }),
          "gain": number(gain), "gain_lower": number(gain.map { $0 - half }),
          "gain_upper": number(gain.map { $0 + half }), "rank": number(rank),
          "rank_lower": number(rank.map { max(1, $0 - 2) }),
          "rank_upper": number(rank.map { min(Double(methods.count), $0 + 3) }),
          "first": number(rank.map { 1 / (1 + $0 * $0) }),
          "groups": .string(rank == nil ? "" : ["a", "ab", "b", "bc", "c"][method % 5]),
        ])
      }
    }
  }

  private func boxRecord(_ method: Int) -> JSONValue {
    let best = 0.5 + 0.4 * quality(method)
    let accuracies: [JSONValue] = [0.2, 0, -0.3].map { .number(max(0, best + $0)) }
    return .object([
      "method": .string(all[method]), "count": whole(images.count),
      "deltas": .array([.number(0.3), .number(0.5), .number(0.7)]), "maximum": .array(accuracies),
      "cross_fitted": .array([.number(0.4), .null, .number(0.1)]), "mean": .number(best - 0.03),
      "error": .number(1 - best),
    ])
  }

  private func agreement(_ columns: [MeasureColumn]) -> JSONValue {
    let ranking = MeasureColumn.Family.allCases.flatMap { family in
      columns.enumerated().filter { $1.family == family && $1.direction != .describes }
    }
    let tau: [[Double?]] = ranking.map { row in
      ranking.map { column in
        if row.offset == column.offset { return 1 }
        if [row, column].contains(where: { $0.element.identifier == "sic" }) { return nil }
        let (least, most) = (min(row.offset, column.offset), max(row.offset, column.offset))
        var stream = RandomStream(seed: 3, purpose: "tau", least, most)
        let isTurned = (row.offset % 5 == 3) != (column.offset % 5 == 3)
        return max(-1, min(1, (isTurned ? -0.5 : 0.6) + 0.25 * stream.normal()))
      }
    }
    let number = Double(methods.count)
    let hasPair = ranking.count > 1
    return .object([
      "measures": strings(ranking.map(\.element.identifier)),
      "tau": .array(tau.map { .array($0.map(self.number)) }), "methods": whole(methods.count),
      "null_deviation": number < 2
        ? .null
        : .number((2 * (2 * number + 5) / (9 * number * (number - 1))).squareRoot()),
      "worst": hasPair
        ? .object([
          "first": .string(ranking[0].element.identifier),
          "second": .string(ranking[1].element.identifier), "tau": .number(-0.71),
        ]) : .null,
    ])
  }
}
