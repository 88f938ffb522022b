using FsCheck;
using FsCheck.Fluent;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Engine.Presence;
using Laurel.Engine.Reference;
using NodaTime;
using NodaTime.Text;

namespace Laurel.Engine.Tests.Presence;

public sealed class SegmentTests
{
    private const long Hour = 3_600_000, Day = 24 * Hour;
    private static readonly long Later = At("2030-01-01T00:00");

    /// <summary>Where clocks go back just past midnight, over midnight, and not at all; quarters of an hour beside the hour.</summary>
    private static readonly string[] Zones =
    [
        "Europe/Vilnius", "America/New_York", "America/St_Johns", "America/Sao_Paulo", "America/Havana", "Pacific/Apia", "Asia/Kathmandu",
        "Etc/UTC",
    ];

    [Fact]
    public void Of_a_day_s_changes_is_what_lies_between_them()
    {
        Said("Europe/Vilnius", Later, ("2026-03-12T07:00", "online"), ("2026-03-12T10:00", "lunch"), ("2026-03-12T10:30", "online"),
            ("2026-03-12T15:00", "offline")).ShouldBe([
                "2026-03-12 online 3:00:00 begins", "2026-03-12 lunch 0:30:00 begins", "2026-03-12 online 4:30:00 begins",
                "2026-03-12 offline 7:00:00 begins", "2026-03-13 offline 17:00:00"]);
    }

    [Theory]
    [InlineData("2026-03-28T21:00", "2026-03-29T21:30",
        "2026-03-28 online 1:00:00 begins, 2026-03-29 online 23:00:00, 2026-03-30 online 0:30:00")]
    [InlineData("2026-10-24T20:00", "2026-10-25T22:30",
        "2026-10-24 online 1:00:00 begins, 2026-10-25 online 1:1:00:00, 2026-10-26 online 0:30:00")]
    public void Of_a_status_over_a_change_of_clocks_has_the_hours_that_the_day_has(string from, string until, string segments)
    {
        // Said again at noon, or it would not hold that long.
        Said("Europe/Vilnius", Later, (from, "online"), (until[..11] + "12:00", "online"), (until, "offline")).TakeWhile(s =>
            s.Contains("online", StringComparison.Ordinal)).ShouldBe(segments.Split(", "));
    }

    [Fact]
    public void Of_a_pause_over_midnight_begins_once() =>
        Said("Etc/UTC", Later, ("2026-03-12T23:50", "lunch"), ("2026-03-13T00:10", "online")).Take(2)
            .ShouldBe(["2026-03-12 lunch 0:10:00 begins", "2026-03-13 lunch 0:10:00"]);

    [Fact]
    public void Of_a_status_that_is_said_again_goes_on() =>
        Said("Etc/UTC", Later, ("2026-03-12T09:00", "lunch"), ("2026-03-12T09:10", "lunch"), ("2026-03-12T09:30", "online")).First()
            .ShouldBe("2026-03-12 lunch 0:30:00 begins");

    [Fact]
    public void Of_several_at_one_instant_the_last_in_order_of_occurrence_counts() =>
        Said("Etc/UTC", Later, ("2026-03-12T09:00", "online"), ("2026-03-12T10:00", "lunch"), ("2026-03-12T10:00", "online"),
            ("2026-03-12T11:00", "offline")).First().ShouldBe("2026-03-12 online 2:00:00 begins");

    [Fact]
    public void Of_a_status_that_nobody_says_again_ends_by_itself() =>
        Said("Etc/UTC", Later, ("2026-03-12T09:00", "online")).ShouldBe(["2026-03-12 online 15:00:00 begins", "2026-03-13 online 9:00:00"]);

    [Theory]
    [InlineData("2026-03-12T10:00", "2026-03-12 online 15:00:00 begins open")]
    [InlineData("2026-03-12T23:59", "2026-03-12 online 15:00:00 begins open")]
    [InlineData("2026-03-13T00:00", "2026-03-12 online 15:00:00 begins, 2026-03-13 online 9:00:00 open")]
    [InlineData("2026-03-13T09:00", "2026-03-12 online 15:00:00 begins, 2026-03-13 online 9:00:00")]
    public void Of_a_status_that_holds_is_open_up_to_midnight(string now, string segments) =>
        Said("Etc/UTC", At(now), ("2026-03-12T09:00", "online")).ShouldBe(segments.Split(", "));

    [Fact]
    public void Of_what_another_change_has_ended_is_closed_also_when_it_is_still_to_come() =>
        Said("Etc/UTC", At("2026-03-12T08:00"), ("2026-03-12T09:00", "online"), ("2026-03-12T10:00", "offline")).First()
            .ShouldBe("2026-03-12 online 1:00:00 begins");

    [Fact]
    public void At_lies_on_the_segment_s_own_workday() => Each((changes, days, longest, now) => Segment.Of(changes, days, longest, now)
        .All(s => s.From < s.Until && days.DayOf(s.From) == s.Day && days.DayOf(s.At) == s.Day));

