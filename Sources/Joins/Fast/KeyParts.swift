/// Room: where fingerprints are kept until the end of a run, in parts by their top bits.
///
/// Each part is a list of pieces of fixed size, so that it grows without being copied and wastes a piece at most. Why the
/// pointers are sound: a piece is filled from its start up to `pieceSize`, when the next one is made; it is freed where it is
/// taken, or with the object; there are `count` parts, one for each value of a key's top eight bits.
///
/// Unchecked: an index has one owner at a time, which is under a lock where several threads take turns.
final class KeyParts: @unchecked Sendable {
  /// Number of parts.
  static let count = 256
  private static let pieceSize = 1_024

  private struct Piece {
    let keys: UnsafeMutablePointer<UInt64>
    let entries: UnsafeMutablePointer<UInt32>

    init() {
      keys = .allocate(capacity: KeyParts.pieceSize)
      entries = .allocate(capacity: KeyParts.pieceSize)
    }

    func free() {
      keys.deallocate()
      entries.deallocate()
    }
  }

  private struct Part {
    var pieces: [Piece] = []
    /// The last piece, and how much of it is filled.
    var last: Piece?
    var filled = KeyParts.pieceSize
  }

  private let parts: UnsafeMutableBufferPointer<Part>

  init() {
    parts = .allocate(capacity: Self.count)
    parts.initialize(repeating: Part())
  }

  deinit {
    for part in parts { for piece in part.pieces { piece.free() } }
    parts.deinitialize()
    parts.deallocate()
  }

  /// The part of a key.
  @inline(__always)
  static func number(of key: UInt64) -> Int { Int(truncatingIfNeeded: key &>> 56) }

  /// Adds a key.
  @inline(__always)
  func add(_ key: UInt64, entry: UInt32) {
    let number = Self.number(of: key)
    if parts[number].filled == Self.pieceSize { grow(number) }
    guard let piece = parts[number].last else { return }
    let place = parts[number].filled
    piece.keys[place] = key
    piece.entries[place] = entry
    parts[number].filled = place &+ 1
  }

  private func grow(_ number: Int) {
    let piece = Piece()
    parts[number].pieces.append(piece)
    parts[number].last = piece
    parts[number].filled = 0
  }

  /// Moves what a part holds into arrays, in the order in which it was added, and empties the part.
  func take(_ number: Int, into keys: inout [UInt64], _ entries: inout [UInt32]) {
    keys.removeAll(keepingCapacity: true)
    entries.removeAll(keepingCapacity: true)
    let part = parts[number]
    for (place, piece) in part.pieces.enumerated() {
      let count = place == part.pieces.count - 1 ? part.filled : Self.pieceSize
      keys.append(contentsOf: UnsafeBufferPointer(start: piece.keys, count: count))
      entries.append(contentsOf: UnsafeBufferPointer(start: piece.entries, count: count))
      piece.free()
    }
    parts[number] = Part()
  }
}
