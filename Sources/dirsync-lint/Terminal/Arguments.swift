import Bytes

/// What was typed behind the name of the program.
enum Arguments {
  /// The arguments, without loss: names of files need not be UTF-8.
  static var typed: [String] {
    let standard = Array(CommandLine.arguments.dropFirst())
    guard standard.contains(where: { $0.unicodeScalars.contains("\u{FFFD}") }),
      let file = try? FileDescriptor.open(reading: "/proc/self/cmdline")
    else { return standard }
    defer { file.close() }
    guard let bytes = try? file.readToEnd(), bytes.last == 0 else { return standard }
    let arguments = bytes.dropLast().split(separator: 0, omittingEmptySubsequences: false).dropFirst()
    return arguments.count == standard.count ? arguments.map(PathText.text) : standard
  }
}
