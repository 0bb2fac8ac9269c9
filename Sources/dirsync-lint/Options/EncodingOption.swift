import ArgumentParser

/// How the characters of files are written.
struct EncodingOption: ParsableArguments {
  @Option(
    help: """
      Encoding of files that do not show it themselves, as iconv names it: windows-1250, windows-1251, Shift_JIS. Without it, what \
      is no UTF-8 is read as windows-1252.
      """)
  var encoding: String?
}
