import Bytes
import Testing

@Suite struct CalendarDateTests {
  @Test func readsDaysThatExist() {
    #expect(CalendarDate("2027-03-31")?.description == "2027-03-31")
    #expect(CalendarDate("2024-02-29") != nil)
    for text in ["2023-02-29", "2027-13-01", "2027-00-10", "2027-04-31", "27-04-30", "2027-4-30", "2027-04-30 ", ""] {
      #expect(CalendarDate(text) == nil, "\(text)")
    }
  }

  @Test func countsDaysBothWays() throws {
    for (seconds, text) in [
      (0, "1970-01-01"), (-1, "1969-12-31"), (951_782_400, "2000-02-29"), (1_795_485_600, "2026-11-24"),
      (4_107_542_399, "2100-02-28"), (4_107_542_400, "2100-03-01"),
    ] {
      #expect(CalendarDate(epochSeconds: seconds).description == text)
      #expect(CalendarDate(epochSeconds: seconds).daysSinceEpoch * 86_400 <= seconds)
    }
    for day in stride(from: -800_000, to: 2_900_000, by: 977) {
      let date = CalendarDate(epochSeconds: day * 86_400)
      #expect(date.daysSinceEpoch == day)
      if date.year > 0 { #expect(CalendarDate(date.description) == date) }
    }
    #expect(Timestamp.text(epochSeconds: 1_795_485_600) == "2026-11-24T02:00:00Z")
    let early = try #require(CalendarDate("2026-11-23"))
    let late = try #require(CalendarDate("2026-12-01"))
    #expect(early < late)
  }
}
