/// When text is coloured.
public enum ColourUse: String, CaseIterable, Sendable {
  /// On a terminal.
  case auto
  /// On standard output, whatever it is.
  case always
  case never
}
