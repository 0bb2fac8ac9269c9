import Bytes
import Directory
import Glibc

/// Where error material comes from.
public enum SyncErrorInput: Sendable {
  /// A file.
  case file(String)
  /// Standard input; `<stdin>` in messages.
  case standardInput
  /// Text or other material in memory, with a name for messages.
  case bytes([UInt8], name: String)

  /// The name in messages.
  public var name: String {
    switch self {
    case .file(let path): path
    case .standardInput: "<stdin>"
    case .bytes(_, let name): name
    }
  }
}

/// Reads an input in pieces.
final class InputPieces {
  private static let pieceSize = 256 << 10
  let name: String
  private var descriptor: Int32 = -1
  private var closes = false
  private var bytes: ArraySlice<UInt8> = []
  /// A piece that was looked at before it is taken.
  private var first: [UInt8]?

  init(_ input: SyncErrorInput) throws(SourceFailure) {
    name = input.name
    switch input {
    case .bytes(let bytes, _): self.bytes = bytes[...]
    case .standardInput: descriptor = STDIN_FILENO
    case .file(let path):
      do throws(SystemError) { descriptor = try FileDescriptor.open(reading: path).number } catch {
        throw SourceFailure(
          .unavailable, source: path, message: "cannot be opened: \(error.description.lowercased())")
      }
      closes = true
      var status = stat()
      if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
        throw SourceFailure(.unavailable, source: path, message: "cannot be opened: it is a directory")
      }
    }
  }

  deinit {
    if closes { close(descriptor) }
  }

  /// The first bytes, at least `count` of them unless the input is shorter, which stay to be read.
  func peek(_ count: Int) throws(SourceFailure) -> [UInt8] {
    var start = first ?? []
    while start.count < count, let more = try readPiece() { start += more }
    first = start
    return start
  }

  /// The next piece; nil at the end.
  func next() throws(SourceFailure) -> [UInt8]? {
    if let start = first {
      first = nil
      if !start.isEmpty { return start }
    }
    return try readPiece()
  }

  private func readPiece() throws(SourceFailure) -> [UInt8]? {
    guard descriptor >= 0 else {
      let piece = bytes.prefix(Self.pieceSize)
      bytes = bytes.dropFirst(piece.count)
      return piece.isEmpty ? nil : Array(piece)
    }
    var piece = [UInt8](repeating: 0, count: Self.pieceSize)
    do throws(SystemError) {
      let count = try FileDescriptor(descriptor).read(into: &piece)
      return count > 0 ? Array(piece[..<count]) : nil
    } catch {
      throw SourceFailure(.readError, source: name, message: "cannot be read: \(error.description.lowercased())")
    }
  }
}
