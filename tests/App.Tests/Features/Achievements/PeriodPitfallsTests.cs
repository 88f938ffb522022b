using Dapper;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;

namespace Laurel.App.Tests.Features.Achievements;

/// <summary>
/// What others get wrong about periods: weeks counted in sevens of days since 1970 begin on a Thursday; a Monday between two inclusive
/// ends counts for both weeks; a zone taken as a fixed number of hours moves midnight with the clocks; the week after week 52 is taken for
/// the first one, or is cut in two by the new year. That a purge takes no badge back is
/// <see cref="Retention.HorizonTests.Purge_revokes_no_badge"/>.
/// </summary>
public sealed class PeriodPitfallsTests
{
    /// <summary>Of a person's activities at these local times in Vilnius, the weeks and days with an award for two of them.</summary>
    [Theory]
    // A Wednesday and the Thursday after it are of one week.
    [InlineData("2026-11-18T12:00 2026-11-19T12:00", "week 2026-11-16")]
    // A Monday is of the week that it begins, and not of the one before it.
    [InlineData("2026-11-13T12:00 2026-11-16T00:00", "")]
    [InlineData("2026-11-16T00:00 2026-11-22T23:59", "week 2026-11-16")]
    [InlineData("2026-11-16T09:00 2026-11-16T10:00", "day 2026-11-16 week 2026-11-16")]
    // The Sunday on which clocks go forward has 23 hours, and the one on which they go back 25; each is of the week that it ends.
    [InlineData("2026-03-29T00:00 2026-03-29T23:59", "day 2026-03-29 week 2026-03-23")]
    [InlineData("2026-03-28T23:59 2026-03-29T00:01", "week 2026-03-23")]
    [InlineData("2026-03-29T23:59 2026-03-30T00:00", "")]
    [InlineData("2026-10-25T00:00 2026-10-25T23:59", "day 2026-10-25 week 2026-10-19")]
    [InlineData("2026-10-25T23:59 2026-10-26T00:00", "")]
    // Week 53 of 2026 goes on into January; and week 1 of 2025 began in December.
    [InlineData("2026-12-28T12:00 2027-01-03T23:59", "week 2026-12-28")]
    [InlineData("2026-12-27T23:59 2026-12-28T00:00", "")]
    [InlineData("2027-01-03T12:00 2027-01-04T12:00", "")]
    [InlineData("2024-12-30T12:00 2025-01-01T12:00", "week 2024-12-30")]
    // The last day of a month is of that month.
    [InlineData("2028-02-01T00:00 2028-02-29T23:59", "month 2028-02-01")]
    [InlineData("2026-10-31T23:59 2026-11-01T00:00", "week 2026-10-26")]
    public async Task Two_in_a_period_earn_its_badge_and_no_other(string times, string awards)
    {
        await using var core = await CoreFixture.Start(new(2028, 11, 18, 10, 0, 0, TimeSpan.Zero), """
            site: { id: vilnius, zone: Europe/Vilnius }
            people: [ { id: greta } ]
            activity-types: [ { id: case } ]
            metrics: [ { id: cases, types: [case] } ]
            achievements:
              - { id: day, type: threshold, metric: cases, at-least: 2, range: day, history: all }
              - { id: week, type: threshold, metric: cases, at-least: 2, range: week, history: all }
              - { id: month, type: threshold, metric: cases, at-least: 2, range: month, history: all }
            """);
        var vilnius = TimeZoneInfo.FindSystemTimeZoneById("Europe/Vilnius");
        await core.Take([.. times.Split(' ').Select((time, i) => new IncomingActivity("desk", ActivityId.Of($"n{i}"), "case", "greta", null,
            new DateTimeOffset(TimeZoneInfo.ConvertTimeToUtc(DateTime.Parse(time, null), vilnius)).ToUnixTimeMilliseconds(), [], []))]);
        core.Settle();
        using var connection = core.Database.Read();
        var made = connection.Query<(string Id, int Day)>(
                "SELECT a.id, w.first FROM award w JOIN achievement a ON a.key = w.achievement ORDER BY a.id, w.first")
            .Select(a => $"{a.Id} {new Workday(a.Day)}").ToList();
        if (!awards.Contains("month", StringComparison.Ordinal)) made.RemoveAll(a => a.StartsWith("month", StringComparison.Ordinal));
        string.Join(' ', made).ShouldBe(awards);
    }
}