    [Fact]
    public void Of_random_changes_is_what_the_plain_reading_says() => Each((changes, days, longest, now) =>
    {
        Segment.Of(changes, days, longest, now).ShouldBe(NaivePresence.Of([.. changes.Reverse()], days, longest, now)
            .OrderBy(s => s.From));
        return true;
    });

    [Fact]
    public void Lengths_add_up_to_the_time_that_has_passed() => Each((changes, days, longest, now) =>
    {
        // Nobody is silent for longer than a status holds.
        if (changes.Count == 0 || changes.Zip(changes.Skip(1)).Any(p => p.Second.At - p.First.At > longest)) return true;
        return Segment.Of(changes, days, longest, Later).Sum(s => s.Length) == changes[^1].At + longest - changes[0].At;
    });

    [Fact]
    public void Of_is_the_same_minute_by_minute() => Each((changes, days, longest, now) =>
    {
        const long Minute = 60_000;
        var counted = new Dictionary<(Workday, string), long>();
        for (var (at, end) = changes.Count == 0 ? (0L, 0L) : (changes[0].At, changes[^1].At + longest); at < end; at += Minute)
        {
            var said = changes.Last(c => c.At <= at);
            if (at - said.At >= longest) continue;
            counted[(days.DayOf(at), said.Status)] = counted.GetValueOrDefault((days.DayOf(at), said.Status)) + Minute;
        }
        return Segment.Of(changes, days, longest, Later).GroupBy(s => (s.Day, s.Status)).ToDictionary(g => g.Key, g => g.Sum(s => s.Length))
            .OrderBy(p => p.Key).SequenceEqual(counted.OrderBy(p => p.Key));
    }, most: 60);

    [Fact]
    public void DayPresence_counts_what_is_open_up_to_now_and_nothing_that_is_to_come()
    {
        var rules = new PresenceRules(new Dictionary<string, StatusRule>
        {
            ["online"] = new(StatusKind.Online, true), ["short"] = new(StatusKind.Pause, true), ["lunch"] = new(StatusKind.Pause, false),
            ["offline"] = new(StatusKind.Offline, false),
        }, 24);
        var now = At("2026-03-12T12:20");
        var segments = Of("Etc/UTC", now, ("2026-03-12T09:00", "online"), ("2026-03-12T10:00", "short"), ("2026-03-12T10:10", "online"),
            ("2026-03-12T12:00", "lunch"), ("2026-03-12T12:30", "online"));
        DayPresence.Of(segments, rules, now).ShouldBe(new DayPresence(3 * Hour, Hour / 2, 2));
    }

    private static List<string> Said(string zone, long now, params (string At, string Status)[] changes) =>
        [.. Of(zone, now, changes).Select(s => $"{s.Day} {s.Status} {TimeSpan.FromMilliseconds(s.Length):g}"
            + (s.Begins ? " begins" : "") + (s.IsOpen ? " open" : ""))];

    private static List<Segment> Of(string zone, long now, params (string At, string Status)[] changes) => [.. Segment.Of(
        changes.Select((c, i) => Change(At(c.At), c.Status, i)).OrderBy(c => c.Order), Days(zone), Day, now)];

    private static StatusChange Change(long at, string status, int number) =>
        new(new(at, "desk", ActivityId.Of($"n{number:00}")), status);

    private static PersonDays Days(string zone) => SiteClock.Find(zone) is { } clock ? new(clock.WorkdayOf, clock.NextMidnight) : default;

    private static long At(string utc) =>
        InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm").Parse(utc).Value.ToUnixTimeMilliseconds();

    /// <summary>Some days about a change of clocks; ties, repetitions, long silences.</summary>
    private static void Each(Func<IReadOnlyList<StatusChange>, PersonDays, long, long, bool> holds, int most = 400) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var zone = DateTimeZoneProviders.Tzdb[Zones[random.Next(Zones.Length)]];
            var changesOfClocks = zone.GetZoneIntervals(Instant.FromUtc(2009, 1, 1, 0, 0), Instant.FromUtc(2013, 1, 1, 0, 0))
                .Where(i => i.HasStart).Select(i => i.Start.ToUnixTimeMilliseconds()).Append(At("2010-06-01T00:00")).ToList();
            var start = changesOfClocks[random.Next(changesOfClocks.Count)] - (2 * Day);
            var longest = random.Next(1, 25) * Hour;
            string[] statuses = ["online", "lunch", "offline"];
            var changes = Enumerable.Range(0, random.Next(0, 30))
                .Select(i => Change(start + (random.Next(0, 4 * 96) * (Hour / 4)), statuses[random.Next(statuses.Length)], i))
                .OrderBy(c => c.Order).ToList();
            var clock = new SiteClock(zone);
            return holds(changes, new(clock.WorkdayOf, clock.NextMidnight), longest, start + random.NextInt64(-Day, 6 * Day));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(most));
}
