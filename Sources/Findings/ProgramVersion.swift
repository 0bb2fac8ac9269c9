/// The version of the program: here and nowhere else. `RELEASE.md` tells when it changes.
public enum ProgramVersion {
  /// The version (Semantic Versioning 2.0.0).
  public static let current = "0.1.0"
}
