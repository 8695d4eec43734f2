internal import CCairo
import XAIImages

/// A Cairo context, drawn on in lengths of its own, with everything that a drawing needs.
///
/// Edges are smooth, letters are not hinted, and their widths do not depend on the size at which they are
/// drawn, so that what was measured fits. The face is DejaVu Sans; where it is missing, the system's.
final class CairoContext {
  /// Pixels of the longest side that a picture may have; Cairo refuses 32,768.
  static let longestSide = 32_000.0

  private let surface: OpaquePointer
  private let context: OpaquePointer

  /// Takes over a surface.
  private init(_ surface: OpaquePointer?) {
    guard let surface, let context = cairo_create(surface),
      cairo_status(context) == CAIRO_STATUS_SUCCESS
    else { preconditionFailure("Cairo has no memory for a surface") }
    (self.surface, self.context) = (surface, context)
    let options = cairo_font_options_create()
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    cairo_set_font_options(context, options)
    cairo_font_options_destroy(options)
    cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
  }

  /// A white area of pixels.
  convenience init(height: Int, width: Int) {
    self.init(cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height)))
    setColor(.white, opacity: 1)
    cairo_paint(context)
  }

  deinit {
    cairo_destroy(context)
    cairo_surface_destroy(surface)
  }

  /// Makes each following length so many pixels.
  func scale(by factor: Double) { cairo_scale(context, factor, factor) }

  func stroke(
    _ points: [Drawing.Point], color: RGBColor, width: Double, dashes: [Double]
  ) {
    guard points.count > 1 else { return }
    trace(points)
    setColor(color, opacity: 1)
    cairo_set_line_width(context, width)
    // Thin lines are rulings, whose ends stay where they are.
    cairo_set_line_cap(context, width >= 2 ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT)
    let isDashed = dashes.count > 1 && dashes.allSatisfy { $0 > 0 }
    cairo_set_dash(context, dashes, isDashed ? Int32(dashes.count) : 0, 0)
    cairo_stroke(context)
  }

  func fill(_ points: [Drawing.Point], color: RGBColor, opacity: Double) {
    guard points.count > 2 else { return }
    trace(points)
    cairo_close_path(context)
    setColor(color, opacity: opacity)
    cairo_fill(context)
  }

  func fill(circleAt center: Drawing.Point, radius: Double, color: RGBColor) {
    cairo_new_path(context)
    cairo_arc(context, center.x, center.y, radius, 0, 2 * Double.pi)
    setColor(color, opacity: 1)
    cairo_fill(context)
  }

  /// Draws one line of text.
  /// - Parameters:
  ///   - text: The text.
  ///   - start: Where its base line begins.
  ///   - style: How it looks.
  ///   - color: Its color.
  ///   - isUpward: Whether it runs from bottom to top.
  func show(
    _ text: String, at start: Drawing.Point, _ style: TextStyle, color: RGBColor, isUpward: Bool
  ) {
    select(style)
    setColor(color, opacity: 1)
    cairo_save(context)
    cairo_translate(context, start.x, start.y)
    if isUpward { cairo_rotate(context, -Double.pi / 2) }
    cairo_move_to(context, 0, 0)
    cairo_show_text(context, TextStyle.printable(text))
    cairo_restore(context)
  }

  /// How far one line of text reaches.
  func width(of text: String, _ style: TextStyle) -> Double {
    select(style)
    var extents = cairo_text_extents_t()
    cairo_text_extents(context, TextStyle.printable(text), &extents)
    return extents.x_advance
  }

  /// Puts a picture below what comes, a pixel for each of its own.
  func draw(_ image: RGBImage, x: Int, y: Int) {
    cairo_surface_flush(surface)
    let stride = Int(cairo_image_surface_get_stride(surface))
    guard let data = cairo_image_surface_get_data(surface) else { return }
    for row in 0..<image.height {
      for column in 0..<image.width {
        let (red, green, blue) = image[row, column]
        let offset = (y + row) * stride + 4 * (x + column)
        (data[offset], data[offset + 1], data[offset + 2]) = (blue, green, red)
      }
    }
    cairo_surface_mark_dirty(surface)
  }

  /// What was drawn.
  var image: RGBImage {
    cairo_surface_flush(surface)
    let height = Int(cairo_image_surface_get_height(surface))
    let width = Int(cairo_image_surface_get_width(surface))
    let stride = Int(cairo_image_surface_get_stride(surface))
    var pixels: [UInt8] = []
    pixels.reserveCapacity(3 * height * width)
    guard let data = cairo_image_surface_get_data(surface) else {
      preconditionFailure("Cairo keeps no pixels of an image")
    }
    for row in 0..<height {
      for column in 0..<width {
        let offset = row * stride + 4 * column
        pixels += [data[offset + 2], data[offset + 1], data[offset]]
      }
    }
    return RGBImage(height: height, width: width, pixels: pixels)
  }

  private func select(_ style: TextStyle) {
    cairo_select_font_face(
      context, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
      style.isBold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL)
    cairo_set_font_size(context, style.size)
  }

  private func setColor(_ color: RGBColor, opacity: Double) {
    cairo_set_source_rgba(
      context, Double(color.red) / 255, Double(color.green) / 255, Double(color.blue) / 255, opacity
    )
  }

  private func trace(_ points: [Drawing.Point]) {
    cairo_new_path(context)
    for point in points { cairo_line_to(context, point.x, point.y) }
  }
}

extension CairoContext {
  /// Collects the bytes of a document.
  private final class Document {
    var bytes: [UInt8] = []
  }

  /// Draws a PDF document of one page.
  /// - Parameters:
  ///   - width: In points.
  ///   - height: In points.
  ///   - title: What the document is called.
  ///   - draw: Draws the page.
  /// - Returns: The file; the same drawing gives the same bytes.
  static func pdf(
    width: Double, height: Double, title: String, _ draw: (CairoContext) -> Void
  ) -> [UInt8] {
    let document = Document()
    let write: cairo_write_func_t = { closure, data, count in
      guard let closure, let data else { return CAIRO_STATUS_WRITE_ERROR }
      let document = Unmanaged<Document>.fromOpaque(closure).takeUnretainedValue()
      document.bytes += UnsafeBufferPointer(start: data, count: Int(count))
      return CAIRO_STATUS_SUCCESS
    }
    let holder = Unmanaged.passUnretained(document).toOpaque()
    let surface = cairo_pdf_surface_create_for_stream(write, holder, width, height)
    let context = CairoContext(surface)
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title)
    // The day a drawing was made would make its bytes differ.
    cairo_pdf_surface_set_metadata(
      surface, CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z")
    draw(context)
    cairo_surface_finish(surface)
    return withExtendedLifetime(context) { document.bytes }
  }
}
