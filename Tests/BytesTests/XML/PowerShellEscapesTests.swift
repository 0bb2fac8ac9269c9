import Bytes
import Testing

@Suite struct PowerShellEscapesTests {
  @Test(arguments: [
    ("plain_text", "plain_text"), ("a_x000D__x000A_b", "a\r\nb"), ("_x005F_x0041_", "_x0041_"),
    ("_xD83D__xDE00_", "\u{1F600}"), ("_xD83D_", "\u{FFFD}"), ("_x00G0_ _x41_ _x0041", "_x00G0_ _x41_ _x0041"),
    ("_X000a_", "\n"), ("_", "_"), ("_x0041_", "A"),
  ])
  func escapesAreUndone(_ text: String, _ plain: String) { #expect(PowerShellEscapes.decode(text) == plain) }
}
