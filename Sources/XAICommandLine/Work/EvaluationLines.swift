package import XAITraining

extension EvaluationResult {
  /// The numbers as lines for a terminal.
  package var lines: [String] {
    var lines = [
      "\(checkpoint) on \(data), \(split): \(Format.count(images)) images",
      "top-1 \(Format.percent(top1, digits: 2)), top-5 \(Format.percent(top5, digits: 2)), loss "
        + "\(Format.fixed(loss, digits: 4)), calibration error (ECE) "
        + Format.percent(calibrationError, digits: 2),
    ]
    if !mostConfused.isEmpty {
      lines.append("most confused:")
      lines += mostConfused.map {
        "  \($0.label) taken for \($0.predicted): \($0.images) times, "
          + Format.percent($0.fraction)
      }
    }
    lines.append(
      "\(Format.fixed(imagesPerSecond, digits: 1)) images/s, \(Format.duration(seconds))")
    return lines
  }
}

extension PictureEvaluation {
  /// A line for each picture.
  package var lines: [String] {
    pictures.map { picture in
      "\(picture.image): "
        + picture.predictions.map {
          "\($0.name)\($0.name == $0.id ? "" : " (\($0.id))") \(Format.percent($0.probability))"
        }.joined(separator: ", ")
    }
  }
}

extension AssumedOrder {
  /// Told where the identifiers in sorted order give clearly more.
  package var sentence: String? {
    sortedTop1.map {
      "with the identifiers in sorted order top-1 would be \(Format.percent($0, digits: 2)), so that seems to "
        + "be the order of its classes: give --class-names sorted"
    }
  }
}
